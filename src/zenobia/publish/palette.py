"""How holders are told apart: a shape and a colour each, so that no reader depends on colour alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from zenobia.publish.numbers import Holder

__all__ = ["PALETTES", "Style", "colour_in", "look_of", "outline", "styles"]

# Okabe and Ito's set, which keeps its distances for the common kinds of colour vision, two of them darkened
# to stand out on paper. Source: Okabe & Ito, "Color Universal Design" (2008).
COLOURS = ("#d55e00", "#20242b", "#009e73", "#a8487f", "#e69f00", "#0072b2", "#56b4e9", "#8c6d31")
# Parties of the war in Syria as maps on Wikipedia have them (red, green, black, yellow, grey), darkened to stand out
# on paper. Shapes tell them apart where colours do not.
WIKIPEDIA = MappingProxyType(
    {
        "government": "#c62828",
        "rebels": "#2e7d32",
        "isis": "#212121",
        "sdf": "#e0a800",
        "nusra": "#7a7f87",
        "turkey": "#00838f",
    }
)
PALETTES = ("safe", "wikipedia")
SHAPES = ("square", "circle", "triangle", "diamond", "hexagon", "arrow", "pentagon", "bar")
CORNERS = {  # shape: (corners, degrees of the first one; 0 is up), each drawn on its own circle
    "square": (4, 45),
    "triangle": (3, 0),
    "diamond": (4, 0),
    "hexagon": (6, 30),
    "arrow": (3, 180),
    "pentagon": (5, 0),
}
SIZE = {"square": 1.13, "triangle": 1.25, "diamond": 1.22, "hexagon": 1.08, "arrow": 1.25, "pentagon": 1.12}


@dataclass(frozen=True, kw_only=True)
class Style:
    """The look of one holder."""

    shape: str
    colour: str


def styles(holders: Sequence[str]) -> dict[str, Style]:
    """A style for each holder, by its place in the case's list: the same holder looks the same everywhere.

    Past the eighth the colours come round again with another shape.
    """
    return {
        holder: Style(shape=SHAPES[(i + i // len(COLOURS)) % len(SHAPES)], colour=COLOURS[i % len(COLOURS)])
        for i, holder in enumerate(holders)
    }


def look_of(holders: Sequence[Holder]) -> dict[str, Style]:
    """The same with the colours that holders bring themselves, where the case asks for another palette."""
    usual = styles([holder.id for holder in holders])
    return {h.id: replace(usual[h.id], colour=h.colour) if h.colour else usual[h.id] for h in holders}


def colour_in(palette: str, holder: str) -> str | None:
    """A holder's colour in a palette other than the safe one; ``None`` where that one's holds."""
    return WIKIPEDIA.get(holder) if palette == "wikipedia" else None


def outline(shape: str, x: float, y: float, radius: float) -> str:
    """SVG path data of a shape around a point, sized so that all shapes weigh about the same."""
    if shape == "bar":
        return f"M{x - radius:.1f} {y - radius / 2:.1f}h{2 * radius:.1f}v{radius:.1f}h{-2 * radius:.1f}Z"
    if shape not in CORNERS:
        r = f"{radius:.1f}"
        return f"M{x - radius:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * radius:.1f} 0a{r} {r} 0 1 0 {-2 * radius:.1f} 0Z"
    count, first = CORNERS[shape]
    angles = [math.radians(first + 360 * i / count) for i in range(count)]
    corners = [(x + radius * SIZE[shape] * math.sin(a), y - radius * SIZE[shape] * math.cos(a)) for a in angles]
    return "M" + "L".join(f"{cx:.1f} {cy:.1f}" for cx, cy in corners) + "Z"
