"""What a page cites: each report once, each number with a note, so that every one leads back to evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from zenobia.publish.numbers import Evidence, Numbers
from zenobia.publish.wording import anchor, calendar, listed
from zenobia.terms import NotFound

__all__ = ["Citations", "Note", "Row", "by_source", "by_year"]

LONG_LIST = 20
MEANINGS = {
    "reported": "the range of what sources say",
    "certain": "it cannot lie outside",
    "credible90": "nine chances in ten, by the control estimate",
    "resampled95": "nineteen chances in twenty, by leaving out what hangs together",
}


@dataclass(frozen=True, kw_only=True)
class Note:
    """A number that stands in a sentence: how it was asked, what it comes to, and what it rests on."""

    number: int
    asked: str
    words: str
    promise: str
    evidence: Sequence[Evidence]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table of evidence, with the places of the page that rest on it."""

    anchor: str
    evidence: Evidence
    used_by: Sequence[tuple[str, str]]


class Citations:
    """Everything cited so far on one page."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._rows: dict[str, Evidence] = {}
        self._uses: dict[str, dict[str, str]] = {}
        self._lists: dict[tuple[str, ...], str] = {}
        self.notes: list[Note] = []

    def cite(self, reports: Iterable[str], where: str, called: str) -> list[Evidence]:
        """Take reports into the table of evidence; in order of publication.

        Args:
            reports: their ids; an id given twice is cited once.
            where: the fragment of the page that rests on them.
            called: what that part of the page is called.

        Raises:
            NotFound: the record does not hold one of them; no number may point at nothing.
        """
        rows = self.look_up(reports)
        for row in rows:
            self._uses.setdefault(row.id, {})[where] = called
        return rows

    def look_up(self, reports: Iterable[str]) -> list[Evidence]:
        """Reports in order of publication, not yet taken into the table. Raises as `cite` does."""
        wanted = dict.fromkeys(reports)
        missing = [id for id in wanted if id not in self._rows]
        self._rows.update({row.id: row for row in self._numbers.evidence(missing)} if missing else {})
        for id in wanted:
            if id not in self._rows:
                raise NotFound(
                    "evidence that the record does not hold",
                    value=id,
                    expected="the id of a report in the record as known",
                    fix="build the case anew; if it stays, `zenobia verify` says what is broken",
                )
        return sorted((self._rows[id] for id in wanted), key=in_order)

    def heard(self, reports: Iterable[str]) -> str:
        """By whose word something stands, for an image itself: how many sources, and those heard most often."""
        counts = Counter(e.source.partition(", from ")[0] for e in self.look_up(reports))
        most = [name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:3]]
        return f"Sources: {len(counts)}, most often {listed(most)}" if len(counts) > 3 else f"Sources: {listed(most)}"

    def note(self, asked: str, words: str, meaning: str, reports: Iterable[str]) -> int:
        """Keep a number that stands in a sentence; returns the number of its note."""
        number = len(self.notes) + 1
        rows = self.cite(reports, anchor("n", str(number)), f"note {number}")
        promise = MEANINGS.get(meaning, meaning)
        self.notes.append(Note(number=number, asked=asked, words=words, promise=promise, evidence=rows))
        return number

    def shown_at(self, evidence: Sequence[Evidence]) -> tuple[str | None, bool]:
        """Where on the page a long list of reports is set out in full, and whether that was done before.

        Many figures rest on the same few hundred rows of one list: they are set out once, and pointed to after.
        """
        if len(evidence) < LONG_LIST:
            return None, False
        reports, known = tuple(sorted({e.id for e in evidence})), len(self._lists)
        return self._lists.setdefault(reports, f"list-{known + 1}"), len(self._lists) == known

    def rows(self) -> list[Row]:
        """The table of evidence: every report cited, in order of publication."""
        cited = sorted((self._rows[id] for id in self._uses), key=in_order)
        return [Row(anchor=anchor("r", e.id), evidence=e, used_by=list(self._uses[e.id].items())) for e in cited]


def by_source(evidence: Sequence[Evidence]) -> list[tuple[str, Sequence[tuple[Evidence, str]]]]:
    """Reports by their source, those that spoke first foremost; each with its day, or its number within that day."""
    found: dict[str, list[tuple[Evidence, str]]] = {}
    last: dict[str, tuple[date, int]] = {}
    for row in sorted(evidence, key=in_order):
        day, number = last.get(row.source, (date.min, 0))
        number = number + 1 if day == row.published else 1
        last[row.source] = row.published, number
        found.setdefault(row.source, []).append((row, brief_day(row.published) if number == 1 else str(number)))
    return list(found.items())


def brief_day(day: date) -> str:
    """A day with its month in three letters, for lists of hundreds."""
    number, month, year = calendar(day).split()
    return f"{number} {month[:3]} {year}"


def by_year(rows: Sequence[Row]) -> list[tuple[int, Sequence[Row]]]:
    """The lines of the table of evidence, year of publication by year."""
    return [(year, tuple(inside)) for year, inside in groupby(rows, key=lambda row: row.evidence.published.year)]


def in_order(evidence: Evidence) -> tuple[date, str, str]:
    return evidence.published, evidence.source, evidence.id
