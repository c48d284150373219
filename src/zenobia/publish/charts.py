"""Small drawings inside a page: the bar of an interval, the strip of a place's holders, verdict signs.

They take their colours from the page's style sheet; all they say stands beside them in words too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from zenobia.publish.footing import switches
from zenobia.publish.labels import text_width
from zenobia.publish.numbers import Holder, Spell
from zenobia.publish.palette import Style, look_of, outline
from zenobia.publish.timeaxis import TimeAxis
from zenobia.publish.wording import calendar, figure, number, plain
from zenobia.terms import CONTESTED, SHARED

__all__ = ["Expectation", "expectation", "interval_bar", "strip", "verdict_sign"]

WIDTH, HEIGHT, EDGE = 300.0, 46.0, 8.0


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What a claim expects of its figure: a floor, a ceiling or both; dates as ordinals."""

    low: float | None
    high: float | None


def expectation(threshold: object) -> Expectation | None:
    """Read `> 0.5`, `<= 2016-03-20`, `= 3` or `9.5..10.5`; ``None`` where it is none of these."""
    text = str(threshold or "").strip()
    if ".." in text:
        low, high = (value(side) for side in text.split("..", 1))
        return Expectation(low=low, high=high) if low is not None and high is not None else None
    found = re.fullmatch(r"(>=|<=|>|<|=)\s*(\S+)", text)
    limit = value(found.group(2)) if found else None
    if found is None or limit is None:
        return None
    sign = found.group(1)
    return Expectation(low=None if "<" in sign else limit, high=None if ">" in sign else limit)


def value(text: object) -> float | None:
    """A number or an ISO day as a position on an axis."""
    if text is None or isinstance(text, int | float):
        return None if text is None else float(text)
    try:
        return float(str(text))
    except ValueError:
        pass
    try:
        return float(date.fromisoformat(str(text).strip()).toordinal())
    except ValueError:
        return None


def interval_bar(found: Mapping[str, Any] | None, threshold: object, *, beside: Sequence[Any] = ()) -> Markup:
    """Low, best and high on an axis, with what the claim expects shaded.

    `beside` holds the other bounds that share this axis, so that now and then can be compared by eye.
    An end that is not known runs off as an arrow. Nothing known gives an empty string.
    """
    expected = expectation(threshold)
    sides = limits(found)
    if found is None or not any(side is not None for side in sides):
        return Markup("")
    axis = Axis.over([sides, *(limits(other) for other in beside)], expected, str(found.get("unit", "")))
    words = f"{figure(found)}; the claim expects {threshold}" if threshold else figure(found)
    return Markup(
        f'<svg class="bar" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{escape(plain(words))}">'
        f"{shade(axis, expected)}{axis.drawn()}{span(axis, *sides)}</svg>"
    )


def limits(found: Mapping[str, Any] | None) -> tuple[float | None, float | None, float | None]:
    found = found or {}
    return value(found.get("low")), value(found.get("best")), value(found.get("high"))


@dataclass(frozen=True, kw_only=True)
class Axis:
    """A stretch of values laid over the bar's width."""

    start: float
    end: float
    unit: str

    @classmethod
    def over(cls, triples: Sequence[Sequence[float | None]], expected: Expectation | None, unit: str) -> Axis:
        """Wide enough for every value and expectation; chances and shares always run from 0 to 1."""
        if unit.startswith(("chance", "share")):
            return cls(start=0, end=1, unit=unit)
        wanted = [v for triple in triples for v in triple if v is not None]
        wanted += [v for v in ((expected.low, expected.high) if expected else ()) if v is not None]
        low, high = min(wanted), max(wanted)
        pad = (high - low) * 0.2 or (3 if unit == "date" else max(abs(high) * 0.2, 1))
        start = low - pad if unit == "date" else max(0.0, low - pad) if low >= 0 else low - pad
        return cls(start=start, end=high + pad, unit=unit)

    def at(self, point: float) -> float:
        share = (point - self.start) / (self.end - self.start)
        return EDGE + (WIDTH - 2 * EDGE) * min(1.0, max(0.0, share))

    def drawn(self) -> str:
        """The line with its two ends written; a day's ends are whole days inside the axis."""
        ends = (math.ceil(self.start), math.floor(self.end)) if self.unit == "date" else (self.start, self.end)
        words = [short(end, self.unit) for end in ends]
        return (
            f'<path class="axis" d="M{EDGE:.0f} 28H{WIDTH - EDGE:.0f}"/>'
            f'<text class="end" x="{EDGE:.0f}" y="43">{escape(words[0])}</text>'
            f'<text class="end" x="{WIDTH - EDGE:.0f}" y="43" text-anchor="end">{escape(words[1])}</text>'
        )


def short(point: float, unit: str) -> str:
    return date.fromordinal(round(point)).isoformat() if unit == "date" else number(round(point, 2), "")


def shade(axis: Axis, expected: Expectation | None) -> str:
    """The part of the axis that the claim expects; a single value or day is a thin post."""
    if expected is None:
        return ""
    left = axis.at(expected.low) if expected.low is not None else EDGE
    right = axis.at(expected.high) if expected.high is not None else WIDTH - EDGE
    post = max(right - left, 3.0)
    edges = [x for x, known in ((left, expected.low), (left + post, expected.high)) if known is not None]
    lines = "".join(f'<path class="limit" d="M{x:.1f} 4V34"/>' for x in edges)
    return f'<rect class="expected" x="{left:.1f}" y="4" width="{post:.1f}" height="30"/>{lines}'


