"""The drawing of `courses`, compiled by numba: the same bits, sooner.

Each draw of a place is followed by itself: back over the nodes, then forward again over every gap, halving it where
some day of it moved, the earlier half first; so its changes come in order of day. What is drawn hangs on the key of
the draw, the day, what for and over how many days, never on what was drawn before: so the order does not show.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from zenobia.control.compiled import on_first_use

__all__ = ["followed"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]

# Changes a draw that there is room for at first; where there are more, all is done once more with room for them.
_ROOM = 8
# Stretches that wait while an earlier one is halved: no more than halvings of the longest gap.
_DEEP = 64

_AT_NODE, _STAYS, _MIDDLE, _WHICH = (np.uint64(k) for k in (1, 2, 3, 4))
_GOLDEN, _FIRST, _SECOND = (np.uint64(k) for k in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_SHARE = 2.0**-53
_ONE, _S11, _S27, _S30, _S31 = (np.uint64(k) for k in (1, 11, 27, 30, 31))


def followed(
    begin: Ints, day: Ints, forward: Floats, matrix: Floats, last: Floats, sure: Any, tempo: Ints, table: Floats,
    stays: Floats, keys: Keys,
) -> tuple[Ints, Any, Any]:  # fmt: skip
    """Where the runs of each draw begin, (P * n + 1,), and the first day and the state of each run.

    Args:
        begin, day, forward, matrix, last, sure, tempo: the nodes. table, stays: the moves of 0, 1, 2... days.
        keys: (P, n) of each draw.
    """
    many = np.zeros(keys.size + 1, dtype=np.int64)
    room = _ROOM * keys.size
    while True:
        days, states = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int8)
        needed = _follow(
            begin, day, np.ascontiguousarray(forward), np.ascontiguousarray(matrix), np.ascontiguousarray(last), sure,
            tempo, np.ascontiguousarray(table), np.ascontiguousarray(stays), keys, many, days, states,
        )  # fmt: skip
        if needed <= room:
            return np.cumsum(many), days[:needed].copy(), states[:needed].copy()
        room = needed


# --- what is compiled --------------------------------------------------------------------------


@on_first_use
def _mixed(key: Any, word: Any) -> Any:
    mixed = key + (word + _ONE) * _GOLDEN
    mixed ^= mixed >> _S30
    mixed *= _FIRST
    mixed ^= mixed >> _S27
    mixed *= _SECOND
    return mixed ^ (mixed >> _S31)


@on_first_use
def _dice(key: Any, day: int, purpose: Any, length: int) -> float:
    """A number between 0 and 1; without a length where that is 0."""
    number: float = _number(key, _item(day, purpose, length))
    return number


@on_first_use
def _item(day: int, purpose: Any, length: int) -> Any:
    item = _mixed(np.uint64(day), purpose)
    return _mixed(item, np.uint64(length)) if length > 0 else item


@on_first_use
def _number(key: Any, item: Any) -> float:
    return float(_mixed(key, item) >> _S11) * _SHARE


@on_first_use
def _edges(rows: int, begin: int, end: int, forward: Floats, matrix: Floats, last: Floats, sure: Any) -> Floats:
    """For each node in doubt the states' cumulative chances, by the state ahead, (rows, S, S)."""
    states = forward.shape[1]
    edges = np.zeros((rows, states, states))
    for row in range(begin, end):
        if sure[row] >= 0:
            continue
        final = row == end - 1
        for ahead in range(1 if final else states):
            total = 0.0
            for s in range(states):
                total += last[s] if final else forward[row, s] * matrix[row + 1, s, ahead]
                edges[row - begin, ahead, s] = total
            for s in range(states):
                edges[row - begin, ahead, s] = edges[row - begin, ahead, s] / total if total > 0 else 2.0
    return edges


@on_first_use
def _back(low: int, high: int, day: Ints, edges: Floats, sure: Any, keys: Keys, at: Any) -> None:
    """The state of every draw at every node of a place, from the last node back to the first, (rows, n)."""
    for row in range(high - 1, low - 1, -1):
        here = at[row - low]
        if sure[row] >= 0:
            here[:] = sure[row]
            continue
        item = _item(day[row], _AT_NODE, 0)
        for k in range(len(keys)):
            ahead = 0 if row == high - 1 else at[row + 1 - low, k]
            here[k] = _picked(edges, row - low, ahead, _number(keys[k], item))


@on_first_use
def _moving(
    low: int, high: int, day: Ints, tempo: Ints, stays: Floats, keys: Keys, at: Any, moved: Any
) -> None:  # fmt: skip
    """Whether each draw moved on some day of the gap behind each node, (rows - 1, n)."""
    for row in range(low, high - 1):
        length = day[row + 1] - day[row]
        left, right, flags = at[row - low], at[row + 1 - low], moved[row - low]
        if length == 1:
            for k in range(len(keys)):
                flags[k] = left[k] != right[k]
            continue
        # A number below a chance is one whose 53 bits are below the chance times 2 ** 53: that is no rounding.
        enough = np.ceil(stays[tempo[row], length] / _SHARE).astype(np.uint64)
        item = _item(day[row], _STAYS, length)
        for k in range(len(keys)):
            flags[k] = (left[k] != right[k]) | ((_mixed(keys[k], item) >> _S11) >= enough[left[k]])


