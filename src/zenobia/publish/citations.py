"""What a page cites: each report once, each number with a note, so that every one leads back to evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from zenobia.publish.numbers import Evidence, Numbers
from zenobia.publish.wording import anchor
from zenobia.terms import NotFound

__all__ = ["Citations", "Note", "Row"]

MEANINGS = {
    "reported": "the range of what sources say",
    "certain": "it cannot lie outside",
    "credible90": "nine chances in ten, by the control estimate",
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

    def note(self, asked: str, words: str, meaning: str, reports: Iterable[str]) -> int:
        """Keep a number that stands in a sentence; returns the number of its note."""
        number = len(self.notes) + 1
        rows = self.cite(reports, anchor("n", str(number)), f"note {number}")
        promise = MEANINGS.get(meaning, meaning)
        self.notes.append(Note(number=number, asked=asked, words=words, promise=promise, evidence=rows))
        return number

    def rows(self) -> list[Row]:
        """The table of evidence: every report cited, in order of publication."""
        cited = sorted((self._rows[id] for id in self._uses), key=in_order)
        return [Row(anchor=anchor("r", e.id), evidence=e, used_by=list(self._uses[e.id].items())) for e in cited]


def in_order(evidence: Evidence) -> tuple[date, str, str]:
    return evidence.published, evidence.source, evidence.id
