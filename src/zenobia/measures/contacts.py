"""Contacts: pairs of neighbouring places, and who held each of the two on a day, in joint draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zenobia.measures.drawing import uniforms
from zenobia.measures.ground import away_km, places_on
from zenobia.measures.joint import draws_for, on_ground
from zenobia.measures.prepared import ControlLike, Prepared
from zenobia.measures.question import Apart, Ground, SourcesRule
from zenobia.measures.sheet import Sheet
from zenobia.measures.telling import tellings
from zenobia.terms import CONTESTED, SHARED

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Contacts", "Side", "contacts"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Side = tuple[str, ...]

# Reports of each place that are named as evidence: the nearest in time.
_NEAREST = 3
# What was said this many days before still tells who has a place.
_EARLIER_DAYS = 730
_NOBODY = -1


@dataclass(frozen=True, eq=False)
class Contacts:
    """Pairs of neighbouring places on a day.

    Attributes:
        pairs: (n_pairs, 2) positions in ``places``.
        sides: every side; those that are asked about first, then each other holder alone.
        held: (n_draws, n_places) the side that held each place, -1 for contested or shared ground.
        own_word: (n_places,) whether only the likeliest holder itself says that it has the place.
        rows: for each place in a pair the reports nearest to the day that say so.
        claimant_only: ids of the claimant's own reports of it.
        contested: places in a pair of which no holder is the likeliest.
    """

    places: tuple[str, ...]
    pairs: Ints
    sides: tuple[Side, ...]
    held: Ints
    own_word: Bools
    rows: Mapping[str, tuple[int, ...]]
    claimant_only: tuple[str, ...]
    contested: tuple[str, ...]

    @property
    def facing(self) -> Bools:
        """Whether the two places of each pair have different holders, (n_draws, n_pairs)."""
        left, right = self._ends
        return np.asarray((left != right) & (left != _NOBODY) & (right != _NOBODY), dtype=np.bool_)

    def between(self, one: int, other: int) -> Bools:
        """Whether each pair lies between two sides, by their positions, (n_draws, n_pairs)."""
        left, right = self._ends
        return np.asarray(((left == one) & (right == other)) | ((left == other) & (right == one)), dtype=np.bool_)

    @property
    def sure(self) -> Bools:
        """Pairs of which somebody other than the holder itself says who has either place, (n_pairs,)."""
        return np.asarray(~self.own_word[self.pairs].any(axis=1), dtype=np.bool_)

    def possible(self, one: int, other: int) -> Bools:
        """Whether each pair may lie between two sides, (n_draws, n_pairs).

        It has different holders, and each of its places is one of the two sides', or only its holder's own word
        says that it is somebody else's.
        """
        may = self.own_word | (self.held == one) | (self.held == other)
        doubtful = may[:, self.pairs].all(axis=2) & ~self.sure
        return np.asarray(self.between(one, other) | (self.facing & doubtful), dtype=np.bool_)

    @property
    def _ends(self) -> tuple[Ints, Ints]:
        return self.held[:, self.pairs[:, 0]], self.held[:, self.pairs[:, 1]]


def contacts(
    view: View,
    prepared: Prepared,
    ground: Ground,
    asked: Sequence[Side],
    km: float,
    day: int,
    *,
    sources: SourcesRule,
    apart: Apart,
) -> Contacts:
    """The pairs of places at most ``km`` apart, at least one of the two on a ground, on a day (day number).

    Neighbourhoods are left out unless the ground names them.

    Raises:
        NotMeasurable: no report says who held any place there.
    """
    inside = on_ground(view, prepared.control, ground)
    control = prepared.control
    assert control is not None
    places, pairs = _neighbours(view, control, inside, km)
    sides = _sides(control, asked)
    chances = control.chances(places, np.full(len(places), day))
    code = np.array([_code(state, sides) for state in control.states])
    likeliest = code[chances.argmax(axis=1)] if len(places) else np.zeros(0, dtype=np.int64)
    own_word, rows, claimant = _word_of(view, places, likeliest, sides, day, sources, apart)
    return Contacts(
        places=places,
        pairs=pairs,
        sides=sides,
        held=code[_drawn(places, chances, draws_for(len(places), prepared.draws), prepared.seed)],
        own_word=own_word,
        rows=rows,
        claimant_only=claimant,
        contested=tuple(place for place, side in zip(places, likeliest, strict=True) if side == _NOBODY),
    )


def _neighbours(view: View, control: ControlLike, inside: Sequence[str], km: float) -> tuple[tuple[str, ...], Ints]:
    """The places that have a neighbour, and the pairs they form."""
    around = tuple(sorted({*inside, *places_on(view, control.places, Ground())}))
    on = np.isin(around, inside)
    pairs = np.argwhere(np.triu(away_km(view, around) <= km, 1) & (on[:, None] | on[None, :]))
    met, where = np.unique(pairs, return_inverse=True)
    return tuple(around[k] for k in met), where.reshape(-1, 2)


def _sides(control: ControlLike, asked: Sequence[Side]) -> tuple[Side, ...]:
    named = {holder for side in asked for holder in side}
    others = [(s,) for s in control.states if s not in named and s not in (CONTESTED, SHARED)]
    return (*asked, *others)


def _code(state: str, sides: Sequence[Side]) -> int:
    return next((k for k, side in enumerate(sides) if state in side), _NOBODY)


def _drawn(places: Sequence[str], chances: Floats, draws: int, seed: int) -> Ints:
    """The state of each place in each draw, (draws, places): places are independent on one day."""
    states = np.empty((draws, len(places)), dtype=np.int64)
    edges = np.cumsum(chances, axis=1)[:, :-1]
    for nth, place in enumerate(places):
        states[:, nth] = np.searchsorted(edges[nth], uniforms(place, draws, seed), side="right")
    return states


def _word_of(
    view: View,
    places: tuple[str, ...],
    likeliest: Ints,
    sides: Sequence[Side],
    day: int,
    sources: SourcesRule,
    apart: Apart,
) -> tuple[Bools, dict[str, tuple[int, ...]], tuple[str, ...]]:
    """Whether only the likeliest holder says that it has each place; who says so; and the claimant's own, apart."""
    own_word = np.zeros(len(places), dtype=np.bool_)
    rows: dict[str, tuple[int, ...]] = {}
    claimant: set[str] = set()
    stated = Sheet.of(view).numbers("date")
    for code, side in enumerate(sides):
        theirs = [place for place, likely in zip(places, likeliest, strict=True) if likely == code]
        told, own = tellings(view, theirs, (), side, day - _EARLIER_DAYS, day + 1, sources=sources, apart=apart)
        claimant |= set(own)
        for place in theirs:
            said = told.get(place)
            own_word[places.index(place)] = said is None or said.claimed_only
            nearest = sorted(said.rows if said else (), key=lambda row: (abs(int(stated[row]) - day), row))
            rows[place] = tuple(nearest[:_NEAREST])
    return own_word, rows, tuple(sorted(claimant))
