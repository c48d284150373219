"""How good chances were, once it is known what came: two proper scores, of which the lower is the better.

A score is proper if nobody can better it by telling another chance than the one they believe. What came may
itself be known with a chance only; then the score is the mean over both ways that it may have come.

Source: Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation, JASA 102 (2007) 359-378
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["LEAST", "brier", "log_score"]

# A chance of nought costs no more than this one: a table of places is not spoilt by a single surprise.
LEAST = 0.001


def brier(chances: Sequence[float], came: Sequence[float]) -> float:
    """The mean squared distance of chances from what came (0 or 1, or the chance that it came)."""
    told, was = _sides(chances, came)
    return float((was * (1 - told) ** 2 + (1 - was) * told**2).mean())


def log_score(chances: Sequence[float], came: Sequence[float]) -> float:
    """Minus the mean logarithm of the chance that was given to what came, in nats."""
    told, was = _sides(chances, came)
    told = np.clip(told, LEAST, 1 - LEAST)
    return float(-(was * np.log(told) + (1 - was) * np.log1p(-told)).mean())


def _sides(chances: Sequence[float], came: Sequence[float]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    return np.asarray(chances, dtype=np.float64), np.asarray(came, dtype=np.float64)
