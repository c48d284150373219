"""From a case folder to checked nouns: what was read, what was refused and why, what is doubtful."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zenobia.case.areas import read_areas
from zenobia.case.coverage import frame_from
from zenobia.case.datasets import Dataset, read_datasets
from zenobia.case.folder import CaseFolder
from zenobia.case.reports import Lookup, check_references, report_from
from zenobia.case.rows import columns_of, noun_from
from zenobia.case.setting import read_setting
from zenobia.case.sheets import RawRow, read_sheet
from zenobia.terms import (
    Actor,
    Affiliation,
    Document,
    Frame,
    InputError,
    Place,
    Report,
    Setting,
    Source,
    did_you_mean,
)

__all__ = ["CaseFiles", "Reject", "load", "load_steady"]

# How often files are read anew because somebody saved one of them meanwhile.
_PATIENCE = 5

Cells = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Reject:
    """A row that broke a rule: kept whole, with the rule and what to do about it."""

    file: str
    row: int
    field: str
    value: str
    rule: str
    fix: str
    cells: Cells

    @property
    def id(self) -> str:
        """An id from the row's own content, the same wherever the row stands in its file."""
        content = json.dumps([self.file, sorted(self.cells.items())], ensure_ascii=False)
        return "x-" + hashlib.sha256(content.encode()).hexdigest()[:12]

    def to_json(self) -> dict[str, Any]:
        """The shape that `add` and `build` print."""
        return {
            "file": self.file,
            "row": self.row,
            "field": self.field,
            "value": self.value,
            "rule": self.rule,
            "fix": self.fix,
        }


@dataclass(frozen=True, kw_only=True)
class CaseFiles:
    """What the files of a case come to.

    Attributes:
        nouns: the accepted rows of each table, by id.
        cells: the same rows as typed, by table and id; the ledger keeps these.
        rejected: rows that broke a rule, in the order of files and rows.
        datasets: the captured files, in the order in which they were added.
        claims: text of each claims file, by name; what they ask is read by the room of claims.
    """

    setting: Setting
    nouns: Mapping[str, Mapping[str, Any]]
    cells: Mapping[str, Mapping[str, Cells]]
    rejected: tuple[Reject, ...]
    warnings: tuple[str, ...]
    claims: Mapping[str, str]
    datasets: tuple[Dataset, ...]
    inputs: Mapping[str, str]


def load(root: Path) -> CaseFiles:
    """Read and check every file of a case folder.

    A bad row is refused by itself and stops nothing; a file that is no table at all is an error.

    Raises:
        InputError: a file cannot be read as what it should be.
    """
    folder = CaseFolder(root)
    inputs = folder.inputs()
    setting, warnings = read_setting(folder.toml)
    reading = _Reading(folder, Counter(dict.fromkeys(warnings, 1)))
    reading.table("sources", Source, _by_id)
    reading.table("actors", Actor, _by_id)
    setting = reading.with_holders(setting)
    reading.source_ties()
    reading.table("affiliations", Affiliation, lambda c: _joined(c, "actor", "role", "of", "from"), reading.tie)
    reading.table("places", Place, _by_id)
    reading.coverage(setting)
    reading.documents()
    reading.areas()
    reading.reports(setting)
    return CaseFiles(
        setting=setting,
        nouns=reading.nouns,
        cells=reading.cells,
        rejected=tuple(reading.rejected),
        warnings=tuple(text if n == 1 else f"{text} ({n} rows)" for text, n in reading.warnings.items()),
        datasets=tuple(read_datasets(folder)),
        claims={folder.name(p): _claims_text(p, folder) for p in folder.claims()},
        inputs=inputs,
    )


def load_steady(root: Path) -> CaseFiles:
    """As `load`, of files that nobody saved while they were read.

    Raises:
        InputError: a file cannot be read as what it should be, or the files do not come to rest.
    """
    for _ in range(_PATIENCE):
        files = load(root)
        if CaseFolder(root).inputs() == files.inputs:
            return files
    raise InputError(
        "the case's files are being written to while they are read",
        file=root,
        expected="files that stay as they are for a moment",
        fix="let whatever writes them finish, then call again",
    )


