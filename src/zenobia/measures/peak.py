"""peak: the chance that the largest value of a series lies before a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from zenobia.measures.answer import Answer
from zenobia.measures.bearing import NONE, OF_CONTROL, Kinds
from zenobia.measures.frames import lists_of_changes, missing_changes
from zenobia.measures.holding import check_holder, control_needs, said_of, speaks_of_control, until
from zenobia.measures.joint import Drawn, drawn, draws_for
from zenobia.measures.periods import Period, periods
from zenobia.measures.prepared import NOTHING, Needs, Prepared
from zenobia.measures.question import Ground, Of, Question, Variation, in_order
from zenobia.measures.selection import heard, set_apart
from zenobia.measures.series import from_lists, reported
from zenobia.measures.sheet import NO_DAY, YES, Sheet
from zenobia.measures.validation import Day
from zenobia.measures.variations import bloc_variations, period_and_ground
from zenobia.measures.voices import bloc_of, by_voice, is_listed
from zenobia.measures.wording import actor_name, chance, day, figure, kind_of_report, listing, number, plural
from zenobia.measures.wording import ground as ground_words
from zenobia.terms import Bounds, NotMeasurable, day_number
from zenobia.terms.vocabulary import Unit

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Peak", "Series"]

Floats = npt.NDArray[np.float64]

# What somebody has on a day; everything else is what happens in a month and is added up.
_STOCKS = frozenset({"km2", "place", "person", "fighter", "position"})
# Values of one history that differ by less than this are the same.
_SAME = 1e-9


class Series(Of):
    """The reports whose figures make a series, and the unit that they count in."""

    unit: Unit = "incident"


class Peak(Ground, Question):
    """The chance that a series was largest before a day.

    ``holder`` and ``of``: the places (or the people in them) that a holder had, from joint draws of
    control; a verdict needs a list that holds every change of hands. ``series``: figures of one source
    in km², places, people or fighters, as they were published; or what happened by month, which only a
    list that covers the whole period can say.
    """

    measure: Literal["peak"] = "peak"
    holder: str | None = None
    of: Literal["places", "people"] | None = None
    series: Series | None = None
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    before: Day

    shortcuts: ClassVar[dict[str, str]] = {}

    @model_validator(mode="after")
    def _one_form(self) -> Peak:
        in_order(self.start, self.end)
        if (self.series is None) == (self.holder is None) or (self.of is not None and self.holder is None):
            raise PydanticCustomError(
                "form",
                "neither one form of the question nor the other",
                {"wanted": "`holder` with `of: places` or `of: people`, or `series`", "fix": "keep the keys of one"},
            )
        if not self.start < self.before < self.end:
            raise PydanticCustomError(
                "before", "a day outside the period", {"wanted": "`before` later than `from` and earlier than `to`"}
            )
        return self

    @property
    def kinds(self) -> Kinds:
        """Reports that speak of control, or of the types that are asked about."""
        return OF_CONTROL if self.series is None else NONE.and_types(self.series.type)

    def needs(self, view: View) -> Needs:
        """An estimate of control without the claimant's word; for a series nothing."""
        return NOTHING if self.series else control_needs(view, self.sources, self.apart)

    def answer(self, view: View, prepared: Prepared) -> Answer:
        """The chance, over joint draws of control, or as the figures of a series have it."""
        end = until(self.start, self.end, view.known)
        if end <= self.before:
            raise NotMeasurable(
                f"nothing is known yet of the days from {day(self.before)} on, and what has not been seen may be"
                " larger; a record of later days would settle it"
            )
        if self.series is None:
            return _held(self, view, prepared, end)
        return _of_series(self, view, end)

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        return f"chance that {_what(self, view)} was largest before {day(self.before)}, {_days(self, self.end)}"

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs left out, margins of a circle, cut-offs."""
        return (*bloc_variations(view, self, self.sources), *period_and_ground(self, self.start, self.end))


def _held(asked: Peak, view: View, prepared: Prepared, end: dt.date) -> Answer:
    assert asked.holder is not None
    check_holder(view, asked.holder)
    start, after = day_number(asked.start), day_number(end)
    histories = drawn(view, prepared.control, asked.ground, start, after, _draws(view, prepared), prepared.seed)
    worth, unknown = _worth(asked, view, histories)
    course = _monthly(histories.total(asked.holder, worth), _cut(asked, end), start)
    found = _chance(course.before, course.after)
    told = _told(asked, view, histories.places, start, after)
    lists = lists_of_changes(view, asked, asked.start, asked.end, asked.sources, asked.apart)
    return Answer(
        measure="peak",
        asked=asked.asked(),
        frame=listing(cover.name(view) for cover in lists) or None,
        found=found,
        judged=found,
        evidence=tuple(sorted({*told.for_, *told.against})),
        says=_says(asked, view, found, course, len(histories.places)),
        for_=told.for_,
        against=told.against,
        claimant_only=told.claimant,
        notes=(
            f"it speaks of the {number(len(histories.places))} places{ground_words(view, asked)} of which this record"
            " knows who held them, and of no other",
            *_by_month(asked, course),
            *unknown,
        ),
        voices=told.voices,
        short=told.short or (None if lists else _unlisted(asked, view)),
        settle="dated reports of who held more of these places, before and after, would narrow it",
        known=view.known,
        draws=histories.draws,
        seed=prepared.seed,
    )


def _unlisted(asked: Peak, view: View) -> str:
    return (
        "these are the places that somebody wrote of, and how their number went hangs on which those are;"
        f" {missing_changes(view, asked, asked.start, asked.end)} would settle it"
    )


def _draws(view: View, prepared: Prepared) -> int:
    return draws_for(len(prepared.control.places) if prepared.control is not None else 1, prepared.draws)


def _worth(asked: Peak, view: View, histories: Drawn) -> tuple[Floats | None, tuple[str, ...]]:
    """What each place counts for: one, or the people who live there; and what is not known of that."""
    if asked.of != "people":
        return None, ()
    people = [view.place(place).population for place in histories.places]
    missing = sum(n is None for n in people)
    if missing == len(people):
        raise NotMeasurable("no place there has a population in places.csv; their numbers would settle it")
    note = f"people as places.csv counts them, not as they fled; {number(missing)} places state none and count nothing"
    return np.array([n or 0.0 for n in people], dtype=np.float64), (note,)


def _cut(asked: Peak, end: dt.date) -> tuple[tuple[Period, ...], tuple[Period, ...]]:
    """The months before the day and those from it on; a month that it falls in is cut there."""
    return periods(asked.start, asked.before, "month"), periods(asked.before, end, "month")


class _Course(NamedTuple):
    """Monthly means of each draw, before a day and from it on, shape (n_draws, months)."""

    before: Floats
    after: Floats
    months: tuple[Period, ...]


def _monthly(total: Floats, cut: tuple[tuple[Period, ...], tuple[Period, ...]], start: int) -> _Course:
    before, after = (
        np.stack([total[:, p.start - start : p.end - start].mean(axis=1) for p in some], axis=1) for some in cut
    )
    return _Course(before, after, (*cut[0], *cut[1]))


def _chance(before: Floats, after: Floats) -> Bounds:
    """How often the largest value lies before; where two are equally large, low counts it out and high in."""
    most, later = before.max(axis=1), after.max(axis=1)
    low, high = float((most > later + _SAME).mean()), float((most >= later - _SAME).mean())
    return Bounds(low=low, best=low if low == high else None, high=high, unit="chance", meaning="credible90")


class _Told(NamedTuple):
    """Reports that speak for an early peak and against it, by whom, and whether that is enough to go by."""

    for_: tuple[str, ...]
    against: tuple[str, ...]
    claimant: tuple[str, ...]
    voices: int
    short: str | None


def _told(asked: Peak, view: View, places: tuple[str, ...], start: int, end: int) -> _Told:
    sheet = Sheet.of(view)
    on = sheet.numbers("date")
    there = sheet.by_word("place", lambda word: YES if word in places else 0) == YES
    there &= speaks_of_control(sheet) & (on != NO_DAY) & (on >= start) & (on < end)
    own = set_apart(view, asked.apart)
    rows = np.flatnonzero(there & ~own & (heard(view, asked.sources) == YES)).tolist()
    said = said_of(view, rows, asked.holder or "")
    turn = day_number(asked.before)
    pro = [r for r in said.has if on[r] < turn] + [r for r in said.has_not if on[r] >= turn]
    contra = [r for r in said.has if on[r] >= turn] + [r for r in said.has_not if on[r] < turn]
    voices = by_voice(view, sorted({*pro, *contra}))
    # Of whom the record does not list nobody knows whose side it takes.
    blocs = {bloc_of(view, voice, mine) for voice, mine in voices.items() if is_listed(view, voice)}
    return _Told(
        sheet.named(pro),
        sheet.named(contra),
        sheet.named(np.flatnonzero(there & own)),
        len(voices),
        _short(view, blocs),
    )


def _short(view: View, blocs: set[str | None]) -> str | None:
    if not blocs:
        return "no listed source but the claimant says who held any of it in those days; dated reports would settle it"
    only = next(iter(blocs))
    if len(blocs) > 1 or only is None:
        return None
    return f"only sources on the side of {actor_name(view, only)} say so; a report from anybody else would settle it"


def _says(asked: Peak, view: View, found: Bounds, course: _Course, places: int) -> str:
    most, later = (float(np.median(values.max(axis=1))) for values in (course.before, course.after))
    assert found.low is not None
    told = chance(found.low) if found.low == found.high else figure(found)
    return (
        f"the chance that {_what(asked, view)} was largest before {day(asked.before)} is {told}"
        f" (at most about {number(round(most, 1))} before, {number(round(later, 1))} after,"
        f" of {number(places)} places known)"
    )


def _by_month(asked: Peak, course: _Course) -> Iterator[str]:
    """The month in which the peak most likely lies."""
    each = np.concatenate([course.before, course.after], axis=1)
    peak = np.bincount(each.argmax(axis=1), minlength=each.shape[1]) / len(each)
    likely = np.argsort(-peak, kind="stable")[:3]
    months = listing(f"{course.months[m].name()} ({chance(float(peak[m]))})" for m in likely if peak[m] >= 0.05)
    yield f"the largest monthly mean most likely lies in {months}" if months else "no month stands out"
    if asked.of != "people":
        level = ", ".join(
            f"{p.name()} {number(round(v, 1))}" for p, v in zip(course.months, np.median(each, axis=0), strict=True)
        )
        yield f"places held, by month: {level}"


def _of_series(asked: Peak, view: View, end: dt.date) -> Answer:
    assert asked.series is not None
    of = asked.series.model_copy(
        update={
            "start": asked.series.start or asked.start,
            "end": min(asked.series.end or end, end),
            **({} if asked.anywhere else dict(asked.ground)),
        }
    )
    build = reported if of.unit in _STOCKS else from_lists
    return build(asked, view, of, _what(asked, view))


def _what(asked: Peak, view: View) -> str:
    if asked.series is not None:
        of = asked.series
        by = f" by {listing((actor_name(view, a) for a in of.actor), 'or')}" if of.actor else ""
        holder = f" of {listing((actor_name(view, a) for a in of.holder), 'or')}" if of.holder else ""
        stock = "the area (km²)" if of.unit == "km2" else f"the number of {plural(of.unit)}"
        what = stock if of.unit in _STOCKS else f"the monthly number of {kind_of_report(of.type)}"
        return f"{what}{by}{holder}{ground_words(view, of if asked.anywhere else asked)}"
    assert asked.holder is not None
    kind = "people in the places" if asked.of == "people" else "places"
    return f"the number of {kind}{ground_words(view, asked)} held by {actor_name(view, asked.holder)}"


def _days(asked: Peak, end: dt.date) -> str:
    last = end - dt.timedelta(days=1)
    return f"looking at {day(asked.start)} to {day(last)}"
