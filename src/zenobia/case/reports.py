"""A row of reports.csv: its names resolved, its status completed, its references checked."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from zenobia.case.rows import noun_from, report_days
from zenobia.terms import CONTESTED, SHARED, InputError, Match, Names, Report, Setting, did_you_mean

__all__ = ["Lookup", "check_references", "report_from", "withdraws"]

# What a report of this type says of control where the row names a holder and leaves the status out.
_STATUS_OF_TYPE = {"capture": "takes", "withdrawal": "loses"}
_FAR_YEARS = 10
_NEEDS_HOLDER = ("holds", "takes", "loses", "besieges")

# The fields that carry no statement: a report with nothing else withdraws the one it replaces.
_BARE = frozenset(
    {
        "id",
        "source",
        "published",
        "type",
        "origin",
        "document",
        "locator",
        "quote",
        "sensitivity",
        "credibility",
        "replaces",
        "note",
    }
)


class Lookup:
    """What the names in a report may mean: the sources, actors, places, areas and documents of a case.

    Args:
        setting: what case.toml says.
        nouns: the tables that are already read.
        warnings: doubtful things are counted here.
    """

    def __init__(self, setting: Setting, nouns: Mapping[str, Mapping[str, Any]], warnings: Counter[str]) -> None:
        self.setting = setting
        self.sources, self.documents, self.areas = nouns["sources"], nouns["documents"], nouns["areas"]
        self.source_names = {s.name.casefold(): s.id for s in nouns["sources"].values()}
        self.actors = Names.of(nouns["actors"].values())
        self.places = Names.of(nouns["places"].values())
        self.warnings = warnings

    def source(self, cells: Mapping[str, str]) -> str:
        """The source of a report: an id or a name of sources.csv."""
        said = cells.get("source", "")
        found = said if said in self.sources else self.source_names.get(said.casefold())
        if found is None:
            raise InputError(
                "unknown source" if said else "no source",
                column="source",
                value=said,
                expected="the id of a source in sources.csv",
                fix=did_you_mean(said, self.sources) or "add the source to sources.csv",
            )
        return found

    def origin(self, cells: Mapping[str, str]) -> str | None:
        """Who first reported it; one that sources.csv does not list is kept, with a warning."""
        said = cells.get("origin")
        if not said or said in self.sources:
            return said or None
        found = self.source_names.get(said.casefold())
        if found is None:
            self.warnings[f"reports: the origin {said!r} is not in sources.csv; its side is not known"] += 1
        return found or said

    def actor(self, column: str, cells: Mapping[str, str]) -> str | None:
        """An actor, or alternatives (``russia|government``: one of these, not known which)."""
        said = cells.get(column)
        if not said:
            return None
        parts = [part.strip() for part in said.split("|") if part.strip()]
        return "|".join(self._one_actor(column, part) for part in parts)

    def place(self, cells: Mapping[str, str]) -> str | None:
        """The place a name means; one without an entry needs a position of its own."""
        said = cells.get("place")
        if not said:
            return None
        match = self.places.resolve(said, near=_position(cells))
        if match.id is not None:
            return self._told("place", said, match.id, match)
        if match.outcome == "unknown" and cells.get("lat") and cells.get("lon"):
            self.warnings[f"reports: the place {said!r} is not in places.csv; only its position is used"] += 1
            return None
        raise _unresolved("place", said, match, "places.csv")

    def _told(self, column: str, said: str, meant: str, match: Match) -> str:
        """A match by consonants alone is taken, and told, so that a person can look at it."""
        if match.outcome == "skeleton":
            self.warnings[f"reports: the {column} {said!r} read as {meant!r} by its consonants"] += 1
        return meant

    def _one_actor(self, column: str, said: str) -> str:
        match = self.actors.resolve(said)
        if match.id is not None:
            return self._told(column, said, match.id, match)
        if said in (CONTESTED, SHARED):
            raise InputError(
                f"{said} is not an actor",
                column=column,
                value=said,
                expected="the id of an actor",
                fix=f"leave the holder empty and write the status {'contests' if said == CONTESTED else 'shares'}",
            )
        raise _unresolved(column, said, match, "actors.csv")


def report_from(cells: Mapping[str, str], lookup: Lookup) -> Report:
    """One report from one row.

    Raises:
        InputError: a cell cannot be read, a name is not known or means two things, or the row
            says that somebody holds, takes or loses a place without saying who.
    """
    report_type, holder = cells.get("type", ""), lookup.actor("holder", cells)
    status = cells.get("status") or (_STATUS_OF_TYPE.get(report_type) if holder else None)
    if status in _NEEDS_HOLDER and holder is None:
        raise InputError(
            f"'{status}' without a holder",
            column="holder",
            expected="who it is, as an actor id",
            fix="fill in the holder; only `contests` and `shares` may leave it empty",
        )
    place = lookup.place(cells)
    report = noun_from(
        Report,
        cells,
        source=lookup.source(cells),
        origin=lookup.origin(cells),
        place=place,
        actor=lookup.actor("actor", cells),
        target=lookup.actor("target", cells),
        holder=holder,
        status=status,
        **_days(cells),
    )
    _note_doubts(report, lookup)
    return report


def withdraws(report: Report) -> bool:
    """Whether a report only takes back the one it replaces, and says nothing itself."""
    if report.replaces is None:
        return False
    return all(value is None for name, value in vars(report).items() if name not in _BARE)


def check_references(reports: Mapping[str, Report]) -> Iterator[tuple[str, InputError]]:
    """The reports whose ``replaces`` or ``part_of`` leads nowhere, or to what it may not."""
    for report in list(reports.values()):
        try:
            if report.replaces is not None:
                _check_replacement(report, reports)
            if report.part_of is not None:
                _check_reference("part_of", report.part_of, report, reports)
        except InputError as wrong:
            yield report.id, wrong


def _check_replacement(report: Report, reports: Mapping[str, Report]) -> None:
    assert report.replaces is not None
    earlier = _check_reference("replaces", report.replaces, report, reports)
    if earlier.source != report.source:
        raise InputError(
            "a report of another source",
            column="replaces",
            value=report.replaces,
            expected=f"an earlier report of {report.source}; {earlier.id} is by {earlier.source}",
            fix="a source can correct or withdraw only itself; code the contradiction as a report of its own",
        )
    if report.published < earlier.published:
        raise InputError(
            "a correction older than what it corrects",
            column="published",
            value=report.published.isoformat(),
            expected=f"{earlier.published} or later",
            fix="check which of the two reports is the later one",
        )


def _check_reference(column: str, wanted: str, report: Report, reports: Mapping[str, Report]) -> Report:
    if wanted not in reports or wanted == report.id:
        raise InputError(
            "no such report" if wanted != report.id else "a report that names itself",
            column=column,
            value=wanted,
            expected="the id of another report that was accepted",
            fix=did_you_mean(wanted, reports) or "correct the id, or empty the cell",
        )
    return reports[wanted]


def _days(cells: Mapping[str, str]) -> dict[str, Any]:
    days = report_days(cells)
    if "published" not in days:
        raise InputError(
            "no published day",
            column="published",
            expected="the day on which this source said it",
            fix="take it from the source; the day of the event is never assumed",
        )
    return days


def _position(cells: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        return float(cells["lat"]), float(cells["lon"])
    except (KeyError, ValueError):
        return None  # a cell that is no number is refused where the row is read


def _note_doubts(report: Report, lookup: Lookup) -> None:
    area = lookup.setting.area
    if area and report.lat is not None and report.lon is not None:
        west, south, east, north = area
        if not (west <= report.lon <= east and south <= report.lat <= north):
            lookup.warnings["reports: a position outside the case's area"] += 1
    if report.unit is None and any(x is not None for x in (report.count_low, report.count, report.count_high)):
        lookup.warnings["reports: a count without a unit; taken as incidents"] += 1
    if report.date is None and report.type in _OF_A_DAY:
        lookup.warnings[
            f"reports: a {report.type} report without a day; who held the place when is not told by it"
        ] += 1
    if report.date and _far_outside(report.date, lookup.setting):
        lookup.warnings["reports: a date more than ten years outside the case's period; look for a mistyped year"] += 1
    if report.document and report.document not in lookup.documents:
        lookup.warnings[f"reports: the document {report.document!r} is not in documents.csv"] += 1
    if report.date and report.published < report.date and report.type != "statement":
        lookup.warnings["reports: published before it happened"] += 1


_OF_A_DAY = ("control", "capture", "withdrawal")


def _far_outside(day: dt.date, setting: Setting) -> bool:
    early = setting.start is not None and day.year < setting.start.year - _FAR_YEARS
    return early or (setting.end is not None and day.year > setting.end.year + _FAR_YEARS)


def _unresolved(column: str, said: str, match: Match, file: str) -> InputError:
    """Why a name was not taken, in the words of the match, with the ids that may be meant."""
    options = match.candidates or tuple(suggestion.id for suggestion in match.suggestions)
    return InputError(
        f"{match.outcome} {column}",
        column=column,
        value=said,
        expected=match.why if match.outcome == "ambiguous" else f"an id, name or alias of {file}",
        fix=f"write the id that is meant ({', '.join(options)}), or add it to {file}"
        if options
        else f"add it to {file} or correct the spelling",
    )
