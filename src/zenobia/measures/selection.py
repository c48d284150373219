"""Which reports a question is about: surely, possibly, and which ones miss it by one thing only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zenobia.measures.belonging import belonging
from zenobia.measures.ground import ground_levels
from zenobia.measures.question import Apart, Of, Precision, SourcesRule
from zenobia.measures.sheet import MAYBE, NO, NO_DAY, UNDATED, WHY, YES, Levels, Sheet, lowest
from zenobia.measures.voices import stands_with
from zenobia.terms import InputError, day_number, did_you_mean
from zenobia.terms.vocabulary import WHERE_PRECISIONS

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Selection", "check_names", "check_sources", "credible", "heard", "period_levels", "select", "set_apart"]


# Admiralty credibility: 4 is doubtful, 5 improbable. 6, that it cannot be judged, is no doubt.
_DOUBTED = (4, 5)


@dataclass(frozen=True)
class Selection:
    """Rows of the view's reports.

    Attributes:
        levels: YES where a report surely matches, MAYBE where it may, lower where it does not.
        apart: rows that would match but are the claimant's own word.
        left_out: ids that match in everything but one thing, with what that is.
    """

    sheet: Sheet
    levels: Levels
    apart: npt.NDArray[np.intp]
    left_out: tuple[tuple[str, str], ...]

    @property
    def sure(self) -> npt.NDArray[np.intp]:
        """Rows that surely match."""
        return np.flatnonzero(self.levels == YES)

    @property
    def possible(self) -> npt.NDArray[np.intp]:
        """Rows that match surely or possibly."""
        return np.flatnonzero(self.levels >= MAYBE)

    @property
    def claimant_only(self) -> tuple[str, ...]:
        """The claimant's own reports that would match."""
        return self.sheet.named(self.apart)


def select(
    view: View,
    of: Of,
    *,
    sources: SourcesRule | None = None,
    precision: Precision | None = None,
    apart: Apart | None = None,
    period: bool = True,
) -> Selection:
    """The reports that a question asks about.

    Args:
        period: whether ``from`` and ``to`` narrow; a published total is compared with them apart.
    """
    sheet = Sheet.of(view)
    check_names(view, of)
    if sources is not None:
        check_sources(view, sources)
    levels = lowest(len(sheet), _filters(view, sheet, of, sources, precision, period))
    mine = set_apart(view, apart)
    rows = np.flatnonzero(mine & (levels >= MAYBE))
    levels = np.where(mine, np.int8(NO), levels)
    return Selection(sheet, levels, rows, tuple(_left_out(sheet, levels)))


def set_apart(view: View, apart: Apart | None) -> npt.NDArray[np.bool_]:
    """Whether each report is the claimant's own word: by source, by origin, or by the claim's document."""
    sheet = Sheet.of(view)
    if apart is None or not (apart.sources or apart.documents):
        return np.zeros(len(sheet), dtype=bool)

    def levels() -> Levels:
        own = [sheet.by_word(c, lambda w: YES if w in apart.sources else NO) for c in ("source", "origin")]
        own.append(sheet.by_word("document", lambda w: YES if w in apart.documents else NO))
        return np.asarray(np.maximum.reduce(own), dtype=np.int8)

    return np.asarray(sheet.kept(("apart", apart), levels) == YES, dtype=np.bool_)


def heard(view: View, rule: SourcesRule) -> Levels:
    """Whose word is heard, by the rule on sources.

    ``only`` and ``stands_with`` hear those whose word a report is: its origin or, without one, its source.
    ``without`` and ``stands_with_not`` leave out a report with its source and with its origin. The view is
    narrowed by the same rule (`zenobia.record.View.narrowed`).
    """
    sheet = Sheet.of(view)

    def judging(wanted: tuple[str, ...], stands: bool) -> Callable[[str], int]:
        return lambda word: YES if (stands_with(view, word, wanted) if stands else word in wanted) else NO

    def by_voice(wanted: tuple[str, ...], stands: bool) -> Levels:
        judge = judging(wanted, stands)
        return np.where(sheet.coded("origin")[1] >= 0, sheet.by_word("origin", judge), sheet.by_word("source", judge))

    def either(wanted: tuple[str, ...], stands: bool) -> Levels:
        judge = judging(wanted, stands)
        return np.maximum(sheet.by_word("source", judge), sheet.by_word("origin", judge))

    def levels() -> Levels:
        keep = np.full(len(sheet), YES, dtype=np.int8)
        for heard_only, stands in ((rule.stands_with, True), (rule.only, False)):
            if heard_only:
                keep = np.minimum(keep, by_voice(heard_only, stands))
        for wanted, stands in ((rule.stands_with_not, True), (rule.without, False)):
            if wanted:
                keep = np.minimum(keep, YES - either(wanted, stands))
        return keep

    return sheet.kept(("sources", rule), levels)


