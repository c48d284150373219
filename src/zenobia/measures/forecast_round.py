"""All forecasts of one day together: the chance of every place of the loser, in order, beside one rate for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from zenobia.measures.forecast import BEST, DRAWS, Forecast, Issued, issue, published_by
from zenobia.measures.naming import resolved
from zenobia.measures.prepared import Prepared
from zenobia.terms import Bounds

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Foretold", "round_of"]

_SAME = 1e-12


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """What was foretold of one place.

    Attributes:
        rank: its place in the order of chances, the likeliest being 1; places as likely share one.
        chance: that it goes from the loser to the taker in time, with what few changes leave open of it.
        one_rate: the same if every place of the loser were lost at one rate, whatever stands near it.
    """

    place: str
    rank: int
    chance: Bounds
    one_rate: float


def round_of(asked: Forecast, view: View, prepared: Prepared) -> tuple[Foretold, ...]:
    """The chance of every place that the loser most likely had on the day of issue, the likeliest first.

    Raises:
        NotMeasurable: nobody had said who held the place that is asked, or the loser did not.
        InputError: the question names what the record does not hold.
    """
    asked = resolved(asked, view)
    told = issue(asked, published_by(prepared.view or view, asked.issued), prepared.control)
    theirs = np.flatnonzero(told.held >= 0.5)
    best = told.chances[BEST, theirs]
    ranks = 1 + (best[None, :] > best[:, None] + _SAME).sum(axis=1)
    rows = [
        Foretold(place=told.places[at], rank=int(rank), chance=bounds, one_rate=rate)
        for at, rank, bounds, rate in zip(
            theirs, ranks, _bounds(asked, told, theirs, prepared.seed), _at_one_rate(asked, told, theirs), strict=True
        )
    ]
    return tuple(sorted(rows, key=lambda row: (row.rank, row.place)))


def _bounds(
    asked: Forecast, told: Issued, theirs: np.ndarray[tuple[int], np.dtype[np.int64]], seed: int
) -> list[Bounds]:
    """The best reading of the middle window; the range over all windows and over what few changes leave open."""
    drawn = told.hazard.drawn(told.held[theirs], told.distance[theirs], asked.days, DRAWS, seed)
    low, high = np.quantile(drawn, 0.05, axis=1).min(axis=0), np.quantile(drawn, 0.95, axis=1).max(axis=0)
    best = told.chances[BEST, theirs]
    sides = zip(np.minimum(low, best).tolist(), best.tolist(), np.maximum(high, best).tolist(), strict=True)
    return [Bounds(low=low, best=best, high=high, unit="chance", meaning="credible90") for low, best, high in sides]


def _at_one_rate(asked: Forecast, told: Issued, theirs: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[float]:
    rate = told.hazard.rates()[BEST]
    chances: list[float] = (told.held[theirs] * -np.expm1(-rate * asked.days)).tolist()
    return chances
