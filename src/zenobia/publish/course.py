"""A place's chances through time, stacked, with every report of it as a tick below that leads to its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from markupsafe import Markup, escape
from shapely.geometry import LineString

from zenobia.publish.footing import switches
from zenobia.publish.labels import text_width
from zenobia.publish.marks import FAINT, INK, PAPER, mark
from zenobia.publish.numbers import Course, Saying
from zenobia.publish.palette import Style, outline
from zenobia.publish.timeaxis import TimeAxis, fitted
from zenobia.publish.wording import anchor, calendar, plain
from zenobia.terms import CONTESTED, SHARED

__all__ = ["HOWS", "Leading", "draw_course", "leading", "quietest", "sign_of_saying"]

WIDTH, LEFT, TOP, PLOT = 860.0, 158.0, 10.0, 150.0
REACH, APART = 4.3, 10.0
HOWS = {"takes": "taken", "holds": "held", "loses": "lost", "contests": "fought over", "shares": "shared"}
SHAPES = {"takes": "triangle", "holds": "circle", "loses": "arrow", "contests": "diamond", "shares": "bar"}


@dataclass(frozen=True, kw_only=True)
class Leading:
    """A stretch of days, closed-open, with one likeliest state, and its mean chance."""

    state: str
    start: date
    end: date
    chance: float


def leading(course: Course) -> list[Leading]:
    """Which state was the likeliest, stretch by stretch."""
    tops = [(max(range(len(row)), key=row.__getitem__), row) for row in course.chances]
    found, day = [], course.start
    for top, run in groupby(tops, key=lambda pair: pair[0]):
        rows = [row for _, row in run]
        after = day + timedelta(days=len(rows))
        mean = sum(row[top] for row in rows) / len(rows)
        found.append(Leading(state=course.states[top], start=day, end=after, chance=mean))
        day = after
    return found


def quietest(course: Course) -> tuple[date, date] | None:
    """The longest stretch of the window on whose days no report speaks of the place: first day, day after."""
    days = sorted({saying.day for saying in course.sayings})
    edges = [course.start - timedelta(days=1), *days, course.end]
    gaps = [(after - before, before + timedelta(days=1), after) for before, after in pairwise(edges)]
    longest = max(gaps, key=lambda gap: gap[0])
    return (longest[1], longest[2]) if days and longest[0].days > 1 else None


def draw_course(
    course: Course, names: Mapping[str, str], look: Mapping[str, Style], said: Mapping[str, str], where: str
) -> Markup:
    """The figure as SVG: chances stacked to 1, months, and a lane of ticks for each state that reports name.

    Args:
        names: what each state is called.
        look: how each holder looks.
        said: a report in words, by its id; each tick says it and leads to the report's row.
        where: the name of the figure on its page.
    """
    axis = TimeAxis(start=course.start, end=course.end, left=LEFT, width=WIDTH - LEFT - 8)
    lanes, height = draw_lanes(course, axis, names, look, said, where)
    parts = [
        f'<svg class="course" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="group" aria-label="'
        f"{escape(plain(course.place.name))}: the chance of each holder, {calendar(course.start)} to "
        f'{calendar(course.end - timedelta(days=1))}, and the reports; the tables below say the same" fill="{INK}">',
        patterns(where),
        *bands(course, axis, names, look, where),
        switches(course.voices_changed, axis, TOP - 6, TOP + PLOT),
        scale(axis),
        axis.grid(TOP + PLOT, height - 4),
        axis.written(TOP + PLOT + 14),
        lanes,
        "</svg>",
    ]
    return Markup("\n".join(part for part in parts if part))


def patterns(where: str) -> str:
    """Hatching for contested and stripes for shared, under names of this figure's own."""
    return (
        f'<defs><pattern id="{anchor("hatch", where)}" width="5" height="5" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><rect width="5" height="5" fill="{PAPER}"/>'
        f'<rect width="2.4" height="5" fill="{INK}"/></pattern>'
        f'<pattern id="{anchor("stripes", where)}" width="5" height="5" patternUnits="userSpaceOnUse">'
        f'<rect width="5" height="5" fill="{PAPER}"/><rect width="5" height="2.4" fill="{FAINT}"/></pattern></defs>'
    )


def fill_of(state: str, look: Mapping[str, Style], where: str) -> str:
    patterned = {CONTESTED: f"url(#{anchor('hatch', where)})", SHARED: f"url(#{anchor('stripes', where)})"}
    return patterned.get(state) or (look[state].colour if state in look else FAINT)


def bands(
    course: Course, axis: TimeAxis, names: Mapping[str, str], look: Mapping[str, Style], where: str
) -> Iterable[str]:
    """One band a state, each upon the last; then the names where a band is wide enough for one."""
    below = [0.0] * len(course.chances)
    for k, state in enumerate(course.states):
        above = [low + row[k] for low, row in zip(below, course.chances, strict=True)]
        if any(row[k] >= 0.005 for row in course.chances):
            path = band_path(below, above, course, axis)
            name = escape(plain(names.get(state, state)))
            yield (
                f'<path d="{path}" fill="{fill_of(state, look, where)}" stroke="{PAPER}" stroke-width="0.6">'
                f"<title>{name}</title></path>"
            )
        below = above
    yield from plates(course, axis, names, look)


