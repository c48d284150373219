"""The marks of a map: a shape and colour for a holder, and how the mark says what is not known."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from zenobia.publish.palette import Style, outline
from zenobia.publish.wording import anchor
from zenobia.terms import CONTESTED, SHARED

__all__ = ["FAINT", "INK", "PAPER", "mark", "ring", "sign_of"]

INK, FAINT, PAPER = "#23262c", "#5c6068", "#ffffff"
HATCHED = "M5 15L15 5M2.5 11L11 2.5M9 17.5L17.5 9"
STRIPED = "M3.5 7H16.5M2.5 11H17.5M5 15H15"


def ring(x: float, y: float, reach: float, style: Style | None) -> str:
    colour = style.colour if style else INK
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{reach:.1f}" fill="none" stroke="{colour}" stroke-width="2.2"'
        ' stroke-dasharray="3 2"/>'
    )


def mark(
    leader: str | None,
    x: float,
    y: float,
    reach: float,
    id: str,
    look: Mapping[str, Style],
    *,
    stale: bool = False,
    claimed: bool = False,
    guessed: bool = False,
) -> str:
    """The symbol of a state: filled, hollow with a dot (stale), dashed (claimed only), grey (guessed), or a cross."""
    if leader is None:
        a, b = x - reach, x + reach
        strokes = f"M{a:.1f} {y - reach:.1f}L{b:.1f} {y + reach:.1f}M{a:.1f} {y + reach:.1f}L{b:.1f} {y - reach:.1f}"
        return f'<path d="{strokes}" stroke="{FAINT}" stroke-width="1.3"/>'
    style = look.get(leader, Style(shape="circle", colour=INK if leader in (CONTESTED, SHARED) else FAINT))
    fill = {CONTESTED: f"url(#{anchor('hatch', id)})", SHARED: f"url(#{anchor('stripes', id)})"}.get(
        leader, style.colour
    )
    line = INK if fill != style.colour else "#ffffff"
    path = outline(style.shape, x, y, reach)
    if guessed:
        return f'<path d="{path}" fill="{PAPER}" stroke="{FAINT}" stroke-width="0.9"/>'
    if not (stale or claimed):
        return f'<path d="{path}" fill="{fill}" stroke="{line}" stroke-width="1.2"/>'
    wide = min(2.2, reach * 0.32)  # what is hollow stays so where marks are small
    dashes = ' stroke-dasharray="3 2"' if claimed else ""
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{wide * 0.86:.1f}" fill="{style.colour}"/>' if stale else ""
    hollow = fill if leader in (CONTESTED, SHARED) else PAPER
    return f'<path d="{path}" fill="{hollow}" stroke="{style.colour}" stroke-width="{wide:.1f}"{dashes}/>{dot}'


def sign_of(state: str, look: Mapping[str, Style]) -> Markup:
    """A state's symbol on its own, as it stands in a table beside the word."""
    if state in (CONTESTED, SHARED):
        lines = f'<path d="{HATCHED if state == CONTESTED else STRIPED}" stroke-width="2.4" stroke="currentColor"/>'
        drawn = f'<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="1.4"/>{lines}'
    else:
        style = look.get(state, Style(shape="circle", colour=FAINT))
        path = outline(style.shape, 10, 10, 7.5)
        drawn = f'<path d="{path}" fill="{style.colour}" stroke="#fff" stroke-width="1"/>'
    return Markup(f'<svg class="mark" viewBox="0 0 20 20" aria-hidden="true">{drawn}</svg>')
