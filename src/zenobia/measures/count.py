"""count: how many, by every source that counts, in one unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from zenobia.measures.answer import Answer, Figure
from zenobia.measures.bearing import NONE, Kinds
from zenobia.measures.counting import counts, floor_of, in_unit
from zenobia.measures.frames import Cover, covers, is_heard, missing_list, rows_of, totals, unclear_rows
from zenobia.measures.ground import city_of
from zenobia.measures.prepared import NOTHING, Needs, Prepared
from zenobia.measures.question import OF_KEYS, Of, Precision, Question, Variation
from zenobia.measures.selection import Selection, select
from zenobia.measures.sheet import MAYBE, YES, Sheet
from zenobia.measures.unseen import deciding, unseen_words
from zenobia.measures.variations import bloc_variations, margins, precision_floor
from zenobia.measures.voices import bloc_of, by_voice
from zenobia.measures.wording import actor_name, between, figure, kind_asked, listing, number, plural, source_name
from zenobia.measures.wording import ground as ground_words
from zenobia.terms import Bounds, NotMeasurable
from zenobia.terms.vocabulary import Unit

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Count"]

Rows = npt.NDArray[np.intp]

_DOUBTFUL = "may be another's, or lie partly outside what is asked: in the high, never in the low"


class Count(Question):
    """How many of something there were, in one unit.

    A list that covers the question counts exactly what is on it, zero included. Without one, each
    voice's reports add up to a floor ("at least"), and a floor counts once two independent voices
    reach it. A question that names whose count it wants (``sources: {only: [...]}``) takes that word.
    """

    measure: Literal["count"] = "count"
    of: Of
    unit: Unit = "incident"
    precision: Precision | None = None

    shortcuts: ClassVar[Mapping[str, str]] = dict.fromkeys(OF_KEYS, "of")

    @property
    def kinds(self) -> Kinds:
        """Reports of the types that are asked about."""
        return NONE.and_types(self.of.type)

    def needs(self, view: View) -> Needs:
        """Nothing."""
        return NOTHING

    def answer(self, view: View, prepared: Prepared) -> Answer:
        """Every list's exact count, and every other voice's floor."""
        told = _told(self, view)
        if not (told.listed or told.voiced or len(told.doubtful) or told.claimant):
            raise NotMeasurable(
                f"no report counts {plural(self.unit)} in {_what(self, view)}, which is not a count of none;"
                f" {missing_list(view, self.of, self.unit)} would settle it"
            )
        return _answer(self, view, told)

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        when = f" {between(self.of.start, self.of.end)}" if self.of.start or self.of.end else ""
        names = [source_name(view, s) for s in self.sources.only]
        counted = f" by {listing(names)}" if names else ""
        return f"{plural(self.unit)} counted{counted} in {_what(self, view)}{when}"

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs left out, exact places only, margins of a circle. Another unit would be another question."""
        exact = () if self.of.anywhere else tuple(precision_floor(self.precision))
        return (*bloc_variations(view, self, self.sources), *exact, *margins(self.of, "of"))


@dataclass(frozen=True)
class _Told:
    """Everything that is counted: by lists, by other voices, only perhaps, and by the claimant.

    ``deciding`` are those of the lists that carry the answer: one that sees all leaves out those that do not.
    """

    selection: Selection
    covers: tuple[Cover, ...]
    listed: tuple[Figure, ...]
    deciding: tuple[Figure, ...]
    voiced: tuple[Figure, ...]
    doubtful: Rows
    claimant: tuple[str, ...]


def _told(asked: Count, view: View) -> _Told:
    selection = select(view, asked.of, sources=asked.sources, precision=asked.precision, apart=asked.apart)
    lists = tuple(
        c for c in covers(view, asked.of, asked.unit) if c.whole and is_heard(view, c, asked.sources, asked.apart)
    )
    listed = tuple(_on_list(asked, view, selection, cover) for cover in lists)
    return _Told(
        selection=selection,
        covers=lists,
        listed=listed,
        deciding=deciding((f, f.found, not c.hides(asked.sources)) for c, f in zip(lists, listed, strict=True)),
        voiced=tuple(_voiced(asked, view, selection, lists)),
        doubtful=_counting(asked, selection, np.flatnonzero(selection.levels == MAYBE)),
        claimant=selection.sheet.named(_counting(asked, selection, selection.apart)),
    )


