"""Frames: the lists that can carry a share, a zero, a rank or an "only".

A frame is what a source's list claims to cover (`coverage.csv`), or a published total with the
period and ground it was published for. Reports coded by hand are no frame: they show "at least".
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zenobia.measures.counting import in_unit, told_as_deaths
from zenobia.measures.ground import covers_case, ground_covers
from zenobia.measures.question import Apart, Ground, Of, SourcesRule
from zenobia.measures.selection import Selection, period_levels, select
from zenobia.measures.sheet import COARSE, NO, NO_DAY, WHY, YES, Sheet
from zenobia.measures.unseen import hidden_changes, missed_by
from zenobia.measures.voices import only_heard, stands_among, unheard
from zenobia.measures.wording import kind_asked, listing, plural, source_name, span
from zenobia.terms import Frame, day_of
from zenobia.terms.vocabulary import ReportType

if TYPE_CHECKING:
    from zenobia.measures.question import Question
    from zenobia.record import View

__all__ = [
    "Cover",
    "Total",
    "covers",
    "is_heard",
    "lists_of_changes",
    "missing_changes",
    "missing_list",
    "rows_of",
    "totals",
    "unclear_rows",
    "units_with_a_frame",
]

Day = dt.date | None
_FIRST, _LAST = dt.date.min, dt.date.max


@dataclass(frozen=True)
class Cover:
    """One source's list, as far as it covers what is asked.

    ``gaps`` are the stretches of the asked period that it does not cover (closed-open); ``misses`` the
    holders on whose ground it cannot see: there it is a floor.
    """

    source: str
    unit: str
    rules: tuple[str, ...]
    gaps: tuple[tuple[dt.date, dt.date], ...]
    misses: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it covers the whole period."""
        return not self.gaps

    def hides(self, rule: SourcesRule) -> tuple[str, ...]:
        """The holders on whose ground the list misses what is asked; none where it alone is asked for its word."""
        return () if rule.only == (self.source,) else self.misses

    def name(self, view: View) -> str:
        """What the list is called in a sentence."""
        name = source_name(view, self.source)
        return f"the {name}" if "list" in name.casefold() else f"the list of {name}"

    def missing(self) -> str:
        """What of the period it does not cover, in words."""
        return listing(span(_open(start), _open(end)) for start, end in self.gaps)


@dataclass(frozen=True)
class Total:
    """A published total: its own frame, over its own ground and days.

    ``row`` is the total's report, ``parts`` the reports that divide it.
    """

    row: int
    parts: tuple[int, ...]
    start: Day
    end: Day
    gaps: tuple[tuple[dt.date, dt.date], ...]
    source: str

    @property
    def whole(self) -> bool:
        """Whether it was published for the whole period that is asked about."""
        return not self.gaps

    def name(self, view: View) -> str:
        """What the total is called in a sentence."""
        return f"the total published by {source_name(view, self.source)}"

    def missing(self) -> str:
        """What of the period it does not cover, in words."""
        return listing(span(_open(start), _open(end)) for start, end in self.gaps)


def covers(view: View, of: Of, unit: str) -> tuple[Cover, ...]:
    """The lists that cover type, unit and ground of a question, and its period at least in part.

    None covers a question by topic: what names no topic was not coded for one, and may be about it all the same.
    """
    return () if of.topic else tuple(_covers(view, of, unit))


def is_heard(view: View, cover: Cover, rule: SourcesRule, apart: Apart) -> bool:
    """Whether a list's own source passes the rule on sources; the claimant's own list never does."""
    only = only_heard(view, rule)
    return cover.source not in unheard(view, rule, apart) and (only is None or cover.source in only)


def lists_of_changes(
    view: View,
    ground: Ground,
    start: dt.date,
    end: dt.date,
    rule: SourcesRule,
    apart: Apart,
    losers: Collection[str] = (),
    takers: Collection[str] = (),
) -> tuple[Cover, ...]:
    """The heard lists that claim to hold every change of hands on a ground and in a period, place by place.

    Args:
        losers: whose losses are asked about; a list that one of them keeps of itself shows no end of them.
        takers: whose gains are asked about; a list that cannot see the ground of one of either shows no end of them.
    """
    parties = (*losers, *takers) if losers else ()
    return tuple(
        cover
        for of in _changes(ground, start, end, "capture", "control")
        for cover in covers(view, of, "place")
        if cover.whole and is_heard(view, cover, rule, apart)
        if not (losers and stands_among(view, cover.source, (), losers))
        if not hidden_changes(cover.misses, parties)
    )


def missing_changes(view: View, ground: Ground, start: dt.date, end: dt.date) -> str:
    """The list of changes of hands that would be needed, in words."""
    return missing_list(view, next(_changes(ground, start, end, "capture")), "place")


