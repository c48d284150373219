"""The built record on disk: a cache that is a pure function of the case's files and its ledger.

``.zenobia/current`` names the folder of the record in force; a build writes a new folder beside it
and then moves the name in one step, so that a reader sees one whole version, before or after.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from zenobia.engine import DuckEngine, Engine
from zenobia.record.queries import LIVE_REPORTS
from zenobia.record.tables import digest, nouns_of
from zenobia.record.view import View
from zenobia.terms import NotFound, Report, Setting

__all__ = ["CACHE", "Content", "Record", "file_hash", "record_hash"]

CACHE = ".zenobia"

# Written into the manifest; a change in how tables are made must raise it, so that old caches are rebuilt.
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a case's files come to: typed tables, the setting, the texts of claims, the rejected rows."""

    setting: Setting
    tables: Mapping[str, pa.Table]
    claims: Mapping[str, str] = field(default_factory=dict)
    rejected: pa.Table = field(default_factory=lambda: pa.table({}))
    warnings: tuple[str, ...] = ()


class Record:
    """The record of a case as last built."""

    def __init__(self, content: Content, manifest: Mapping[str, Any], engine: Engine | None = None) -> None:
        self.content = content
        self.manifest = manifest
        self.hash: str = manifest["record"]
        self.engine = engine or DuckEngine()
        self._views: dict[date | None, View] = {}

    @property
    def setting(self) -> Setting:
        """What case.toml says."""
        return self.content.setting

    def view(self, known: date | None = None) -> View:
        """The record as known on a day: only what had been published by then."""
        if known not in self._views:
            params = pa.table({"known": pa.array([known], type=pa.date32())})
            tables = {name: table for name, table in self.content.tables.items() if name != "reports"}
            live = self.engine.sql(LIVE_REPORTS, reports=self.content.tables["reports"], params=params)
            self._views[known] = View(
                known=known,
                record=self.hash,
                setting=self.setting,
                reports=live,
                tables=tables,
                engine=self.engine,
            )
        return self._views[known]

    @cached_property
    def reports(self) -> Mapping[str, Report]:
        """Every report that was accepted, by id, replaced and withdrawn ones too."""
        return {r.id: r for r in nouns_of(Report, self.content.tables["reports"])}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What sources, actors, places and areas are called, by id."""
        view = self.view()
        held = (view.areas, view.sources, view.actors, view.places)
        return {noun.id: noun.name for nouns in held for noun in nouns.values()}

    def source_name(self, source_id: str) -> str:
        """The name of a source; its id where sources.csv does not list it."""
        held = self.view().sources
        return held[source_id].name if source_id in held else source_id

    def recorded(self, report_id: str) -> str:
        """When a report's present wording entered the record, as an ISO moment."""
        return self._recorded.get(report_id, "")

    @cached_property
    def _recorded(self) -> Mapping[str, str]:
        table = self.content.tables["reports"].select(["id", "recorded"]).to_pylist()
        return {row["id"]: row["recorded"].isoformat() for row in table if row["recorded"]}

    @classmethod
    def load(cls, root: Path) -> Record:
        """Read the record in force.

        Raises:
            NotFound: the case has not been built, or its cache is damaged.
        """
        for _ in range(3):  # a build may move the name between reading it and reading the folder
            try:
                return cls._load(root / CACHE / (root / CACHE / "current").read_text().strip())
            except (OSError, ValueError, KeyError, pa.ArrowException) as wrong:
                fault = wrong
        raise NotFound(
            "the case has no record yet, or its cache is damaged",
            file=root,
            fix="run `zenobia build` there; it makes the cache anew from the case's files",
        ) from fault

    @classmethod
    def _load(cls, folder: Path) -> Record:
        manifest = json.loads((folder / "manifest.json").read_text())
        tables = {name: pq.read_table(folder / f"{name}.parquet") for name in manifest["tables"]}
        rejected = tables.pop("rejected")
        content = Content(
            setting=_setting_from(manifest["setting"]),
            tables=tables,
            claims=manifest["claims"],
            rejected=rejected,
            warnings=tuple(manifest["warnings"]),
        )
        return cls(content, manifest)

    @classmethod
    def write(cls, root: Path, content: Content, inputs: Mapping[str, str], code: str, ledger_head: str) -> Record:
        """Write a record and put it in force. The bytes depend on nothing but the arguments."""
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "code": code,
            "record": record_hash(content),
            "ledger": ledger_head,
            "inputs": dict(sorted(inputs.items())),
            "setting": _plain_setting(content.setting),
            "claims": dict(sorted(content.claims.items())),
            "warnings": list(content.warnings),
            "tables": {},
        }
        cache = root / CACHE
        making = cache / f"making-{os.getpid()}"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        for name, table in sorted({**content.tables, "rejected": content.rejected}.items()):
            pq.write_table(table, making / f"{name}.parquet", compression="zstd")
            manifest["tables"][name] = {
                "rows": table.num_rows,
                "sha256": file_hash(making / f"{name}.parquet"),
            }
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        (making / "manifest.json").write_text(text, encoding="utf-8")
        _put_in_force(cache, making, hashlib.sha256(text.encode()).hexdigest()[:16])
        return cls(content, manifest)


def record_hash(content: Content) -> str:
    """The content hash of a record: of what sources say and of the terms it is said in.

    Claims and briefings are questions about the record, not part of it; ``recorded`` tells of this
    copy's history, not of the war. Both stay out, so that two people with the same files have the
    same hash.
    """
    total = hashlib.sha256(json.dumps(_plain_setting(content.setting), sort_keys=True).encode())
    for name, table in sorted(content.tables.items()):
        said = table.drop_columns(["recorded"]) if "recorded" in table.column_names else table
        total.update(f"\x1c{name}".encode() + digest(said).encode())
    return f"sha256:{total.hexdigest()}"


def file_hash(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with open(path, "rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()


def _put_in_force(cache: Path, made: Path, name: str) -> None:
    target = cache / name
    if target.exists():
        shutil.rmtree(target)
    os.replace(made, target)
    pointer = cache / "current.new"
    pointer.write_text(name + "\n")
    os.replace(pointer, cache / "current")
    for other in cache.iterdir():
        if other.is_dir() and other != target:
            shutil.rmtree(other, ignore_errors=True)


def _plain_setting(setting: Setting) -> dict[str, Any]:
    return json.loads(json.dumps(asdict(setting), default=_iso))  # type: ignore[no-any-return]


def _iso(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON form for {value!r}")


def _setting_from(plain: Mapping[str, Any]) -> Setting:
    days = {key: date.fromisoformat(plain[key]) if plain[key] else None for key in ("start", "end")}
    area = tuple(plain["area"]) if plain["area"] else None
    return Setting(
        **{
            **plain,
            **days,
            "area": area,
            "languages": tuple(plain["languages"]),
            "holders": tuple(plain["holders"]),
        }
    )
