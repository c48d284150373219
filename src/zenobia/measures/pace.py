"""pace: how many times as often after a day as before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from zenobia.measures.answer import Answer, Figure
from zenobia.measures.bearing import NONE, OF_CONTROL, Kinds
from zenobia.measures.holding import control_needs
from zenobia.measures.pacing import Paced, paced
from zenobia.measures.prepared import NOTHING, Needs, Prepared
from zenobia.measures.question import Ground, Of, Question, Taking, Variation, in_order
from zenobia.measures.sheet import Sheet
from zenobia.measures.validation import Day, Words
from zenobia.measures.variations import bloc_variations, margins, put_together
from zenobia.measures.voices import by_voice
from zenobia.measures.wording import actor_name, between, day, figure, kind_asked, listing, number, plural
from zenobia.measures.wording import ground as ground_words
from zenobia.terms import Bounds, NotMeasurable
from zenobia.terms.vocabulary import Unit

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Pace"]

Floats = npt.NDArray[np.float64]
_WEEK = dt.timedelta(days=7)
_MONTH = 365.25 / 12


class Pace(Question, Ground):
    """The rate after a day over the rate before it: of reports on a list, or of places changing hands.

    Without a list of all changes of hands their ratio is shown and decides nothing.

    Counts are held against their own luck (an exact interval), gains against the doubt of who held what
    as well. What is one side's own word alone counts against the ratio in the low and for it in the high.
    """

    measure: Literal["pace"] = "pace"
    change: Taking | None = None
    of: Of | None = None
    start: Day = Field(alias="from")
    at: Day
    end: Day = Field(alias="to")
    unit: Unit | None = None
    compare: Words = ()

    shortcuts: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="after")
    def _one_form(self) -> Pace:
        if (self.change is None) == (self.of is None):
            raise PydanticCustomError(
                "form", "neither changes of hands nor reports", {"wanted": "`change` or `of`", "fix": "keep one"}
            )
        if self.of is not None and (self.of.start or self.of.end or not self.of.anywhere):
            raise PydanticCustomError(
                "place", "a period or ground under `of`", {"wanted": "both beside it", "fix": "write it one level up"}
            )
        if self.change is not None and self.unit not in (None, "place"):
            raise PydanticCustomError("unit", "gains counted in another unit", {"wanted": "unit: place"})
        in_order(self.start, self.at)
        in_order(self.at, self.end)
        return self

    @property
    def kinds(self) -> Kinds:
        """Reports that speak of control, or of the types that are asked about."""
        return OF_CONTROL if self.of is None else NONE.and_types(self.of.type)

    def needs(self, view: View) -> Needs:
        """For gains, an estimate of control without the claimant's word."""
        return NOTHING if self.change is None else control_needs(view, self.sources, self.apart)

    def answer(self, view: View, prepared: Prepared) -> Answer:
        """The ratio of the two rates, and beside it that of the fronts it is compared with."""
        if view.known is not None and view.known < self.at:
            raise NotMeasurable(f"nothing after {day(self.at)} was known yet; what was published later would settle it")
        return _answer(self, view, paced(self, view, prepared), prepared)

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        return (
            f"how many times as often after {day(self.at)} as before{ground_words(view, self.ground)}"
            f" {between(self.start, self.end)}: {_what(self, view)}"
        )

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs left out, a circle's margins, the turn a week earlier and later, allied holders as one side."""
        turns = (self.at - _WEEK, self.at + _WEEK)
        return (
            *bloc_variations(view, self, self.sources),
            *(Variation(v.name, v.patch["of"]) for v in margins(self.ground, "of")),
            *(Variation(f"at={t.isoformat()}", {"at": t}) for t in turns if self.start < t < self.end),
            *(put_together(view, self.change) if self.change else ()),
        )


