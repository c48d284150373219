"""What each source's word is worth: tables of what it says in each state, learned and shrunk.

``table[state, said]`` is the chance that a witness says ``said`` of a place that is in ``state``.
It starts from the side the source takes and its reliability letter, and is learned by EM, shrunk
to the table pooled over all sources that take a side (seen from each one's own side, so that two
camps mirror each other) or over those that take none. Who declares no side may be found to take one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control.evidence import Evidence
from zenobia.terms import CONTESTED, SHARED

__all__ = [
    "Stance",
    "disputed",
    "expected_sayings",
    "leaning",
    "learn",
    "log_chances",
    "stances",
    "start_tables",
    "tested",
]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Strength of the pooled table beside a source's own reports, and of the start beside the pooled.
SHRINK_SOURCE = 20.0
SHRINK_POOL = 100.0
# Within how many days another voice's word on a place tests a source's.
TEST_DAYS = 90
# The share of sources without a declared side that are taken to have one, before anything is heard; by how much, as
# a log of odds, what a source says has to fit a side better than anything else; and how often that is looked at.
_TAKES_A_SIDE, _BEYOND_DOUBT, _LOOKS = 0.2, 3.0, 10

# Reliability letter: odds of an error beside a source of middling reliability. F and none: middling.
_ERRORS = {"A": 0.4, "B": 0.7, "C": 1.0, "D": 1.5, "E": 2.2}

# What sources are taken to say before anything is learned: [kind of state][kind of saying].
_START_SIDED = {
    "own": {"true": 0.93, "other": 0.02, "contested": 0.05, "shared": 0.02},
    "enemy": {"true": 0.62, "own": 0.18, "other": 0.02, "contested": 0.18, "shared": 0.02},
    "contested": {"own": 0.45, "other": 0.15, "contested": 0.40, "shared": 0.02},
    "shared": {"own": 0.30, "other": 0.20, "contested": 0.10, "shared": 0.40},
}
_START_UNSIDED = {
    "enemy": {"true": 0.90, "other": 0.05, "contested": 0.05, "shared": 0.02},
    "contested": {"other": 0.45, "contested": 0.55, "shared": 0.02},
    "shared": {"other": 0.30, "contested": 0.10, "shared": 0.60},
}


class Stance(NamedTuple):
    """Where a group of witnesses stands, and how its table is pooled.

    ``cell`` (K, K): which pooled figure each entry of the table belongs to; ``start`` (cells,): that
    figure before learning; ``row`` (cells,): the kind of state a cell belongs to.
    """

    sided: bool
    cell: Ints
    start: Floats
    row: Ints


def stances(evidence: Evidence, camps: Sequence[str | None]) -> tuple[Stance, ...]:
    """The stance of each witness; ``camps`` names the holder that each stands with, or ``None``."""
    made = {camp: _stance(evidence.states, camp) for camp in set(camps)}
    return tuple(made[camp] for camp in camps)


def _stance(states: tuple[str, ...], camp: str | None) -> Stance:
    start = _START_SIDED if camp in states else _START_UNSIDED
    kinds = [(row, said) for row in start for said in start[row]]
    cell = np.array([[kinds.index(_kind(state, said, camp)) for said in states] for state in states])
    rows = list(start)
    return Stance(
        sided=camp in states,
        cell=cell,
        start=np.array([start[row][said] for row, said in kinds]),
        row=np.array([rows.index(row) for row, _ in kinds]),
    )


def _kind(state: str, said: str, camp: str | None) -> tuple[str, str]:
    """The pooled figure that a pair of state and saying belongs to, seen from a camp."""
    row = "own" if state == camp else state if state in (CONTESTED, SHARED) else "enemy"
    if said in (CONTESTED, SHARED):
        return row, said
    if said == state:
        return row, "true"
    return row, "own" if said == camp else "other"


def start_tables(stands: Sequence[Stance], letters: Sequence[str | None]) -> Floats:
    """Tables before anything is learned, shape (witnesses, K, K)."""
    expand = cache(lambda own: _expand(stands[own], stands[own].start))
    own = _firsts(stands)
    return np.stack([_with_letter(expand(k), a) for k, a in zip(own, letters, strict=True)])


def _firsts(stands: Sequence[Stance]) -> list[int]:
    """For each witness the first that stands where it stands: what follows from the stance is worked out once."""
    first: dict[int, int] = {}
    return [first.setdefault(id(stance), w) for w, stance in enumerate(stands)]


def _expand(stance: Stance, figures: Floats) -> Floats:
    """A pooled figure is shared by the entries that belong to it; rows sum to one."""
    table = np.empty(stance.cell.shape)
    for state, cells in enumerate(stance.cell):
        table[state] = figures[cells] / np.bincount(cells, minlength=len(figures))[cells]
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def _with_letter(table: Floats, letter: str | None) -> Floats:
    """The same table with the odds of an error changed by the reliability letter."""
    changed = table * _ERRORS.get(letter or "", 1.0)
    np.fill_diagonal(changed, np.diag(table))
    return np.asarray(changed / changed.sum(axis=1, keepdims=True))


def leaning(counts: Floats, states: tuple[str, ...], stands: Sequence[Stance]) -> Ints:
    """The side that each witness without a declared one speaks for, (witnesses,), by the number of its state; -1: none.

    A mixture of sides, as pooled from those who are known to take one and those who are taken to by now (none at
    first: then as they are taken to be before anything is learned), by hard expectation and maximisation. Whoever is
    not beyond doubt takes no side.

    Args:
        counts: (witnesses, K, K) expected number of times that each said each state in each state.
    """
    holders = [k for k, state in enumerate(states) if state not in (CONTESTED, SHARED)]
    if len(holders) < 2:
        return np.full(len(stands), -1)  # with nobody on the other side there is none to take
    sides = [_stance(states, None), *(_stance(states, states[k]) for k in holders)]
    asked = np.array([not s.sided for s in stands])
    before = np.log([1 - _TAKES_A_SIDE, *[_TAKES_A_SIDE / len(holders)] * len(holders)])
    taken, found = list(stands), np.zeros(len(stands), dtype=np.int64)
    for _ in range(_LOOKS):
        pooled = {s.sided: _pool(counts, taken, s.sided) for s in taken}
        tables = np.stack([_expand(s, pooled.get(s.sided, s.start)) for s in sides])
        fits = np.einsum("wsk,csk->wc", counts, np.log(tables)) + before
        sure = fits.max(axis=1) - np.partition(fits, -2, axis=1)[:, -2] > _BEYOND_DOUBT
        now = np.where(asked & sure, fits.argmax(axis=1), 0)
        if (now == found).all():
            break
        found = now
        taken = [sides[k] if own else stand for k, own, stand in zip(found, asked, stands, strict=True)]
    return np.array([-1, *holders])[found]


def log_chances(tables: Floats, sayings: npt.NDArray[np.bool_]) -> Floats:
    """Log chance that a witness says a saying in a state, shape (witnesses, sayings, K)."""
    return np.asarray(np.log(np.einsum("wsk,vk->wvs", tables, sayings.astype(float))))


def disputed(evidence: Evidence, between: npt.NDArray[np.bool_]) -> Floats:
    """By how much likelier, as a log, each statement is than tables of the whole case have it, (n, K).

    A place is contested between the holders that are named there, and not between all of the case: of K holders, m of
    them named at the place, one that is named is likelier to be so than the table says. By K / m, if who errs named
    any holder of the case alike; errors too name those who are there, so by its root. Other states: as the tables say.

    Args:
        between: (K,) the states that lie between holders.
    """
    said = evidence.statements
    holder = np.where(evidence.sayings.sum(axis=1) == 1, evidence.sayings.argmax(axis=1), -1)
    holder[between[holder]] = -1
    names = holder[said.says]
    told = np.flatnonzero(names >= 0)
    named = np.zeros((len(evidence.places), len(between)), dtype=bool)
    named[said.place[told], names[told]] = True
    there = np.maximum(named.sum(axis=1), 2)[said.place[told]]
    likelier = np.zeros((len(said.place), len(between)))
    likelier[np.ix_(told, between)] = np.maximum(np.log((~between).sum() / there) / 2, 0.0)[:, None]
    return likelier


def tested(evidence: Evidence, weight: Floats) -> npt.NDArray[np.bool_]:
    """Which statements (n,) another voice can bear out or not: one that spoke of the place within ``TEST_DAYS``.

    Only these teach what a source's word is worth. A word that stands alone would be judged by what the
    model expects of the place, and every surprising truth be counted as an error. A statement without
    weight is a copy, and bears nothing out.
    """
    said, fresh = evidence.statements, weight > 0
    span = int(np.ptp(said.day)) + 2 * TEST_DAYS + 2 if len(said.day) else 1
    day = said.day - (said.day.min() if len(said.day) else 0) + TEST_DAYS
    mine = said.place * len(evidence.voices) + said.voice
    return np.asarray(_within(said.place * span + day, fresh) > _within(mine * span + day, fresh), dtype=bool)


def _within(clock: Ints, fresh: npt.NDArray[np.bool_]) -> Ints:
    """How many fresh entries lie within ``TEST_DAYS`` of each, itself among them."""
    ordered = np.sort(clock[fresh])
    last = np.searchsorted(ordered, clock + TEST_DAYS, side="right")
    return np.asarray(last - np.searchsorted(ordered, clock - TEST_DAYS, side="left"))


def expected_sayings(evidence: Evidence, tables: Floats, weight: Floats, chances: Floats) -> Floats:
    """Expected number of times that each witness said each state in each state, (witnesses, K, K).

    Args:
        weight: (n,) of each statement. chances: (n, K) of each state at the statement's knot. A
        saying that leaves several states open is shared between them as the table has it.
    """
    said, size = evidence.statements, tables.shape[1]
    groups = said.witness * len(evidence.sayings) + said.says
    counts = np.stack(
        [np.bincount(groups, weight * chances[:, k], len(tables) * len(evidence.sayings)) for k in range(size)], 1
    ).reshape(len(tables), len(evidence.sayings), size)
    share = tables[:, None] * evidence.sayings[None, :, None, :]
    share /= share.sum(axis=3, keepdims=True)
    return np.asarray(np.einsum("wvs,wvsk->wsk", counts, share))


def learn(counts: Floats, stands: Sequence[Stance], letters: Sequence[str | None]) -> Floats:
    """New tables from expected counts: each source's own, shrunk to its pooled table."""
    pooled = {sided: _pool(counts, stands, sided) for sided in {s.sided for s in stands}}
    tables = np.empty_like(counts)
    target_of = cache(lambda own, letter: _with_letter(_expand(stands[own], pooled[stands[own].sided]), letter))
    for w, own in enumerate(_firsts(stands)):
        target = target_of(own, letters[w])
        mixed = counts[w] + SHRINK_SOURCE * target
        tables[w] = mixed / mixed.sum(axis=1, keepdims=True)
    return tables


def _pool(counts: Floats, stands: Sequence[Stance], sided: bool) -> Floats:
    members = [w for w, stance in enumerate(stands) if stance.sided == sided]
    first = stands[members[0]]
    total = SHRINK_POOL * first.start
    for w in members:
        total = total + np.bincount(stands[w].cell.ravel(), counts[w].ravel(), len(total))
    return np.asarray(total / np.bincount(first.row, total)[first.row])
