"""held: who held a place on a day, as a chance; or when it changed hands, as a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from zenobia.measures.answer import Answer, Figure
from zenobia.measures.bearing import OF_CONTROL, Kinds
from zenobia.measures.holding import Said, Thin, check_holder, control_needs, of_place, on_basis, said_of, thin, until
from zenobia.measures.prepared import ControlLike, Needs, Prepared
from zenobia.measures.question import Change, Question, Variation, in_order
from zenobia.measures.sheet import Sheet
from zenobia.measures.validation import Day
from zenobia.measures.variations import bloc_variations
from zenobia.measures.voices import bloc_of, by_voice
from zenobia.measures.wording import actor_name, between, chance, day, listing, number, place_name, source_name
from zenobia.terms import Bounds, bounds_of_day, day_number, day_of

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Held"]

# Reports this near to a day are listed for or against what is said of it, within one spell.
_NEAR_DAYS = 60


class Held(Question):
    """Who held a place: ``holder`` and ``on``, answered by a chance; or ``change``, ``from``, ``to``,
    answered by the day on which it changed hands.
    """

    measure: Literal["held"] = "held"
    place: str
    holder: str | None = None
    on: Day | None = None
    change: Change | None = None
    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")

    shortcuts: ClassVar[dict[str, str]] = {}

    @model_validator(mode="after")
    def _one_form(self) -> Held:
        by_day = self.holder is not None and self.on is not None
        by_change = self.change is not None and self.start is not None and self.end is not None
        if by_day == by_change or (self.change is not None and (self.holder or self.on)):
            raise PydanticCustomError(
                "form",
                "neither one form of the question nor the other",
                {"wanted": "`holder` and `on`, or `change` with `from` and `to`", "fix": "keep the keys of one form"},
            )
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
        """The chance, or the day, by the estimate of control."""
        control = on_basis(view, prepared, self.place)
        return _on_day(self, view, control) if self.change is None else _of_change(self, view, control, prepared)

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        where = place_name(view, self.place)
        if self.change is None:
            assert self.holder is not None
            assert self.on is not None
            return f"chance that {actor_name(view, self.holder)} held {where} on {day(self.on)}"
        before, after = actor_name(view, self.change.before), actor_name(view, self.change.after)
        return f"day on which {where} passed from {before} to {after}, {between(self.start, self.end)}"

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs of sources left out one at a time."""
        return tuple(bloc_variations(view, self, self.sources))


def _on_day(asked: Held, view: View, control: ControlLike) -> Answer:
    assert asked.holder is not None
    assert asked.on is not None
    check_holder(view, asked.holder)
    on = day_number(asked.on)
    estimate = control.at(asked.place, on)
    held = float(estimate.held_by.get(asked.holder, 0.0))
    rows, apart = of_place(view, asked.place, asked.sources, asked.apart)
    said = _of_the_day(view, said_of(view, _of_the_spell(view, rows, control, asked.place, on), asked.holder), on)
    enough = thin(view, said.has, asked.holder) if held >= 0.5 else thin(view, said.has_not, estimate.leader or "")
    # A chance is itself the measure of doubt and has no limits of its own; a verdict compares the chance.
    found = Bounds(low=None, best=held, high=None, unit="chance", meaning="credible90")
    exact = Bounds(low=held, best=held, high=held, unit="chance", meaning="credible90")
    seen = f"last evidence {day(estimate.last_evidence)}" if estimate.last_evidence else "no evidence before that day"
    return _answer(
        asked,
        view,
        found,
        said,
        frozenset(estimate.evidence),
        apart,
        says=(
            f"the chance that {actor_name(view, asked.holder)} held {place_name(view, asked.place)}"
            f" on {day(asked.on)} is {chance(held)} ({_from(enough.voices)}; {seen})"
        ),
        voices=enough.voices,
        short=_none_near() if enough.why and not enough.voices and estimate.last_evidence else enough.why,
        judged=exact,
    )


