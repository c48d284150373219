"""forecast: the chance that a place changes hands within so many days of a day, from what was published by then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from zenobia.measures.answer import Answer
from zenobia.measures.bearing import OF_CONTROL, Kinds
from zenobia.measures.ground import away_km, places_on
from zenobia.measures.hazard import DISTANCES, WINDOWS, Hazard, courses_of, hazard, nearest
from zenobia.measures.holding import check_holder, control_needs, of_place, said_of
from zenobia.measures.prepared import ControlLike, Needs, Prepared
from zenobia.measures.question import Ground, Question, Variation
from zenobia.measures.sheet import Sheet
from zenobia.measures.validation import Day
from zenobia.measures.variations import bloc_variations
from zenobia.measures.voices import by_voice, stands_among
from zenobia.measures.wording import actor_name, chance, day, figure, listing, number, place_name, source_name
from zenobia.terms import CONTESTED, SHARED, Bounds, InputError, NotMeasurable, day_number, day_of

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["BEST", "DRAWS", "Forecast", "Issued", "issue", "published_by"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Days before the longest window that only tell who held a place when it opened.
_LEAD_DAYS = 120
# Reports this near to a change are what it is known from.
_NEAR_DAYS = 15
# What is said this long after a change still tells of it.
_TOLD_DAYS = 60
# Draws of the rate; they cost nothing.
DRAWS = 2000
BEST = WINDOWS.index(180)
# Chances that differ by less are the same; and how much surer it must be that one place is held than another to
# tell the two apart.
_SAME = 1e-12
# Why it decides nothing. A chance, however narrow its range, is only as good as the method that it comes from.
_UNSCORED = "so plain a method has no scores yet that show it better than expecting no change, and decides nothing"


class Forecast(Question):
    """The chance, as of ``issued``, that a place goes from one holder to another within ``days``.

    ``as: rank`` asks which one it is among all places of the loser, the likeliest being number one. Nothing that was
    published after ``issued`` is used. What happened afterwards stands beside it and is never mixed in. The hazard is
    a plain one that nobody has scored: what it gives is shown, and bears out or denies no claim.
    """

    measure: Literal["forecast"] = "forecast"
    place: str
    before: str = Field(alias="from")
    after: str = Field(alias="to")
    issued: Day
    days: Annotated[int, Field(ge=1, le=1000)] = 90
    as_: Literal["chance", "rank"] = Field("chance", alias="as")

    shortcuts: ClassVar[dict[str, str]] = {}

    @model_validator(mode="after")
    def _from_another(self) -> Forecast:
        if self.before == self.after:
            raise PydanticCustomError("change", "a change from a holder to itself", {"wanted": "two holders"})
        return self

    @property
    def kinds(self) -> Kinds:
        """Reports that speak of control."""
        return OF_CONTROL

    def needs(self, view: View) -> Needs:
        """An estimate of control from what had been published by the day of issue, without the claimant's word."""
        return replace(control_needs(view, self.sources, self.apart), known=self.issued)

    def answer(self, view: View, prepared: Prepared) -> Answer:
        """The chance by a plain hazard, its range, and its rank among all places of the loser."""
        _check_holders(self, view)
        if view.known is not None and view.known < self.issued:
            raise NotMeasurable(
                f"nothing published after {day(view.known)} is known here, and the forecast is of {day(self.issued)};"
                " ask from that day on"
            )
        then = published_by(prepared.view or view, self.issued)
        return _answer(self, view, then, issue(self, then, prepared.control), prepared)

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        before, after = actor_name(view, self.before), actor_name(view, self.after)
        if self.as_ == "rank":
            return (
                f"rank of {place_name(view, self.place)} among the places of {before}, from what was published by"
                f" {day(self.issued)}, by the chance to pass to {after} within {number(self.days)} days"
            )
        return (
            f"chance, from what was published by {day(self.issued)}, that {place_name(view, self.place)} passes from"
            f" {before} to {after} within {number(self.days)} days"
        )

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs left out."""
        return tuple(bloc_variations(view, self, self.sources))


def _check_holders(asked: Forecast, view: View) -> None:
    for holder in (asked.before, asked.after):
        check_holder(view, holder)
        if holder in (CONTESTED, SHARED):
            raise InputError(
                f"{holder!r} lies between holders",
                value=holder,
                expected=f"one of {', '.join(view.setting.holders)}",
                fix="name a holder",
            )


@dataclass(frozen=True)
class Issued:
    """What is forecast for every place of the loser.

    Attributes:
        places: all with a basis. held: (places,) chance that the loser has each. at: the place that is asked.
        distance: (places,) class of distance to the nearest place of the taker.
        chances: (windows, places). first: the first day of the longest window, as a day number.
        boasted: places of whose change only the side that gained tells; it is not counted.
    """

    places: tuple[str, ...]
    at: int
    held: Floats
    distance: Ints
    chances: Floats
    hazard: Hazard
    first: int
    boasted: tuple[str, ...]

    def rank(self, window: int = BEST) -> tuple[int, int, int]:
        """The best and the worst rank of the place by one window, among how many."""
        theirs = np.flatnonzero(self.held >= 0.5)
        best = self.chances[window]
        return (
            1 + int((best[theirs] > best[self.at] + _SAME).sum()),
            int((best[theirs] >= best[self.at] - _SAME).sum()),
            len(theirs),
        )


def published_by(view: View, issued: dt.date) -> View:
    """A view without what was published after a day."""
    if view.known is not None and view.known <= issued:
        return view
    return view.of_rows(view.column("published") <= day_number(issued), known=issued)


def issue(asked: Forecast, then: View, control: ControlLike | None) -> Issued:
    """What is forecast of every place of the loser.

    Args:
        then: what had been published by the day of issue. control: the estimate from that.

    Raises:
        NotMeasurable: nobody had said who held the place that is asked, or the loser did not.
    """
    where = place_name(then, asked.place)
    if then.place(asked.place).lat is None:
        raise NotMeasurable(f"{where} has no position; lat and lon in places.csv would settle it")
    places = places_on(then, control.places, Ground()) if control is not None else ()
    if asked.place in (control.places if control is not None else ()):
        places = tuple(sorted({*places, asked.place}))
    if control is None or asked.place not in places:
        raise NotMeasurable(
            f"nothing published by {day(asked.issued)} says who held {where};"
            " a dated report from before would settle it"
        )
    loser, taker = control.states.index(asked.before), control.states.index(asked.after)
    issued = day_number(asked.issued)
    days = np.arange(issued - WINDOWS[-1] - _LEAD_DAYS, issued + 1)
    chances = control.chances(np.repeat(places, len(days)).tolist(), np.tile(days, len(places)))
    chances = chances.reshape(len(places), len(days), -1)
    held, at = chances[:, -1, loser], places.index(asked.place)
    if held[at] < 0.5:
        raise NotMeasurable(
            f"by what was published by {day(asked.issued)} the chance that {actor_name(then, asked.before)} held"
            f" {where} that day is {chance(float(held[at]))}, so it cannot be forecast to lose it"
        )
    away = np.nan_to_num(away_km(then, places), nan=np.inf)
    holders = sum(state not in (CONTESTED, SHARED) for state in control.states)
    known = courses_of(chances, holders)
    counted = hazard(known[:, _LEAD_DAYS:], away, loser, taker)
    first = int(days[_LEAD_DAYS])
    boasts = {change for change in counted.where if _is_boast(asked, then, places[change[0]], first + change[1])}
    counted = hazard(known[:, _LEAD_DAYS:], away, loser, taker, without=boasts)
    distance = nearest(known[:, -1] == taker, away)
    chances_ahead = counted.chances(held, distance, asked.days)
    boasted = tuple(sorted({places[place] for place, _ in boasts}))
    return Issued(places, at, held, distance, chances_ahead, counted, first, boasted)


def _is_boast(asked: Forecast, then: View, place: str, on: int) -> bool:
    """Whether only the side that gained tells of a change."""
    rows, _ = of_place(then, place, asked.sources, asked.apart)
    when = Sheet.of(then).numbers("date")
    near = [row for row in rows if on - _NEAR_DAYS <= int(when[row]) <= on + _TOLD_DAYS]
    voices = by_voice(then, said_of(then, near, asked.after).has)
    return bool(voices) and all(stands_among(then, voice, mine, (asked.after,)) for voice, mine in voices.items())


def _answer(asked: Forecast, view: View, then: View, told: Issued, prepared: Prepared) -> Answer:
    likely = _bounds(asked, told, prepared.seed)
    found = _ranked(asked, told, prepared.seed) if asked.as_ == "rank" else likely
    changes = _changes(asked, then, told)
    rows, _ = of_place(then, asked.place, asked.sources, asked.apart)
    later, apart = of_place(view, asked.place, asked.sources, asked.apart)
    # What was replaced or withdrawn since is no evidence in this view, though it was then.
    live = Sheet.of(view).row_of
    there = [r for r in Sheet.of(then).named(rows) if r in live]
    return Answer(
        measure="forecast",
        asked=asked.asked(),
        frame=None,
        found=found,
        judged=found,
        evidence=tuple(sorted({*there, *(r for r in changes if r in live)})),
        says=_says(asked, view, told, likely, found),
        for_=tuple(sorted(r for r in changes if r in live)),
        claimant_only=apart,
        notes=(*_notes(asked, view, told), _outcome(asked, view, later)),
        voices=len(by_voice(then, rows)),
        short=_UNSCORED,
        settle="scores that show it better than expecting no change would settle it; what came of it stands beside it",
        known=view.known,
        draws=DRAWS,
        seed=prepared.seed,
    )


def _bounds(asked: Forecast, told: Issued, seed: int) -> Bounds:
    """The best reading of the middle window; the range over all windows and over what few changes leave open."""
    mine = slice(told.at, told.at + 1)
    drawn = told.hazard.drawn(told.held[mine], told.distance[mine], asked.days, DRAWS, seed)[:, :, 0]
    low, high = np.quantile(drawn, 0.05, axis=1).min(), np.quantile(drawn, 0.95, axis=1).max()
    best = float(told.chances[BEST, told.at])
    return Bounds(
        low=min(float(low), best), best=best, high=max(float(high), best), unit="chance", meaning="credible90"
    )


def _ranked(asked: Forecast, told: Issued, seed: int) -> Bounds:
    """Its rank in each draw of rate and distance; places that are as likely share a rank.

    Of so few changes nobody knows how much a distance counts, and a place is no likelier than another because of a
    distance at which nothing happened yet.
    """
    best, worst, _ = told.rank()
    drawn = told.hazard.drawn(told.held, told.distance, asked.days, DRAWS, seed)[BEST]
    theirs = drawn[:, told.held >= 0.5]
    mine = drawn[:, told.at, None]
    low = np.quantile(1 + (theirs > mine + _SAME).sum(axis=1), 0.05, method="inverted_cdf")
    high = np.quantile((theirs >= mine - _SAME).sum(axis=1), 0.95, method="inverted_cdf")
    return Bounds(
        low=float(min(low, best)),
        best=float(best) if best == worst else None,
        high=float(max(high, worst)),
        unit="rank",
        meaning="credible90",
    )


def _changes(asked: Forecast, then: View, told: Issued) -> tuple[str, ...]:
    """The reports that the counted changes are known from."""
    sheet = Sheet.of(then)
    on = sheet.numbers("date")
    found: set[str] = set()
    for place, nth in told.hazard.where:
        rows, _ = of_place(then, told.places[place], asked.sources, asked.apart)
        near = [row for row in rows if abs(int(on[row]) - (told.first + nth)) <= _NEAR_DAYS]
        found.update(sheet.named(said_of(then, near, asked.after).has))
    return tuple(sorted(found))


def _says(asked: Forecast, view: View, told: Issued, found: Bounds, ranked: Bounds) -> str:
    before, after = actor_name(view, asked.before), actor_name(view, asked.after)
    best, worst, among = told.rank()
    rank = f"number {number(best)}" if best == worst else f"number {number(best)} to {number(worst)}"
    if asked.as_ == "rank":
        rank += f" (it may be {number(ranked.low or 0)} to {number(ranked.high or 0)})"
    assert found.best is not None
    return (
        f"from what was published by {day(asked.issued)}, the chance that {place_name(view, asked.place)} would pass"
        f" from {before} to {after} within {number(asked.days)} days was {chance(found.best)} ({figure(found)}),"
        f" {rank} of the {number(among)} places of {before} known"
    )


def _notes(asked: Forecast, view: View, told: Issued) -> Iterator[str]:
    before, after = actor_name(view, asked.before), actor_name(view, asked.after)
    for nth, window in enumerate(WINDOWS):
        yield (
            f"in the {window} days before, {number(told.hazard.changes[nth])} places passed from {before} to {after} in"
            f" {number(told.hazard.days[nth])} place-days: a chance of {chance(float(told.chances[nth, told.at]))}"
        )
    near = int(told.distance[told.at])
    yield (
        f"the nearest place of {after} was {_distance_words(near)} off; at that distance places changed hands at"
        f" {number(float(told.hazard.near[near]))} times the plain rate"
    )
    if told.boasted:
        names = listing(place_name(view, place) for place in told.boasted)
        yield f"told of only by the side that gained, so not counted: {names}"
    theirs = np.flatnonzero(told.held >= 0.5)
    order = sorted(theirs, key=lambda k: (-told.chances[BEST, k], told.places[k]))[:6]
    top = (f"{place_name(view, told.places[k])} ({chance(float(told.chances[BEST, k]))})" for k in order)
    yield f"the likeliest: {listing(top)}"


def _distance_words(near: int) -> str:
    if near == len(DISTANCES):
        return f"more than {DISTANCES[-1]:g} km"
    return f"{DISTANCES[near - 1]:g} to {DISTANCES[near]:g} km" if near else f"at most {DISTANCES[0]:g} km"


def _outcome(asked: Forecast, view: View, rows: list[int]) -> str:
    """What is said of the days that were forecast, by the view that is asked; no part of the forecast."""
    start, due = day_number(asked.issued), day_number(asked.issued) + asked.days
    if view.known is not None and day_number(view.known) < due:
        return f"not due yet: it runs to {day(day_of(due))}"
    sheet = Sheet.of(view)
    on = sheet.numbers("date")
    inside = [row for row in rows if start < on[row] <= due and (sheet.word("status", row) or "takes") == "takes"]
    has = said_of(view, inside, asked.after).has
    where, after = place_name(view, asked.place), actor_name(view, asked.after)
    if not has:
        return f"afterwards, and no part of it: nobody says that {after} took {where} by {day(day_of(due))}"
    voices = listing(source_name(view, voice) for voice in by_voice(view, has))
    first, last = day_of(min(int(on[r]) for r in has)), day_of(max(int(on[r]) for r in has))
    when = f"on {day(first)}" if first == last else f"between {day(first)} and {day(last)}"
    return f"afterwards, and no part of it: {voices} said that {after} took {where} {when}"
