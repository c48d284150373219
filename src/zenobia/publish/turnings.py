"""Changes of hands: a row a place, its holders as bands through time, each change a mark that leads to its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup, escape

from zenobia.publish.course import fill_of, patterns
from zenobia.publish.footing import switches
from zenobia.publish.marks import FAINT, INK, PAPER
from zenobia.publish.numbers import Spell
from zenobia.publish.palette import Style, outline
from zenobia.publish.timeaxis import TimeAxis, fitted
from zenobia.publish.wording import calendar, plain
from zenobia.terms import Place

__all__ = ["Changed", "draw_turns"]

WIDTH, LEFT, ROW, HEAD = 860.0, 158.0, 34.0, 34.0


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A change of hands as the figure marks it: when, who came, and the row that tells of it."""

    day: date
    after: str
    row: str
    words: str


def draw_turns(
    rows: Sequence[tuple[Place, Sequence[Spell], Sequence[Changed]]],
    window: tuple[date, date],
    names: Mapping[str, str],
    look: Mapping[str, Style],
    where: str,
) -> Markup:
    """The figure as SVG; the likeliest holder of each day, where any report speaks of the place."""
    start, end = window
    axis = TimeAxis(start=start, end=end, left=LEFT, width=WIDTH - LEFT - 8)
    height = HEAD + ROW * len(rows) + 6
    drawn = [draw_row(axis, HEAD + ROW * i, row, names, look, where) for i, row in enumerate(rows)]
    return Markup(
        f'<svg class="turns" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="group" aria-label="Who most likely held'
        f" {len(rows)} places, {calendar(start)} to {calendar(end - timedelta(days=1))}; the table below lists every"
        f' change" fill="{INK}">{patterns(where)}{axis.grid(HEAD - 6, height)}{axis.written(11)}{"".join(drawn)}</svg>'
    )


def draw_row(
    axis: TimeAxis,
    y: float,
    row: tuple[Place, Sequence[Spell], Sequence[Changed]],
    names: Mapping[str, str],
    look: Mapping[str, Style],
    where: str,
) -> str:
    place, spells, changes = row
    shown = [s for s in spells if s.start < axis.end and s.end > axis.start]
    drawn = [
        f'<rect x="{axis.at(s.start):.1f}" y="{y + 7:.1f}" width="{max(1.5, axis.at(s.end) - axis.at(s.start)):.1f}"'
        f' height="18" fill="{fill_of(s.holder, look, where)}" stroke="{PAPER}" stroke-width="0.8"><title>'
        f"{escape(plain(names.get(s.holder, s.holder)))}, {calendar(s.start)} to {calendar(s.end)}</title></rect>"
        for s in shown
    ]
    drawn.append(switches([day for spell in shown for day in spell.voices_changed], axis, y + 3, y + 29))
    return name_of(place, y) + "".join(drawn) + "".join(draw_change(axis, y + 16, change, look) for change in changes)


def name_of(place: Place, y: float) -> str:
    """The place's name, with the Arabic one beneath."""
    drawn = f'<text x="{LEFT - 8:.0f}" y="{y + 14:.1f}" font-size="12.5" font-weight="600" text-anchor="end">'
    drawn += f"{fitted(place.name, 21)}</text>"
    if not place.name_ar:
        return drawn
    return drawn + (
        f'<text x="{LEFT - 8:.0f}" y="{y + 28:.1f}" font-size="12" lang="ar" direction="rtl" unicode-bidi="isolate"'
        f' text-anchor="start" fill="{FAINT}">{fitted(place.name_ar, 24)}</text>'
    )


def draw_change(axis: TimeAxis, y: float, change: Changed, look: Mapping[str, Style]) -> str:
    """A disc at the day, with the shape of who came."""
    x, style = axis.at(change.day), look.get(change.after)
    path = outline(style.shape if style else "circle", x, y, 4.6)
    return (
        f'<a href="#{change.row}"><title>{escape(plain(change.words))}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="8"'
        f' fill="{PAPER}" stroke="{INK}" stroke-width="0.8"/>'
        f'<path d="{path}" fill="{style.colour if style else FAINT}"/></a>'
    )
