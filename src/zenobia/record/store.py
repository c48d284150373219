"""The built record on disk: a cache that is a pure function of the case's files and its ledger.

``.zenobia/current`` names the folder of the record in force; a build writes a new folder beside it
and then moves the name in one step, so that a reader sees one whole version, before or after.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property, reduce
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zenobia.engine import DuckEngine, Engine
from zenobia.record.basis import Basis
from zenobia.record.queries import LIVE_REPORTS
from zenobia.record.tables import NounsById, digest, nouns_of
from zenobia.record.view import View
from zenobia.terms import NotFound, Report, Setting

__all__ = ["CACHE", "Content", "Record", "clear_away", "file_hash", "record_hash"]

CACHE = ".zenobia"

# Written into the manifest; a change in how tables are made must raise it, so that old caches are rebuilt.
FORMAT = 4


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a case's files come to: typed tables, the setting, the texts of claims, the rejected rows."""

    setting: Setting
    tables: Mapping[str, pa.Table]
    claims: Mapping[str, str] = field(default_factory=dict)
    rejected: pa.Table = field(default_factory=lambda: pa.table({}))
    doubts: pa.Table = field(default_factory=lambda: pa.table({}))
    warnings: tuple[str, ...] = ()


class Record:
    """The record of a case as last built."""

    def __init__(self, content: Content, manifest: Mapping[str, Any], engine: Engine | None = None) -> None:
        self.content = content
        self.manifest = manifest
        self.hash: str = manifest["record"]
        self._engine = engine
        self._views: dict[date | None, View] = {}

    @cached_property
    def engine(self) -> Engine:
        """What answers queries over the record; started when the first is asked."""
        return self._engine or DuckEngine()

    @property
    def setting(self) -> Setting:
        """What case.toml says."""
        return self.content.setting

    def view(self, known: date | None = None) -> View:
        """The record as known on a day: only what had been published by then."""
        if known not in self._views:
            tables = {name: table for name, table in self.content.tables.items() if name != "reports"}
            self._views[known] = View(
                known=known,
                record=self.hash,
                setting=self.setting,
                reports=self._live(known),
                tables=tables,
                engine=self.engine,
            ).sharing(self._basis)
        return self._views[known]

    @cached_property
    def _basis(self) -> Basis:
        return Basis(self.setting, self.content.tables["reports"], self.content.tables)

    def _live(self, known: date | None) -> pa.Table:
        """The reports in force on a day, in the order of their ids; only their places are asked for, which is quick."""
        held = self.content.tables["reports"]
        stamps = held.select(["id", "published", "replaces", "withdraws"])
        stamps = stamps.append_column("at", pa.array(np.arange(held.num_rows, dtype=np.int64)))
        params = pa.table({"known": pa.array([known], type=pa.date32())})
        at = self.engine.sql(LIVE_REPORTS, stamps=stamps, params=params).column("at")
        said = held.drop_columns(["withdraws"])
        if len(at) == held.num_rows:
            return said
        live = np.zeros(held.num_rows, dtype=bool)
        live[at.to_numpy()] = True
        return said.filter(pa.array(live))

    @cached_property
    def reports(self) -> Mapping[str, Report]:
        """Every report that was accepted, by id, replaced and withdrawn ones too."""
        return NounsById(Report, self.content.tables["reports"])

    def reports_where(self, **wanted: str) -> tuple[Report, ...]:
        """The reports, of whatever version, with one of these values in its column."""
        held = self.content.tables["reports"]
        masks = [pc.fill_null(pc.equal(held.column(name), value), False) for name, value in wanted.items()]
        return nouns_of(Report, held.filter(reduce(pc.or_, masks)))

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
        cache = root / CACHE
        named = _name_in_force(cache)
        while True:
            try:
                return cls._load(cache / named)
            except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException) as wrong:
                # A build may have moved the name between our reading it and our reading the folder,
                # and cleared the folder away; what is damaged keeps its name.
                before, named = named, _name_in_force(cache)
                if named == before:
                    raise NotFound(
                        "the case has no record yet, or its cache is damaged",
                        file=root,
                        fix="run `zenobia build` there; it makes the cache anew from the case's files",
                    ) from wrong

    @staticmethod
    def told(root: Path) -> Mapping[str, Any] | None:
        """What the record in force says of itself, without its tables; nothing where there is none or it is damaged."""
        cache = root / CACHE
        try:
            return _manifest(cache / _name_in_force(cache))
        except (OSError, ValueError):
            return None

    @classmethod
    def _load(cls, folder: Path) -> Record:
        manifest = _manifest(folder)
        tables = {name: _read_table(folder / f"{name}.parquet", hashed) for name, hashed in manifest["tables"].items()}
        rejected, doubts = tables.pop("rejected"), tables.pop("doubts")
        content = Content(
            setting=_setting_from(manifest["setting"]),
            tables=tables,
            claims=manifest["claims"],
            rejected=rejected,
            doubts=doubts,
            warnings=tuple(manifest["warnings"]),
        )
        return cls(content, manifest)

    @classmethod
    def write(
        cls,
        root: Path,
        content: Content,
        inputs: Mapping[str, str],
        code: str,
        ledger_head: str,
        commit: Callable[[], None] = lambda: None,
    ) -> Record:
        """Write a record and put it in force. The bytes depend on nothing but the arguments.

        Args:
            commit: writes the history that the record rests on. It is called when everything else
                is on the disk: if the disk fills up before, nothing has changed, and if the machine
                stops after, the next build makes the same record from the history.
        """
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
        making = root / CACHE / f"making-{os.getpid()}"
        try:
            name = _write_tables(making, content, manifest)
            commit()
            _put_in_force(making, name)
        finally:
            shutil.rmtree(making, ignore_errors=True)
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