def _changes(ground: Ground, start: dt.date, end: dt.date, *kinds: ReportType) -> Iterator[Of]:
    everything = Of.model_validate({"from": start, "to": end})
    for kind in kinds:
        yield everything.model_copy(update={"type": (kind,), **dict(ground.ground)})


def totals(view: View, of: Of, unit: str, question: Question, *, divided: bool) -> tuple[Total, ...]:
    """The published totals of what is asked, in its unit and on its ground; none of a topic, as with `covers`.

    Args:
        divided: only totals that come with parts.
    """
    if of.topic:
        return ()
    sheet = Sheet.of(view)
    # The ground is compared apart: a total for the whole country stands at no place.
    everywhere = of.model_copy(update={"place": (), "area": (), "admin1": (), "within_km": None})
    found = select(view, everywhere, sources=question.sources, apart=question.apart, period=False)
    return tuple(_totals(view, sheet, found, of, unit, divided))


def units_with_a_frame(view: View, of: Of, question: Question) -> tuple[str, ...]:
    """The units in which some list or divided total covers the whole of what is asked."""
    listed = {frame.unit or "incident" for frame in view.frames}
    counted = {unit for unit in Sheet.of(view).coded("unit")[0] if unit}
    return tuple(
        unit
        for unit in sorted(listed | counted)
        if any(cover.whole for cover in covers(view, of, unit))
        or any(total.whole for total in totals(view, of, unit, question, divided=True))
    )


def missing_list(view: View, of: Of, unit: str) -> str:
    """The list that would be needed, in words; of a topic with the reason why no list of the record is one."""
    when = span(of.start or view.setting.start, of.end or view.setting.end)
    needed = (
        f"a list of {kind_asked(of)} counted in {plural(unit)}"
        f" with a stated area and rule that covers {when or 'the whole period'}"
    )
    why = " (no list here is whole by topic: what stands on it without a topic may be about that too)"
    return f"{needed}{why if of.topic else ''}"


def _covers(view: View, of: Of, unit: str) -> Iterator[Cover]:
    lists: dict[str, list[Frame]] = {}
    for frame in view.frames:
        fits = frame.type in of.type and (frame.unit or "incident") == unit
        if fits and _last_out(view, frame) is not None and ground_covers(view, frame.area, of.ground):
            lists.setdefault(frame.source, []).append(frame)
    start, end = _asked_period(view, of)
    for source, frames in sorted(lists.items()):
        gaps = _all_gaps(view, of, start, end, frames)
        # What a row without a gap covers by itself, the gaps of another row do not touch.
        seeing = [f for f in frames if not f.misses]
        frames = seeing if _all_gaps(view, of, start, end, seeing) == gaps else frames
        if gaps != ((start, end),):
            rules = tuple(dict.fromkeys(f.rule for f in frames if f.rule))
            yield Cover(source=source, unit=unit, rules=rules, gaps=gaps, misses=missed_by(view, frames))


def _all_gaps(
    view: View, of: Of, start: dt.date, end: dt.date, frames: Iterable[Frame]
) -> tuple[tuple[dt.date, dt.date], ...]:
    """What of a period some frames of one source leave out, of any type that is asked for."""
    by_type = [[f for f in frames if f.type == kind] for kind in of.type]
    return _joined(gap for same in by_type for gap in _gaps(view, start, end, same))


def _asked_period(view: View, of: Of) -> tuple[dt.date, dt.date]:
    return of.start or view.setting.start or _FIRST, of.end or view.setting.end or _LAST


def _last_out(view: View, frame: Frame) -> Day:
    """The day on which a list last published anything; before its first it can show no zero either."""
    sheet = Sheet.of(view)
    mine = np.maximum(*(sheet.by_word(c, lambda w: YES if w == frame.source else 0) for c in ("source", "origin")))
    own = mine & sheet.by_word("type", lambda w: YES if w == frame.type else 0)
    return day_of(int(sheet.numbers("published")[own > 0].max())) if own.any() else None


def _gaps(view: View, start: dt.date, end: dt.date, frames: Iterable[Frame]) -> Iterator[tuple[dt.date, dt.date]]:
    """The stretches of a closed-open period that none of some frames covers."""
    reached = start
    for first, after in sorted((f.start or _FIRST, min(f.end or _LAST, _horizon(view, f))) for f in frames):
        if first > reached:
            yield reached, min(first, end)
        reached = max(reached, after)
        if reached >= end:
            return
    if reached < end:
        yield reached, end


def _horizon(view: View, frame: Frame) -> dt.date:
    """The first day that a list cannot cover yet.

    What coverage.csv says is known today. On an earlier day nobody knew more of a list than what it had
    published: one that had published nothing after a day covered nothing after that day.
    """
    last = _last_out(view, frame)
    return _LAST if view.known is None or last is None else min(view.known, last) + dt.timedelta(days=1)