def band_path(below: Sequence[float], above: Sequence[float], course: Course, axis: TimeAxis) -> str:
    """Path data between two edges, days on which nothing bends left out."""
    edges = []
    for edge in (above, below):
        steps = [(axis.at(course.start + timedelta(days=i)), TOP + PLOT * (1 - y)) for i, y in enumerate(edge)]
        line = [*steps, (axis.right, steps[-1][1])]
        edges.append(list(LineString(line).simplify(0.4).coords))
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in [*edges[0], *edges[1][::-1]]) + "Z"


def plates(course: Course, axis: TimeAxis, names: Mapping[str, str], look: Mapping[str, Style]) -> Iterable[str]:
    """The name of each likeliest holder on a plate; its shape alone where the stretch has no room for the name."""
    for stretch in leading(course):
        name = plain(names.get(stretch.state, stretch.state))
        wide = text_width(name, 13) + 16
        left, right = axis.at(stretch.start), axis.at(stretch.end)
        middle, y = (left + right) / 2, TOP + PLOT / 2
        if right - left >= wide + 6:
            yield (
                f'<rect x="{middle - wide / 2:.1f}" y="{y - 12:.1f}" width="{wide:.1f}" height="22" rx="2"'
                f' fill="{PAPER}"/><text x="{middle:.1f}" y="{y + 4:.1f}" font-size="13" font-weight="600"'
                f' text-anchor="middle">{escape(name)}</text>'
            )
        elif right - left > 18 and stretch.state in look:
            style = look[stretch.state]
            yield f'<circle cx="{middle:.1f}" cy="{y:.1f}" r="8.5" fill="{PAPER}"/>'
            yield f'<path d="{outline(style.shape, middle, y, 4.8)}" fill="{style.colour}"/>'


def scale(axis: TimeAxis) -> str:
    """The chances written at the left, and the frame."""
    words = "".join(
        f'<text x="{LEFT - 6:.0f}" y="{TOP + PLOT * (1 - share) + 4:.1f}" font-size="11" text-anchor="end"'
        f' fill="{FAINT}">{label}</text>'
        for share, label in ((1.0, "chance 1"), (0.5, "0.5"), (0.0, "0"))
    )
    return (
        f'<rect x="{LEFT:.0f}" y="{TOP:.0f}" width="{axis.width:.1f}" height="{PLOT:.0f}" fill="none"'
        f' stroke="{FAINT}"/>{words}'
    )


def draw_lanes(
    course: Course,
    axis: TimeAxis,
    names: Mapping[str, str],
    look: Mapping[str, Style],
    said: Mapping[str, str],
    where: str,
) -> tuple[str, float]:
    """The ticks: a lane for each state named, and the height at which they end."""
    y, drawn = TOP + PLOT + 34, []
    for state in (*course.states, *sorted({s.state for s in course.sayings} - set(course.states))):
        told = [saying for saying in course.sayings if saying.state == state]
        if not told:
            continue
        levels = stacked([axis.at(saying.day) for saying in told])
        height = max(22.0, APART * (max(levels) + 1) + 8)
        middle = y + height / 2
        drawn.append(
            f'<path d="M{LEFT - 150:.0f} {y + height:.1f}H{axis.right:.1f}" stroke="#e4e0d6"/>'
            + mark(state, 12, middle, 6, where, look)
            + f'<text x="24" y="{middle + 4:.1f}" font-size="12">{fitted(names.get(state, state), 20)}</text>'
        )
        for saying, level in zip(told, levels, strict=True):
            spot = axis.at(saying.day), y + height - 9 - APART * level
            drawn.append(tick(saying, *spot, look, said.get(saying.report, saying.report)))
        y += height
    return "\n".join(drawn), y + 8


def stacked(spots: Sequence[float]) -> list[int]:
    """For each spot the lowest level on which no other mark is within reach."""
    ends: list[float] = []
    levels = []
    for x in spots:
        level = next((i for i, end in enumerate(ends) if x - end >= APART - 0.5), len(ends))
        ends[level : level + 1] = [x]
        levels.append(level)
    return levels


def tick(saying: Saying, x: float, y: float, look: Mapping[str, Style], words: str) -> str:
    """One report: shape by what it says, hollow where it speaks for its own side."""
    return (
        f'<a href="#{anchor("r", saying.report)}"><title>{escape(plain(words))}</title>'
        f"{shape(saying.how, saying.state, x, y, look, own=saying.own)}</a>"
    )


def shape(how: str, state: str, x: float, y: float, look: Mapping[str, Style], *, own: bool) -> str:
    colour = look[state].colour if state in look else INK
    path = outline(SHAPES.get(how, "circle"), x, y, REACH - 0.6 * own)
    paint = f'fill="{PAPER}" stroke="{colour}" stroke-width="1.8"' if own else f'fill="{colour}" stroke="{PAPER}"'
    return f'<path d="{path}" {paint}/>'


def sign_of_saying(how: str, *, own: bool = False) -> Markup:
    """The tick of a report on its own, for the legend and the table beside the figure."""
    drawn = shape(how, "", 8, 8, {}, own=own)
    return Markup(f'<svg class="mark plain" viewBox="2 2 12 12" aria-hidden="true">{drawn}</svg>')