def _of_change(asked: Held, view: View, control: ControlLike, prepared: Prepared) -> Answer:
    assert asked.change is not None
    assert asked.start is not None
    assert asked.end is not None
    before, after = asked.change.before, asked.change.after
    for holder in (before, after):
        check_holder(view, holder)
    start, end = day_number(asked.start), day_number(until(asked.start, asked.end, view.known))
    change = control.change(asked.place, before, after, start, end)
    rows, apart = of_place(view, asked.place, asked.sources, asked.apart)
    inside = [row for row in rows if start <= _day_of_row(view, row) < end]
    news = _news(view, inside, before, after)
    figures = tuple(_dated(view, voice, rows) for voice, rows in news.items())
    told = [row for voiced in news.values() for row in voiced]
    likely = change.chance >= 0.5
    kept = _Kept((), ()) if likely else _kept(view, rows, asked.change, start, end)
    enough = thin(view, told, after) if likely else _thin_denial(view, kept, asked.change)
    found = bounds_of_day(_calendar(change.low), _calendar(change.best), _calendar(change.high), "credible90")
    return _answer(
        asked,
        view,
        found,
        Said((), ()) if likely else Said(tuple(told), tuple(sorted({*kept.before, *kept.after} - set(told)))),
        frozenset(Sheet.of(view).named(inside)),
        apart,
        says=_change_words(asked, view, found, float(change.chance), figures),
        voices=enough.voices,
        short=enough.why,
        happened=float(change.chance),
        by_source=figures,
        drawn=(prepared.draws, prepared.seed),
    )


def _answer(
    asked: Held,
    view: View,
    found: Bounds,
    said: Said,
    evidence: frozenset[str],
    apart: tuple[str, ...],
    *,
    says: str,
    voices: int,
    short: str | None,
    happened: float | None = None,
    by_source: tuple[Figure, ...] = (),
    judged: Bounds | None = None,
    drawn: tuple[int | None, int | None] = (None, None),
) -> Answer:
    sheet = Sheet.of(view)
    return Answer(
        measure="held",
        asked=asked.asked(),
        frame=None,
        found=found,
        judged=judged or found,
        evidence=tuple(sorted(evidence | set(sheet.named(said.has)) | set(sheet.named(said.has_not)))),
        says=says,
        for_=sheet.named(said.has),
        against=sheet.named(said.has_not),
        claimant_only=apart,
        by_source=by_source,
        voices=voices,
        short=short,
        settle="another dated report from a source that takes no side would narrow it",
        happened=happened,
        known=view.known,
        draws=drawn[0],
        seed=drawn[1],
    )


def _of_the_spell(view: View, rows: Iterable[int], control: ControlLike, place: str, on: int) -> list[int]:
    """Rows near a day, as far as one holder leads: what is said of the days after a change is not said of before."""
    days = np.arange(on - _NEAR_DAYS, on + _NEAR_DAYS + 1)
    chances = control.chances([place] * len(days), days)
    leading = np.where(np.isnan(chances[:, 0]), -1, chances.argmax(axis=1))  # -1: a day that may not be told
    other = np.flatnonzero(leading != leading[_NEAR_DAYS])
    begin = max((int(days[k]) + 1 for k in other if days[k] < on), default=int(days[0]))
    end = min((int(days[k]) for k in other if days[k] > on), default=int(days[-1]) + 1)
    return [row for row in rows if begin <= _day_of_row(view, row) < end]


def _of_the_day(view: View, said: Said, on: int) -> Said:
    """What bears on one day: what is said to have come about later says nothing of it, what still held later does."""
    sheet = Sheet.of(view)

    def bears(row: int) -> bool:
        after = int(sheet.numbers("date_to")[row])
        began, ended = _day_of_row(view, row) <= on, after <= on + 1
        return ended or (sheet.word("status", row) == "holds" and (began or row in said.has))

    return Said(tuple(filter(bears, said.has)), tuple(filter(bears, said.has_not)))


def _news(view: View, rows: list[int], before: str, after: str) -> dict[str, list[int]]:
    """Reports that the place changed hands as asked, by whose word they are."""
    sheet = Sheet.of(view)
    turning = [r for r in rows if (sheet.word("status", r) or "takes") in ("takes", "loses")]
    gained = said_of(view, turning, after).has
    lost = [r for r in said_of(view, turning, before).has_not if sheet.word("status", r) == "loses"]
    return by_voice(view, sorted({*gained, *lost}))


class _Kept(NamedTuple):
    """Rows that speak against a change in a window: somebody else still had the place, or the taker had it before."""

    before: tuple[int, ...]
    after: tuple[int, ...]


