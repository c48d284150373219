"""gains: how many places passed from one side to another in a period, and stayed with the taker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from zenobia.measures.answer import Answer, Figure
from zenobia.measures.bearing import OF_CONTROL, Kinds
from zenobia.measures.frames import Cover, lists_of_changes
from zenobia.measures.holding import control_needs, until
from zenobia.measures.joint import Gained, draws_for, gained, on_ground
from zenobia.measures.prepared import Needs, Prepared
from zenobia.measures.question import Ground, Question, Taking, Variation, in_order
from zenobia.measures.sheet import Sheet
from zenobia.measures.validation import Day
from zenobia.measures.variations import bloc_variations, period_and_ground, put_together
from zenobia.measures.voices import bloc_of, by_voice
from zenobia.measures.wording import actor_name, between, day, figure, listing, number, place_name, source_name, span
from zenobia.measures.wording import ground as ground_words
from zenobia.terms import Bounds, NotMeasurable, day_number, day_of

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Gains", "taking_words"]

Floats = npt.NDArray[np.float64]

# A gain less likely than this is not spoken of by name.
_LIKELY, _POSSIBLE = 0.5, 0.05
# Places that a note names, where it is not about those that were gained.
_NAMED = 12


class Gains(Question, Ground):
    """How many places passed from one side to another, from joint draws of control.

    A place counts once. A gain of which only the side that gains by it tells counts in the high alone.
    Without a list of changes of hands the high is open: nobody may have told of a place.
    """

    measure: Literal["gains"] = "gains"
    change: Taking
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    unit: Literal["place", "person", "km2"] = "place"

    shortcuts: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="after")
    def _forwards(self) -> Gains:
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
        """The 5, 50 and 95 % points of the sum over places, over the draws."""
        if self.unit == "km2":
            raise NotMeasurable(
                "this record holds who held places, and not the ground between them;"
                " ask in places or people, or code a published series of areas"
            )
        return _answer(self, view, _counted(self, view, prepared), prepared)

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        what = "people in places" if self.unit == "person" else "places"
        return f"{what}{ground_words(view, self.ground)} that {taking_words(view, self.change)} {self._when}"

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs left out, a circle's margins, the period a week shorter, allied holders as one side."""
        return (
            *bloc_variations(view, self, self.sources),
            *period_and_ground(self, self.start, self.end),
            *put_together(view, self.change),
        )

    @property
    def _when(self) -> str:
        return between(self.start, self.end)


def taking_words(view: View, change: Taking) -> str:
    """A change of hands in words: passed from the government to ISIS; fell to ISIS."""
    takers = listing((actor_name(view, holder) for holder in change.after), "or")
    if not change.before:
        return f"fell to {takers}"
    return f"passed from {listing((actor_name(view, holder) for holder in change.before), 'or')} to {takers}"


@dataclass(frozen=True)
class _Counted:
    """What the draws come to.

    ``worth`` (n_places,) what each place counts; NaN where a place's people are not known. ``frame`` the
    list of changes that closes the high, if there is one.
    """

    gained: Gained
    worth: Floats
    frame: tuple[Cover, ...]
    draws: int
    end: dt.date

    def sum(self, places: npt.NDArray[np.bool_]) -> Floats:
        """The sum over some places in each draw; people of places whose people are not known left out."""
        return np.asarray((self.gained.matrix[:, places] * np.nan_to_num(self.worth[places])).sum(axis=1))


def _counted(asked: Gains, view: View, prepared: Prepared) -> _Counted:
    end = until(asked.start, asked.end, view.known)
    draws = draws_for(len(on_ground(view, prepared.control, asked.ground)), prepared.draws)
    found = gained(
        view,
        prepared.control,
        asked.ground,
        asked.change.before or None,
        asked.change.after,
        day_number(asked.start),
        day_number(end),
        draws,
        prepared.seed,
        sources=asked.sources,
        apart=asked.apart,
    )
    lists = lists_of_changes(
        view,
        asked.ground,
        asked.start,
        asked.end,
        asked.sources,
        asked.apart,
        losers=asked.change.before,
        takers=asked.change.after,
    )
    return _Counted(found, _worth(asked, view, found.places), lists, draws, end)


