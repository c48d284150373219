"""presence: in how many days, weeks or months of a period there was at least one such thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from zenobia.measures.answer import Answer, Figure
from zenobia.measures.bearing import NONE, Kinds
from zenobia.measures.frames import Cover, covers, is_heard, missing_list, rows_of
from zenobia.measures.periods import Every, Period, named_periods, periods, stabbed
from zenobia.measures.prepared import NOTHING, Needs, Prepared
from zenobia.measures.question import OF_KEYS, Of, Precision, Question, Variation
from zenobia.measures.selection import Selection, credible, select
from zenobia.measures.sheet import MAYBE, NO, NO_DAY, YES, Sheet
from zenobia.measures.unseen import unseen_words
from zenobia.measures.variations import bloc_variations, cut_offs, margins, precision_floor
from zenobia.measures.voices import bloc_of, by_voice
from zenobia.measures.wording import actor_name, between, kind_asked, listing, number, plural, source_name
from zenobia.measures.wording import ground as ground_words
from zenobia.terms import Bounds, NotMeasurable, day_number

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Presence"]

Rows = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


class Presence(Question):
    """How many of the days, weeks or months of a period hold at least one such report.

    Low counts the periods in which there surely was one: two independent voices tell of it, or a list
    that covers the period. High counts all of them but those that such a list leaves empty. Without a
    list no period is empty: nobody may have told of it.
    """

    measure: Literal["presence"] = "presence"
    of: Of
    every: Every = "month"
    as_: Literal["count", "share"] = Field("count", alias="as")
    precision: Precision | None = None

    shortcuts: ClassVar[Mapping[str, str]] = dict.fromkeys(OF_KEYS, "of")

    @model_validator(mode="after")
    def _bounded(self) -> Presence:
        if self.of.start is None or self.of.end is None:
            raise PydanticCustomError("period", "a period without both ends", {"wanted": "`from` and `to`"})
        return self

    @property
    def kinds(self) -> Kinds:
        """Reports of the types that are asked about."""
        return NONE.and_types(self.of.type)

    def needs(self, view: View) -> Needs:
        """Nothing."""
        return NOTHING

    def answer(self, view: View, prepared: Prepared) -> Answer:
        """The periods in which there was one, and those that a list shows empty."""
        told = _told(self, view)
        if not (len(told.selection.possible) or told.lists or len(told.selection.apart)):
            raise NotMeasurable(
                f"no report tells of {_what(self, view)}, which is not none in any {self.every};"
                f" {missing_list(view, self.of, 'incident')} would settle it"
            )
        return _answer(self, view, told)

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        kind = "share of the " if self.as_ == "share" else ""
        when = between(self.of.start, self.of.end)
        return f"{kind}{plural(self.every)} {when} with at least one report of {_what(self, view)}"

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs left out, exact places only, margins of a circle, cut-offs."""
        exact = () if self.of.anywhere else tuple(precision_floor(self.precision))
        return (*bloc_variations(view, self, self.sources), *exact, *margins(self.of, "of"), *cut_offs(self.of))


@dataclass(frozen=True)
class _Told:
    """What is told, by period.

    ``least`` is how many periods surely held one, ``heard`` how many by anybody's word. The flags have one a
    period: somebody surely tells of it; enough do, so that there surely was one; there may have been one.
    ``listed`` is whether some of it stands on a list.
    """

    selection: Selection
    periods: tuple[Period, ...]
    lists: tuple[Cover, ...]
    voices: Mapping[str, list[int]]
    least: int
    heard: int
    sure: Flags
    firm: Flags
    open_: Flags
    listed: bool

    @property
    def empty(self) -> tuple[Period, ...]:
        """The periods that a list shows empty."""
        return tuple(p for p, may in zip(self.periods, self.open_, strict=True) if not may)

    @property
    def alone(self) -> tuple[Period, ...]:
        """The periods of which one voice alone tells."""
        both = zip(self.periods, self.sure, self.firm, strict=True)
        return tuple(p for p, somebody, enough in both if somebody and not enough)

    @property
    def untold(self) -> tuple[Period, ...]:
        """The periods of which nobody surely tells, though no list shows them empty."""
        both = zip(self.periods, self.sure, self.open_, strict=True)
        return tuple(p for p, surely, may in both if may and not surely)