def span(axis: Axis, low: float | None, best: float | None, high: float | None) -> str:
    """The interval: a thick line between its ends, a dot at the best, an arrow where an end is open."""
    left = axis.at(low) if low is not None else EDGE - 4
    right = axis.at(high) if high is not None else WIDTH - EDGE + 4
    drawn = f'<path class="span" d="M{left:.1f} 19H{right:.1f}"/>'
    drawn += end_mark(left, -1, closed=low is not None) + end_mark(right, 1, closed=high is not None)
    return drawn if best is None else drawn + f'<circle class="best" cx="{axis.at(best):.1f}" cy="19" r="5.5"/>'


def end_mark(x: float, way: int, *, closed: bool) -> str:
    if closed:
        return f'<path class="cap" d="M{x:.1f} 12V26"/>'
    return f'<path class="cap" d="M{x - 6 * way:.1f} 13L{x:.1f} 19L{x - 6 * way:.1f} 25"/>'


def strip(spells: Sequence[Spell], holders: Sequence[Holder], named: str, id: str, foot: Sequence[str] = ()) -> Markup:
    """A place through time: one band a spell, its holder written in it where it fits, years below.

    Args:
        foot: lines inside the image that say what it is and what it rests on, for one that travels alone.
    """
    if not spells:
        return Markup("")
    width, start, end = 860.0, spells[0].start, spells[-1].end
    scale = width / max(1, (end - start).days)
    look = look_of(holders)
    names = {holder.id: holder.name for holder in holders}
    bands = [
        band(spell, (spell.start - start).days * scale, (spell.end - spell.start).days * scale, look, names, id)
        for spell in spells
    ]
    years = [date(year, 1, 1) for year in range(start.year + 1, end.year + 1) if date(year, 1, 1) < end]
    ticks = [tick((year - start).days * scale, str(year.year)) for year in years]
    told = "".join(
        f'<text class="end" x="0" y="{70 + 15 * i}">{escape(plain(line))}</text>' for i, line in enumerate(foot)
    )
    axis = TimeAxis(start=start, end=end, left=0.0, width=width)
    switched = switches([day for spell in spells for day in spell.voices_changed], axis, 0.0, 38.0)
    height = 54 + (15 * len(foot) + 8 if foot else 0)
    return Markup(
        f'<svg class="strip" viewBox="0 0 {width:.0f} {height}" role="img" aria-label="{escape(plain(named))}: who held'
        f' it, {calendar(start)} to {calendar(end)}; the table below says the same">'
        f"{strip_patterns(id)}{''.join(bands)}{switched}{''.join(ticks)}{told}</svg>"
    )


def strip_patterns(id: str) -> str:
    return (
        f'<defs><pattern id="{id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
        f'<rect width="3" height="6" fill="#23262c"/></pattern>'
        f'<pattern id="{id}-stripes" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<rect width="6" height="6" fill="#fff"/><rect width="6" height="3" fill="#5c6068"/></pattern></defs>'
    )


def band(spell: Spell, x: float, width: float, look: Mapping[str, Style], names: Mapping[str, str], id: str) -> str:
    """One spell, with its holder's name on a plate where there is room for it."""
    name = plain(names.get(spell.holder, spell.holder))
    patterns = {CONTESTED: f"url(#{id}-hatch)", SHARED: f"url(#{id}-stripes)"}
    fill = patterns.get(spell.holder) or (look[spell.holder].colour if spell.holder in look else "#5c6068")
    words = f"{name}, {calendar(spell.start)} to {calendar(spell.end)}"
    drawn = f'<rect x="{x:.1f}" y="4" width="{max(width, 1.5):.1f}" height="30" fill="{fill}" stroke="#fff"/>'
    wide = text_width(name, 14) * 1.1 + 16
    if wide < width:
        drawn += (
            f'<rect x="{x + 5:.1f}" y="9" width="{wide - 6:.1f}" height="20" rx="2" fill="#fff"/>'
            f'<text class="in-band" x="{x + 10:.1f}" y="24">{escape(name)}</text>'
        )
    elif width > 18 and spell.holder in look:  # too narrow for a name: the holder's own shape, not colour alone
        middle = x + width / 2
        drawn += f'<circle cx="{middle:.1f}" cy="19" r="8" fill="#fff"/>'
        drawn += f'<path d="{outline(look[spell.holder].shape, middle, 19, 4.5)}" fill="{fill}"/>'
    return f"<g><title>{escape(words)}</title>{drawn}</g>"


def tick(x: float, words: str) -> str:
    return f'<path class="axis" d="M{x:.1f} 34v8"/><text class="end" x="{x + 4:.1f}" y="50">{words}</text>'


ASKING = "M7.2 7.6a2.9 2.9 0 1 1 4 2.7c-.8.4-1.2.9-1.2 2M10 15v.3"
SIGNS = {
    "supported": '<circle cx="10" cy="10" r="9"/><path d="M5.5 10.5l3 3 6-7"/>',
    "contradicted": '<rect x="1.5" y="1.5" width="17" height="17" rx="2"/><path d="M6 6l8 8M14 6l-8 8"/>',
    "partly": '<path class="half" d="M10 1a9 9 0 0 1 0 18z"/><circle cx="10" cy="10" r="8.6" class="rim"/>',
    "cannot tell": f'<circle cx="10" cy="10" r="8.4" class="rim dashed"/><path d="{ASKING}"/>',
}


def verdict_sign(verdict: str) -> Markup:
    """A sign for each verdict, told apart by its shape; the word always stands beside it."""
    drawn = SIGNS.get(verdict, SIGNS["cannot tell"])
    return Markup(f'<svg class="sign" viewBox="0 0 20 20" aria-hidden="true">{drawn}</svg>')
