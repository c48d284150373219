"""How good chances were, once it is known what came: two proper scores, of which the lower is the better.

A score is proper if nobody can better it by telling another chance than the one they believe. What came may
itself be known with a chance only; then the score is the mean over both ways that it may have come.

Forecasts of places near each other, or of one month, hit and miss together. So the limits of a score come from leaving
out one block of them at a time, all forecasts of an area or of a month: with g blocks, score_-b the score without block
b and m the mean of these, variance = (g - 1) / g * sum (score_-b - m)^2, and the limits lie t of g - 1 degrees of
freedom away, and no further than the score itself can go. Of few blocks nobody can tell: then there are no limits.

Sources: Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation, JASA 102 (2007) 359-378;
Kuensch, The jackknife and the bootstrap for general stationary observations, Annals of Statistics 17 (1989) 1217-1241;
Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5, for the quantile of t.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from zenobia.terms import Bounds

__all__ = ["LEAST", "LEAST_BLOCKS", "area_of", "brier", "log_score", "score_within", "skill_within"]

Floats = npt.NDArray[np.float64]
Losses = Callable[[Sequence[float], Sequence[float]], Floats]

# A chance of nought costs no more than this one: a table of places is not spoilt by a single surprise.
LEAST = 0.001
# Blocks that limits need: from fewer the variance itself is anybody's guess.
LEAST_BLOCKS = 10
# The side of an area whose forecasts are one block, in km: as large as an H3 cell of resolution 4 (1,770 km2).
_SIDE_KM = 42.0
_KM_A_DEGREE = 111.195
# 97.5 % of the normal distribution lie below this.
_NORMAL = 1.959963984540054


def brier(chances: Sequence[float], came: Sequence[float]) -> float:
    """The mean squared distance of chances from what came (0 or 1, or the chance that it came)."""
    return float(_squared(chances, came).mean())


def log_score(chances: Sequence[float], came: Sequence[float]) -> float:
    """Minus the mean logarithm of the chance that was given to what came, in nats."""
    return float(_surprise(chances, came).mean())


def score_within(score: str, chances: Sequence[float], came: Sequence[float], *blocks: Sequence[str]) -> Bounds:
    """A score with its limits, nineteen in twenty: the widest by any way to block that has blocks enough.

    Args:
        score: ``brier`` or ``log``.
        chances, came: (n,) what was told, and what came.
        blocks: for each way to block, (n,) the block of each forecast.
    """
    losses = _LOSSES[score](chances, came)
    found = _limited(lambda kept: float(losses[kept].mean()), len(losses), blocks, _UNITS[score])
    return _within(found, 0.0, float(_LOSSES[score]([0.0], [1.0])[0]))


def skill_within(
    score: str, own: Sequence[float], other: Sequence[float], came: Sequence[float], *blocks: Sequence[str]
) -> Bounds:
    """By what part a score is better than that of other chances: 1 is perfect, 0 no better, below 0 worse.

    Both are scored over the same forecasts, so that what is hard for both counts for neither. No best reading where the
    other chances were perfect.
    """
    mine, theirs = _LOSSES[score](own, came), _LOSSES[score](other, came)

    def skill(kept: npt.NDArray[np.bool_]) -> float:
        against = float(theirs[kept].mean()) if kept.any() else 0.0
        return 1 - float(mine[kept].mean()) / against if against else math.nan

    return _within(_limited(skill, len(mine), blocks, f"part of a {_UNITS[score]}"), -math.inf, 1.0)


def area_of(place: str, lat: float | None, lon: float | None) -> str:
    """The block of a place: a square of 42 km that lies fixed on the globe; without a position it is its own."""
    if lat is None or lon is None:
        return place
    row = math.floor(lat * _KM_A_DEGREE / _SIDE_KM)
    middle = math.radians(min(89.0, abs(row + 0.5) * _SIDE_KM / _KM_A_DEGREE))
    return f"{row}/{math.floor(lon * _KM_A_DEGREE * math.cos(middle) / _SIDE_KM)}"


def _limited(
    figure: Callable[[npt.NDArray[np.bool_]], float], n: int, ways: Sequence[Sequence[str]], unit: str
) -> Bounds:
    best = figure(np.ones(n, dtype=np.bool_))
    # Of a way by which the figure is not to be had without some block, nobody can tell.
    far = float(np.max([_distance(figure, np.asarray(w)) for w in ways if len(set(w)) >= LEAST_BLOCKS] or [math.nan]))
    sides = [None if math.isnan(side) else side for side in (best - far, best, best + far)]
    return Bounds(low=sides[0], best=sides[1], high=sides[2], unit=unit, meaning="resampled95")


def _within(found: Bounds, least: float, most: float) -> Bounds:
    """The same, the limits no further than the figure itself can go."""
    if found.low is None or found.high is None:
        return found
    return replace(found, low=max(found.low, least), high=min(found.high, most))


def _distance(figure: Callable[[npt.NDArray[np.bool_]], float], blocks: npt.NDArray[np.str_]) -> float:
    """How far the limits lie off, by leaving out one block at a time."""
    without = np.array([figure(blocks != block) for block in np.unique(blocks)])
    g = len(without)
    variance = (g - 1) / g * float(((without - without.mean()) ** 2).sum())
    return _student(g - 1) * math.sqrt(variance)


def _student(freedom: int) -> float:
    """97.5 % of the t distribution lie below this; to a thousandth from nine degrees of freedom on."""
    z, v = _NORMAL, freedom
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / v + second / v**2 + third / v**3


def _squared(chances: Sequence[float], came: Sequence[float]) -> Floats:
    told, was = _sides(chances, came)
    return np.asarray(was * (1 - told) ** 2 + (1 - was) * told**2)


def _surprise(chances: Sequence[float], came: Sequence[float]) -> Floats:
    told, was = _sides(chances, came)
    told = np.clip(told, LEAST, 1 - LEAST)
    return np.asarray(-(was * np.log(told) + (1 - was) * np.log1p(-told)))


def _sides(chances: Sequence[float], came: Sequence[float]) -> tuple[Floats, Floats]:
    return np.asarray(chances, dtype=np.float64), np.asarray(came, dtype=np.float64)


_LOSSES: dict[str, Losses] = {"brier": _squared, "log": _surprise}
_UNITS = {"brier": "Brier score", "log": "logarithmic score"}
