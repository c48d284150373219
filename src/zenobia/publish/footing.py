"""What an image says of itself at its foot, so that it can leave its page: of when, from what, by whose word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from markupsafe import Markup

from zenobia.publish.citations import Citations
from zenobia.publish.numbers import Stamp
from zenobia.publish.timeaxis import TimeAxis, fitted
from zenobia.publish.wording import calendar

__all__ = ["OTHER_VOICES", "switches", "told_by", "with_foot"]

OTHER_VOICES = "Dashed line: from that day on wholly other voices carry the estimate"
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_LINE, _LETTERS = 14.0, 150
_INK, _FAINT = "#23262c", "#5c6068"


def told_by(stamp: Stamp, citations: Citations, reports: Iterable[str]) -> tuple[str, ...]:
    """The last two lines of a foot: the sources, and the record with its day of knowledge."""
    known = f"as known on {calendar(stamp.known)}" if stamp.known else "from everything published so far"
    return citations.heard(reports), f"Zenobia · {stamp.case}, {known} · record {stamp.record}"


def with_foot(
    drawn: Markup, lines: Sequence[str], legend: Sequence[tuple[Markup, str]] = (), *, room: float = 118.0
) -> Markup:
    """A drawing with a legend and some lines of text beneath it, inside the image.

    Args:
        drawn: one SVG element, whose box begins at 0 0.
        legend: signs with what they stand for.
        room: the width that each sign has with its words.
    """
    box = _BOX.search(drawn)
    if box is None or not drawn:
        return drawn
    width, height = float(box[1]), float(box[2])
    across = max(1, int(width // room))
    signs = "".join(
        _sign(sign, words, room * (i % across), height + 6 + 18 * (i // across), room)
        for i, (sign, words) in enumerate(legend)
    )
    top = height + 6 + 18 * -(-len(legend) // across)
    told = "".join(
        f'<text x="0" y="{top + 11 + _LINE * i:.1f}" font-size="10.5" fill="{_FAINT}">{fitted(line, _LETTERS)}</text>'
        for i, line in enumerate(lines)
    )
    tall = f'viewBox="0 0 {box[1]} {top + _LINE * len(lines) + 4:.0f}"'
    inside = str(drawn).rpartition("</svg>")[0]
    return Markup(f"{_BOX.sub(tall, inside, count=1)}{signs}{told}</svg>")


def switches(days: Iterable[date], axis: TimeAxis, top: float, bottom: float) -> str:
    """A dashed line for each day on which wholly other voices came to carry an estimate."""
    return "".join(
        f"<g><title>From {calendar(day)} on wholly other voices carry the estimate</title>"
        f'<path d="M{axis.at(day):.1f} {top:.1f}V{bottom:.1f}" stroke="{_INK}" stroke-width="1.4"'
        f' stroke-dasharray="2 2.5" fill="none" class="switch"/></g>'
        for day in days
        if axis.start <= day < axis.end
    )


def _sign(sign: Markup, words: str, x: float, y: float, room: float) -> str:
    placed = str(sign).replace("<svg ", f'<svg x="{x:.0f}" y="{y:.0f}" width="14" height="14" ', 1)
    return (
        f'{placed}<text x="{x + 18:.0f}" y="{y + 11:.0f}" font-size="11.5">{fitted(words, int(room / 6.2) - 3)}</text>'
    )
