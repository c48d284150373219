"""sequence: how many gains had such a report near them shortly before, and how many would by chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from zenobia.measures.answer import Answer
from zenobia.measures.bearing import OF_CONTROL, Kinds
from zenobia.measures.frames import Cover, covers, is_heard, lists_of_changes, missing_changes, missing_list
from zenobia.measures.ground import ground_levels
from zenobia.measures.holding import control_needs, until
from zenobia.measures.joint import NEVER, Gained, draws_for, gained, on_ground
from zenobia.measures.prepared import Needs, Prepared
from zenobia.measures.question import Ground, Of, Question, Then, Variation, Within, in_order
from zenobia.measures.selection import Selection, select
from zenobia.measures.sheet import NO, NO_DAY, YES
from zenobia.measures.shifts import Shifted, shifted
from zenobia.measures.validation import Day
from zenobia.measures.variations import bloc_variations, period_and_ground
from zenobia.measures.voices import by_voice
from zenobia.measures.wording import (
    actor_name,
    between,
    chance,
    day,
    kind_asked,
    listing,
    number,
    place_name,
)
from zenobia.measures.wording import ground as ground_words
from zenobia.terms import Bounds, day_number, day_of

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["InSequence"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_DEFAULT_DAYS, _DEFAULT_KM = 14, 20.0
# Sequences told one by one in the notes.
_TOLD_SINGLY = 8


class InSequence(Ground, Question):
    """How many gains of places had such a report within so many kilometres and days before them.

    Low counts what is surely so; the high is open unless one list covers the reports and another the
    gains. What time alone would bring is seen by moving all reports round the period together, which
    keeps their clusters. Order is not cause.
    """

    measure: Literal["sequence"] = "sequence"
    first: Of
    then: Then
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    days: Annotated[int, Field(ge=1, le=365)] = _DEFAULT_DAYS
    km: Annotated[float, Field(gt=0, le=1000)] = _DEFAULT_KM

    shortcuts: ClassVar[dict[str, str]] = {"change": "then"}

    @model_validator(mode="after")
    def _forwards(self) -> InSequence:
        in_order(self.start, self.end)
        return self

    @property
    def kinds(self) -> Kinds:
        """Reports that speak of control, and of what came first."""
        return OF_CONTROL.and_types(self.first.type)

    def needs(self, view: View) -> Needs:
        """An estimate of control without the claimant's word."""
        return control_needs(view, self.sources, self.apart)

    def answer(self, view: View, prepared: Prepared) -> Answer:
        """The gains that had such a report before them, over joint draws; beside them what time alone brings."""
        end = until(self.start, self.end, view.known)
        change, draws = self.then.change, draws_for(len(on_ground(view, prepared.control, self)), prepared.draws)
        gains = gained(
            view,
            prepared.control,
            self.ground,
            change.before or None,
            change.after,
            day_number(self.start),
            day_number(end),
            draws,
            prepared.seed,
            sources=self.sources,
            apart=self.apart,
        )
        return _answer(self, view, _seen(self, view, gains, end), prepared.seed)

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        when = between(self.start, self.end)
        return f"{_gains_words(self, view)} {when} with {_first_words(self, view)} in the {_window(self)} up to them"

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs left out, half and twice the days, half and twice the distance."""
        return (
            *bloc_variations(view, self, self.sources),
            *period_and_ground(self, self.start, self.end),
            *(Variation(f"days={n}", {"days": n}) for n in (max(1, self.days // 2), min(365, self.days * 2))),
            *(Variation(f"km={n:g}", {"km": n}) for n in (self.km / 2, min(1000.0, self.km * 2))),
        )


@dataclass(frozen=True)
class _Seen:
    """Gains and what went before them.

    Attributes:
        surely, perhaps: (n_draws,) sequences in each draw, of sure reports and gains, and of all that may be.
        near: for each place of which somebody beside the taker tells, the rows of the reports near it.
        by_chance: what moving the reports through the period brings.
        lists: the names of the lists of reports and of gains; both are needed for an upper bound.
    """

    gains: Gained
    selection: Selection
    surely: Ints
    perhaps: Ints
    near: dict[str, Ints]
    by_chance: Shifted
    lists: tuple[tuple[str, ...], tuple[str, ...]]
    end: dt.date


def _seen(asked: InSequence, view: View, gains: Gained, end: dt.date) -> _Seen:
    selection = select(view, asked.first, sources=asked.sources, apart=asked.apart)
    change = asked.then.change
    changes = lists_of_changes(
        view, asked, asked.start, asked.end, asked.sources, asked.apart, losers=change.before, takers=change.after
    )
    lists = (tuple(_lists(asked, view, gains.places)), tuple(c.name(view) for c in changes))
    low, high = np.zeros((2, len(gains.matrix)), dtype=np.int64)
    near: dict[str, Ints] = {}
    by_place: list[tuple[Ints, Floats]] = []
    length, backed = gains.end - gains.start, gains.backed
    for nth, place in enumerate(gains.places):
        won, on = gains.matrix[:, nth], gains.day[:, nth].astype(np.int64)
        if not won.any():
            continue
        sure, perhaps, undated = _near(asked, view, selection, place)
        high += won & (undated | _before(on, *_span(selection, perhaps), asked.days, loosely=True))
        if backed[nth]:
            near[place] = sure
            first, last = _span(selection, sure)
            low += won & _before(on, first, last, asked.days)
            weights = np.bincount(on[won] - gains.start, minlength=length)[:length] / len(won)
            # One that runs longer than the window precedes nothing within it, wherever it is moved.
            inside = last[(first >= gains.start) & (last < gains.end) & (last - first <= asked.days)]
            by_place.append((np.unique(inside) - gains.start, weights))
    return _Seen(gains, selection, low, high, near, shifted(by_place, length, asked.days), lists, end)


def _lists(asked: InSequence, view: View, places: Collection[str]) -> Iterator[str]:
    """Lists that see all the ground and hold every such report on it, from so many days before the first gain on."""
    of = _first_of(asked)
    # A list of deaths says nothing of what killed nobody.
    for unit in sorted({frame.unit or "incident" for frame in view.frames} - {"death"}):
        for cover in covers(view, of, unit):
            if (
                cover.whole
                and not cover.misses
                and is_heard(view, cover, asked.sources, asked.apart)
                and _reaches(asked, view, cover, places)
            ):
                yield cover.name(view)


def _reaches(asked: InSequence, view: View, cover: Cover, places: Iterable[str]) -> bool:
    """Whether a list also holds what stands near the places at the edge of the ground."""
    if not asked.first.anywhere:
        return True
    of = _first_of(asked).model_copy(update=dict.fromkeys(("place", "area", "admin1"), ()))
    circles = (Within(of=place, km=asked.km) for place in places if view.place(place).lat is not None)
    return all(
        any(
            c.source == cover.source and c.whole
            for c in covers(view, of.model_copy(update={"within_km": w}), cover.unit)
        )
        for w in circles
    )


def _first_of(asked: InSequence) -> Of:
    ground = dict(asked.ground) if asked.first.anywhere else {}
    start = asked.first.start or asked.start - dt.timedelta(days=asked.days)
    return asked.first.model_copy(update={**ground, "start": start, "end": asked.first.end or asked.end})


def _near(asked: InSequence, view: View, selection: Selection, place: str) -> tuple[Ints, Ints, bool]:
    """Rows that surely stand near a place, and those that may, both dated; and whether one without a day may."""
    # A place without a position has nothing near it but what names it.
    circle = Ground(within_km=Within(of=place, km=asked.km))
    ground = circle if view.place(place).lat is not None else Ground(place=(place,))
    level = ground_levels(view, selection.sheet, ground)
    dated = selection.sheet.numbers("date") != NO_DAY
    sure = np.flatnonzero((selection.levels == YES) & (level == YES) & dated)
    perhaps = (selection.levels != NO) & (level != NO)
    undated = bool((perhaps & ~dated).any())
    return sure.astype(np.int64), np.flatnonzero(perhaps & dated).astype(np.int64), undated


def _span(selection: Selection, rows: Ints) -> tuple[Ints, Ints]:
    """First and last day of what each row tells of."""
    first = selection.sheet.numbers("date")[rows].astype(np.int64)
    after = selection.sheet.numbers("date_to")[rows].astype(np.int64)
    return first, np.where(after == NO_DAY, first, after - 1)


def _before(on: Ints, first: Ints, last: Ints, days: int, *, loosely: bool = False) -> Flags:
    """Whether one of some stretches lies within so many days up to and with each day; loosely: touches them."""
    if not len(first):
        return np.zeros(len(on), dtype=np.bool_)
    known, back = np.unique(on, return_inverse=True)
    opened = known[:, None] - days
    if loosely:
        inside = (last[None, :] >= opened) & (first[None, :] <= known[:, None])
    else:
        inside = (first[None, :] >= opened) & (last[None, :] <= known[:, None])
    return np.asarray((inside.any(axis=1) & (known != NEVER))[back.ravel()], dtype=np.bool_)


def _answer(asked: InSequence, view: View, seen: _Seen, seed: int) -> Answer:
    found = _bounds(seen)
    chosen = tuple(_sequences(asked, seen))
    sheet = seen.selection.sheet
    gains = {row for place, _, _ in chosen for row in seen.gains.told[place].rows}
    firsts = {row for _, _, rows in chosen for row in rows}
    reports = sheet.named(sorted(gains | firsts))
    everything = sorted({row for told in seen.gains.told.values() for row in told.rows} | gains | firsts)
    return Answer(
        measure="sequence",
        asked=asked.asked(),
        frame=listing(dict.fromkeys((*seen.lists[0], *seen.lists[1]))) or None,
        found=found,
        judged=found,
        evidence=sheet.named(everything),
        says=_says(asked, view, seen, found),
        for_=reports,
        claimant_only=tuple(sorted({*seen.selection.claimant_only, *seen.gains.claimant_only})),
        left_out=seen.selection.left_out,
        notes=tuple(_notes(asked, view, seen, chosen)),
        voices=len(by_voice(view, sorted(firsts))),
        settle=_settle(asked, view, seen),
        known=view.known,
        draws=len(seen.surely),
        seed=seed,
    )


def _bounds(seen: _Seen) -> Bounds:
    low = float(np.quantile(seen.surely, 0.05, method="inverted_cdf"))
    best = float(np.quantile(seen.surely, 0.5, method="inverted_cdf"))
    high = float(np.quantile(seen.perhaps, 0.95, method="inverted_cdf")) if all(seen.lists) else None
    return Bounds(
        low=low, best=best, high=None if high is None else max(high, best), unit="sequence", meaning="credible90"
    )


def _sequences(asked: InSequence, seen: _Seen) -> Iterator[tuple[str, int, list[int]]]:
    """The likely ones: place, day of the gain, and the reports near it before, in order of day."""
    found = []
    for nth, place in enumerate(seen.gains.places):
        days = seen.gains.days(place)
        if place not in seen.near or days is None or seen.gains.chance[nth] < 0.5 or not seen.gains.backed[nth]:
            continue
        first, last = _span(seen.selection, seen.near[place])
        rows = seen.near[place][(first >= days[1] - asked.days) & (last <= days[1])]
        if len(rows):
            found.append((place, days[1], rows.tolist()))
    yield from sorted(found, key=lambda one: (one[1], one[0]))


def _says(asked: InSequence, view: View, seen: _Seen, found: Bounds) -> str:
    gains = number(round(float(seen.gains.matrix[:, seen.gains.backed].sum(axis=1).mean())))
    moved = seen.by_chance
    if not seen.near:
        return f"nobody beside the taker tells of {_gains_words(asked, view)} {between(asked.start, seen.end)}"
    return (
        f"of about {gains} {_gains_words(asked, view)} {between(asked.start, seen.end)}, {_many(found)} had"
        f" {_first_words(asked, view)} in the {_window(asked)} up to them; time alone would bring about"
        f" {number(round(moved.expected, 1))} (as many or more in {chance(moved.as_many)} of the shifts)"
    )


def _many(found: Bounds) -> str:
    """at least 6; none surely; 6 to 9; 7."""
    low, high = number(found.low or 0), None if found.high is None else number(found.high)
    if high is None:
        return f"at least {low}" if found.low else "none surely"
    return low if low == high else f"{low} to {high}"


def _notes(asked: InSequence, view: View, seen: _Seen, chosen: tuple[tuple[str, int, list[int]], ...]) -> Iterator[str]:
    moved = seen.by_chance
    yield "order is not cause"
    yield (
        f"all reports moved together round the period, {number(moved.shifts)} times, bring"
        f" {number(round(moved.low, 1))} to {number(round(moved.high, 1))} in nine of ten;"
        f" the excess is {number(round(moved.excess, 1) + 0.0)}"
    )
    for place, on, rows in chosen[:_TOLD_SINGLY]:
        last = max(int(_span(seen.selection, np.array(rows))[1][k]) for k in range(len(rows)))
        many = "one report" if len(rows) == 1 else f"{number(len(rows))} reports"
        yield f"{place_name(view, place)}, {day(day_of(on))}: {many} near it, the last {_ago(on - last)}"
    if len(chosen) > _TOLD_SINGLY:
        yield f"and {number(len(chosen) - _TOLD_SINGLY)} more"
    for who, places in seen.gains.alone.items():
        yield f"told of only {who}, so never in the low: {listing(place_name(view, p) for p in places)}"


def _ago(days: int) -> str:
    return "on that day" if days == 0 else "a day before" if days == 1 else f"{days} days before"


def _settle(asked: InSequence, view: View, seen: _Seen) -> str:
    needed = []
    if not seen.lists[0]:
        needed.append(missing_list(view, _first_of(asked), "incident"))
    if not seen.lists[1]:
        needed.append(missing_changes(view, asked, asked.start, asked.end))
    return f"{listing(needed)} would settle it" if needed else "reports dated to the day would narrow it"


def _gains_words(asked: InSequence, view: View) -> str:
    change = asked.then.change
    lost = f" from {listing((actor_name(view, a) for a in change.before), 'or')}" if change.before else ""
    return f"gains by {listing((actor_name(view, a) for a in change.after), 'or')}{lost}{ground_words(view, asked)}"


def _first_words(asked: InSequence, view: View) -> str:
    by = f" by {listing((actor_name(view, a) for a in asked.first.actor), 'or')}" if asked.first.actor else ""
    at = f" on {listing((actor_name(view, a) for a in asked.first.target), 'or')}" if asked.first.target else ""
    return f"{kind_asked(asked.first)}{by}{at} within {asked.km:g} km"


def _window(asked: InSequence) -> str:
    return "day" if asked.days == 1 else f"{number(asked.days)} days"
