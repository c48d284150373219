"""duration: for how long a holder held a place within a window."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zenobia.measures.answer import Answer
from zenobia.measures.bearing import OF_CONTROL, Kinds
from zenobia.measures.holding import Said, check_holder, control_needs, of_place, on_basis, said_of, thin, until
from zenobia.measures.prepared import ControlLike, Needs, Prepared
from zenobia.measures.question import Question, Variation, in_order
from zenobia.measures.sheet import Sheet
from zenobia.measures.validation import Day
from zenobia.measures.variations import bloc_variations
from zenobia.measures.wording import actor_name, between, number, place_name
from zenobia.terms import CONTESTED, SHARED, Bounds, day_number

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Duration"]

# A month is a twelfth of 365.25 days.
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}


class Duration(Question):
    """For how long a holder held a place, from joint draws of the place's history."""

    measure: Literal["duration"] = "duration"
    place: str
    holder: str
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    unit: Literal["day", "week", "month", "year"] = "day"

    shortcuts: ClassVar[dict[str, str]] = {}

    @model_validator(mode="after")
    def _forwards(self) -> Duration:
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
        """The 5, 50 and 95 % points of the time held, over the draws."""
        check_holder(view, self.holder)
        control = on_basis(view, prepared, self.place)
        end = until(self.start, self.end, view.known)
        found = _time_held(self, control, end, prepared)
        rows, apart = of_place(view, self.place, self.sources, self.apart)
        sheet = Sheet.of(view)
        inside = [r for r in rows if day_number(self.start) <= int(sheet.numbers("date")[r]) < day_number(end)]
        # On contested ground the fight is on: that denies nobody the time before and after.
        settled = [r for r in inside if sheet.word("status", r) not in ("contests", "shares")]
        said = said_of(view, inside if self.holder in (CONTESTED, SHARED) else settled, self.holder)
        enough = thin(view, said.has, self.holder)
        return Answer(
            measure="duration",
            asked=self.asked(),
            frame=None,
            found=found,
            judged=found,
            evidence=sheet.named(inside),
            says=_says(self, view, found, end, enough.voices),
            claimant_only=apart,
            for_=sheet.named(said.has),
            against=sheet.named(said.has_not),
            agreeing=sheet.named(_agreeing(self, control, sheet, said)),
            voices=enough.voices,
            short=enough.why,
            settle="dated reports nearer to its beginning and its end would narrow it",
            known=view.known,
            draws=prepared.draws,
            seed=prepared.seed,
        )

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        held = f"{actor_name(view, self.holder)} held {place_name(view, self.place)}"
        return f"{self.unit}s for which {held} {between(self.start, self.end)}"

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs of sources left out one at a time."""
        return tuple(bloc_variations(view, self, self.sources))


def _agreeing(asked: Duration, control: ControlLike, sheet: Sheet, said: Said) -> list[int]:
    """Rows that say of their own day what is likeliest for it: that the holder had the place, or had it not."""
    rows = [*said.has, *said.has_not]
    days = sheet.numbers("date")[rows].astype(np.int64)
    if not rows:
        return []
    chances = control.chances([asked.place] * len(rows), days)
    held = [control.states[state] == asked.holder for state in chances.argmax(axis=1)]
    known = ~np.isnan(chances[:, 0])  # a day that may not be told agrees with nobody
    return [row for row, had, told in zip(rows, held, known, strict=True) if told and had == (row in said.has)]


def _time_held(asked: Duration, control: ControlLike, end: dt.date, prepared: Prepared) -> Bounds:
    held = np.zeros(prepared.draws)
    if asked.holder in control.states:
        paths = control.draws(asked.place, day_number(asked.start), day_number(end), prepared.draws, prepared.seed)
        held = np.asarray(paths == control.states.index(asked.holder)).sum(axis=1)
    low, best, high = np.quantile(held, [0.05, 0.5, 0.95]) / _DAYS[asked.unit]
    return Bounds(low=float(low), best=float(best), high=float(high), unit=asked.unit, meaning="credible90")


def _says(asked: Duration, view: View, found: Bounds, end: dt.date, voices: int) -> str:
    assert found.low is not None
    assert found.best is not None
    assert found.high is not None
    heard = "a single independent voice" if voices == 1 else f"{number(voices)} independent voices"
    return (
        f"{actor_name(view, asked.holder)} held {place_name(view, asked.place)} for {_tenths(found.best)} {asked.unit}s"
        f" ({_tenths(found.low)} to {_tenths(found.high)}) {between(asked.start, end)}, by {heard}"
    )


def _tenths(value: float) -> str:
    return number(round(value, 1))
