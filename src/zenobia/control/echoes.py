"""How much a repeated statement adds: copies and repetitions weigh less than a fresh word.

Without this the model takes ten echoes for ten witnesses and, learning from its own conclusions,
grows surer with every round. Weights are set before anything is learned.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control.evidence import Evidence, Statements

__all__ = ["Copying", "copying", "earlier", "weigh"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_MEMORY_DAYS = 30
_COPY_DAYS = 5
# A follower has at least this share of its statements from a leader; less is coincidence.
_LEAST_COPIED = 0.15
_LEAST_MATCHES = 5
# How many of those who said it before are looked at as possible originals of a statement.
_MOST_ORIGINALS = 12


class Copying(NamedTuple):
    """Statements that another source had made before: rows (c,) of both, in pairs."""

    copy: Ints
    original: Ints


def weigh(evidence: Evidence, camps: Ints, declared: npt.NDArray[np.bool_]) -> Floats:
    """The weight of each statement, shape (n,): its own, less for what had been said already.

    1 / (1 + k): ``k`` counts the equal statements on that place in the 30 days before by the same voice and by
    others on its side; and 1 - c for what looks copied from a source from which the teller has a share c of all
    it says. What repeats a declared original adds nothing.

    Args:
        camps: (witnesses,) the side of each, -1 for none.
        declared: (witnesses, witnesses) who is known to copy whom, directly or through others.
    """
    said = evidence.statements
    topic = said.place * len(evidence.sayings) + said.says
    same = earlier(_pair(topic, said.voice), said.day)
    side = camps[said.witness]
    camp = np.where(side >= 0, earlier(_pair(topic, side), said.day), 0)
    fresh = 1 / (1 + np.maximum(same, camp))
    return np.asarray(said.weight * fresh * (1 - _copied(evidence, declared)))


def copying(said: Statements, sayings: int) -> Copying:
    """Pairs of equal statements on one place and day by different witnesses, up to 5 days apart."""
    key = _matter(said, sayings)
    order = np.lexsort((said.witness, said.published, key))
    copies, originals = [], []
    for back in range(1, min(_MOST_ORIGINALS, len(order) - 1) + 1):
        late, early = order[back:], order[:-back]
        waited = said.published[late] - said.published[early]
        match = (key[late] == key[early]) & (said.witness[late] != said.witness[early])
        match &= (waited > 0) & (waited <= _COPY_DAYS)
        copies.append(late[match])
        originals.append(early[match])
    nothing = [np.zeros(0, dtype=np.int64)]
    return Copying(np.concatenate(nothing + copies), np.concatenate(nothing + originals))


def _matter(said: Statements, sayings: int) -> Ints:
    """What each statement says of which place and day, as one number."""
    day = said.day - said.day.min(initial=0)
    return np.asarray((said.place * sayings + said.says) * (int(day.max(initial=0)) + 1) + day)


def _copied(evidence: Evidence, declared: npt.NDArray[np.bool_]) -> Floats:
    """The chance that each statement is a copy, shape (n,)."""
    said, size = evidence.statements, len(evidence.witnesses)
    pairs = copying(said, len(evidence.sayings))
    follower, leader = said.witness[pairs.copy], said.witness[pairs.original]
    matches = np.bincount(follower * size + leader, minlength=size * size).reshape(size, size)
    share = matches / np.maximum(np.bincount(said.witness, minlength=size), 1)[:, None]
    share[(share < _LEAST_COPIED) | (matches < _LEAST_MATCHES)] = 0.0
    copied = np.zeros(len(said.day))
    np.maximum.at(copied, pairs.copy, share[follower, leader])
    copied[_declared_copies(said, _matter(said, len(evidence.sayings)), declared)] = 1.0
    return copied


def _declared_copies(said: Statements, matter: Ints, declared: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which statements are what a declared original of the teller said, on the same day or up to 5 days before."""
    # One clock for all matters: far enough apart that no wait reaches into the next.
    span = int(np.ptp(said.published)) + _COPY_DAYS + 1 if len(said.day) else 1
    clock = matter * span + said.published - said.published.min(initial=0)
    copied = np.zeros(len(said.day), dtype=bool)
    for follower, leader in zip(*np.nonzero(declared), strict=True):
        rows = np.flatnonzero(said.witness == follower)
        told = np.sort(clock[said.witness == leader])
        # Of two that copy each other, what both said on one day is counted once, as the first one's.
        least = 1 if declared[leader, follower] and follower < leader else 0
        found = np.searchsorted(told, clock[rows] - least, side="right")
        copied[rows] |= found > np.searchsorted(told, clock[rows] - _COPY_DAYS, side="left")
    return copied


def _pair(left: Ints, right: Ints) -> Ints:
    return left * (int(right.max(initial=0)) + 2) + right + 1


def earlier(group: Ints, day: Ints) -> Ints:
    """How many of the same group stand before each row, at most 30 days back; rows are in day order."""
    if not len(day):
        return np.zeros(0, dtype=np.int64)
    order = np.lexsort((np.arange(len(day)), day, group))
    # One clock for all groups: far enough apart that no memory reaches into the group before.
    clock = group[order] * (int(np.ptp(day)) + _MEMORY_DAYS + 1) + (day[order] - day.min())
    back = np.searchsorted(clock, clock - _MEMORY_DAYS, side="left")
    count = np.empty(len(day), dtype=np.int64)
    count[order] = np.arange(len(day)) - back
    return count