def _kept(view: View, rows: list[int], change: Change, start: int, end: int) -> _Kept:
    """What is said in a window, or within 60 days of it, that does not go with a change in it."""
    sheet = Sheet.of(view)
    later = [r for r in rows if start <= _day_of_row(view, r) < end + _NEAR_DAYS]
    earlier = [r for r in rows if start - _NEAR_DAYS <= _day_of_row(view, r) < start]
    # Contested ground is kept by nobody, so it denies nothing.
    settled = [r for r in later if sheet.word("status", r) not in ("contests", "shares")]
    return _Kept(said_of(view, settled, change.after).has_not, said_of(view, earlier, change.after).has)


def _thin_denial(view: View, kept: _Kept, change: Change) -> Thin:
    """Whether what speaks against a change is enough to deny it: silence is not."""
    denials = [thin(view, kept.before, change.before), thin(view, kept.after, change.after)]
    voices = len(by_voice(view, sorted({*kept.before, *kept.after})))
    if not voices:
        what = f"no independent report in those days or within {_NEAR_DAYS} days of them says who held it"
        return Thin(f"{what}, and silence denies nothing; a dated one would settle it", 0)
    why = None if any(one.why is None for one in denials) else next(one.why for one in denials if one.voices)
    return Thin(why, voices)


def _dated(view: View, voice: str, rows: list[int]) -> Figure:
    """The day on which one voice says it happened."""
    sheet = Sheet.of(view)
    first = [int(sheet.numbers("date")[r]) for r in rows]
    last = [int(sheet.numbers("date_to")[r]) - 1 for r in rows]
    low, high = day_of(min(first)), day_of(max(max(last), min(first)))
    return Figure(
        source=voice,
        name=source_name(view, voice),
        bloc=bloc_of(view, voice, rows),
        found=bounds_of_day(low, low if low == high else None, high, "reported"),
        reports=sheet.named(rows),
    )


def _change_words(asked: Held, view: View, found: Bounds, sure: float, figures: tuple[Figure, ...]) -> str:
    assert asked.change is not None
    where = place_name(view, asked.place)
    before, after = actor_name(view, asked.change.before), actor_name(view, asked.change.after)
    if found.best is None or sure < 0.5:
        days = between(asked.start, asked.end)
        return f"the chance that {where} passed from {before} to {after} {days} is {chance(sure)}"
    assert found.low is not None
    assert found.high is not None
    # A change in every draw is still only as sure as the number of draws.
    sure = min(sure, 0.999)
    when = f"on {day(found.best)}"
    if found.low != found.high:
        when = f"most likely on {day(found.best)} (between {day(found.low)} and {day(found.high)})"
    return f"{where} passed from {before} to {after} {when}, with a chance of {chance(sure)} ({_dates_told(figures)})"


def _dates_told(figures: tuple[Figure, ...]) -> str:
    """Which day each of the voices gives: 6 voices say 27 March 2016, ASOR 24 March 2016."""
    if not figures:
        return "no voice tells of it"
    days: dict[str, list[str]] = {}
    for figure in sorted(figures, key=lambda f: (f.found.low or 0, f.name)):
        assert figure.found.low is not None
        assert figure.found.high is not None
        first, last = day(figure.found.low), day(figure.found.high)
        days.setdefault(first if first == last else f"{first} to {last}", []).append(figure.name)
    many = sorted(days.items(), key=lambda item: -len(item[1]))
    return listing(
        f"{names[0]} says {when}" if len(names) == 1 else f"{number(len(names))} voices say {when}"
        for when, names in many
    )


def _none_near() -> str:
    return (
        f"no independent report within {_NEAR_DAYS} days of it says so;"
        " a dated one from a source that takes no side would settle it"
    )


def _from(voices: int) -> str:
    if not voices:
        return f"no independent voice within {_NEAR_DAYS} days says so"
    return "by a single independent voice" if voices == 1 else f"by {number(voices)} independent voices"


def _day_of_row(view: View, row: int) -> int:
    return int(Sheet.of(view).numbers("date")[row])


def _calendar(when: Any) -> dt.date | None:
    return when if when is None or isinstance(when, dt.date) else day_of(when)
