"""Where holders face each other on a day: the edges between cells of different holders, in each of the joint histories.

A front is told as a band: the cells that lie on it in at least one history of twenty. Ground that is contested lies on
the front between the holders round it, and its sides count half each. Where only one holder is round it, nobody is
faced. What is shared, and what nobody speaks of, faces nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control.cells import edge_of
from zenobia.control.counted import bounds_of
from zenobia.control.ground import Scene
from zenobia.terms import CONTESTED, Bounds

__all__ = ["IN_BAND", "Facing", "Stretches", "facing_at", "facings", "least_km", "lengths", "paired", "stretches"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
States = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]

# A cell is in the band if it lies on the front in so many of the histories: what is left out is what a bound of nine
# in ten leaves out on one side.
IN_BAND = 0.05
_NOT_HELD, _FOUGHT = -1, 63


class Stretches(NamedTuple):
    """Stretches of front in some histories, (m,) rows.

    ``pair``: who faces whom, as a number (`paired`). ``draw``: in which history, by column. ``km``: how long.
    ``cell`` (m, 2): the cells on either side; contested ground inside a front is a row of no length, one cell twice.
    """

    pair: Ints
    draw: Ints
    km: Floats
    cell: Ints


class Facing(NamedTuple):
    """Two holders on a day: how likely they face each other, along how many km, and the cells where they may.

    ``cells``: the band, the chance of each by its id. ``km2``: what it covers. ``voices_changed``: at how many of the
    places that the band is most likely with wholly other voices carry the estimate since the day before in the series;
    ``None`` on the first.
    """

    day: int
    one: str
    other: str
    chance: float
    km: Bounds
    cells: Mapping[str, float]
    km2: int
    voices_changed: int | None


def facings(scene: Scene, days: Sequence[int]) -> Iterator[Facing]:
    """Who faces whom on each day, in order: the pairs that do with a chance worth telling, the longest front first."""
    switched = {place: scene.control.voices_changed(place) for place in scene.ground.places}
    before = None
    for day in days:
        found = stretches(scene, scene.held(day), np.arange(scene.draws))
        fresh = None if before is None else _fresh(scene, switched, before, day)
        told = [_facing(scene, day, pair, found, fresh) for pair in np.unique(found.pair).tolist()]
        yield from sorted((f for f in told if f.chance >= IN_BAND), key=lambda f: (-(f.km.best or 0), -f.chance, f.one))
        before = day


def facing_at(scene: Scene, days: Ints, draws: Ints, pair: Ints) -> Bools:
    """Whether two holders face each other, each row with a history, a day and a pair of its own, (m,).

    It does not matter here how lately anybody spoke of the ground.
    """
    found = stretches(scene, scene.held_at(days, draws, ever=True), draws)
    mine = found.pair == pair[found.draw]
    return np.asarray(np.bincount(found.draw[mine], found.km[mine], len(days)) > least_km(scene))


def least_km(scene: Scene) -> float:
    """Holders face each other where their ground meets along more than this: one edge of a cell.

    Two cells that touch with one edge may do so by how the grid happens to lie.
    """
    return edge_of(scene.ground.cells.resolution)


def lengths(found: Stretches, pair: int, draws: int) -> Floats:
    """How long the front between two holders is in each history, in km, (draws,)."""
    mine = found.pair == pair
    return np.asarray(np.bincount(found.draw[mine], found.km[mine], draws), dtype=np.float64)


def paired(states: Sequence[str], pair: int) -> tuple[str, str]:
    """The two holders that a number stands for, in the order of the case."""
    return states[pair // len(states)], states[pair % len(states)]


def stretches(scene: Scene, held: States, draws: Ints) -> Stretches:
    """All fronts in some histories.

    Args:
        held: (C, m) states of the cells. draws: (m,) which history each column is of.
    """
    cells, states = scene.ground.cells, scene.control.states
    side = np.array([_side(scene, state) for state in (*states, "")], dtype=np.int8)[held]
    left, right = side[cells.pairs[:, 0]], side[cells.pairs[:, 1]]
    edge, draw = np.nonzero((left != right) & (left != _NOT_HELD) & (right != _NOT_HELD))
    one, other = left[edge, draw].astype(np.int64), right[edge, draw].astype(np.int64)
    low, high = np.minimum(one, other), np.maximum(one, other)
    plain = high != _FOUGHT
    met = Stretches(
        low[plain] * len(states) + high[plain], draw[plain], cells.edge_km[edge[plain]], cells.pairs[edge[plain]]
    )
    fought = _fought(scene, side, draws, edge[~plain], draw[~plain], low[~plain])
    return Stretches(*(np.concatenate(column) for column in zip(met, *fought, strict=True)))


def _side(scene: Scene, state: str) -> int:
    if state in scene.control.holders:
        return scene.control.states.index(state)
    return _FOUGHT if state == CONTESTED else _NOT_HELD


def _fought(scene: Scene, side: States, draws: Ints, edge: Ints, draw: Ints, holder: Ints) -> Iterator[Stretches]:
    """The fronts that contested ground lies on: edges between it and a holder, and what lies inside.

    The contested ground of one place is looked at as one, and together with that of others that it touches.

    Args:
        edge, draw, holder: (k,) edges between contested ground and a holder.
    """
    cells, own, states = scene.ground.cells, scene.own, len(scene.control.states)
    ends = cells.pairs[edge]
    inside = np.where(side[ends[:, 0], draw] == _FOUGHT, ends[:, 0], ends[:, 1])
    node = own[inside, draws[draw]] * len(draws) + draw
    round_ = np.zeros(len(scene.ground.places) * len(draws), dtype=np.int64)
    np.bitwise_or.at(round_, node, np.left_shift(1, holder))
    _joined(scene, side, draws, round_)
    for other in range(states):
        faced = ((round_[node] >> other) & 1).astype(bool) & (holder != other)
        several = _bits(round_[node[faced]], states) - 1
        pair = np.minimum(holder[faced], other) * states + np.maximum(holder[faced], other)
        yield Stretches(pair, draw[faced], cells.edge_km[edge[faced]] / 2 / several, ends[faced])
    cell, at = np.nonzero(side == _FOUGHT)
    about = round_[own[cell, draws[at]] * len(draws) + at]
    for one in range(states):
        for other in range(one + 1, states):
            both = ((about >> one) & (about >> other) & 1).astype(bool)
            pair = np.full(int(both.sum()), one * states + other)
            yield Stretches(pair, at[both], np.zeros(len(pair)), np.stack([cell[both], cell[both]], axis=1))


def _joined(scene: Scene, side: States, draws: Ints, round_: Ints) -> None:
    """Let contested ground see what lies round other contested ground that it touches, in place."""
    pairs = scene.ground.cells.pairs
    edge, draw = np.nonzero((side[pairs[:, 0]] == _FOUGHT) & (side[pairs[:, 1]] == _FOUGHT))
    nodes = scene.own[pairs[edge], draws[draw][:, None]] * len(draws) + draw[:, None]
    nodes = np.unique(nodes[nodes[:, 0] != nodes[:, 1]], axis=0)
    while len(nodes):
        before = round_[nodes].sum()
        np.bitwise_or.at(round_, nodes[:, 0], round_[nodes[:, 1]])
        np.bitwise_or.at(round_, nodes[:, 1], round_[nodes[:, 0]])
        if round_[nodes].sum() == before:
            return


def _bits(sets: Ints, states: int) -> Ints:
    """How many holders are in each set."""
    return np.asarray(sum(((sets >> k) & 1 for k in range(states)), np.zeros_like(sets)), dtype=np.int64)


def _fresh(scene: Scene, switched: Mapping[str, Sequence[int]], before: int, day: int) -> Bools:
    """Which places other voices have come to carry after a day, up to another, (places,)."""
    return np.array([any(before < d <= day for d in switched[place]) for place in scene.ground.places])


def _facing(scene: Scene, day: int, pair: int, found: Stretches, fresh: Bools | None) -> Facing:
    km = lengths(found, pair, scene.draws)
    share = _on_front(scene, found, pair)
    band = np.flatnonzero(share >= IN_BAND)
    cells = scene.ground.cells
    one, other = paired(scene.control.states, pair)
    return Facing(
        day=day,
        one=one,
        other=other,
        chance=float((km > least_km(scene)).mean()),
        km=bounds_of(np.round(km, 1), "km"),
        cells={cells.ids[k]: float(share[k]) for k in band},
        km2=round(float(cells.km2[band].sum())),
        voices_changed=None if fresh is None else int(fresh[np.unique(scene.ground.near[band, 0])].sum()),
    )


def _on_front(scene: Scene, found: Stretches, pair: int) -> Floats:
    """In which share of the histories each cell lies on the front between two holders, (C,)."""
    mine = found.pair == pair
    on = np.zeros((len(scene.ground.cells.ids), scene.draws), dtype=np.bool_)
    for end in (0, 1):
        on[found.cell[mine, end], found.draw[mine]] = True
    return np.asarray(on.mean(axis=1))
