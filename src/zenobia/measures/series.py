"""Series of figures: those that one source published, and what a list counts month by month."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.measures.answer import Answer, Figure
from zenobia.measures.counting import Counts, counts, in_unit
from zenobia.measures.frames import Cover, covers, is_heard, missing_list, rows_of
from zenobia.measures.periods import Period, periods
from zenobia.measures.selection import Selection, select
from zenobia.measures.sheet import NO, NO_DAY, YES
from zenobia.measures.unseen import unseen_words
from zenobia.measures.voices import bloc_of, by_voice
from zenobia.measures.wording import day, listing, number, plural, source_name
from zenobia.terms import Bounds, NotMeasurable, day_number, day_of

if TYPE_CHECKING:
    from zenobia.measures.peak import Peak, Series
    from zenobia.record import View

__all__ = ["from_lists", "reported"]

Floats = npt.NDArray[np.float64]


class _Points(NamedTuple):
    """One voice's figures in the order of their days."""

    voice: str
    rows: list[int]
    day: list[int]
    last: list[int]
    low: list[float]
    high: list[float]


def reported(asked: Peak, view: View, of: Series, what: str) -> Answer:
    """Whether each voice's own series was largest before the day: 1 or 0, or between where it cannot be told.

    A series is one source's: figures of two sources are two series and are never put into one.

    Raises:
        NotMeasurable: no voice has a figure on both sides of the day.
    """
    selection = select(view, of, sources=asked.sources, apart=asked.apart)
    each = [p for p in _points(view, selection, of.unit) if _spans(p, day_number(asked.before))]
    own = selection.claimant_only
    if not each and not own:
        raise NotMeasurable(
            f"no source has dated figures of {what} both before {day(asked.before)} and after;"
            " a series of one source would settle it"
        )
    figures = tuple(_figure(view, selection, p, _order(p, day_number(asked.before))) for p in each)
    found = _together([f.found for f in figures])
    return Answer(
        measure="peak",
        asked=asked.asked(),
        frame=None,
        found=found,
        judged=found,
        evidence=tuple(sorted({r for f in figures for r in f.reports})),
        says=_told_words(view, asked, what, each) if each else f"nobody but the claimant has a series of {what}",
        claimant_only=own,
        left_out=selection.left_out,
        by_source=figures,
        notes=tuple(note for p in each for note in _gaps(view, p)),
        voices=len(figures),
        short=_short(asked, figures),
        settle="a second source's own series would settle it",
        known=view.known,
    )


def from_lists(asked: Peak, view: View, of: Series, what: str) -> Answer:
    """Whether the months of every list that covers the whole period were largest before the day.

    Raises:
        NotMeasurable: no list covers it, and without one a month that nobody told of is not a quiet one.
    """
    selection = select(view, of, sources=asked.sources, apart=asked.apart)
    # The whole period that is asked about: two days after the turn cannot show that nothing larger came.
    asked_for = of.model_copy(update={"end": asked.series.end or asked.end}) if asked.series else of
    lists = [c for c in covers(view, asked_for, of.unit) if c.whole and is_heard(view, c, asked.sources, asked.apart)]
    if not lists:
        raise NotMeasurable(
            "no list covers what is asked, and a month that nobody told of is not a quiet one;"
            f" {missing_list(view, asked_for, of.unit)} would settle it"
        )
    # What a list cannot see may have been largest in any month; one that sees all of it decides.
    lists = [c for c in lists if not c.hides(asked.sources)] or lists
    figures = tuple(_from_list(asked, view, of, selection, cover) for cover in lists)
    found = _together([figure.found for figure in figures])
    names = listing(cover.name(view) for cover in lists)
    told = "may or may not have been" if found.best is None else "was" if found.best else "was not"
    return Answer(
        measure="peak",
        asked=asked.asked(),
        frame=names,
        found=found,
        judged=found,
        evidence=tuple(sorted({r for f in figures for r in f.reports})),
        says=f"by {names}, {what} {told} largest before {day(asked.before)}{_unseen(asked, view, lists)}",
        claimant_only=selection.claimant_only,
        by_source=figures,
        notes=tuple(f"{cover.name(view)}: {rule}" for cover in lists for rule in cover.rules),
        voices=len(figures),
        settle="another list of the same, or dates to the day, would narrow it",
        known=view.known,
    )


def _unseen(asked: Peak, view: View, lists: Iterable[Cover]) -> str:
    """Which of the lists cannot see some ground: what happened there may have been largest in any month."""
    so = "its months say nothing of those"
    return "".join(f"; {unseen_words(view, c.name(view), c.misses, so)}" for c in lists if c.hides(asked.sources))


def _points(view: View, selection: Selection, unit: str) -> Iterator[_Points]:
    sheet = selection.sheet
    on, after = sheet.numbers("date"), sheet.numbers("date_to")
    rows = selection.sure[in_unit(sheet, selection.sure, unit) & (on[selection.sure] != NO_DAY)]
    rows = rows[sheet.coded("part_of")[1][rows] < 0]
    for voice, mine in by_voice(view, rows).items():
        told = counts(sheet, np.array(mine), unit)
        stated = ~np.isnan(told.best) | (told.low != 1.0)
        order = [k for k in np.argsort(on[mine], kind="stable").tolist() if stated[k]]
        high = np.where(np.isnan(told.high), np.inf, told.high)
        yield _Points(
            voice,
            [mine[k] for k in order],
            [int(on[mine[k]]) for k in order],
            [max(int(on[mine[k]]), int(after[mine[k]]) - 1) for k in order],
            [float(told.low[k]) for k in order],
            [float(high[k]) for k in order],
        )


