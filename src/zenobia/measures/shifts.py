"""What time alone would bring: all reports of a ground moved together round the period.

Air strikes come in waves and so do advances. Moving every report by the same number of days, round the
end of the period to its beginning, keeps the waves and the places and breaks only what ties them to the
gains; a free shuffle of days would break the waves as well, and find ties where there are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Shifted", "shifted"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Every whole-day shift of a shorter period; evenly spread ones of a longer.
_MOST_SHIFTS = 1000


class Shifted(NamedTuple):
    """Sequences as they are (a mean over draws) and over the shifts: mean, 5 and 95 % points.

    ``as_many``: the share of the shifts, that of no days among them, with at least as many as there are.
    """

    seen: float
    expected: float
    low: float
    high: float
    as_many: float
    shifts: int

    @property
    def excess(self) -> float:
        """How many more there are than time alone brings."""
        return round(self.seen - self.expected, 9) + 0.0


def shifted(by_place: Sequence[tuple[Ints, Floats]], length: int, days: int) -> Shifted:
    """Count sequences under each shift of the reports.

    Args:
        by_place: for each place the distinct days of the reports near it, and (length,) the chance that it was
            gained on each day; days count from the beginning of the period.
        length: days of the period. days: how long before a gain a report may lie.
    """
    steps = np.unique(np.linspace(0, length, min(length, _MOST_SHIFTS), endpoint=False).astype(np.int64))
    counts = np.zeros(len(steps))
    for reported, weight in by_place:
        if len(reported) and weight.any():
            counts += _covered(reported, weight, length, days)[steps]
    low, high = np.quantile(counts, [0.05, 0.95]).tolist()
    return Shifted(
        seen=float(counts[0]),
        expected=float(counts.mean()),
        low=low,
        high=high,
        as_many=float((counts >= counts[0] - 1e-9).mean()),
        shifts=len(steps),
    )


def _covered(reported: Ints, weight: Floats, length: int, days: int) -> Floats:
    """For each shift the chance that the place was gained within so many days after a report, (length,).

    A window does not reach back over the beginning of the period to its end.
    """
    since = _since(reported, length)
    on = np.flatnonzero(weight)
    # A gain on day g, under a shift by s, is preceded by what stood before day g - s.
    back = since[(on[:, None] - np.arange(length)[None, :]) % length]
    return np.asarray(weight[on] @ (back <= np.minimum(days, on)[:, None]))


def _since(reported: Ints, length: int) -> Ints:
    """For each day of the ring, how many days ago the last report was."""
    last = np.full(2 * length, -length, dtype=np.int64)
    last[reported], last[reported + length] = reported, reported + length
    return (np.arange(2 * length) - np.maximum.accumulate(last))[length:]
