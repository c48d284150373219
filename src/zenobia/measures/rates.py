"""How many times as fast: the ratio of two rates, with an exact interval for counts.

Of n things in two periods the number in the second is binomial, given n, if they come independently at
one rate each; so the limits of its share are those of Clopper and Pearson, and each turns into a ratio.

Sources: Clopper & Pearson, "The use of confidence or fiducial limits illustrated in the case of the
binomial" (1934); Przyborowski & Wilenski, "Homogeneity of results in testing samples from Poisson
series" (1940); Lentz's continued fraction as in Press et al., "Numerical Recipes" (2007), 6.4.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Ratio", "beta_share", "middle", "ratio_of_counts", "ratio_of_draws"]

Floats = npt.NDArray[np.float64]

# Each tail beyond a 90 % interval.
_TAIL = 0.05
_HALVINGS = 40
_TERMS = 500
_TINY = 1e-300


class Ratio(NamedTuple):
    """How many times as fast; ``None`` where it is open above, or nothing happened before."""

    low: float
    best: float | None
    high: float | None


def ratio_of_counts(least: tuple[float, float], most: tuple[float, float], days: tuple[int, int]) -> Ratio:
    """The rate after over the rate before, from counts.

    Args:
        least, most: what was surely counted before and after, and what may have been.
        days: how long before and after lasted.

    >>> # 4 in 100 days, then 9 in 100: 9/4 = 2.25 times.
    """
    scale = days[0] / days[1]
    low = _odds(beta_share(_TAIL, least[1], most[0] + 1) if least[1] > 0 else 0.0)
    high = _odds(beta_share(1 - _TAIL, most[1] + 1, least[0]) if least[0] > 0 else 1.0)
    best = least[1] / least[0] if least[0] > 0 else None
    return Ratio((low or 0.0) * scale, None if best is None else best * scale, None if high is None else high * scale)


def ratio_of_draws(least: tuple[Floats, Floats], most: tuple[Floats, Floats], days: tuple[int, int]) -> Ratio:
    """The rate after over the rate before, from counts in draws: (draws,) before and after, least and most.

    In each draw the limits are those of its counts, taken as the distributions they are the limits of; over all
    draws together the tails are cut off once. With the same counts in every draw that is `ratio_of_counts`.
    """
    scale = days[0] / days[1]
    low = _odds(_share_of_many(_TAIL, least[1], most[0] + 1))
    high = _odds(_share_of_many(1 - _TAIL, most[1] + 1, least[0]))
    # That of the two figures that are shown, so that a reader who divides them comes to the same.
    before, after = middle(least[0]), middle(least[1])
    best = after / before * scale if before > 0 else None
    return Ratio((low or 0.0) * scale, best, None if high is None else high * scale)


def middle(counts: Floats) -> float:
    """The middle one of the counts in some draws."""
    return float(np.quantile(counts, 0.5, method="inverted_cdf"))


def _share_of_many(chance: float, first: Floats, second: Floats) -> float:
    """The share below which a mixture of beta distributions, one a draw, has a given chance.

    One whose first count is nought stands at 0, one whose second is, at 1.
    """
    pairs, many = np.unique(np.stack([first, second], axis=1), axis=0, return_counts=True)
    weights = many / many.sum()
    told = list(zip(pairs[:, 0].tolist(), pairs[:, 1].tolist(), weights.tolist(), strict=True))
    if weights[pairs[:, 0] <= 0].sum() >= chance:
        return 0.0
    if weights[(pairs[:, 0] > 0) & (pairs[:, 1] > 0)].sum() + weights[pairs[:, 0] <= 0].sum() <= chance:
        return 1.0
    # The counts of one draw and of the next are often the same two, and flips ask of the same draws again.
    return _share_of_counts(chance, tuple(told))


@lru_cache(maxsize=1024)
def _share_of_counts(chance: float, told: tuple[tuple[float, float, float], ...]) -> float:
    return _solved(
        chance, lambda x: sum(w * (1.0 if a <= 0 else _below(x, a, b) if b > 0 else 0.0) for a, b, w in told)
    )


def _odds(share: float) -> float | None:
    return None if share >= 1 else share / (1 - share)


def beta_share(chance: float, a: float, b: float) -> float:
    """The share below which a beta distribution has a given chance."""
    return _solved(chance, lambda share: _below(share, a, b))


def _solved(chance: float, below: Callable[[float], float]) -> float:
    """Where a rising function of a share comes to a chance, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < chance else (low, middle)
    return (low + high) / 2


def _below(share: float, a: float, b: float) -> float:
    """The regularised incomplete beta function."""
    if share <= 0 or share >= 1:
        return float(share >= 1)
    front = math.exp(_whole(a, b) + a * math.log(share) + b * math.log1p(-share))
    # The fraction is worked out on the side of the mean where it needs few terms.
    if share > (a + 1) / (a + b + 2):
        return 1 - front / b * _continued(1 - share, b, a)
    return front / a * _continued(share, a, b)


@lru_cache(maxsize=4096)
def _whole(a: float, b: float) -> float:
    """The logarithm of one over the whole beta function."""
    return math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)


def _continued(share: float, a: float, b: float) -> float:
    """Lentz's way through the continued fraction of the incomplete beta function."""
    d = 1 / ((1 - (a + b) * share / (a + 1)) or _TINY)
    c, value = 1.0, d
    for m in range(1, _TERMS):
        for term in (
            m * (b - m) * share / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * share / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / ((1 + term * d) or _TINY)
            c = (1 + term / c) or _TINY
            value *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return value