@on_first_use
def _by_draw(moved: Any) -> tuple[Ints, Ints]:
    """The gaps in which each draw moved, in order: where those of each draw begin, (n + 1,), and which they are."""
    first = np.zeros(moved.shape[1] + 2, dtype=np.int64)
    for row in range(len(moved)):
        for k in range(moved.shape[1]):
            first[k + 2] += moved[row, k]
    first = np.cumsum(first)
    rows = np.empty(first[-1], dtype=np.int64)
    for row in range(len(moved)):
        for k in range(moved.shape[1]):
            if moved[row, k]:
                rows[first[k + 1]] = row
                first[k + 1] += 1
    return first[:-1], rows


@on_first_use
def _follow(
    begin: Ints, day: Ints, forward: Floats, matrix: Floats, last: Floats, sure: Any, tempo: Ints, table: Floats,
    stays: Floats, keys: Keys, many: Ints, days: Any, states: Any,
) -> int:  # fmt: skip
    found, draws = 0, keys.shape[1]
    waiting = np.empty((_DEEP, 4), dtype=np.int64)
    for p in range(keys.shape[0]):
        low, high = begin[p], begin[p + 1]
        edges = _edges(high - low, low, high, forward, matrix, last[p], sure)
        at, moved = np.empty((high - low, draws), dtype=np.int8), np.empty((high - low - 1, draws), dtype=np.bool_)
        _back(low, high, day, edges, sure, keys[p], at)
        _moving(low, high, day, tempo, stays, keys[p], at, moved)
        first, rows = _by_draw(moved)
        for k in range(draws):
            before = found
            if found < len(days):
                days[found], states[found] = day[low], at[0, k]
            found += 1
            for row in rows[first[k] : first[k + 1]]:
                left, right, here = at[row, k], at[row + 1, k], day[low + row]
                length, moves, stay = day[low + row + 1] - here, table[tempo[low + row]], stays[tempo[low + row]]
                found = _crossed(keys[p, k], here, length, left, right, moves, stay, waiting, found, days, states)
            many[p * draws + k + 1] = found - before
    return found


@on_first_use
def _picked(edges: Floats, row: int, ahead: int, dice: float) -> int:
    chosen = 0
    for s in range(edges.shape[2] - 1):
        if dice >= edges[row, ahead, s]:
            chosen += 1
    return chosen


@on_first_use
def _crossed(
    key: Any, first: int, length: int, left: int, right: int, table: Floats, stays: Floats, waiting: Ints, found: int,
    days: Any, states: Any,
) -> int:  # fmt: skip
    """The changes in a gap that moved, written behind those found before; returns how many there are now."""
    top = 1
    waiting[0, 0], waiting[0, 1], waiting[0, 2], waiting[0, 3] = first, length, left, right
    while top:
        top -= 1
        first, length, left, right = waiting[top, 0], waiting[top, 1], waiting[top, 2], waiting[top, 3]
        if length == 1:
            if found < len(days):
                days[found], states[found] = first + 1, right
            found += 1
            continue
        near = length // 2
        far = length - near
        middle = _middle(key, first, length, near, left, right, table, stays)
        early, late = True, True
        if left == right and middle == left:
            gone, going = 1 - stays[near, left], 1 - stays[far, left]
            only_early, only_late, both = gone * (1 - going), (1 - gone) * going, gone * going
            dice = _dice(key, first, _WHICH, near) * (only_early + only_late + both)
            early = dice < only_early or dice >= only_early + only_late
            late = dice >= only_early
        else:
            if left == middle:
                early = near > 1 and _dice(key, first, _STAYS, near) >= stays[near, left]
            if middle == right:
                late = far > 1 and _dice(key, first + near, _STAYS, far) >= stays[far, middle]
        # The later half waits below the earlier one.
        if late:
            waiting[top, 0], waiting[top, 1], waiting[top, 2], waiting[top, 3] = first + near, far, middle, right
            top += 1
        if early:
            waiting[top, 0], waiting[top, 1], waiting[top, 2], waiting[top, 3] = first, near, left, middle
            top += 1
    return found


@on_first_use
def _middle(
    key: Any, first: int, length: int, near: int, left: int, right: int, table: Floats, stays: Floats
) -> int:  # fmt: skip
    size = table.shape[1]
    edges = np.empty(size)
    total = 0.0
    for s in range(size):
        weight = table[near, left, s] * table[length - near, s, right]
        if left == right and s == left:
            weight *= 1 - stays[near, s] * stays[length - near, s]
        total += weight
        edges[s] = total
    dice = _dice(key, first, _MIDDLE, length) * total
    middle: int = 0
    for s in range(size - 1):
        if dice >= edges[s]:
            middle += 1
    return middle