@dataclass
class _Reading:
    """The tables read so far; later ones are checked against earlier ones."""

    folder: CaseFolder
    warnings: Counter[str]
    nouns: dict[str, dict[str, Any]] = field(default_factory=dict)
    cells: dict[str, dict[str, Cells]] = field(default_factory=dict)
    rejected: list[Reject] = field(default_factory=list)

    def table(
        self,
        name: str,
        noun: type[Any],
        key: Callable[[Cells], str],
        make: Callable[[type[Any], Cells], Any] = noun_from,
        files: Iterable[Path] | None = None,
    ) -> None:
        """Read the files of one table row by row; each bad row is set aside with its reason."""
        kept: dict[str, Any] = {}
        typed: dict[str, Cells] = {}
        for path in self.folder.tables(name) if files is None else files:
            file = self.folder.name(path)
            sheet = read_sheet(path, file)
            self._odd_columns(file, sheet.columns, columns_of(noun))
            for row in sheet.rows:
                try:
                    made, row_id = self._accept(row, noun, key, make, kept)
                except InputError as wrong:
                    self.rejected.append(_reject(file, row, wrong))
                    continue
                kept[row_id], typed[row_id] = made, row.cells
        self.nouns[name], self.cells[name] = kept, typed

    def with_holders(self, setting: Setting) -> Setting:
        """The setting with holders that actors.csv knows; a holder that it does not list is made an actor."""
        actors = self.nouns["actors"]
        for holder in setting.holders:
            if holder not in actors:
                actors[holder] = Actor(id=holder, name=holder)
                self.warnings[f"case.toml: the holder {holder!r} is not in actors.csv; taken as a bare actor"] += 1
        if not setting.holders:
            self.warnings["case.toml: no holders; control cannot be estimated until it names some"] += 1
        return setting

    def source_ties(self) -> None:
        """Warnings about sides and originals of sources that the case does not know, or that lead nowhere."""
        sources: dict[str, Source] = self.nouns["sources"]
        for source in sources.values():
            if source.stands_with and source.stands_with not in self.nouns["actors"]:
                self.warnings[
                    f"sources.csv: {source.id!r} stands with {source.stands_with!r}, which is no actor of actors.csv;"
                    " taken as taking no side"
                ] += 1
            for original in source.copies_from:
                if original == source.id:
                    self.warnings[f"sources.csv: {source.id!r} copies from itself"] += 1
                elif original not in sources:
                    self.warnings[
                        f"sources.csv: {source.id!r} copies from {original!r}, which is not in sources.csv"
                    ] += 1
                elif source.id < original and source.id in sources[original].copies_from:
                    self.warnings[f"sources.csv: {source.id!r} and {original!r} copy from each other: one voice"] += 1

    def tie(self, noun: type[Affiliation], cells: Cells) -> Affiliation:
        """An affiliation whose two ends are actors."""
        tie = noun_from(noun, cells)
        for column, actor in (("actor", tie.actor), ("of", tie.of)):
            _member(column, actor, self.nouns["actors"], "an actor of actors.csv")
        return tie

    def coverage(self, setting: Setting) -> None:
        """coverage.csv, each list of a source that is listed."""

        def make(noun: type[Frame], cells: Cells) -> Frame:
            return frame_from(cells, setting, self.nouns)

        self.table("coverage", Frame, lambda c: _joined(c, "source", "type", "area", "from", "unit"), make)

    def documents(self) -> None:
        """documents.csv, each original found inside the case and hashed."""
        self.table("documents", Document, _by_id, self._document, self.folder.documents_list())
        for row_id, document in self.nouns["documents"].items():
            if document.path:
                held = self.folder.root / "documents" / document.path
                digest = hashlib.sha256(held.read_bytes()).hexdigest()
                self.cells["documents"][row_id] = {**self.cells["documents"][row_id], "sha256": digest}

    def areas(self) -> None:
        """areas.geojson."""
        path = self.folder.areas()
        found = read_areas(path, self.folder.name(path)) if path else []
        self.nouns["areas"] = {area.id: area for _, area in found}
        self.cells["areas"] = {area.id: cells for cells, area in found}

    def reports(self, setting: Setting) -> None:
        """reports.csv and reports/, with every name in them resolved and every reference checked."""
        lookup = Lookup(setting, self.nouns, self.warnings)
        rows: dict[str, tuple[str, RawRow]] = {}

        def make(noun: type[Report], cells: Cells) -> Report:
            return report_from(cells, lookup)

        self.table("reports", Report, _by_id, make)
        for path in self.folder.tables("reports"):
            file = self.folder.name(path)
            rows |= {row.cells["id"]: (file, row) for row in read_sheet(path, file).rows if "id" in row.cells}
        for report_id, wrong in check_references(self.nouns["reports"]):
            file, row = rows[report_id]
            self.rejected.append(_reject(file, row, wrong))
            del self.nouns["reports"][report_id], self.cells["reports"][report_id]

    def _document(self, noun: type[Document], cells: Cells) -> Document:
        document = noun_from(noun, cells)
        if document.path:
            held = self.folder.inside(Path("documents") / document.path)
            if not held.is_file():
                raise InputError(
                    "no such file",
                    column="path",
                    value=document.path,
                    expected="a file in documents/",
                    fix="put the original there, or empty the path",
                )
        return document

    def _accept(
        self, row: RawRow, noun: type[Any], key: Callable[[Cells], str], make: Any, kept: Mapping[str, Any]
    ) -> tuple[Any, str]:
        if row.fault:
            raise InputError(
                row.fault,
                value=row.cells.get("(beyond the last column)"),
                expected="as many cells as columns",
                fix='put a cell that holds a comma into double quotes ("...")',
            )
        made = make(noun, row.cells)
        row_id = key(row.cells)
        if row_id in kept:
            raise InputError(
                "the same id twice",
                column="id",
                value=row_id,
                expected="an id of its own",
                fix="give this row another id; to correct the other row, name it in `replaces`",
            )
        return made, row_id

    def _odd_columns(self, file: str, columns: Iterable[str], known: tuple[str, ...]) -> None:
        for column in columns:
            if column and column not in known:
                hint = did_you_mean(column, known)
                self.warnings[f"{file}: nothing reads the column {column!r}{f' ({hint})' if hint else ''}"] += 1


def _reject(file: str, row: RawRow, wrong: InputError) -> Reject:
    value = "" if wrong.value is None else str(wrong.value)
    rule = f"{wrong.what}; expected {wrong.expected}" if wrong.expected else wrong.what
    return Reject(
        file=file,
        row=row.number,
        field=wrong.column or "",
        value=value,
        rule=rule,
        fix=wrong.fix or "correct the row",
        cells=row.cells,
    )


def _by_id(cells: Cells) -> str:
    return cells["id"]


def _joined(cells: Cells, *columns: str) -> str:
    return ":".join(cells.get(column, "") for column in columns)


def _member(column: str, value: str, options: Mapping[str, Any], expected: str) -> None:
    if value not in options:
        raise InputError(
            f"unknown {column}",
            column=column,
            value=value,
            expected=expected,
            fix=did_you_mean(value, options) or "add it there, or correct the spelling",
        )


def _claims_text(path: Path, folder: CaseFolder) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise InputError("not UTF-8", file=folder.name(path), fix="save the file as UTF-8") from wrong
