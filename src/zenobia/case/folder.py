"""The case folder: where each file stands, and that no path in it leads out of it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from zenobia.terms import InputError

__all__ = ["CaseFolder"]

_TABLE_SUFFIXES = (".csv", ".xlsx")


class CaseFolder:
    """A folder of plain files with a case.toml.

    Args:
        root: the folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    @property
    def toml(self) -> Path:
        """case.toml."""
        return self.root / "case.toml"

    @property
    def ledger(self) -> Path:
        """The ledger, kept in git."""
        return self.root / "ledger.jsonl"

    def tables(self, name: str) -> list[Path]:
        """The files that hold a table: ``name.csv`` or ``.xlsx``, and those in a folder of that name."""
        single = [self.root / f"{name}{suffix}" for suffix in _TABLE_SUFFIXES]
        split = sorted(p for p in (self.root / name).glob("*") if p.suffix.lower() in _TABLE_SUFFIXES)
        found = [p for p in single if p.exists()] + [p for p in split if not p.name.startswith(("~$", "."))]
        return [self.inside(p) for p in found]

    def documents_list(self) -> list[Path]:
        """documents/documents.csv, where originals are listed."""
        beside = [self.root / "documents" / f"documents{suffix}" for suffix in _TABLE_SUFFIXES]
        return [self.inside(p) for p in beside if p.exists()]

    @property
    def datasets_list(self) -> Path:
        """datasets/datasets.csv, where captured files are listed."""
        return self.inside(self.root / "datasets" / "datasets.csv")

    def captured(self, sha256: str, name: str) -> Path:
        """Where a captured file is kept: under its SHA-256, with its own ending."""
        return self.inside(self.root / "datasets" / f"{sha256}{Path(name).suffix.lower()}")

    def claims(self) -> list[Path]:
        """claims.yaml and the files of claims/."""
        single = [p for p in (self.root / "claims.yaml", self.root / "claims.yml") if p.exists()]
        return [self.inside(p) for p in [*single, *sorted((self.root / "claims").glob("*.y*ml"))]]

    def areas(self) -> Path | None:
        """areas.geojson, if there is one."""
        path = self.root / "areas.geojson"
        return self.inside(path) if path.exists() else None

    def name(self, path: Path) -> str:
        """A file's name in messages: its path from the root of the case."""
        return path.relative_to(self.root).as_posix()

    def inside(self, path: Path) -> Path:
        """The path, if what it leads to stands inside the case.

        Raises:
            InputError: the path, or a link on it, leads out of the case folder.
        """
        root = self.root.resolve()
        resolved = (self.root / path).resolve()
        if not resolved.is_relative_to(root):
            raise InputError(
                "a path that leads out of the case",
                file=path.name,
                value=str(path),
                expected="a file inside the case folder",
                fix="copy the file into the case and name it from there",
            )
        return self.root / path

    def inputs(self) -> dict[str, str]:
        """SHA-256 of every file that the record is made from, by its path in the case."""
        paths = [self.toml, *self.documents_list(), *self.claims(), self.datasets_list]
        for name in ("sources", "coverage", "actors", "affiliations", "places", "reports"):
            paths += self.tables(name)
        if areas := self.areas():
            paths.append(areas)
        hashed = {self.name(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(paths) if p.exists()}
        # A captured file bears its hash for a name; `verify` is what reads it again.
        kept = {
            self.name(p): p.stem for p in (self.root / "datasets").glob("*") if re.fullmatch("[0-9a-f]{64}", p.stem)
        }
        return dict(sorted({**hashed, **kept}.items()))
