"""The course of many places at once, drawn jointly in time: the days on which each changed, nothing between them.

States are drawn at the days with evidence (forward filtering, backward sampling), and between two of
them by halving the gap: a stretch whose ends are equal stays as it is with the chance that no day of it
moved, else its middle is drawn from the moves of the two halves. That is exact, and costs evidence and
changes, not days.

Sources: Carter & Kohn, "On Gibbs sampling for state space models" (1994), for the backward sampling;
Steele, Lea & Flood, "Fast splittable pseudorandom number generators" (2014), for the mixing of keys.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control import chain as chains
from zenobia.control.fast import compiled
from zenobia.control.fitting import Fitted

__all__ = ["Courses", "draw_courses"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]

# A state this likely on a day of evidence is not drawn: what is cut off lies far below any figure shown.
_NO_DOUBT = 1 - 1e-6
# How many draws of a node are as much work as a knot.
_NODES_A_KNOT = 4
# Numbers of chance that are made at once.
_AT_ONCE = 1 << 18

_AT_NODE, _STAYS, _MIDDLE, _WHICH = (np.uint64(k) for k in (1, 2, 3, 4))
_GOLDEN, _FIRST, _SECOND = (np.uint64(k) for k in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


class Courses(NamedTuple):
    """Runs of one state. Those of draw ``k`` of place ``p`` are ``begin[p * n + k]`` to ``begin[p * n + k + 1]``.

    ``day``: the first day of each run, rising within a draw; the first may lie before what was asked.
    ``state``: its state. A run ends where the next begins, and the last with the days that were asked.
    """

    begin: Ints
    day: npt.NDArray[np.int32]
    state: npt.NDArray[np.int8]


class _Nodes(NamedTuple):
    """Days on which states are drawn first, sorted by place and day: the first and last day, and evidence between.

    ``begin`` (P + 1,); ``day`` (m,); ``forward`` (m, S); ``matrix`` (m, S, S): the moves into each from the
    node before it; ``last`` (P, S): chances on the last day; ``sure`` (m,): the state where there is no doubt, -1 else;
    ``tempo`` (m,): that of the days after each.
    """

    begin: Ints
    day: Ints
    forward: Floats
    matrix: Floats
    last: Floats
    sure: npt.NDArray[np.int8]
    tempo: Ints


class _Open(NamedTuple):
    """Stretches that are not decided yet: owner, first day, days, tempo, state on the first day and on the last."""

    owner: Ints
    day: Ints
    length: Ints
    tempo: Ints
    left: Ints
    right: Ints

    def of(self, rows: npt.NDArray[Any]) -> _Open:
        """Some of them."""
        return _Open(*(part[rows] for part in self))


class _Gaps(NamedTuple):
    """Moves of 0, 1, 2... days: ``table`` from left to right, ``back`` from right to left, both (C, days, S, S).

    ``stays`` (C, days, S): the chance that no day of a stretch with equal ends moved.
    """

    table: Floats
    back: Floats
    stays: Floats


class _Changes(NamedTuple):
    """Days on which a draw comes into a state."""

    owner: Ints
    day: Ints
    state: Ints


def draw_courses(
    fitted: Fitted, names: Sequence[str], where: Ints, first: Ints, last: int, n: int, seed: int
) -> Courses:
    """Draw the courses of places from a first day each to one last day, both inside.

    Args:
        names: (P,) ids, which with the seed start chance: a place's draws do not depend on what else is asked.
        where: (P,) positions of the places. first: (P,) days, on which the model stands. last: the same for all.
    """
    keys = _mixed(np.array([zlib.crc32(name.encode()) for name in names], dtype=np.uint64), np.uint64(seed))
    keys = _mixed(np.repeat(keys, n), np.tile(np.arange(n, dtype=np.uint64), len(names)))
    nodes = _nodes(fitted, where, first, last)
    if compiled(len(nodes.day) * n // _NODES_A_KNOT):
        return _followed(fitted, nodes, keys.reshape(len(names), n))
    drawn = _at_nodes(nodes, keys.reshape(len(names), n))
    begun = _Changes(np.arange(len(names) * n), np.repeat(first, n), drawn[nodes.begin[:-1]].ravel().astype(np.int64))
    return _runs(len(names) * n, [begun, *_between_nodes(fitted, nodes, drawn, keys)])


def _followed(fitted: Fitted, nodes: _Nodes, keys: Keys) -> Courses:
    """As below, compiled."""
    following = import_module("zenobia.control.compiled_courses")
    return Courses(*following.followed(*nodes, fitted.table, _staying(fitted), keys))


def _nodes(fitted: Fitted, where: Ints, first: Ints, last: int) -> _Nodes:
    knots, messages = fitted.knots, fitted.messages
    low, high = (chains.last_knot(knots, where, day) + 1 for day in (first, np.full(len(where), last - 1)))
    inner = np.maximum(high - low, 0)
    several = np.where(first < last, 2, 1)
    begin = np.concatenate([[0], np.cumsum(inner + several)])
    day = np.empty(begin[-1], dtype=np.int64)
    forward = np.empty((begin[-1], knots.likelihood.shape[1]))
    ends, backward = chains.between(knots, messages, fitted.table, where, np.full(len(where), last))
    starts, ahead = chains.between(knots, messages, fitted.table, where, first)
    day[begin[:-1]], forward[begin[:-1]] = first, starts
    day[begin[1:] - 1], forward[begin[1:] - 1] = last, ends
    within = _ranges(low, inner)
    at = _ranges(begin[:-1] + 1, inner)
    day[at], forward[at] = knots.day[within], messages.forward[within]
    believed = forward.copy()
    believed[at] *= messages.backward[within]
    believed[begin[1:] - 1] *= backward
    believed[begin[:-1]] = starts * ahead
    believed /= believed.sum(axis=1, keepdims=True)
    sure = np.where(believed.max(axis=1) > _NO_DOUBT, believed.argmax(axis=1), -1).astype(np.int8)
    pace = knots.tempo[chains.last_knot(knots, np.repeat(where, np.diff(begin)), day)]
    return _Nodes(begin, day, forward, _into(fitted, where, begin, day, pace), believed[begin[1:] - 1], sure, pace)


def _into(fitted: Fitted, where: Ints, begin: Ints, day: Ints, pace: Ints) -> Floats:
    """The moves into each node from the one before, news included, shape (m, S, S); a place's first has none."""
    knots = fitted.knots
    gap = np.diff(day, prepend=day[:1])
    gap[begin[:-1]] = 0
    moves = fitted.table[np.concatenate([pace[:1], pace[:-1]]), gap]
    owner = np.repeat(where, np.diff(begin))
    knot = chains.last_knot(knots, owner, day)
    told = np.flatnonzero((knots.day[knot] == day) & (knots.news[knot] >= 0) & (gap > 0))
    if len(told):
        moves[told] *= knots.tilt[knots.news[knot[told]]]
    return np.asarray(moves)