def _told(asked: Presence, view: View) -> _Told:
    assert asked.of.start is not None
    assert asked.of.end is not None
    selection = select(view, asked.of, sources=asked.sources, precision=asked.precision, apart=asked.apart)
    cut = periods(asked.of.start, asked.of.end, asked.every)
    lists = tuple(_lists(asked, view))
    sheet = selection.sheet
    dated = selection.sure[(sheet.numbers("date") != NO_DAY)[selection.sure] & credible(sheet)[selection.sure]]
    voices = by_voice(view, dated)
    each = [_filled(sheet, np.array(rows, dtype=np.intp), cut) for rows in voices.values()]
    listed = np.intersect1d(dated, _on_lists(asked, view, selection))
    enough = dated if asked.sources.only else listed
    both = np.flatnonzero(np.sum([np.zeros(len(cut)), *each], axis=0) > 1)
    stretches = [*((p, p) for p in both.tolist()), *_stretches(sheet, enough, cut)]
    firm = _filled(sheet, enough, cut)
    firm[both] = True
    return _Told(
        selection=selection,
        periods=cut,
        lists=lists,
        voices=voices,
        least=stabbed(stretches),
        heard=stabbed(_stretches(sheet, dated, cut)),
        sure=np.any([np.zeros(len(cut), dtype=bool), *each], axis=0),
        firm=firm,
        listed=len(listed) > 0,
        open_=_open(asked, view, selection, cut, lists),
    )


def _on_lists(asked: Presence, view: View, selection: Selection) -> Rows:
    """The rows of lists with a stated rule: one of any type and unit is enough to show that there was one."""
    words, codes = selection.sheet.coded("type")
    found = [np.array([], dtype=np.intp)]
    for unit, kind in product(sorted({frame.unit or "incident" for frame in view.frames}), asked.of.type):
        # That no list is whole by topic takes nothing from what stands on it.
        for cover in covers(view, asked.of.model_copy(update={"type": (kind,), "topic": ()}), unit):
            if is_heard(view, cover, asked.sources, asked.apart):
                rows = rows_of(view, selection, cover)
                found.append(rows[[words[code] == kind for code in codes[rows]]])
    return np.concatenate(found)


def _stretches(sheet: Sheet, rows: Rows, cut: tuple[Period, ...]) -> list[tuple[int, int]]:
    """The first and last period of each row."""
    first, last = _reached(sheet, rows, cut)
    return list(zip(first.tolist(), last.tolist(), strict=True))


def _filled(sheet: Sheet, rows: Rows, cut: tuple[Period, ...]) -> Flags:
    """The periods that some rows surely fill: those in which the whole of a row lies."""
    first, last = _reached(sheet, rows, cut)
    filled = np.zeros(len(cut), dtype=bool)
    filled[first[first == last]] = True
    return filled


def _lists(asked: Presence, view: View) -> Iterator[Cover]:
    """The lists that speak of what is asked, in whatever unit but deaths: one of none shows none, but for who died."""
    for unit in sorted({frame.unit or "incident" for frame in view.frames} - {"death"}):
        yield from (c for c in covers(view, asked.of, unit) if is_heard(view, c, asked.sources, asked.apart))


def _reached(sheet: Sheet, rows: Rows, cut: tuple[Period, ...]) -> tuple[Rows, Rows]:
    """The first and the last period that each dated row may lie in."""
    starts = np.array([p.start for p in cut])
    first = sheet.numbers("date")[rows].astype(np.int64)
    after = sheet.numbers("date_to")[rows].astype(np.int64)
    last = np.where(after == NO_DAY, first, after - 1)
    low, high = (np.searchsorted(starts, days, side="right") - 1 for days in (first, last))
    return np.clip(low, 0, len(cut) - 1), np.clip(high, 0, len(cut) - 1)


def _open(
    asked: Presence, view: View, selection: Selection, cut: tuple[Period, ...], lists: tuple[Cover, ...]
) -> Flags:
    """Whether each period may hold one: all do but those that a list covers and nobody tells of."""
    proven = np.zeros(len(cut), dtype=bool)
    doubtful: list[Rows] = [np.flatnonzero(selection.levels >= MAYBE)]
    for cover in lists:
        if cover.hides(asked.sources):
            continue  # what happened on ground that it cannot see is not on it
        gaps = [(day_number(start), day_number(end)) for start, end in cover.gaps]
        proven |= [not any(start < p.end and p.start < end for start, end in gaps) for p in cut]
        doubtful.append(rows_of(view, selection, cover))
    sheet, rows = selection.sheet, np.unique(np.concatenate(doubtful))
    if (sheet.numbers("date")[rows] == NO_DAY).any():
        return np.ones(len(cut), dtype=bool)
    told = np.zeros(len(cut), dtype=bool)
    for first, last in zip(*_reached(sheet, rows, cut), strict=True):
        told[first : last + 1] = True
    return ~proven | told