def credible(sheet: Sheet) -> npt.NDArray[np.bool_]:
    """Which reports are not said to be doubtful or improbable."""
    return ~np.isin(np.asarray(sheet.numbers("credibility"), dtype=float), _DOUBTED)


def period_levels(sheet: Sheet, start: dt.date | None, end: dt.date | None) -> Levels:
    """YES inside the closed-open period, MAYBE where a report covers part of it and part of what lies outside."""
    return sheet.kept(("period", start, end), lambda: _period(sheet, start, end))


def check_names(view: View, of: Of) -> None:
    """Refuse an actor or a place that the record does not hold, with the nearest that it does."""
    _each_known("actor", (*of.actor, *of.target, *of.holder), view.actors)
    _each_known("place", (*of.place, *((of.within_km.of,) if of.within_km else ())), view.places)


def check_sources(view: View, rule: SourcesRule) -> None:
    """Refuse a source or a side that the record does not hold; a rule on nobody would be kept in silence."""
    origins = (word for word in Sheet.of(view).coded("origin")[0] if word)
    _each_known("source", (*rule.only, *rule.without), {*view.sources, *origins})
    _each_known("actor", (*rule.stands_with, *rule.stands_with_not), view.actors)


def _each_known(kind: str, asked: tuple[str, ...], held: Collection[str]) -> None:
    for name in asked:
        if name not in held:
            raise InputError(
                f"no {kind} {name!r} in this record",
                value=name,
                expected=f"the id of {'an' if kind == 'actor' else 'a'} {kind}",
                fix=did_you_mean(name, held),
            )


def _filters(
    view: View,
    sheet: Sheet,
    of: Of,
    sources: SourcesRule | None,
    precision: Precision | None,
    period: bool,
) -> Iterator[Levels]:
    for column, wanted in (("type", of.type), ("status", of.status)):
        if wanted:
            yield sheet.kept((column, wanted), partial(_named, sheet, column, wanted))
    for column, actors in (("actor", of.actor), ("target", of.target), ("holder", of.holder)):
        if actors:
            yield sheet.kept((column, actors), partial(belonging, view, sheet, column, actors))
    if of.topic:
        yield sheet.kept(("topic", of.topic), partial(_about, sheet, of.topic))
    if period and (of.start or of.end):
        yield period_levels(sheet, of.start, of.end)
    if not of.anywhere:
        yield ground_levels(view, sheet, of.ground)
    if precision:
        yield sheet.kept(("precision", precision), lambda: _precise(sheet, precision))
    if sources is not None:
        yield heard(view, sources)


def _named(sheet: Sheet, column: str, wanted: tuple[str, ...]) -> Levels:
    return sheet.by_word(column, lambda word: YES if word in wanted else NO)


def _about(sheet: Sheet, wanted: tuple[str, ...]) -> Levels:
    """One that is about several things is about each of them."""
    return sheet.by_word("topic", lambda word: YES if not set(wanted).isdisjoint(word.split("|")) else NO)


def _period(sheet: Sheet, start: dt.date | None, end: dt.date | None) -> Levels:
    first, after = sheet.numbers("date"), sheet.numbers("date_to")
    after = np.where(after == NO_DAY, first + 1, after)
    low = -(2**31) + 1 if start is None else day_number(start)
    high = 2**31 - 1 if end is None else day_number(end)
    inside = (first >= low) & (after <= high)
    apart = (after <= low) | (first >= high)
    levels = np.where(inside, YES, np.where(apart, NO, MAYBE)).astype(np.int8)
    # Nobody tells of what is still to come: what was published before the period lies outside it.
    told_later = sheet.numbers("published") >= low
    levels[first == NO_DAY] = np.where(told_later[first == NO_DAY], UNDATED, NO)
    return levels


def _precise(sheet: Sheet, floor: Precision) -> Levels:
    rank = WHERE_PRECISIONS.index(floor)
    # A report that names a place and says nothing of precision means the place itself.
    return sheet.by_word("where_precision", lambda w: YES if WHERE_PRECISIONS.index(w) <= rank else NO, missing=YES)


def _left_out(sheet: Sheet, levels: Levels) -> Iterator[tuple[str, str]]:
    for row in np.flatnonzero(levels < NO):
        yield str(sheet.ids[row]), WHY[int(levels[row])]