def _spans(points: _Points, turn: int) -> bool:
    return bool(points.day) and points.day[0] < turn <= points.day[-1]


def _order(points: _Points, turn: int) -> Bounds:
    """1 where the largest surely came before, 0 where it surely came after, open between.

    A figure for a stretch in which the day falls may belong to either side of it.
    """
    each = range(len(points.day))
    before, later = ([k for k in each if (points.last[k] < turn) == early] for early in (True, False))
    early, after = ([k for k in each if (points.day[k] < turn) == first] for first in (True, False))
    sure = bool(before) and max(points.low[k] for k in before) > max(points.high[k] for k in later)
    may = max(points.high[k] for k in early) >= max(points.low[k] for k in after)
    return _chance(sure, may)


def _chance(low: bool, high: bool) -> Bounds:
    best = float(low) if low == high else None
    return Bounds(low=float(low), best=best, high=float(high), unit="chance", meaning="reported")


def _together(each: list[Bounds]) -> Bounds:
    if not each:
        return Bounds(low=None, best=None, high=None, unit="chance", meaning="reported")
    return _chance(all(b.low == 1 for b in each), any(b.high == 1 for b in each))


def _figure(view: View, selection: Selection, points: _Points, found: Bounds) -> Figure:
    return Figure(
        source=points.voice,
        name=source_name(view, points.voice),
        bloc=bloc_of(view, points.voice, points.rows),
        found=found,
        reports=selection.sheet.named(points.rows),
    )


def _told_words(view: View, asked: Peak, what: str, each: list[_Points]) -> str:
    return listing(
        f"by the figures of {source_name(view, p.voice)}, {what} was largest on {day(day_of(p.day[top]))}"
        f" ({number(p.low[top])}; {number(p.low[-1])} on {day(day_of(p.day[-1]))}, of {len(p.day)} dated figures)"
        for p in each
        for top in [max(range(len(p.day)), key=lambda k: p.low[k])]
    )


def _gaps(view: View, points: _Points) -> Iterator[str]:
    """How long the series says nothing: a peak may lie where nobody looked."""
    length, start, end = max((b - a, a, b) for a, b in itertools.pairwise(points.day))
    yield (
        f"{source_name(view, points.voice)} has {number(len(points.day))} dated figures and none for"
        f" {number(length)} days between {day(day_of(start))} and {day(day_of(end))}"
    )


def _short(asked: Peak, figures: tuple[Figure, ...]) -> str | None:
    if len(figures) != 1 or asked.sources.only:
        return None
    return f"only one independent voice, {figures[0].name}, has such a series; a second one would settle it"


def _from_list(asked: Peak, view: View, of: Series, selection: Selection, cover: Cover) -> Figure:
    """The months of one list; a month that the day falls in is early in the high and late in the low."""
    sheet = selection.sheet
    rows = rows_of(view, selection, cover)
    counted = counts(sheet, rows, of.unit)
    assert of.start is not None
    assert of.end is not None
    months = periods(of.start, of.end, "month")
    least, most = _by_month(rows, counted, selection, months)
    turn = day_number(asked.before)
    if cover.hides(asked.sources):
        most = np.full_like(most, np.inf)
    early, late = np.array([p.end <= turn for p in months]), np.array([p.start >= turn for p in months])
    sure = bool(early.any() and _top(least[early]) > _top(most[~early]))
    may = bool(_top(most[~late]) >= _top(least[late]))
    return Figure(
        source=cover.source,
        name=source_name(view, cover.source),
        bloc=bloc_of(view, cover.source),
        found=_chance(sure, may),
        reports=sheet.named(rows),
        frame=f"{cover.name(view)}, in {plural(of.unit)}",
    )


def _by_month(
    rows: npt.NDArray[np.intp], counted: Counts, selection: Selection, months: tuple[Period, ...]
) -> tuple[Floats, Floats]:
    """The least and the most that a list counts in each month."""
    on, after = (selection.sheet.numbers(name)[rows] for name in ("date", "date_to"))
    after = np.where(after == NO_DAY, on + 1, after)
    level = selection.levels[rows]
    least, most = np.zeros(len(months)), np.zeros(len(months))
    for nth, month in enumerate(months):
        inside = (on >= month.start) & (after <= month.end) & (level == YES)
        # What has no day, or cannot be placed, may lie in any month.
        may = ((on < month.end) & (after > month.start)) | ((on == NO_DAY) & (level < NO))
        least[nth] = counted.low[inside].sum()
        most[nth] = np.where(np.isnan(counted.high[may]), np.inf, counted.high[may]).sum()
    return least, most


def _top(values: Floats) -> float:
    return float(values.max()) if len(values) else -np.inf