def _answer(asked: Presence, view: View, told: _Told) -> Answer:
    sheet = told.selection.sheet
    found = _bounds(asked, told.least, int(told.open_.sum()), len(told.periods))
    rows = sorted(row for mine in told.voices.values() for row in mine)
    return Answer(
        measure="presence",
        asked=asked.asked(),
        frame=listing(cover.name(view) for cover in told.lists) or None,
        found=found,
        judged=found,
        evidence=sheet.named(np.union1d(rows, told.selection.possible).astype(np.intp)),
        says=_says(asked, view, told),
        for_=sheet.named(rows),
        claimant_only=told.selection.claimant_only,
        left_out=told.selection.left_out,
        by_source=tuple(_figure(asked, view, told, voice, mine) for voice, mine in told.voices.items()),
        notes=tuple(_notes(asked, view, told)),
        voices=len(told.voices),
        settle=_settle(asked, view, told),
        known=view.known,
    )


def _bounds(asked: Presence, low: int, high: int | None, of: int) -> Bounds:
    by = of if asked.as_ == "share" else 1
    top = None if high is None else high / by
    unit = f"share of {plural(asked.every)}" if asked.as_ == "share" else asked.every
    best = low / by if low == high else None
    return Bounds(low=low / by, best=best, high=top, unit=unit, meaning="reported")


def _figure(asked: Presence, view: View, told: _Told, voice: str, rows: list[int]) -> Figure:
    least = stabbed(_stretches(told.selection.sheet, np.array(rows, dtype=np.intp), told.periods))
    return Figure(
        source=voice,
        name=source_name(view, voice),
        bloc=bloc_of(view, voice, rows),
        found=_bounds(asked, least, None, len(told.periods)),
        reports=told.selection.sheet.named(rows),
    )


def _settle(asked: Presence, view: View, told: _Told) -> str:
    empty = f"{missing_list(view, asked.of, 'incident')} would settle which were empty"
    if told.least == told.heard:
        return empty
    return f"a second voice on those of which one alone tells would raise it, and {empty}"


def _says(asked: Presence, view: View, told: _Told) -> str:
    what, when = _what(asked, view), between(asked.of.start, asked.of.end)
    each = f"of the {number(len(told.periods))} {plural(asked.every)} {when}"
    if not told.heard:
        head = f"nobody surely tells of {what} in any {each}"
    else:
        head = f"{what} are told of in {number(told.heard)} {each}{_by_whom(asked, view, told)}"
    return f"{head}{_empty_words(asked, view, told)}"


def _by_whom(asked: Presence, view: View, told: _Told) -> str:
    """By how many voices, and in how many periods that is enough."""
    voices = len(told.voices)
    if voices == 1:
        (voice,) = told.voices
        heard = f"by one independent voice, {source_name(view, voice)}"
    else:
        heard = f"by {number(voices)} independent voices"
    if asked.sources.only or told.least == told.heard:
        return f" ({heard})"
    enough = "two of them or by a list" if told.listed else "two of them"
    in_how_many = number(told.least) if told.least else "none"
    return f" ({heard}), and in {in_how_many} of these by {enough if voices > 1 else 'a second one'}"


def _empty_words(asked: Presence, view: View, told: _Told) -> str:
    names = listing(cover.name(view) for cover in told.lists if not cover.hides(asked.sources))
    shown = f", and {names} shows none in {named_periods(told.empty)}" if told.empty else ""
    return f"{shown}, and of {named_periods(told.untold)} nobody surely tells" if told.untold else shown


def _notes(asked: Presence, view: View, told: _Told) -> Iterator[str]:
    if told.alone:
        yield f"told of by one voice alone, so in the high and not in the low: {named_periods(told.alone)}"
    if told.untold:
        yield f"told of by nobody, which is not the same as empty: {named_periods(told.untold)}"
    if told.empty:
        yield f"empty by a list that covers them: {named_periods(told.empty)}"
    if not told.lists:
        yield f"no list covers it, so no {asked.every} can be shown empty"
    so = f"it shows no {asked.every} empty"
    yield from (unseen_words(view, c.name(view), c.misses, so) for c in told.lists if c.hides(asked.sources))
    yield from (f"{cover.name(view)}: {rule}" for cover in told.lists for rule in cover.rules)
    yield from _unclear(told)


def _unclear(told: _Told) -> Iterator[str]:
    sheet, sure = told.selection.sheet, told.selection.levels == YES
    rows = np.flatnonzero(sure & (sheet.numbers("date") != NO_DAY))
    first, last = _reached(sheet, rows, told.periods)
    wide = int((first != last).sum())
    if wide:
        yield f"{wide} {'report covers' if wide == 1 else 'reports cover'} more than one period, and fills one of them"
    unclear = int((told.selection.levels < NO).sum())
    if unclear:
        yield f"{unclear} more cannot be placed or dated"


def _what(asked: Presence, view: View) -> str:
    by = _by(view, asked.of.actor, " by ")
    at = _by(view, asked.of.target, " against ")
    return f"{kind_asked(asked.of)}{by}{at}{ground_words(view, asked.of)}"


def _by(view: View, actors: Iterable[str], word: str) -> str:
    names = listing((actor_name(view, actor) for actor in actors), "or")
    return f"{word}{names}" if names else ""