def _on_list(asked: Count, view: View, selection: Selection, cover: Cover) -> Figure:
    """What a list that covers the question comes to: exact for that list, zero included.

    A list that cannot see some holder's ground is a floor: the missing ones are as many as they are.
    """
    rows = rows_of(view, selection, cover)
    sure = selection.levels[rows] == YES
    counted = counts(selection.sheet, rows, asked.unit)
    low = float(counted.low[sure].sum())
    high = None if cover.hides(asked.sources) or np.isnan(counted.high).any() else float(counted.high.sum())
    best = None if cover.hides(asked.sources) or np.isnan(counted.best[sure]).any() else float(counted.best[sure].sum())
    found = Bounds(low=low, best=best, high=high, unit=asked.unit, meaning="reported")
    return _figure(view, cover.source, found, selection.sheet.named(rows), cover.name(view))


def _unclear(listed: tuple[Figure, ...], selection: Selection) -> Iterator[str]:
    """What each list holds of which nobody can tell whether it is what is asked: it opens the high."""
    row_of = selection.sheet.row_of
    for one in listed:
        levels = [int(selection.levels[row_of[report]]) for report in one.reports]
        yield from (f"{one.frame} {unclear}" for unclear in unclear_rows(levels))


def _voiced(asked: Count, view: View, selection: Selection, lists: tuple[Cover, ...]) -> Iterator[Figure]:
    """What each voice adds up to outside the lists."""
    whole = {total.row: total for total in totals(view, asked.of, asked.unit, asked, divided=False) if total.whole}
    on_lists = [rows_of(view, selection, cover) for cover in lists]
    rows = np.setdiff1d(
        _counting(asked, selection, selection.sure), np.concatenate([*on_lists, np.array([], dtype=int)])
    )
    for voice, mine in by_voice(view, rows).items():
        exact = [row for row in mine if row in whole]
        found = _exact(asked, selection, exact) if exact else _floor(asked, view, selection, mine)
        frame = whole[exact[0]].name(view) if exact else None
        yield _figure(view, voice, found, selection.sheet.named(mine), frame)


def _counting(asked: Count, selection: Selection, rows: Rows) -> Rows:
    """Rows in the unit that is asked; parts of totals are in their totals."""
    whole = selection.sheet.coded("part_of")[1][rows] < 0
    return rows[whole & in_unit(selection.sheet, rows, asked.unit)]


def _floor(asked: Count, view: View, selection: Selection, rows: list[int]) -> Bounds:
    chosen = np.array(rows, dtype=np.intp)
    low = floor_of(selection.sheet, chosen, counts(selection.sheet, chosen, asked.unit).low, city_of(view))
    return Bounds(low=low, best=None, high=None, unit=asked.unit, meaning="reported")


def _exact(asked: Count, selection: Selection, rows: list[int]) -> Bounds:
    """A total published for just what is asked; where one voice gave several, their range."""
    counted = counts(selection.sheet, np.array(rows, dtype=np.intp), asked.unit)
    low, high = float(counted.low.min()), None if np.isnan(counted.high).any() else float(counted.high.max())
    best = float(counted.best[0]) if len(rows) == 1 and not np.isnan(counted.best[0]) else None
    return Bounds(low=low, best=best, high=high, unit=asked.unit, meaning="reported")


def _figure(view: View, voice: str, found: Bounds, reports: tuple[str, ...], frame: str | None) -> Figure:
    return Figure(
        source=voice,
        name=source_name(view, voice),
        bloc=bloc_of(view, voice, map(Sheet.of(view).row_of.__getitem__, reports)),
        found=found,
        reports=reports,
        frame=frame,
    )


def _answer(asked: Count, view: View, told: _Told) -> Answer:
    figures = (*told.listed, *told.voiced)
    sheet = told.selection.sheet
    counted = {report for one in told.listed for report in one.reports}
    return Answer(
        measure="count",
        asked=asked.asked(),
        frame=listing(f.frame for f in figures if f.frame) or None,
        found=_range((*told.deciding, *told.voiced), asked.unit) if figures else _at_least_none(asked, told),
        judged=_judged(asked, told),
        evidence=tuple(sorted({*(r for f in figures for r in f.reports), *sheet.named(told.doubtful)})),
        says=_says(asked, view, told),
        claimant_only=told.claimant,
        left_out=(*(one for one in told.selection.left_out if one[0] not in counted), *_not_counted(asked, told)),
        by_source=figures,
        notes=(
            *(f"{cover.name(view)}: {rule}" for cover in told.covers for rule in cover.rules),
            *_unclear(told.listed, told.selection),
        ),
        voices=len(figures),
        short=_short(asked, told),
        settle=_settle(asked, view),
        known=view.known,
    )