def _ranges(start: Ints, count: Ints) -> Ints:
    """start[0], start[0] + 1, ... for ``count`` steps each, one after the other."""
    offset = np.repeat(start - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
    return np.asarray(np.arange(int(count.sum())) + offset, dtype=np.int64)


def _at_nodes(nodes: _Nodes, keys: Keys) -> npt.NDArray[np.int8]:
    """The state of every draw at every node, shape (m, n), from the last node of each place back to its first."""
    drawn = np.repeat(nodes.sure[:, None], keys.shape[1], axis=1)
    counts = np.diff(nodes.begin)
    for rank in range(int(counts.max()) if len(counts) else 0):
        mine = np.flatnonzero(counts > rank)
        mine = mine[nodes.sure[nodes.begin[mine + 1] - 1 - rank] < 0]
        rows = nodes.begin[mine + 1] - 1 - rank
        dice = _dice(keys[mine], _item(nodes.day[rows], _AT_NODE)[:, None])
        if rank == 0:
            edges = np.cumsum(nodes.last[mine], axis=1)[:, :, None]
            ahead = np.zeros((len(mine), keys.shape[1]), dtype=np.int64)
        else:
            edges = np.cumsum(nodes.forward[rows][:, :, None] * nodes.matrix[rows + 1], axis=1)
            ahead = drawn[rows + 1].astype(np.int64)
        drawn[rows] = _picked(edges, ahead, dice)
    return drawn


def _picked(edges: Floats, ahead: Ints, dice: Floats) -> npt.NDArray[np.int8]:
    """The state under each of the dice, shape (k, n), given the state ahead: ``edges`` (k, S, T) are cumulative."""
    chosen = np.zeros(dice.shape, dtype=np.int8)
    scaled = np.ascontiguousarray((edges / edges[:, -1:, :]).swapaxes(0, 1))
    cell = ahead + (np.arange(len(edges)) * edges.shape[2])[:, None]
    for state in range(edges.shape[1] - 1):
        chosen += dice >= scaled[state].ravel().take(cell)
    return chosen


def _between_nodes(fitted: Fitted, nodes: _Nodes, drawn: npt.NDArray[np.int8], keys: Keys) -> Iterator[_Changes]:
    """The changes between the nodes: gaps halved until every move stands on a day."""
    gaps = _Gaps(fitted.table, np.swapaxes(fitted.table, 2, 3), _staying(fitted))
    place = np.repeat(np.arange(len(nodes.begin) - 1), np.diff(nodes.begin))
    pairs = np.flatnonzero(place[1:] == place[:-1])
    changes, undecided = _sorted_out(gaps, _moving(gaps, nodes, drawn, keys, place, pairs), keys)
    yield changes
    while len(undecided.owner):
        changes, undecided = _halved(gaps, undecided, keys)
        yield changes


def _moving(gaps: _Gaps, nodes: _Nodes, drawn: npt.NDArray[np.int8], keys: Keys, place: Ints, pairs: Ints) -> _Open:
    """The gaps on some day of which a draw moved; most hold none."""
    n = drawn.shape[1]
    many = max(1, _AT_ONCE // n)
    parts = [
        _moving_in(gaps, nodes, drawn, keys.reshape(-1, n), place, pairs[low : low + many])
        for low in range(0, max(len(pairs), 1), many)
    ]
    return _Open(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _moving_in(gaps: _Gaps, nodes: _Nodes, drawn: npt.NDArray[np.int8], keys: Keys, place: Ints, pairs: Ints) -> _Open:
    day, length = nodes.day[pairs], nodes.day[pairs + 1] - nodes.day[pairs]
    moved = drawn[pairs] != drawn[pairs + 1]
    longer = np.flatnonzero(length > 1)
    chosen = pairs[longer]
    dice = _dice(keys[place[chosen]], _item(day[longer], _STAYS, length[longer])[:, None])
    stays = gaps.stays[nodes.tempo[chosen], length[longer]]
    moved[longer] |= dice >= np.take_along_axis(stays, drawn[chosen].astype(np.intp), axis=1)
    row, draw = np.nonzero(moved)
    left, right = drawn[pairs[row], draw].astype(np.int64), drawn[pairs[row] + 1, draw].astype(np.int64)
    owner, pace = place[pairs[row]] * keys.shape[1] + draw, nodes.tempo[pairs[row]]
    return _Open(owner, day[row], length[row], pace, left, right)


def _staying(fitted: Fitted) -> Floats:
    """The chance that a stretch with equal ends did not move at all, by tempo, days and state: (C, days, S)."""
    table = fitted.table
    daily = np.diagonal(fitted.chain.step, axis1=1, axis2=2)[:, None, :]
    still = daily ** np.arange(table.shape[1])[None, :, None]
    stays = np.minimum(still / np.diagonal(table, axis1=2, axis2=3), 1.0)
    stays[:, :2] = 1.0
    return np.asarray(stays)


def _sorted_out(gaps: _Gaps, stretches: _Open, keys: Keys) -> tuple[_Changes, _Open]:
    """Of some stretches the moves of a single day, and those in which some day moved, nobody knows yet which."""
    dice = _dice(keys[stretches.owner], _item(stretches.day, _STAYS, stretches.length))
    stays = gaps.stays[stretches.tempo, stretches.length, stretches.left]
    same = stretches.left == stretches.right
    moved = stretches.of(~same & (stretches.length == 1))
    undecided = stretches.of((same & (dice >= stays)) | (~same & (stretches.length > 1)))
    return _Changes(moved.owner, moved.day + 1, moved.right), undecided


def _halved(gaps: _Gaps, whole: _Open, keys: Keys) -> tuple[_Changes, _Open]:
    """The two halves of each stretch, their middle drawn from the moves of both, given that some day moved."""
    left_days = whole.length // 2
    right_days = whole.length - left_days
    pace = whole.tempo
    weights = gaps.table[pace, left_days, whole.left] * gaps.back[pace, right_days, whole.right]
    same = whole.left == whole.right
    rows, state = np.flatnonzero(same), whole.left[same]
    unmoved = gaps.stays[pace[same], left_days[same], state] * gaps.stays[pace[same], right_days[same], state]
    weights[rows, state] *= 1 - unmoved
    edges = np.cumsum(weights, axis=1)
    dice = _dice(keys[whole.owner], _item(whole.day, _MIDDLE, whole.length))
    middle = np.minimum((dice[:, None] * edges[:, -1:] >= edges).sum(axis=1), edges.shape[1] - 1)
    first = _Open(whole.owner, whole.day, left_days, pace, whole.left, middle)
    second = _Open(whole.owner, whole.day + left_days, right_days, pace, middle, whole.right)
    even = same & (middle == whole.left)
    plain = [_sorted_out(gaps, half.of(~even), keys) for half in (first, second)]
    forced = _which_half(gaps.stays, first.of(even), second.of(even), keys)
    changes, undecided = zip(*plain, strict=True)
    return _joined(_Changes, changes), _joined(_Open, (*undecided, *forced))


def _which_half(stays: Floats, first: _Open, second: _Open, keys: Keys) -> tuple[_Open, _Open]:
    """Of two halves with equal ends of which at least one moved: those that did."""
    left, right = (1 - stays[half.tempo, half.length, half.left] for half in (first, second))
    only_left, only_right, both = left * (1 - right), (1 - left) * right, left * right
    dice = _dice(keys[first.owner], _item(first.day, _WHICH, first.length)) * (only_left + only_right + both)
    return first.of((dice < only_left) | (dice >= only_left + only_right)), second.of(dice >= only_left)


def _joined(kind: Any, parts: Sequence[Any]) -> Any:
    return kind(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _runs(owners: int, changes: list[_Changes]) -> Courses:
    told: _Changes = _joined(_Changes, changes)
    order = np.lexsort((told.day, told.owner))
    begin = np.concatenate([[0], np.cumsum(np.bincount(told.owner, minlength=owners))])
    return Courses(begin, told.day[order].astype(np.int32), told.state[order].astype(np.int8))


def _dice(keys: Keys, items: Keys) -> Floats:
    """A number between 0 and 1 for each key and item; the same ones give the same number."""
    return np.asarray((_mixed(keys, items) >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def _item(day: Ints, purpose: np.uint64, length: Ints | None = None) -> Keys:
    """What is drawn: on which day, for what, over how many days."""
    item = _mixed(day.astype(np.uint64), purpose)
    return item if length is None else _mixed(item, length.astype(np.uint64))


def _mixed(key: Keys, word: Any) -> Keys:
    """A key and one word more, well mixed."""
    with np.errstate(over="ignore"):
        mixed = np.asarray(key + (word + np.uint64(1)) * _GOLDEN, dtype=np.uint64)
        for shift, factor in ((30, _FIRST), (27, _SECOND)):
            mixed ^= mixed >> np.uint64(shift)
            mixed *= factor
        mixed ^= mixed >> np.uint64(31)
    return mixed