def _worth(asked: Gains, view: View, places: tuple[str, ...]) -> Floats:
    if asked.unit == "place":
        return np.ones(len(places))
    people = [view.place(place).population for place in places]
    return np.array([np.nan if n is None else n for n in people], dtype=float)


def _bounds(asked: Gains, counted: _Counted) -> Bounds:
    backed, chance = counted.gained.backed, counted.gained.chance
    low, best = np.quantile(counted.sum(backed), [0.05, 0.5], method="inverted_cdf").tolist()
    unknown = np.isnan(counted.worth)
    high = None
    if counted.frame and not (unknown & (chance >= _POSSIBLE)).any():
        everywhere = np.ones(len(backed), dtype=np.bool_)
        high = float(np.quantile(counted.sum(everywhere), 0.95, method="inverted_cdf"))
    open_ = bool((unknown & backed & (chance >= _LIKELY)).any())
    return Bounds(low=low, best=None if open_ else best, high=high, unit=asked.unit, meaning="credible90")


def _answer(asked: Gains, view: View, counted: _Counted, prepared: Prepared) -> Answer:
    found = _bounds(asked, counted)
    known = counted.gained
    sheet = Sheet.of(view)
    backed = {place for place, is_backed in zip(known.places, known.backed, strict=True) if is_backed}
    chances = zip(known.places, known.chance, strict=True)
    spoken = [place for place, chance in chances if chance >= _POSSIBLE and place in known.told]
    for_ = [row for place in spoken if place in backed for row in known.told[place].rows]
    voices = len(by_voice(view, sorted(for_)))
    return Answer(
        measure="gains",
        asked=asked.asked(),
        frame=listing(cover.name(view) for cover in counted.frame) or None,
        found=found,
        judged=found,
        evidence=sheet.named(sorted(row for place in spoken for row in known.told[place].rows)),
        says=_says(asked, view, counted, found, voices),
        for_=sheet.named(sorted(for_)),
        claimant_only=known.claimant_only,
        by_source=tuple(_figures(asked, view, counted)),
        notes=tuple(_notes(asked, view, counted)),
        voices=voices,
        settle=_settle(asked, counted),
        known=view.known,
        draws=counted.draws,
        seed=prepared.seed,
    )


def _settle(asked: Gains, counted: _Counted) -> str:
    if counted.frame:
        return "dated reports by somebody on no side, of the places that are not sure, would narrow it"
    when = span(asked.start, asked.end)
    listed = f"a list of captures counted in places with a stated area and rule that covers {when}"
    return f"{listed} would tell how many at most"


def _figures(asked: Gains, view: View, counted: _Counted) -> Iterator[Figure]:
    """What each voice alone tells of: places of whose turn it speaks, each counted once."""
    worth = dict(zip(counted.gained.places, counted.worth, strict=True))
    place_of = {row: place for place, told in counted.gained.told.items() for row in told.turning}
    for voice, rows in by_voice(view, sorted(place_of)).items():
        low = float(np.nansum([worth[place] for place in {place_of[row] for row in rows}]))
        yield Figure(
            source=voice,
            name=source_name(view, voice),
            bloc=bloc_of(view, voice, rows),
            found=Bounds(low=low, best=None, high=None, unit=asked.unit, meaning="reported"),
            reports=Sheet.of(view).named(rows),
        )


