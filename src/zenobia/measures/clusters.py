"""Gains gathered into initiatives: chains of gains that are near one another in space and in time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["gathered"]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def gathered(on: Ints, won: Flags, near: Flags, days: int) -> Ints:
    """A number for each place, equal where gains hang together by steps that are short in space and in time.

    Args:
        on: (n,) day of each gain. won: (n,) whether the place was gained; others stay alone.
        near: (n, n) whether two places are near one another. days: how far apart two gains of a step may lie.

    Source: single linkage, Sibson, "SLINK", The Computer Journal 16 (1973).
    """
    linked = near & (np.abs(on[:, None] - on[None, :]) <= days) & won[:, None] & won[None, :]
    np.fill_diagonal(linked, True)
    group = np.arange(len(on), dtype=np.int64)
    while len(group):
        # Each takes the least number of those it is linked to, until nothing moves.
        least = np.where(linked, group[None, :], len(on)).min(axis=1)
        if (least == group).all():
            break
        group = least
    return group
