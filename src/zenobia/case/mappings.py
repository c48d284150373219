"""What the user said of a table's columns, kept in case.toml for the next file of the same make."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from zenobia.case.folder import CaseFolder
from zenobia.record import write_whole

__all__ = ["SavedMapping", "save_mapping", "saved_mappings"]

# What is true of one file and not of the next of its make.
_OF_ONE_FILE = frozenset({"published", "date"})


@dataclass(frozen=True, kw_only=True)
class SavedMapping:
    """How tables with these columns are read."""

    name: str
    kind: str
    columns: tuple[str, ...]
    maps: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)


def saved_mappings(folder: CaseFolder) -> list[SavedMapping]:
    """The mappings of case.toml; what is no mapping there is passed over."""
    held = tomllib.loads(folder.toml.read_text(encoding="utf-8-sig")).get("mappings", {})
    return [
        SavedMapping(
            name=name,
            kind=str(said.get("kind", "")),
            columns=tuple(map(str, said["columns"])),
            maps={str(k): str(v) for k, v in said.get("map", {}).items()},
            sets={str(k): str(v) for k, v in said.get("set", {}).items()},
        )
        for name, said in held.items()
        if isinstance(said, dict) and said.get("columns")
    ]


def save_mapping(
    folder: CaseFolder, file: str, kind: str, columns: Sequence[str], maps: Mapping[str, str], sets: Mapping[str, str]
) -> str | None:
    """Write a mapping under the name of its file into case.toml; returns its name, or nothing if it stands there."""
    kept = {key: value for key, value in sets.items() if key not in _OF_ONE_FILE}
    held = saved_mappings(folder)
    if any((m.kind, m.columns, m.maps, m.sets) == (kind, tuple(columns), dict(maps), kept) for m in held):
        return None
    stem = re.sub(r"[^a-z]+", "-", Path(file).stem.lower()).strip("-") or "table"
    taken = {mapping.name for mapping in held}
    name = next(n for n in (stem, *(f"{stem}-{i}" for i in range(2, len(held) + 3))) if n not in taken)
    lines = [f"\n[mappings.{name}]", f"kind = {_text(kind)}", f"columns = [{', '.join(map(_text, columns))}]"]
    for part, said in (("map", maps), ("set", kept)):
        if said:
            lines += [f"[mappings.{name}.{part}]", *(f"{_text(key)} = {_text(value)}" for key, value in said.items())]
    before = folder.toml.read_text(encoding="utf-8-sig").rstrip("\n")
    write_whole(folder.toml, before + "\n" + "\n".join(lines) + "\n")
    return name


def _text(value: str) -> str:
    """A TOML string; JSON's escapes are TOML's too, but for DEL, which both may not hold bare."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
