"""datasets/datasets.csv: which files `add` captured, what kind each is, and what the user said of it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from zenobia.case.folder import CaseFolder
from zenobia.case.sheets import RawRow, read_sheet
from zenobia.record import write_whole
from zenobia.terms import InputError

__all__ = ["Dataset", "list_datasets", "read_datasets"]


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One captured file: its SHA-256, the name it came under, its kind, and how the user had it read.

    ``source``, ``series`` and ``published`` are what its feed found; they are kept for people who read
    the list. ``maps`` and ``sets`` decide how it is read, so they are part of what it says.
    """

    sha256: str
    name: str
    kind: str
    source: str = ""
    series: str = ""
    published: str = ""
    maps: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)
    added: str = ""

    @property
    def options(self) -> str:
        """What the user said, as it stands in the list."""
        said = {"map": dict(self.maps), "set": dict(self.sets)}
        stated = {key: value for key, value in said.items() if value}
        return json.dumps(stated, ensure_ascii=False, sort_keys=True) if stated else ""

    @property
    def id(self) -> str:
        """What names this file, under this name, read in this way, in the history."""
        asked = json.dumps([self.sha256, self.name, self.kind, self.options], ensure_ascii=False)
        return "d-" + hashlib.sha256(asked.encode()).hexdigest()[:16]


_COLUMNS = ("sha256", "name", "kind", "source", "series", "published", "options", "added")


def read_datasets(folder: CaseFolder) -> list[Dataset]:
    """The captured files, in the order in which they were added.

    Raises:
        InputError: a row that is none; captured files are never passed over.
    """
    path = folder.datasets_list
    if not path.exists():
        return []
    file = folder.name(path)
    return [_dataset(row, file, folder) for row in read_sheet(path, file).rows]


def list_datasets(folder: CaseFolder, fresh: Sequence[Dataset]) -> None:
    """Put captured files on the list, in one step; one that stands there already is not put there twice."""
    held = read_datasets(folder)
    ids = {dataset.id for dataset in held}
    folder.datasets_list.parent.mkdir(exist_ok=True)
    write_whole(folder.datasets_list, _as_csv([*held, *(dataset for dataset in fresh if dataset.id not in ids)]))


def _as_csv(datasets: Sequence[Dataset]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([[getattr(dataset, column) for column in _COLUMNS] for dataset in datasets])
    return out.getvalue()


def _dataset(row: RawRow, file: str, folder: CaseFolder) -> Dataset:
    cells = row.cells
    for column in ("sha256", "name", "kind"):
        if not cells.get(column):
            raise InputError(
                f"no {column}", file=file, row=row.number, column=column, fix="take the list back from git or a backup"
            )
    said = _options(cells.get("options", ""), file, row.number)
    plain = {f.name: cells.get(f.name, "") for f in fields(Dataset) if f.name not in ("maps", "sets")}
    made = Dataset(**plain, maps=said.get("map", {}), sets=said.get("set", {}))
    if not folder.captured(made.sha256, made.name).is_file():
        raise InputError(
            "a captured file is gone",
            file=file,
            row=row.number,
            value=made.name,
            expected=folder.name(folder.captured(made.sha256, made.name)),
            fix="take it back from git or a backup, or add the file again; or delete this row to withdraw it",
        )
    return made


def _options(text: str, file: str, row: int) -> dict[str, dict[str, str]]:
    try:
        said = json.loads(text) if text else {}
        return {part: {str(k): str(v) for k, v in said.get(part, {}).items()} for part in ("map", "set")}
    except (ValueError, AttributeError) as wrong:
        raise InputError(
            "not what --map and --set said",
            file=file,
            row=row,
            column="options",
            value=text,
            expected='JSON such as {"set": {"published": "2025-06-30"}}',
            fix="take the list back from git or a backup",
        ) from wrong
