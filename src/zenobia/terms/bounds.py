"""Bounds: the only way a number travels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from zenobia.terms.errors import InputError

__all__ = ["Bounds", "Meaning", "bounds_of_day"]

Meaning = Literal["reported", "certain", "credible90", "resampled95"]


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """A figure with what is known of its limits; ``None`` is *not known*, never zero.

    low <= best <= high wherever two of them are known. ``meaning`` says what the limits promise:
    ``reported`` (the range of what sources say), ``certain`` (arithmetic: it cannot lie outside),
    ``credible90`` (nine in ten, by the model named beside it), ``resampled95`` (nineteen in twenty, by how much a score
    moves when what hangs together is left out). A figure whose ``unit`` is ``date``
    holds proleptic ordinals and is shown as ISO days.
    """

    low: float | None
    best: float | None
    high: float | None
    unit: str
    meaning: Meaning

    def __post_init__(self) -> None:
        known = [x for x in (self.low, self.best, self.high) if x is not None]
        if known != sorted(known):
            raise InputError(
                "bounds out of order",
                value=(self.low, self.best, self.high),
                expected="low <= best <= high",
                fix="check the figures of the source",
            )

    @property
    def known(self) -> bool:
        """Whether anything at all is known of the figure."""
        return any(x is not None for x in (self.low, self.best, self.high))

    def to_json(self) -> dict[str, Any]:
        """The stable JSON shape: {"low", "best", "high", "unit", "meaning"}."""
        shown = _iso if self.unit == "date" else _plain
        return {
            "low": shown(self.low),
            "best": shown(self.best),
            "high": shown(self.high),
            "unit": self.unit,
            "meaning": self.meaning,
        }


def bounds_of_day(low: date | None, best: date | None, high: date | None, meaning: Meaning) -> Bounds:
    """Bounds of a calendar day."""
    ordinals = [None if d is None else float(d.toordinal()) for d in (low, best, high)]
    return Bounds(low=ordinals[0], best=ordinals[1], high=ordinals[2], unit="date", meaning=meaning)


def _iso(ordinal: float | None) -> str | None:
    return None if ordinal is None else date.fromordinal(round(ordinal)).isoformat()


def _plain(value: float | None) -> float | int | None:
    """Whole numbers without a decimal point; others to ten digits, so that bytes do not depend on noise."""
    if value is None:
        return None
    rounded = round(value, 10)
    return int(rounded) if rounded == int(rounded) and abs(rounded) < 2**53 else rounded
