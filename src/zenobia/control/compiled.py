"""The loops of `plain`, compiled by numba and spread over the processors: the same bits, sooner.

Each place is worked through alone, so that how many processors there are does not show. Nothing here may be reordered
(no ``fastmath``), and powers and logarithms stay with numpy.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from zenobia.control.knots import Knots, Messages, crossings
from zenobia.control.plain import ENDS_AT_ONCE

__all__ = ["around", "believed", "between", "ends", "on_first_use", "reached", "sweep"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Work smaller than this is not worth a second thread.
_LEAST = 20_000


def on_first_use(work: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled on first use, and kept in the user's cache where that can be written."""
    import numba

    before = numba.config.CACHE_DIR
    try:
        numba.config.CACHE_DIR = before or str(_folder())
        return cast("Callable[..., Any]", numba.njit(nogil=True, cache=True)(work))
    except (OSError, RuntimeError):
        return cast("Callable[..., Any]", numba.njit(nogil=True)(work))
    finally:
        numba.config.CACHE_DIR = before


def _folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "zenobia" / "compiled"


def sweep(start: Floats, knots: Knots, table: Floats) -> tuple[Floats, Floats, Floats]:
    """As `plain.sweep`."""
    given = _given(knots, table)
    forward, backward = np.empty(knots.likelihood.shape), np.empty(knots.likelihood.shape)
    total = np.empty(len(forward))

    def over(low: int, high: int) -> None:
        _forward(low, high, _solid(start), *given, forward, total)
        _backward(low, high, *given, backward)

    _spread(over, knots.begin)
    return forward, backward, total


