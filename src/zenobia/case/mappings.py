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
from zenobia.terms import InputError

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
    """Write a mapping under the name of its file into case.toml, in one step; only for who holds the write lock.

    Returns:
        Its name, or nothing if it stands there.

    Raises:
        InputError: case.toml has its mappings in a form that nothing can be added to.
    """
    kept = {key: value for key, value in sets.items() if key not in _OF_ONE_FILE}
    held = saved_mappings(folder)
    if any((m.kind, m.columns, m.maps, m.sets) == (kind, tuple(columns), dict(maps), kept) for m in held):
        return None
    stem = re.sub(r"[^a-z]+", "-", Path(file).stem.lower()).strip("-") or "table"
    taken = {mapping.name for mapping in held}
    name = next(n for n in (stem, *(f"{stem}-{i}" for i in range(2, len(held) + 3))) if n not in taken)
    lines = ["", f"[mappings.{name}]", f"kind = {_text(kind)}", f"columns = [{', '.join(map(_text, columns))}]"]
    for part, said in (("map", maps), ("set", kept)):
        if said:
            lines += [f"[mappings.{name}.{part}]", *(f"{_text(key)} = {_text(value)}" for key, value in said.items())]
    _append(folder, lines)
    return name


def _append(folder: CaseFolder, lines: Sequence[str]) -> None:
    """Put lines at the end of case.toml; what stands in it stays as it is, byte for byte."""
    before = folder.toml.read_bytes()
    end = "\r\n" if b"\r\n" in before else "\n"
    text = before.rstrip(b"\r\n") + (end + end.join(lines) + end).encode()
    try:
        tomllib.loads(text.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as wrong:
        raise InputError(
            "a mapping that cannot be added",
            file="case.toml",
            value=lines[1],
            expected="mappings as tables of their own, such as [mappings.strikes]",
            fix="write `mappings` of case.toml in that form, then add the file again",
        ) from wrong
    write_whole(folder.toml, text)


def _text(value: str) -> str:
    """A TOML string; JSON's escapes are TOML's too, but for DEL, which both may not hold bare."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
