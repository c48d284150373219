"""What was counted month by month: one panel a unit, a bar a voice; nothing is added to anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from markupsafe import Markup, escape

from zenobia.publish.labels import text_width
from zenobia.publish.marks import FAINT, INK, PAPER
from zenobia.publish.numbers import Tally
from zenobia.publish.timeaxis import TimeAxis, fitted
from zenobia.publish.wording import anchor, calendar, number, plain, with_unit
from zenobia.terms import Bounds

__all__ = ["MOST_VOICES", "draw_months", "foremost", "short_figure"]

WIDTH, LEFT, TOP, PLOT, LANE = 860.0, 236.0, 24.0, 84.0, 17.0
WORTH_A_BAR = 0.02  # of the largest figure of the unit
MOST_VOICES = 4  # a panel tells this many apart by pattern; others stand in the table


def foremost(tallies: Sequence[Tally]) -> list[str]:
    """The voices of one unit that are drawn: those that counted most, in that order; not those of a single event."""
    most: dict[str, float] = {}
    for tally in tallies:
        most[tally.voice] = max(most.get(tally.voice, 0.0), height_of(tally.found))
    least = WORTH_A_BAR * max(most.values(), default=0.0)
    return sorted((v for v in most if most[v] >= least), key=lambda voice: (-most[voice], voice))[:MOST_VOICES]


def height_of(found: Bounds) -> float:
    """How high a bar stands: at the best figure, or at the least or most that is known."""
    known = [float(side) for side in (found.best, found.low, found.high) if isinstance(side, int | float)]
    return known[0] if known else 0.0


def short_figure(found: Bounds) -> str:
    """A figure as it stands on a bar: 203; 900+ where it is a floor; 15- where it is a ceiling."""
    ends = "+" if found.high is None else "−" if found.low is None else ""
    return number(height_of(found)) + ends


def draw_months(
    unit: str, monthly: Sequence[Tally], longer: Sequence[Tally], window: tuple[date, date], where: str
) -> Markup:
    """One unit's panel as SVG. A bar that is a floor ends in an arrow; a longer stretch is a line beneath."""
    start, end = window
    axis = TimeAxis(start=start, end=end, left=LEFT, width=WIDTH - LEFT - 8)
    voices = foremost([*monthly, *longer])
    lanes = sorted((t for t in longer if t.voice in voices), key=lambda t: (t.start, t.end, t.voice, t.evidence))
    height = TOP + PLOT + 32 + LANE * len(lanes)
    fills = dict(zip(voices, fills_of(where), strict=False))
    top = max([height_of(t.found) for t in monthly if t.voice in voices], default=0.0) or 1.0
    parts = [
        f'<svg class="months" viewBox="0 0 {WIDTH:.0f} {max(height, TOP + 20 * len(voices) + 24):.0f}" role="group"'
        f' aria-label="{escape(heading(unit))}, {calendar(start)} to {calendar(end - timedelta(days=1))}; the table'
        f' below says the same" fill="{INK}">',
        definitions(where),
        f'<text x="0" y="14" font-size="14" font-weight="700">{escape(heading(unit))}</text>',
        *(legend(i, voice, fill) for i, (voice, fill) in enumerate(fills.items())),
        axis.grid(TOP, TOP + PLOT + 6),
        f'<path d="M{LEFT:.0f} {TOP + PLOT:.1f}H{axis.right:.1f}" stroke="{FAINT}"/>',
        *(bar(t, axis, fills, top) for t in monthly if t.voice in fills),
        axis.written(TOP + PLOT + 14),
        *(stretch(t, axis, TOP + PLOT + 40 + LANE * i) for i, t in enumerate(lanes)),
        "</svg>",
    ]
    return Markup("\n".join(part for part in parts if part))


def heading(unit: str) -> str:
    return with_unit("", unit, 0).strip().capitalize()


def fills_of(where: str) -> tuple[str, ...]:
    return ("#3d4150", f"url(#{anchor('hatch', where)})", "#c9a13b", f"url(#{anchor('dots', where)})")


def definitions(where: str) -> str:
    """The patterns of the second and the fourth voice: told apart without colour."""
    return (
        f'<defs><pattern id="{anchor("hatch", where)}" width="6" height="6" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><rect width="6" height="6" fill="{PAPER}"/>'
        f'<rect width="2.6" height="6" fill="#7a3b69"/></pattern>'
        f'<pattern id="{anchor("dots", where)}" width="5" height="5" patternUnits="userSpaceOnUse">'
        f'<rect width="5" height="5" fill="{PAPER}"/><circle cx="2.5" cy="2.5" r="1.5" fill="#00664b"/></pattern>'
        "</defs>"
    )


def legend(i: int, voice: str, fill: str) -> str:
    y = TOP + 10 + 20 * i
    return (
        f'<g><title>{escape(plain(voice))}</title><rect x="0" y="{y:.0f}" width="13" height="13" fill="{fill}"'
        f' stroke="{INK}" stroke-width="0.7"/><text x="19" y="{y + 11:.0f}" font-size="11.5">'
        f"{fitted(voice, 33)}</text></g>"
    )


def bar(tally: Tally, axis: TimeAxis, fills: Mapping[str, str], top: float) -> str:
    """One voice's figure of one month, its number above; a figure of none is a line on the ground."""
    month, voices = (axis.at(tally.start), axis.at(tally.end)), list(fills)
    slot = min(46.0, (month[1] - month[0] - 6) / len(voices))
    x = month[0] + 3 + slot * voices.index(tally.voice)
    rise = (PLOT - 14) * height_of(tally.found) / top
    y, words = TOP + PLOT - max(rise, 1.0), short_figure(tally.found)
    drawn = f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(2.0, slot - 3):.1f}" height="{max(rise, 1.0):.1f}"'
    drawn += f' fill="{fills[tally.voice]}" stroke="{INK}" stroke-width="0.7"/>'
    if tally.found.high is None:
        middle = x + (slot - 3) / 2
        drawn += f'<path d="M{middle - 4:.1f} {y - 1:.1f}l4 -4l4 4" fill="none" stroke="{INK}" stroke-width="1.3"/>'
    if text_width(words, 11) <= slot + 12:
        middle = x + (slot - 3) / 2
        drawn += f'<text x="{middle:.1f}" y="{y - 6:.1f}" font-size="11" text-anchor="middle">{words}</text>'
    said = f"{tally.voice}: {with_unit(short_figure(tally.found), tally.unit, height_of(tally.found))}"
    return f"<g><title>{escape(plain(said))}, {calendar(tally.start)[2:].strip()}</title>{drawn}</g>"


def stretch(tally: Tally, axis: TimeAxis, y: float) -> str:
    """A figure for a stretch that no month holds: a line with its number and its voice."""
    left, right = axis.at(tally.start), axis.at(tally.end)
    words = f"{short_figure(tally.found)} · {tally.voice}"
    beside = right + text_width(words, 11) + 10 < axis.right
    x, side = (right + 6, "start") if beside else (left - 6, "end")
    return (
        f'<path d="M{left:.1f} {y - 4:.1f}v8M{left:.1f} {y:.1f}H{right:.1f}M{right:.1f} {y - 4:.1f}v8" fill="none"'
        f' stroke="{INK}" stroke-width="1.6"/><text x="{x:.1f}" y="{y + 4:.1f}" font-size="11" text-anchor="{side}"'
        f' paint-order="stroke" stroke="{PAPER}" stroke-width="3">{fitted(words, 60)}</text>'
    )