def reached(starts: Floats, likelihoods: Floats, knots: Knots, table: Floats) -> Floats:
    """As `plain.reached`."""
    total = np.empty(likelihoods.shape[:2])
    copies = [_given(knots._replace(likelihood=said), table) for said in likelihoods]
    begun = [_solid(start) for start in starts]
    places, rows = len(knots.begin) - 1, len(knots.day)

    def over(low: int, high: int) -> None:
        forward = np.empty(likelihoods.shape[1:])
        for nth in range(low // places, (high - 1) // places + 1):
            first, after = max(low - nth * places, 0), min(high - nth * places, places)
            _forward(first, after, begun[nth], *copies[nth], forward, total[nth])

    begin = (knots.begin[:-1] + rows * np.arange(len(total))[:, None]).ravel()
    _spread(over, np.append(begin, rows * len(total)))
    return total


def between(knots: Knots, messages: Messages, table: Floats, place: Ints, day: Ints) -> tuple[Floats, Floats]:
    """As `plain.between`."""
    forward = np.empty((len(day), table.shape[2]))
    backward = np.empty_like(forward)
    held = (_solid(messages.forward), _solid(messages.backward), _solid(table))
    stands = (_whole(knots.begin), _whole(knots.day), _whole(knots.tempo), _solid(knots.likelihood))
    asked = (_whole(place), _whole(day))
    _spread(lambda low, high: _between(low, high, *stands, *held, *asked, forward, backward), _evenly(len(day)))
    return forward, backward


def believed(forward: Floats, backward: Floats) -> Floats:
    """As `plain.believed`."""
    found = np.empty(forward.shape)
    both = (_solid(forward), _solid(backward))
    _spread(lambda low, high: _believed(low, high, *both, found), _evenly(len(found)))
    return found


def ends(knots: Knots, messages: Messages, tempos: int) -> Floats:
    """As `plain.ends`."""
    states, days = knots.likelihood.shape[1], int(knots.gap.max(initial=0)) + 1
    found = np.zeros((tempos * days, states, states))
    later = np.flatnonzero(knots.gap > 0)
    stands = (_whole(crossings(knots, days)), _whole(knots.news), _solid(knots.likelihood), _solid(knots.tilt))
    held = (_solid(messages.forward), _solid(messages.backward), _solid(messages.reached))
    parts = -(-len(later) // ENDS_AT_ONCE)
    for first in range(0, parts, _processors()):
        some = np.zeros((min(parts - first, _processors()), *found.shape))
        told = np.zeros((len(some), tempos, states, states))

        def over(low: int, high: int, first: int = first, some: Floats = some, told: Floats = told) -> None:
            for k in range(low, high):
                rows = later[(first + k) * ENDS_AT_ONCE : (first + k + 1) * ENDS_AT_ONCE]
                _ends(rows, days, *stands, *held, some[k], told[k])

        _spread(over, np.arange(len(some) + 1) * ENDS_AT_ONCE)
        for part, with_news in zip(some, told, strict=True):
            found += part
            found[1::days] += with_news
    return found.reshape(tempos, days, states, states)


def around(begin: Ints, other: Ints, weight: Floats, held: Floats) -> Floats:
    """As `plain.around`."""
    total = np.zeros((len(begin) - 1, held.shape[1]))
    pairs = (_whole(begin), _whole(other), _solid(weight), _solid(held))
    _spread(lambda low, high: _around(low, high, *pairs, total), _whole(begin))
    return total


def _given(knots: Knots, table: Floats) -> tuple[Any, ...]:
    into = _whole(crossings(knots, table.shape[1]))
    places = (_whole(knots.begin), into, _solid(knots.likelihood), _whole(knots.news))
    return (*places, _solid(knots.tilt), _solid(table.reshape(-1, *table.shape[2:])))


def _solid(numbers: Floats) -> Floats:
    return np.ascontiguousarray(numbers, dtype=np.float64)


def _whole(numbers: Ints) -> Ints:
    return np.ascontiguousarray(numbers, dtype=np.int64)


def _evenly(rows: int) -> Ints:
    """So many rows, each of them by itself."""
    return np.arange(rows + 1, dtype=np.int64)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _spread(work: Callable[[int, int], None], begin: Ints) -> None:
    """Work on all groups, the edges of whose rows are given, on all processors at once."""
    groups, rows = len(begin) - 1, int(begin[-1])
    parts = max(1, min(_processors(), rows // _LEAST))
    if parts == 1:
        work(0, groups)
        return
    cuts = np.searchsorted(begin, np.linspace(0, rows, parts + 1)[1:-1]).tolist()
    with ThreadPoolExecutor(parts) as pool:
        list(pool.map(work, [0, *cuts], [*cuts, groups]))


# --- what is compiled --------------------------------------------------------------------------


@on_first_use
def _forward(
    low: int, high: int, start: Floats, begin: Ints, row: Ints, likelihood: Floats, news: Ints, tilt: Floats,
    table: Floats, forward: Floats, total: Floats,
) -> None:  # fmt: skip
    states = likelihood.shape[1]
    into = np.empty(states)
    for p in range(low, high):
        for t in range(states):
            into[t] = start[p, t]
        for k in range(begin[p], begin[p + 1]):
            if k > begin[p]:
                # No slices: making one costs more than what is done with it.
                r, told = row[k], news[k]
                for t in range(states):
                    into[t] = 0.0
                for s in range(states):
                    here = forward[k - 1, s]
                    for t in range(states):
                        into[t] += here * (table[r, s, t] if told < 0 else table[r, s, t] * tilt[told, s, t])
            whole = 0.0
            for t in range(states):
                into[t] *= likelihood[k, t]
                whole += into[t]
            total[k] = whole
            for t in range(states):
                forward[k, t] = into[t] / whole


@on_first_use
def _backward(
    low: int, high: int, begin: Ints, row: Ints, likelihood: Floats, news: Ints, tilt: Floats, table: Floats,
    backward: Floats,
) -> None:  # fmt: skip
    states = likelihood.shape[1]
    ahead, back = np.empty(states), np.empty(states)
    for p in range(low, high):
        if begin[p] < begin[p + 1]:
            for t in range(states):
                backward[begin[p + 1] - 1, t] = 1.0 / states
        for k in range(begin[p + 1] - 1, begin[p], -1):
            for t in range(states):
                ahead[t] = likelihood[k, t] * backward[k, t]
            r, told = row[k], news[k]
            whole = 0.0
            for s in range(states):
                weight = 0.0
                for t in range(states):
                    weight += (table[r, s, t] if told < 0 else table[r, s, t] * tilt[told, s, t]) * ahead[t]
                back[s] = weight
                whole += weight
            for s in range(states):
                backward[k - 1, s] = back[s] / whole


@on_first_use
def _between(
    low: int, high: int, begin: Ints, stands: Ints, tempo: Ints, likelihood: Floats, known: Floats, foreseen: Floats,
    table: Floats, place: Ints, day: Ints, forward: Floats, backward: Floats,
) -> None:  # fmt: skip
    states = likelihood.shape[1]
    k = 0
    for q in range(low, high):
        p, on = place[q], day[q]
        if q == low or p != place[q - 1] or on < day[q - 1]:
            k = begin[p] + np.searchsorted(stands[begin[p] : begin[p + 1]], on, side="right") - 1
        while k + 1 < begin[p + 1] and stands[k + 1] <= on:
            k += 1
        moves = table[tempo[k]]
        for t in range(states):
            forward[q, t] = 0.0
        for s in range(states):
            for t in range(states):
                forward[q, t] += known[k, s] * moves[on - stands[k], s, t]
        for s in range(states):
            if stands[k] == on:
                backward[q, s] = foreseen[k, s]
            elif k + 1 < begin[p + 1]:
                weight = 0.0
                for t in range(states):
                    weight += moves[stands[k + 1] - on, s, t] * (likelihood[k + 1, t] * foreseen[k + 1, t])
                backward[q, s] = weight
            else:
                backward[q, s] = 1.0 / states


@on_first_use
def _believed(low: int, high: int, forward: Floats, backward: Floats, found: Floats) -> None:
    states = forward.shape[1]
    for k in range(low, high):
        total = 0.0
        for s in range(states):
            found[k, s] = forward[k, s] * backward[k, s]
            total += found[k, s]
        if total > 0:
            for s in range(states):
                found[k, s] /= total


@on_first_use
def _ends(
    rows: Ints, days: int, into: Ints, news: Ints, likelihood: Floats, tilt: Floats, forward: Floats, backward: Floats,
    reached: Floats, found: Floats, told: Floats,
) -> None:  # fmt: skip
    states = likelihood.shape[1]
    for k in rows:
        total = 0.0
        for t in range(states):
            total += forward[k, t] * backward[k, t]
        total *= reached[k]
        for t in range(states):
            ahead = likelihood[k, t] * backward[k, t] / total
            for s in range(states):
                pair = forward[k - 1, s] * ahead
                if news[k] >= 0:
                    told[into[k] // days, s, t] += pair * tilt[news[k], s, t]
                else:
                    found[into[k], s, t] += pair


@on_first_use
def _around(low: int, high: int, begin: Ints, other: Ints, weight: Floats, held: Floats, total: Floats) -> None:
    for p in range(low, high):
        for pair in range(begin[p], begin[p + 1]):
            for w in range(held.shape[1]):
                total[p, w] += held[other[pair], w] * weight[pair]
