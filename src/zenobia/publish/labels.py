"""Labels that never cover each other or a symbol: the more important place chooses first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Box", "Label", "Placed", "arrange", "text_width"]

Side = Literal["right", "left", "above", "below", "right-above", "right-below", "left-above", "left-below"]
SIDES: tuple[Side, ...] = (
    "right",
    "left",
    "right-above",
    "right-below",
    "left-above",
    "left-below",
    "above",
    "below",
)
DISTANCES = (0.0, 14.0, 30.0)  # pixels off a symbol that a label may stand


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def grown(self, by: float) -> Box:
        """The box with a margin around it."""
        return Box(left=self.left - by, top=self.top - by, right=self.right + by, bottom=self.bottom + by)

    def within(self, other: Box) -> bool:
        return (
            other.left <= self.left
            and other.top <= self.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, kw_only=True)
class Label:
    """What to write beside a symbol: the Latin name, the Arabic name under it, sizes in pixels."""

    id: str
    x: float
    y: float
    name: str
    name_ar: str | None
    reach: float
    size: float = 13
    stands_off: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        return (self.name, self.name_ar) if self.name_ar else (self.name,)

    @property
    def width(self) -> float:
        return max(text_width(line, self.size) for line in self.lines)

    @property
    def height(self) -> float:
        return self.size * 1.22 * len(self.lines)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A label with its place: the box it fills, how its lines are aligned, whether a line leads to it."""

    label: Label
    box: Box
    align: Literal["left", "middle", "right"]
    led: bool = False

    @property
    def nearest(self) -> tuple[float, float]:
        """The point of the box that is nearest to the symbol."""
        return (
            min(max(self.label.x, self.box.left), self.box.right),
            min(max(self.label.y, self.box.top), self.box.bottom),
        )


def arrange(labels: Sequence[Label], taken: Iterable[Box], frame: Box) -> list[Placed]:
    """Place labels in the order given, each on the first free side of its symbol; drop those with no room.

    Where every side next to a symbol is taken, a label that may stand off does; a line then leads to it.
    """
    filled = list(taken)
    placed = []
    for label in labels:
        spots = (
            beside(label, side, away) for away in (DISTANCES if label.stands_off else DISTANCES[:1]) for side in SIDES
        )
        chosen = next((spot for spot in spots if is_free(spot.box, filled, frame)), None)
        if chosen is not None:
            placed.append(chosen)
            filled.append(chosen.box.grown(2))
    return placed


def is_free(box: Box, filled: Iterable[Box], frame: Box) -> bool:
    return box.within(frame) and not any(box.meets(other) for other in filled)


def beside(label: Label, side: Side, away: float = 0) -> Placed:
    """The label on one side of its symbol, next to it or so many pixels away."""
    w, h, reach = label.width, label.height, label.reach + away
    across = {"right": reach, "left": -reach - w}.get(side.split("-")[0], -w / 2)
    down = -h / 2
    if side.endswith("above"):
        down = -h - (reach if side == "above" else away)
    elif side.endswith("below"):
        down = reach if side == "below" else away
    left, top = label.x + across, label.y + down
    align: Literal["left", "middle", "right"] = (
        "left" if side.startswith("right") else "right" if side.startswith("left") else "middle"
    )
    return Placed(label=label, box=Box(left=left, top=top, right=left + w, bottom=top + h), align=align, led=away > 0)


def text_width(text: str, size: float) -> float:
    """About how wide a text is set: no font can be measured here, so it errs to the wide side."""
    return size * sum(letter_width(c) for c in text)


def letter_width(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in "iljtfrI.,'‘’ -ا":
        return 0.34
    return 0.9 if letter in "mwMW" else 0.68 if letter.isupper() else 0.6
