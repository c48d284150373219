"""Sums over chances that hang together: what stands at one place changes hands together.

For each draw every place gets one number between 0 and 1, and a row counts if its chance is above
it. A row's own chance is kept exactly; rows of one place go together, which makes intervals wider
than if each strike met its own luck; places are independent.
"""

from __future__ import annotations

import functools
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["drawn_sums", "uniforms"]

Floats = npt.NDArray[np.float64]

# A chance this close to certainty is taken for it: what is cut off lies far below any figure shown.
_CERTAIN = 1e-4


def drawn_sums(
    codes: npt.NDArray[Any], words: list[str], chance: Floats, weights: Floats, draws: int, seed: int
) -> Floats:
    """For each draw, the sum of the weights of the rows that count.

    Args:
        codes: (rows,) index into ``words``; negative where a row has no place (its chance must be 0 or 1).
        words: the ids of the places. chance: (rows,). weights: (rows, k).

    Returns:
        (draws, k).
    """
    certain = chance >= 1 - _CERTAIN
    total = np.tile(weights[certain].sum(axis=0), (draws, 1))
    doubtful = np.flatnonzero(~certain & (chance > _CERTAIN))
    order = doubtful[np.lexsort((-chance[doubtful], codes[doubtful]))]
    for mine in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1):
        if len(mine):
            steps = np.vstack([np.zeros(weights.shape[1]), np.cumsum(weights[mine], axis=0)])
            # Rows by falling chance: those with a chance above the draw come first.
            above = np.searchsorted(-chance[mine], -uniforms(words[codes[mine[0]]], draws, seed), side="left")
            total += steps[above]
    return np.asarray(total)


@functools.lru_cache(maxsize=4096)
def uniforms(place: str, draws: int, seed: int) -> Floats:
    """A place's own numbers: the same whatever else is asked and in whatever order reports came."""
    if draws == 1:
        return np.array([0.5])
    return np.random.default_rng([seed, zlib.crc32(place.encode())]).random(draws)