def _judged(asked: Count, told: _Told) -> Bounds:
    """What lists come to; without one, what two independent voices reach."""
    nth = 0 if asked.sources.only else min(1, len(told.voiced) - 1)
    lows = sorted((f.found.low or 0.0 for f in told.voiced), reverse=True)
    if told.listed:
        listed = _range(told.deciding, asked.unit)
        passed = len(lows) > 1 and listed.high is not None and lows[1] > listed.high
        # Two voices outside a list that reach more than it holds: the list is no ceiling then.
        return replace(listed, best=None, high=None) if passed else listed
    if not told.voiced:
        return _at_least_none(asked, told)
    low = lows[nth]
    highs = sorted(f.found.high for f in told.voiced if f.found.high is not None)
    high = highs[nth] if len(highs) > nth else None
    if high is not None and high < low:
        low, high = high, low  # they contradict each other: whatever lies between stays open
    return Bounds(low=low, best=low if low == high else None, high=high, unit=asked.unit, meaning="reported")


def _at_least_none(asked: Count, told: _Told) -> Bounds:
    """Nothing is surely counted: nothing is known, or no more than that there may be some."""
    return Bounds(low=0.0 if len(told.doubtful) else None, best=None, high=None, unit=asked.unit, meaning="reported")


def _range(figures: tuple[Figure, ...], unit: str) -> Bounds:
    """From the lowest to the highest figure; open above as soon as one of them is."""
    lows = [f.found.low for f in figures]
    highs = [f.found.high for f in figures]
    return Bounds(
        low=None if None in lows else min(x for x in lows if x is not None),
        best=figures[0].found.best if len(figures) == 1 else None,
        high=None if None in highs else max(x for x in highs if x is not None),
        unit=unit,
        meaning="reported",
    )


def _short(asked: Count, told: _Told) -> str | None:
    if told.listed or len(told.voiced) != 1 or asked.sources.only:
        return None
    return f"only one independent voice, {told.voiced[0].name}, counted; a second count of the same would settle it"


def _settle(asked: Count, view: View) -> str:
    if asked.sources.only:
        names = listing((source_name(view, source) for source in asked.sources.only), "or")
        return f"a document of {names} with its own figure would settle it"
    return f"{missing_list(view, asked.of, asked.unit)} would settle it"


def _not_counted(asked: Count, told: _Told) -> Iterator[tuple[str, str]]:
    sheet, sure = told.selection.sheet, told.selection.sure
    for row in sure[~in_unit(sheet, sure, asked.unit)]:
        unit = sheet.word("unit", int(row)) or "incident"
        yield str(sheet.ids[row]), f"counts in {plural(unit)}, not in {plural(asked.unit)}; units are never added"
    if not told.listed:
        for row in told.doubtful:
            yield str(sheet.ids[row]), _DOUBTFUL


def _says(asked: Count, view: View, told: _Told) -> str:
    what = _what(asked, view)
    if told.listed:
        unclear = listing(_unclear(told.listed, told.selection))
        held = listing(f"{f.frame} holds {figure(f.found)}" for f in told.listed)
        return f"of {what}, {held}{f' ({unclear})' if unclear else ''}{_unseen(asked, view, told)}"
    if told.voiced:
        voices = listing(f"{f.name} counts {figure(f.found)}" for f in told.voiced)
        low = _judged(asked, told).low
        several = len(told.voiced) > 1 and not asked.sources.only
        return f"of {what}, {voices}{f', and two independent voices reach {number(low or 0)}' if several else ''}"
    if len(told.doubtful):
        names = listing(source_name(view, voice) for voice in by_voice(view, told.doubtful))
        unsure = f"what {names} counts may be others' or lie partly outside"
        return f"nobody surely counts {plural(asked.unit)} in {what}; {unsure}"
    return f"nobody but the claimant counts {plural(asked.unit)} in {what}"


def _unseen(asked: Count, view: View, told: _Told) -> str:
    """What the lists cannot see, and what follows: more, or that one which sees it decides."""
    return "".join(
        f"; {unseen_words(view, c.name(view), c.misses, so)}"
        for c, f in zip(told.covers, told.listed, strict=True)
        if c.hides(asked.sources)
        for so in ("there may be more" if f in told.deciding else "a list that sees that ground too decides",)
    )


def _what(asked: Count, view: View) -> str:
    by = f" by {listing((actor_name(view, a) for a in asked.of.actor), 'or')}" if asked.of.actor else ""
    return f"{kind_asked(asked.of)}{by}{ground_words(view, asked.of)}"