def _answer(asked: Pace, view: View, told: list[Paced], prepared: Prepared) -> Answer:
    if not any(one.before or one.after or one.rows_before or one.rows_after for one in told):
        raise NotMeasurable(
            f"no report tells of {_what(asked, view)}{ground_words(view, asked.ground)}"
            f" {between(asked.start, asked.end)}; dated ones, before and after, would settle it"
        )
    found = _bounds(told)
    sheet = Sheet.of(view)
    before = {row for one in told for row in one.rows_before}
    after = {row for one in told for row in one.rows_after}
    voices = len(told) if asked.change is None else len(by_voice(view, sorted(before | after)))
    notes = (*(note for one in told for note in one.notes), *_compared(asked, view, prepared))
    return Answer(
        measure="pace",
        asked=asked.asked(),
        frame=listing(one.frame for one in told if one.frame) or None,
        found=found,
        judged=found,
        evidence=sheet.named(sorted(before | after)),
        says=_says(asked, view, told, found),
        for_=sheet.named(sorted(after - before)),
        against=sheet.named(sorted(before - after)),
        claimant_only=tuple(sorted({report for one in told for report in one.claimant})),
        by_source=tuple(_figures(view, told)),
        notes=(*notes, "before and after is an order in time, and not a cause"),
        voices=voices,
        short=next((one.short for one in told if one.short), None),
        settle="a longer period, or more of them, would narrow it",
        known=view.known,
        draws=told[0].draws,
        seed=prepared.seed if told[0].draws else None,
    )


def _bounds(told: list[Paced]) -> Bounds:
    highs = [one.ratio.high for one in told]
    return Bounds(
        low=min(one.ratio.low for one in told),
        best=told[0].ratio.best if len(told) == 1 else None,
        high=None if None in highs else max(high for high in highs if high is not None),
        unit="times",
        meaning="credible90",
    )


def _figures(view: View, told: list[Paced]) -> Iterator[Figure]:
    for one in told:
        if one.source is not None and one.frame is not None:
            rows = sorted({*one.rows_before, *one.rows_after})
            reports = Sheet.of(view).named(rows)
            found = _bounds([one])
            yield Figure(source=one.source, name=one.frame, bloc=None, found=found, reports=reports, frame=one.frame)


def _says(asked: Pace, view: View, told: list[Paced], found: Bounds) -> str:
    counts = listing(_counts_told(asked, one) for one in told)
    best = f" (best reading {number(found.best)})" if found.best is not None and found.best != found.low else ""
    where = ground_words(view, asked.ground)
    clumps = max(one.clumps for one in told)
    few = f"as they come about {number(round(clumps, 1))} at a time, " if clumps > 1 else ""
    return f"{_what(asked, view)}{where}: {counts}; {few}that is {figure(found)} as often{best}"


def _counts_told(asked: Pace, one: Paced) -> str:
    unit = asked.unit or ("place" if asked.change else "incident")
    before, after = (
        f"{number(n)} {plural(unit, n)} in {number(d)} days ({number(n / d * _MONTH)} a month)"
        for n, d in zip((one.before, one.after), one.days, strict=True)
    )
    held = f"{one.frame} holds " if one.frame and asked.change is None else ""
    return f"{held}{before} before {day(asked.at)}, {after} from then on"


def _what(asked: Pace, view: View) -> str:
    if asked.change is not None:
        takers = listing((actor_name(view, holder) for holder in asked.change.after), "or")
        losers = listing((actor_name(view, holder) for holder in asked.change.before), "or")
        return f"places that {takers} took{f' from {losers}' if losers else ''}"
    assert asked.of is not None
    by = f" by {listing((actor_name(view, a) for a in asked.of.actor), 'or')}" if asked.of.actor else ""
    return f"{kind_asked(asked.of)}{by}"


def _compared(asked: Pace, view: View, prepared: Prepared) -> Iterator[str]:
    """The same on other ground."""
    for area in asked.compare:
        other = asked.model_copy(update={"place": (), "area": (area,), "admin1": (), "within_km": None, "compare": ()})
        where = ground_words(view, other.ground).strip()
        try:
            yield f"{where}: {figure(_bounds(paced(other, view, prepared)))} as often"
        except NotMeasurable as missing:
            yield f"{where}: {missing}"