def _write_tables(making: Path, content: Content, manifest: dict[str, Any]) -> str:
    """Write every table and the manifest into a new folder; returns the name that it is to have."""
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    for name, table in sorted({**content.tables, "rejected": content.rejected, "doubts": content.doubts}.items()):
        path = making / f"{name}.parquet"
        pq.write_table(table, path, compression="zstd")
        manifest["tables"][name] = {"rows": table.num_rows, "sha256": file_hash(path)}
    told = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    (making / "manifest.json").write_bytes(told)
    return _name_of(told)


def _manifest(folder: Path) -> dict[str, Any]:
    told = (folder / "manifest.json").read_bytes()
    if _name_of(told) != folder.name:
        raise ValueError(f"{folder.name}/manifest.json is not as it was written")
    held: dict[str, Any] = json.loads(told)
    return held


def _name_of(manifest: bytes) -> str:
    """A folder is named by its manifest, and the manifest holds the hash of each table: `load` checks both.

    So a cache that was cut short by a power failure, or edited, is never read; and nothing in it
    need be seen onto the disk before it is put in force.
    """
    return hashlib.sha256(manifest).hexdigest()[:16]


def _read_table(path: Path, told: Mapping[str, Any]) -> pa.Table:
    held = path.read_bytes()
    if hashlib.sha256(held).hexdigest() != told["sha256"]:
        raise ValueError(f"the cached table {path.stem} is not as it was written")
    return pq.read_table(pa.BufferReader(held))


def _put_in_force(made: Path, name: str) -> None:
    """Move a folder to its name and the pointer to the folder; then clear away what is no longer pointed to."""
    cache = made.parent
    target = cache / name
    if target.exists():  # an interrupted clearing away, or a damaged copy: in one step out of the way
        aside = cache / f"old-{os.getpid()}"
        shutil.rmtree(aside, ignore_errors=True)
        os.replace(target, aside)
    os.replace(made, target)
    pointer = cache / "current.new"
    pointer.write_text(f"{name}\n", encoding="utf-8")
    os.replace(pointer, cache / "current")
    clear_away(cache)


def clear_away(cache: Path) -> None:
    """Remove what builds that were stopped, or are no longer in force, left in a cache. Only for who holds the lock."""
    current = _name_in_force(cache)
    for other in cache.iterdir():
        if other.is_dir() and other.name != current and _is_ours(other.name):
            shutil.rmtree(other, ignore_errors=True)


def _name_in_force(cache: Path) -> str:
    """What ``current`` says; a name that is no folder's where there is none, or it was damaged."""
    try:
        name = (cache / "current").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return "none"
    return name if _is_ours(name) else "none"


def _is_ours(name: str) -> bool:
    return name.startswith(("making-", "old-")) or re.fullmatch("[0-9a-f]{16}", name) is not None


def _plain_setting(setting: Setting) -> dict[str, Any]:
    """What case.toml says, without what it need not say: so a record of before keeps its hash."""
    plain = asdict(setting)
    if not setting.incidents:
        del plain["incidents"]
    return json.loads(json.dumps(plain, default=_iso))  # type: ignore[no-any-return]


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