def _joined(gaps: Iterable[tuple[dt.date, dt.date]]) -> tuple[tuple[dt.date, dt.date], ...]:
    """Overlapping stretches as one."""
    joined: list[tuple[dt.date, dt.date]] = []
    for start, end in sorted(gaps):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _totals(view: View, sheet: Sheet, found: Selection, of: Of, unit: str, divided: bool) -> Iterator[Total]:
    parts = _parts(sheet)
    figures = np.stack([sheet.numbers(name) for name in ("count_low", "count", "count_high")]).astype(float)
    counted = ~np.isnan(figures).all(axis=0) & (sheet.coded("part_of")[1] < 0) & in_unit(sheet, slice(None), unit)
    # A total names its unit; deaths that stand beside another count are no published total.
    stated = (sheet.coded("unit")[1] >= 0) & ~told_as_deaths(sheet, slice(None))
    start, end = _asked_period(view, of)
    for row in found.sure[(counted & stated)[found.sure]].tolist():
        if divided and row not in parts:
            continue
        first, after = _days(sheet, row)
        # One that reaches beyond the period also counts what lies outside it, and nobody can tell how much.
        inside = first is not None and after is not None and start <= first and after <= end
        if inside and _same_ground(view, sheet, row, of):
            gaps = _joined([(start, first or start), (after or end, end)])
            yield Total(row, parts.get(row, ()), first, after, gaps, sheet.word("source", row) or "")


def _parts(sheet: Sheet) -> dict[int, tuple[int, ...]]:
    """The rows of the parts of each total."""
    words, codes = sheet.coded("part_of")
    held: dict[int, list[int]] = {}
    for row in np.flatnonzero(codes >= 0):
        whole = sheet.row_of.get(words[codes[row]])
        if whole is not None:
            held.setdefault(whole, []).append(int(row))
    return {whole: tuple(rows) for whole, rows in held.items()}


def _same_ground(view: View, sheet: Sheet, row: int, of: Of) -> bool:
    """Whether a total was published for just the ground that is asked about, neither more nor less."""
    place, area = sheet.word("place", row), sheet.word("area", row)
    if of.anywhere or (len(of.area) == 1 and covers_case(view, of.area[0]) and of.ground == Ground(area=of.area)):
        return place is None and (area is None or covers_case(view, area))
    if of.within_km or len(of.place) + len(of.area) + len(of.admin1) != 1:
        return False
    return (place,) == of.place if of.place else place is None and (area,) in (of.area, of.admin1)


def _days(sheet: Sheet, row: int) -> tuple[Day, Day]:
    first, after = int(sheet.numbers("date")[row]), int(sheet.numbers("date_to")[row])
    if first == NO_DAY:
        return None, None
    return day_of(first), day_of(after if after != NO_DAY else first + 1)


def _open(when: dt.date) -> Day:
    return None if when in (_FIRST, _LAST) else when


def rows_of(view: View, found: Selection, cover: Cover) -> npt.NDArray[np.intp]:
    """The rows of a list: its source's reports (as source or origin), in its unit, parts of totals left aside.

    Among them those of which nobody can tell whether they are what is asked: their levels stay below YES.
    """
    sheet = found.sheet
    from_list = np.maximum(
        sheet.by_word("source", lambda w: YES if w == cover.source else 0),
        sheet.by_word("origin", lambda w: YES if w == cover.source else 0),
    )
    whole = sheet.coded("part_of")[1] < 0
    keep = (from_list == YES) & in_unit(sheet, slice(None), cover.unit) & whole & _may_match(found)
    for start, end in cover.gaps:
        # What a source says of days that its list does not claim to cover belongs to no list.
        keep &= period_levels(sheet, _open(start), _open(end)) != YES
    return np.flatnonzero(keep)


def unclear_rows(levels: Iterable[int]) -> tuple[str, ...]:
    """What keeps some rows of a list from being told, in words: "has 2 reports that say no date"."""
    tally = Counter(level for level in levels if level < NO)
    return tuple(
        f"has {n} report{'' if n == 1 else 's'} that {_unclear_words(level, n)}: in the high, never in the low"
        for level, n in sorted(tally.items(), reverse=True)
    )


def _unclear_words(level: int, many: int) -> str:
    if level == COARSE:
        return f"{'is' if many == 1 else 'are'} placed no closer than a district, a province or the country"
    return WHY[level] if many == 1 else WHY[level].replace("says", "say", 1)


def _may_match(found: Selection) -> npt.NDArray[np.bool_]:
    """What matches, surely or possibly: also what says no day, no place, or only its province."""
    return np.asarray(found.levels != NO, dtype=np.bool_)
