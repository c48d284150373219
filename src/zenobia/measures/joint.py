"""Control of many places at once: joint draws over a ground, and the changes of hands in them.

A draw is one history of every place, as the estimate of control believes it; whatever is counted over
places is counted in each draw, and the spread over draws is the doubt. Places are independent, the days
of one place are not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zenobia.measures.ground import places_on
from zenobia.measures.prepared import ControlLike, CoursesLike
from zenobia.measures.question import Apart, Ground, SourcesRule
from zenobia.measures.telling import Told, alone_words, tellings
from zenobia.measures.wording import ground as ground_words
from zenobia.terms import CONTESTED, SHARED, InputError, NotMeasurable, day_number, did_you_mean

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["NEVER", "STAY_DAYS", "Drawn", "Gained", "drawn", "draws_for", "gained", "on_ground", "one_side", "reached"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

# A gain counts if the taker holds the place this many days in all before anybody else does.
STAY_DAYS = 7
# In place of a day: the place was not gained in that draw.
NEVER = -(2**31)
# Draws of all places together that keep a question well under half a second, and the fewest that are made.
_DRAWS_IN_ALL, _FEWEST = 60_000, 400


@dataclass(frozen=True, eq=False)
class Drawn:
    """Joint histories of the places on a ground, on the days ``start`` to ``end`` (numbers, closed-open).

    Attributes:
        states: what the numbers of a history stand for, as in the estimate of control.
        courses: the histories as runs; those of draw k of place p are begin[p * draws + k] and on.
    """

    places: tuple[str, ...]
    states: tuple[str, ...]
    start: int
    end: int
    draws: int
    seed: int
    courses: CoursesLike

    @property
    def days(self) -> Int32s:
        """The days, (n_days,)."""
        return np.arange(self.start, self.end, dtype=np.int32)

    def each(self) -> Iterator[tuple[str, npt.NDArray[np.int8]]]:
        """Place by place: its states in every draw on every day, (n_draws, n_days)."""
        after = self.after
        for nth, place in enumerate(self.places):
            rows = slice(*self.courses.begin[[nth * self.draws, (nth + 1) * self.draws]])
            first = np.clip(self.courses.day[rows], self.start, self.end)
            length = np.clip(after[rows], self.start, self.end) - first
            yield place, np.repeat(self.courses.state[rows], length).reshape(self.draws, -1)

    def on(self, days: Sequence[int] | npt.NDArray[np.integer]) -> npt.NDArray[np.int8]:
        """States on some days, (n_draws, n_places, n_days asked)."""
        after = self.after
        found = np.empty((len(days), len(self.places), self.draws), dtype=np.int8)
        for nth, day in enumerate(np.asarray(days).tolist()):
            last = (self.courses.day <= day) & (after > day)
            found[nth] = self.courses.state[last].reshape(len(self.places), self.draws)
        return found.transpose(2, 1, 0)

    def total(self, holder: str, worth: Floats | None = None) -> Floats:
        """What one holder had on each day, (n_draws, n_days): places, or what each is worth, (n_places,)."""
        days = self.end - self.start
        change = np.zeros((self.draws, days + 1))
        if holder in self.states:
            mine = np.flatnonzero(self.courses.state == self.states.index(holder))
            place, draw = np.divmod(self.owner[mine], self.draws)
            adds = np.ones(len(mine)) if worth is None else worth[place]
            for edge, sign in ((self.courses.day[mine], 1), (self.after[mine], -1)):
                np.add.at(change, (draw, np.clip(edge, self.start, self.end) - self.start), sign * adds)
        return np.asarray(np.cumsum(change, axis=1)[:, :-1])

    @cached_property
    def owner(self) -> Ints:
        """The place and draw of each run, as p * draws + k."""
        return np.repeat(np.arange(len(self.courses.begin) - 1), np.diff(self.courses.begin))

    @cached_property
    def after(self) -> Int32s:
        """The first day after each run."""
        after = np.append(self.courses.day[1:], np.int32(self.end)).astype(np.int32)
        after[self.courses.begin[1:] - 1] = self.end
        return after


@dataclass(frozen=True, eq=False)
class Gained:
    """Which places passed into other hands in a period, in each draw, and who tells of it.

    Attributes:
        places: those on the ground with a basis.
        matrix: (n_draws, n_places) whether the place was gained and stayed with the taker.
        day: (n_draws, n_places) day number of its first gain, `NEVER` where there is none.
        kept: (n_draws, n_places) whether it was gained and nobody else had it by the end of the period.
        told: for each place the reports that tell of the change, where any do.
        claimant_only: ids of the claimant's own reports of it.
        start, end: the period as far as it is known, day numbers, closed-open.
    """

    places: tuple[str, ...]
    matrix: Bools
    day: Int32s
    kept: Bools
    told: Mapping[str, Told]
    claimant_only: tuple[str, ...]
    start: int
    end: int

    @property
    def chance(self) -> Floats:
        """The chance that each place was gained, (n_places,)."""
        return np.asarray(self.matrix.mean(axis=0))

    @property
    def backed(self) -> Bools:
        """Whether a gain of each place counts in a low, (n_places,).

        Somebody other than the side that gains tells of the turn itself; or that the taker has held the place
        since, where it is more likely than not that somebody else had it before.
        """
        chance = self.chance
        return np.array([self._is_backed(place, chance[k]) for k, place in enumerate(self.places)], dtype=np.bool_)

    def _is_backed(self, place: str, chance: float) -> bool:
        told = self.told.get(place)
        return told is not None and (told.turned or (not told.claimed_only and chance >= 0.5))

    @property
    def claimed(self) -> Bools:
        """Whether only the side that gains by it tells of each place's gain, or a stranger, (n_places,)."""
        return np.array([p in self.told and self.told[p].claimed_only for p in self.places], dtype=np.bool_)

    @property
    def claimed_only(self) -> tuple[str, ...]:
        """Places of whose gain only the side that gains tells, or somebody of whom nobody knows the side."""
        return tuple(place for place, alone in zip(self.places, self.claimed, strict=True) if alone)

    @property
    def alone(self) -> Mapping[str, tuple[str, ...]]:
        """The same places by who alone tells of them, in words."""
        return alone_words({place: self.told[place] for place in self.claimed_only})

    def days(self, place: str) -> tuple[int, int, int] | None:
        """The 5, 50 and 95 % points of the day on which a place was gained, given that it was."""
        column = self.places.index(place)
        days = self.day[self.matrix[:, column], column]
        if not len(days):
            return None
        low, best, high = np.quantile(days, [0.05, 0.5, 0.95], method="inverted_cdf").tolist()
        return int(low), int(best), int(high)