def _says(asked: Gains, view: View, counted: _Counted, found: Bounds, voices: int) -> str:
    takers = listing((actor_name(view, holder) for holder in asked.change.after), "or")
    losers = listing((actor_name(view, holder) for holder in asked.change.before), "or")
    from_whom = f" from {losers}" if losers else ""
    shown = figure(found) if asked.unit == "place" else f"places with {figure(found)}"
    best = f" (best reading {number(found.best)})" if found.best is not None and found.best != found.low else ""
    when = f"{ground_words(view, asked.ground)} {between(asked.start, counted.end)}"
    nothing_sure = found.low == 0 and found.high is None
    if not voices:
        who = _nobody(takers, counted.gained)
        told = f"{who} tells of a place that {takers} took{from_whom}{when}"
        return f"{told}; there may be some{best}" if nothing_sure else f"{told}, so it is {shown}{best}"
    heard = "a single independent voice" if voices == 1 else f"{number(voices)} independent voices"
    if nothing_sure:
        told = f"{heard} {'tells' if voices == 1 else 'tell'} of some"
        return f"it is not sure that {takers} took and kept any place{from_whom}{when}{best}, though {told}"
    return f"{takers} took {shown}{best}{from_whom}{when}, by {heard}"


def _nobody(takers: str, known: Gained) -> str:
    """Who does not tell of it: nobody but the taker, where it is the taker that tells."""
    if not known.claimed_only:
        return "nobody surely"
    told = {known.told[place].alone for place in known.claimed_only}
    return f"nobody but {takers}" if told == {"side"} else "nobody whose side is known to be another's"


def _notes(asked: Gains, view: View, counted: _Counted) -> Iterator[str]:
    known = counted.gained
    likely = [(p, days) for p, days in _by_day(known) if p in known.told and not known.told[p].claimed_only]
    if likely:
        yield f"gained: {listing(f'{place_name(view, place)} ({_day_words(days)})' for place, days in likely)}"
    kept = dict(zip(known.places, known.kept.mean(axis=0) / np.maximum(known.chance, _POSSIBLE), strict=True))
    lost = [place for place, _ in likely if kept[place] < _LIKELY]
    if lost:
        yield f"lost again before {day(counted.end)}: {_names(view, lost)}"
    doubtful = [p for p, chance in zip(known.places, known.chance, strict=True) if _is_doubtful(known, p, chance)]
    if doubtful:
        why = "it is not sure who had them before, or that they stayed with the taker"
        yield f"told of as taken, though {why}: {_names(view, doubtful)}"
    for who, places in known.alone.items():
        yield f"told of only {who}, so in the high and never in the low: {_names(view, places)}"
    unknown = np.isnan(counted.worth) & (known.chance >= _POSSIBLE)
    if unknown.any():
        names = _names(view, (known.places[k] for k in np.flatnonzero(unknown)))
        yield f"how many people live there is not known: {names}"
    yield from (f"{cover.name(view)}: {rule}" for cover in counted.frame for rule in cover.rules)
    if not counted.frame:
        yield "no list of changes of hands covers the ground and the period, so there may be more"


def _names(view: View, places: Iterable[str]) -> str:
    """Some places by name, and how many more."""
    names = [place_name(view, place) for place in places]
    more = len(names) - _NAMED
    return listing(names if more <= 1 else [*names[:_NAMED], f"{more} more"])


def _is_doubtful(known: Gained, place: str, chance: float) -> bool:
    told = known.told.get(place)
    return told is not None and told.turned and chance < _LIKELY


def _by_day(known: Gained) -> list[tuple[str, tuple[int, int, int]]]:
    """Places that were gained more likely than not, in order of the day."""
    likely = [place for place, chance in zip(known.places, known.chance, strict=True) if chance >= _LIKELY]
    dated = [(place, days) for place in likely if (days := known.days(place)) is not None]
    return sorted(dated, key=lambda item: (item[1][1], item[0]))


def _day_words(days: tuple[int, int, int]) -> str:
    low, best, high = (day_of(when) for when in days)
    return day(best) if low == high else f"{day(best)}, {day(low)} to {day(high)}"
