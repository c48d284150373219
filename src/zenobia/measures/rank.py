"""rank: gains gathered into initiatives, and where one of them stands by size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from zenobia.measures.answer import Answer
from zenobia.measures.bearing import OF_CONTROL, Kinds
from zenobia.measures.clusters import gathered
from zenobia.measures.frames import lists_of_changes, missing_changes
from zenobia.measures.gains import taking_words
from zenobia.measures.ground import away_km, places_on
from zenobia.measures.holding import control_needs, until
from zenobia.measures.joint import Gained, draws_for, gained, on_ground
from zenobia.measures.prepared import Needs, Prepared
from zenobia.measures.question import Ground, Question, Taking, Variation, in_order
from zenobia.measures.sheet import Sheet
from zenobia.measures.telling import alone_words
from zenobia.measures.validation import Day
from zenobia.measures.variations import bloc_variations, period_and_ground, put_together
from zenobia.measures.voices import by_voice
from zenobia.measures.wording import between, chance, day, listing, number, place_name
from zenobia.measures.wording import ground as ground_words
from zenobia.terms import Bounds, NotMeasurable, day_number, day_of

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Rank"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_DEFAULT_DAYS, _DEFAULT_KM = 60, 25.0
# A gain less likely than this is not spoken of by name.
_LIKELY = 0.5
_TOLD_SINGLY = 6


class Rank(Ground, Question):
    """The rank by number of places of the initiative that took a place: 1 is the largest.

    An initiative is a chain of gains, each within ``km`` and ``days`` of another. Only a list that holds
    every gain can say which was the largest; without one the initiatives that are known are shown, and
    no rank is given.
    """

    measure: Literal["rank"] = "rank"
    change: Taking
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    initiative: str
    days: Annotated[int, Field(ge=1, le=1000)] = _DEFAULT_DAYS
    km: Annotated[float, Field(gt=0, le=1000)] = _DEFAULT_KM

    shortcuts: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="after")
    def _forwards(self) -> Rank:
        in_order(self.start, self.end)
        return self

    @property
    def kinds(self) -> Kinds:
        """Reports that speak of control."""
        return OF_CONTROL

    def needs(self, view: View) -> Needs:
        """An estimate of control without the claimant's word."""
        return control_needs(view, self.sources, self.apart)

    def answer(self, view: View, prepared: Prepared) -> Answer:
        """The rank over joint draws, where a list holds every gain; the initiatives that are known in any case."""
        view.place(self.initiative)
        gains = _gained(self, view, prepared)
        if self.initiative not in gains.places:
            raise NotMeasurable(
                f"no independent report says who held {place_name(view, self.initiative)}{ground_words(view, self)};"
                " a dated one from a source that takes no side would settle it"
            )
        return _answer(self, view, _ranked(self, view, gains), prepared)

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        where = place_name(view, self.initiative)
        change = f"places{ground_words(view, self)} that {taking_words(view, self.change)}"
        return f"rank by size of the initiative that took {where}, of {change} {between(self.start, self.end)}"

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs left out, margins, half and twice the distance and the days between gains, allied holders as one."""
        return (
            *bloc_variations(view, self, self.sources),
            *period_and_ground(self, self.start, self.end),
            *(Variation(f"days={n}", {"days": n}) for n in (max(1, self.days // 2), min(1000, self.days * 2))),
            *(Variation(f"km={n:g}", {"km": n}) for n in (self.km / 2, min(1000.0, self.km * 2))),
            *put_together(view, self.change),
        )


def _gained(asked: Rank, view: View, prepared: Prepared) -> Gained:
    end = until(asked.start, asked.end, view.known)
    return gained(
        view,
        prepared.control,
        asked.ground,
        asked.change.before or None,
        asked.change.after,
        day_number(asked.start),
        day_number(end),
        draws_for(len(on_ground(view, prepared.control, asked.ground)), prepared.draws),
        prepared.seed,
        sources=asked.sources,
        apart=asked.apart,
    )


@dataclass(frozen=True)
class _Initiative:
    """Gains that hang together: places with the day of each, in order of day."""

    places: tuple[tuple[str, int], ...]

    def words(self, view: View) -> str:
        """9 places, 10 November 2015 to 16 February 2016: Kweiris, ..."""
        names = [place_name(view, place) for place, _ in self.places]
        shown = listing([*names[:_TOLD_SINGLY], *([f"{len(names) - _TOLD_SINGLY} more"] if len(names) > 6 else [])])
        first, last = (day_of(self.places[k][1]) for k in (0, -1))
        when = day(first) if first == last else f"{day(first)} to {day(last)}"
        many = "one place" if len(names) == 1 else f"{number(len(names))} places"
        return f"{many}, {when}: {shown}"


@dataclass(frozen=True)
class _Ranked:
    """The rank in each draw in which the place was gained, and the initiatives as they most likely were.

    ``best`` and ``worst`` differ where others are of the same size.
    """

    gains: Gained
    best: Ints
    worst: Ints
    chance: float
    initiatives: tuple[_Initiative, ...]
    names: tuple[str, ...]


def _ranked(asked: Rank, view: View, gains: Gained) -> _Ranked:
    # A gain of which only the side that gains by it tells makes no initiative larger.
    some = np.flatnonzero(gains.matrix.any(axis=0) & gains.backed)
    places = tuple(gains.places[k] for k in some)
    near = np.nan_to_num(away_km(view, places), nan=np.inf) <= asked.km
    sought = places.index(asked.initiative) if asked.initiative in places else None
    ranks = [] if sought is None else list(_ranks(asked, gains.matrix[:, some], gains.day[:, some], near, sought))
    change = asked.change
    lists = lists_of_changes(
        view, asked, asked.start, asked.end, asked.sources, asked.apart, losers=change.before, takers=change.after
    )
    best, worst = np.array(ranks, dtype=np.int64).reshape(-1, 2).T
    return _Ranked(
        gains=gains,
        best=best,
        worst=worst,
        chance=len(ranks) / len(gains.matrix),
        initiatives=tuple(_initiatives(asked, gains, places, near)),
        names=tuple(cover.name(view) for cover in lists),
    )


def _ranks(
    asked: Rank, matrix: npt.NDArray[np.bool_], on: npt.NDArray[np.int32], near: npt.NDArray[np.bool_], sought: int
) -> Iterator[tuple[int, int]]:
    """Best and worst rank in each draw in which the place was gained."""
    for draw in np.flatnonzero(matrix[:, sought]):
        yield _rank(on[draw], matrix[draw], near, sought, asked.days)


def _rank(
    on: npt.NDArray[np.int32],
    won: npt.NDArray[np.bool_],
    near: npt.NDArray[np.bool_],
    sought: int,
    days: int,
) -> tuple[int, int]:
    group = gathered(on.astype(np.int64), won, near, days)
    sizes = np.bincount(group[won])
    own = sizes[group[sought]]
    return 1 + int((sizes > own).sum()), int((sizes >= own).sum())


def _initiatives(
    asked: Rank, gains: Gained, places: tuple[str, ...], near: npt.NDArray[np.bool_]
) -> Iterator[_Initiative]:
    """The likely gains at their likeliest days, gathered; the largest first, then the earliest."""
    dated = {p: days[1] for p in places if (days := gains.days(p)) is not None}
    chance_of = dict(zip(gains.places, gains.chance.tolist(), strict=True))
    likely = np.array([chance_of[p] >= _LIKELY and p in dated for p in places], dtype=np.bool_)
    on = np.array([dated.get(p, 0) for p in places], dtype=np.int64)
    group = gathered(on, likely, near, asked.days)
    found = [
        _Initiative(
            tuple(sorted(((places[k], int(on[k])) for k in np.flatnonzero(likely & (group == g))), key=_by_day))
        )
        for g in np.unique(group[likely])
    ]
    yield from sorted(found, key=lambda one: (-len(one.places), one.places[0][1], one.places[0][0]))


def _by_day(gain: tuple[str, int]) -> tuple[int, str]:
    return gain[1], gain[0]


def _answer(asked: Rank, view: View, ranked: _Ranked, prepared: Prepared) -> Answer:
    gains, sheet = ranked.gains, Sheet.of(view)
    own = next((i for i in ranked.initiatives if asked.initiative in dict(i.places)), None)
    told = {place: gains.told[place].rows for place in gains.places if place in gains.told}
    mine = [row for place, _ in (own.places if own else ()) for row in told.get(place, ())]
    others = [row for i in ranked.initiatives if i is not own for place, _ in i.places for row in told.get(place, ())]
    found = (
        _bounds(ranked) if ranked.names else Bounds(low=None, best=None, high=None, unit="rank", meaning="credible90")
    )
    return Answer(
        measure="rank",
        asked=asked.asked(),
        frame=listing(ranked.names) or None,
        found=found,
        judged=found,
        evidence=sheet.named(sorted({*mine, *others})),
        says=_says(asked, view, ranked, found, own),
        # What makes others larger makes the rank a higher number.
        for_=sheet.named(sorted(others)),
        against=sheet.named(sorted(set(mine) - set(others))),
        claimant_only=gains.claimant_only,
        notes=tuple(_notes(asked, view, ranked)),
        voices=len(by_voice(view, sorted({*mine, *others}))),
        short=_short(asked, view, ranked),
        settle="dated reports of the gains that are not sure would narrow it",
        known=view.known,
        draws=len(gains.matrix),
        seed=prepared.seed,
    )


def _bounds(ranked: _Ranked) -> Bounds:
    if not len(ranked.best):
        return Bounds(low=None, best=None, high=None, unit="rank", meaning="credible90")
    low = float(np.quantile(ranked.best, 0.05, method="inverted_cdf"))
    high = float(np.quantile(ranked.worst, 0.95, method="inverted_cdf"))
    return Bounds(low=low, best=low if low == high else None, high=high, unit="rank", meaning="credible90")


def _short(asked: Rank, view: View, ranked: _Ranked) -> str | None:
    """Why there is no rank, if there is none."""
    where = place_name(view, asked.initiative)
    if asked.initiative in ranked.gains.claimed_only:
        (who,) = alone_words({where: ranked.gains.told[asked.initiative]})
        told = f"that {where} changed hands is told only {who}"
        return f"{told}; a report from a listed source on another side would settle it"
    if not ranked.names:
        return (
            "no list holds every gain, and a larger one may have been told by nobody here;"
            f" {missing_changes(view, asked, asked.start, asked.end)} would settle it"
        )
    if ranked.chance < _LIKELY:
        return f"the chance that {where} was gained at all is {chance(ranked.chance)}; a dated report would settle it"
    return None


def _says(asked: Rank, view: View, ranked: _Ranked, found: Bounds, own: _Initiative | None) -> str:
    where, when = place_name(view, asked.initiative), between(asked.start, asked.end)
    if own is None:
        return f"this record knows of no independent report that {where} {taking_words(view, asked.change)} {when}"
    several = len(ranked.initiatives)
    size = f"{number(len(own.places))} {'place' if len(own.places) == 1 else 'places'}"
    told = f"the initiative that took {where} took {size}"
    if found.low is None or found.high is None:
        known = 1 + sum(len(i.places) > len(own.places) for i in ranked.initiatives)
        return f"{told}, {_nth(known)} by size of the {number(several)} that this record knows of {when}"
    rank = _nth(int(found.low)) if found.low == found.high else f"{_nth(int(found.low))} to {_nth(int(found.high))}"
    return f"{told} and was {rank} by size of {number(several)} {when}"


def _nth(rank: int) -> str:
    words = {1: "the largest", 2: "the second", 3: "the third"}
    return words.get(rank, f"number {rank}")


def _notes(asked: Rank, view: View, ranked: _Ranked) -> Iterator[str]:
    yield f"gains within {asked.km:g} km and {asked.days} days of another are one initiative; its size is its places"
    yield from (one.words(view) for one in ranked.initiatives[:_TOLD_SINGLY])
    left = ranked.initiatives[_TOLD_SINGLY:]
    if left:
        yield f"and {number(len(left))} more, of at most {number(len(left[0].places))}"
    for who, claimed in ranked.gains.alone.items():
        yield f"told of only {who}, so in none of them: {listing(place_name(view, place) for place in claimed)}"
    lone = [p for p in places_on(view, ranked.gains.places, asked.ground) if view.place(p).lat is None]
    if lone:
        yield f"without a position, so near nothing: {listing(place_name(view, p) for p in lone)}"