def on_ground(view: View, control: ControlLike | None, ground: Ground) -> tuple[str, ...]:
    """The places on a ground of which it is known who held them; neighbourhoods only where they are named.

    Raises:
        NotMeasurable: there is none.
    """
    for place in (*ground.place, *((ground.within_km.of,) if ground.within_km else ())):
        view.place(place)
    found = places_on(view, control.places, ground) if control is not None else ()
    if not found:
        raise NotMeasurable(
            f"no independent report says who held any place{ground_words(view, ground)};"
            " dated ones from a source that takes no side would settle it"
        )
    return found


def draws_for(places: int, most: int) -> int:
    """How many draws so many places are given: all for a few, fewer for many."""
    return min(most, max(_FEWEST, _DRAWS_IN_ALL // max(places, 1)))


def drawn(
    view: View, control: ControlLike | None, ground: Ground, start: int, end: int, draws: int, seed: int
) -> Drawn:
    """Draw joint histories of the places on a ground, from one day to another (numbers, closed-open).

    Raises:
        NotMeasurable: no report says who held any place there.
    """
    places = on_ground(view, control, ground)
    assert control is not None
    return Drawn(places, control.states, start, end, draws, seed, control.courses(places, start, end, draws, seed))


def gained(
    view: View,
    control: ControlLike | None,
    ground: Ground,
    before: str | Collection[str] | None,
    after: str | Collection[str],
    start: int,
    end: int,
    draws: int,
    seed: int,
    *,
    sources: SourcesRule | None = None,
    apart: Apart | None = None,
    histories: Drawn | None = None,
) -> Gained:
    """Which places on a ground passed from one side to another in a period, and stayed.

    What is contested or shared lies between holders and is looked through. A gain counts if the taker
    holds the place seven days in all before anybody else does, or to the end of what is known.

    Args:
        before, after: a holder, or several taken as one side; ``before`` may be ``None``: from anybody.
        start, end: day numbers, closed-open.
        histories: those to look at, if they were drawn before; they reach seven days past the end.
    """
    losers, takers = one_side(view, before), one_side(view, after)
    _check_sides(losers, takers)
    last = reached(view, start, end)
    if histories is None:
        histories = drawn(view, control, ground, start, reached(view, start, last + STAY_DAYS), draws, seed)
    matrix, day, kept = _gains(histories, losers, takers, start, last)
    told, own = tellings(
        view,
        histories.places,
        losers,
        takers,
        start,
        last,
        sources=sources or SourcesRule(),
        apart=apart or Apart(),
    )
    return Gained(histories.places, matrix, day, kept, told, own, start, last)


def reached(view: View, start: int, end: int) -> int:
    """The end of a period as far as anything can be known: no record knows the days after its own."""
    return end if view.known is None else max(min(end, day_number(view.known) + 1), start + 1)


def one_side(view: View, holders: str | Collection[str] | None) -> tuple[str, ...]:
    """The holders that are taken as one side; none for anybody.

    Raises:
        InputError: one of them is not a holder of the case.
    """
    named = () if holders is None else (holders,) if isinstance(holders, str) else tuple(holders)
    for holder in named:
        if holder not in view.setting.holders:
            between = holder in (CONTESTED, SHARED)
            raise InputError(
                f"{holder!r} {'lies between holders' if between else 'is not a holder of this case'}",
                value=holder,
                expected=f"one of {', '.join(view.setting.holders)}",
                fix=did_you_mean(holder, view.setting.holders) or "see `holders` in case.toml",
            )
    return named


def _check_sides(losers: tuple[str, ...], takers: tuple[str, ...]) -> None:
    both = sorted(set(losers) & set(takers))
    if both:
        raise InputError(
            "a change from a holder to itself", value=both[0], expected="two sides", fix="name each holder once"
        )


def _gains(
    histories: Drawn, losers: Collection[str], takers: Collection[str], start: int, end: int
) -> tuple[Bools, Int32s, Bools]:
    """In each draw and place whether it was gained in a period, on which day, and whether it was kept to its end."""
    spells = _spells(histories, losers, takers)
    first = np.diff(spells.owner, prepend=-1) != 0
    final = np.append(first[1:], True)
    came = np.roll(spells.side, 1)
    wanted = came == _LOSER if losers else came != _TAKER
    needed = np.minimum(STAY_DAYS, histories.end - spells.day)
    counts = (
        (spells.side == _TAKER) & ~first & wanted & (spells.day >= start) & (spells.day < end) & (spells.held >= needed)
    )
    rows = np.flatnonzero(counts)
    shape = (len(histories.places), histories.draws)
    # Rows come in order of day, so the first gain of each is written last.
    day = np.full(len(histories.places) * histories.draws, NEVER, dtype=np.int32)
    day[spells.owner[rows][::-1]] = spells.day[rows][::-1]
    kept = np.zeros(len(day), dtype=np.bool_)
    lasting = final | (np.append(spells.day[1:], NEVER) >= end)
    kept[spells.owner[rows[lasting[rows]]]] = True
    days = day.reshape(shape).T
    return days != NEVER, days, kept.reshape(shape).T


@dataclass(frozen=True)
class _Spells:
    """Stretches with one side, what is contested or shared between them looked through; sorted by owner and day.

    ``held``: days on which the side really had the place, what it fought for left out.
    """

    owner: Ints
    day: Int32s
    side: npt.NDArray[np.int8]
    held: Ints


_OTHER, _LOSER, _TAKER, _NOBODY = 0, 1, 2, -1


def _spells(histories: Drawn, losers: Collection[str], takers: Collection[str]) -> _Spells:
    side_of = np.array([_side_of(state, losers, takers) for state in histories.states], dtype=np.int8)
    sides = side_of[histories.courses.state]
    rows = np.flatnonzero(sides != _NOBODY)
    owner, side, day = histories.owner[rows], sides[rows], histories.courses.day[rows]
    length = histories.after[rows] - day
    begins = (np.diff(owner, prepend=-1) != 0) | (np.diff(side, prepend=np.int8(9)) != 0)
    starts = np.flatnonzero(begins)
    held = np.add.reduceat(length, starts) if len(starts) else length
    return _Spells(owner[starts], day[starts], side[starts], held.astype(np.int64))


def _side_of(state: str, losers: Collection[str], takers: Collection[str]) -> int:
    if state in (CONTESTED, SHARED):
        return _NOBODY
    return _TAKER if state in takers else _LOSER if state in losers else _OTHER
