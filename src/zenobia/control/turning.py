"""Sources that change their ways: from which day on one speaks otherwise, and is judged as another.

A source's word may turn: its owners change, its town is taken, it takes a side. Whether it did, and when, is asked of
its own record, as the model without turns believes of the places it spoke of: is that likelier from two tables than
from one?

Source: Barry & Hartigan, "Product partition models for change point problems" (1992), for the odds; with one change.
"""

from __future__ import annotations

from math import lgamma

import numpy as np
import numpy.typing as npt

from zenobia.control.evidence import Evidence
from zenobia.control.witnesses import SHRINK_SOURCE

__all__ = ["parted", "turn"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Log odds from which on a source is taken to have turned; how many statements it must have made, and how many of its
# days are tried, evenly among its statements, none in the first or last tenth.
_BEYOND_DOUBT = 8.0
_LEAST = 30
_TRIED = 17
_EDGE = 0.1


def parted(evidence: Evidence, weight: Floats, held: Floats, tables: Floats) -> Evidence:
    """The same evidence, in which a source that turned is two witnesses: the later one stands at the end of all.

    Args:
        weight: (n,) of each statement. held: (n, K) chances of each state at each statement, without turns.
        tables: (witnesses, K, K) what each says in each state, all its time.
    """
    said, names = evidence.statements, list(evidence.witnesses)
    witness = said.witness.copy()
    order = np.lexsort((said.day, said.witness))
    ends = np.searchsorted(said.witness[order], np.arange(len(names) + 1))
    plain = evidence.sayings / evidence.sayings.sum(axis=1, keepdims=True)
    for w in range(len(tables)):
        rows = order[ends[w] : ends[w + 1]]
        if len(rows) < _LEAST:
            continue
        told = (weight[rows, None] * held[rows])[:, :, None] * plain[said.says[rows]][:, None, :]
        day = turn(said.day[rows], told, SHRINK_SOURCE * tables[w])
        if day is not None:
            witness[rows[said.day[rows] >= day]] = len(names)
            names.append(names[w])
    news = evidence.news
    return evidence._replace(
        witnesses=tuple(names),
        statements=said._replace(witness=witness),
        news=news._replace(witness=witness[news.statement]),
    )


def turn(day: Ints, told: Floats, expected: Floats) -> int | None:
    """The day from which on a source speaks otherwise, or ``None`` of one that does not beyond doubt.

    Args:
        day: (m,) of its statements, in order. told: (m, K, K) how often each said each state in each state.
        expected: (K, K) its table, times the number of statements that this is worth.
    """
    low, high = int(_EDGE * len(day)), int((1 - _EDGE) * len(day))
    tried = np.unique(day[np.linspace(low, high, _TRIED).astype(int)])
    before = np.searchsorted(day, tried)
    tried, before = tried[before > 0], before[before > 0]
    so_far, whole = told.cumsum(axis=0), told.sum(axis=0)
    gains = [_fit(so_far[k - 1], expected) + _fit(whole - so_far[k - 1], expected) for k in before]
    best = int(np.argmax(gains)) if gains else -1
    return int(tried[best]) if gains and gains[best] - _fit(whole, expected) > _BEYOND_DOUBT else None


def _fit(counts: Floats, expected: Floats) -> float:
    """The log likelihood of what was said in each state, the table itself being in doubt (Dirichlet-multinomial)."""
    both = expected + counts
    whole = _lgamma(expected.sum(axis=1)) - _lgamma(both.sum(axis=1))
    return float(whole.sum() + (_lgamma(both) - _lgamma(expected)).sum())


def _lgamma(values: Floats) -> Floats:
    return np.array([lgamma(value) for value in values.ravel().tolist()]).reshape(values.shape)
