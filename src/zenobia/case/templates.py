"""Beginning a case: an empty one with every column in place, or a copy of the built-in one."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from zenobia.case.rows import columns_of
from zenobia.terms import Actor, Affiliation, Document, Frame, InputError, Place, Report, Source

__all__ = ["BUILT_IN", "copy_built_in", "write_new"]

BUILT_IN = "palmyra"

_FILES: dict[str, type[object]] = {
    "sources.csv": Source,
    "coverage.csv": Frame,
    "actors.csv": Actor,
    "affiliations.csv": Affiliation,
    "places.csv": Place,
    "reports.csv": Report,
    "documents/documents.csv": Document,
}

_TOML = """\
id = {name}
title = {name}
timezone = "UTC"                 # where it happens, e.g. "Asia/Damascus"
# from = 2015-01-01              # the case's period: first day ...
# to = 2018-01-01                # ... and first day after
# area = [35.0, 32.0, 42.5, 37.5]  # west, south, east, north, in degrees
languages = ["en"]
holders = []                     # actor ids that can hold places, e.g. ["government", "rebels"]

[publish]
policy = "private"               # nothing of this case is released until you say otherwise: "public"
# delay = 30                     # days between a source's word and its release
# small_counts = 3               # figures of people below this are withheld
# salt = ""                      # a long secret word; needed where reports are told less exactly than they stand
"""

# Their hashes are part of the history: git may not change their line ends.
_AS_THEY_ARE = "ledger.jsonl -text\ndocuments/** -text\ndatasets/** -text\n"

_CLAIMS = """\
# Published statements and the question that each asks of the record. See docs/claims.md.
# - id: C01
#   says: Government forces took Northtown on 3 May.
#   by: a-source-id
#   on: 2024-05-04
#   ask: {measure: held, place: northtown, change: {from: rebels, to: government}, from: 2024-04-01, to: 2024-06-01}
#   expect: "2024-05-02..2024-05-04"
"""


def write_new(folder: Path) -> None:
    """Write an empty case, private by default.

    Raises:
        InputError: the folder holds something already.
    """
    with _beginning(folder, _TOML.format(name=json.dumps(folder.resolve().name, ensure_ascii=False))):
        (folder / "documents").mkdir(exist_ok=True)
        (folder / "briefs").mkdir(exist_ok=True)
        for name, noun in _FILES.items():
            (folder / name).write_text(_header(noun), encoding="utf-8")
        (folder / "areas.geojson").write_text('{"type": "FeatureCollection", "features": []}\n', encoding="utf-8")
        (folder / "claims.yaml").write_text(_CLAIMS, encoding="utf-8")


def copy_built_in(folder: Path) -> bool:
    """Copy the built-in case into a folder; one that is there already is left as it is.

    Returns:
        Whether anything was copied.

    Raises:
        InputError: the folder holds something that is not this case.
    """
    toml = folder / "case.toml"
    if toml.is_file() and f'id = "{BUILT_IN}"' in toml.read_text(encoding="utf-8"):
        return False
    packed = resources.files("zenobia") / "cases" / BUILT_IN
    begun = _beginning(folder, (packed / "case.toml").read_text(encoding="utf-8"))
    with begun, resources.as_file(packed) as built_in:
        kept_back = shutil.ignore_patterns("__pycache__", "case.toml")
        shutil.copytree(built_in, folder, dirs_exist_ok=True, ignore=kept_back)
    return True


# What case.toml is called while the rest of a case is being written: a folder that has it is no case
# yet, and whoever begins one there again may write over it.
_BEGUN = "case.toml.begun"


@contextmanager
def _beginning(folder: Path, toml: str) -> Iterator[None]:
    """Write a case so that it is one when it is whole, and not before: its case.toml gets its name last."""
    fresh = not folder.exists()
    if not (folder / _BEGUN).is_file() or (folder / "case.toml").exists():
        _refuse_occupied(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _BEGUN).write_text(toml, encoding="utf-8")
        yield
        (folder / ".gitignore").write_text(".zenobia/\n*.part\n", encoding="utf-8")
        (folder / ".gitattributes").write_text(_AS_THEY_ARE, encoding="utf-8")
        (folder / _BEGUN).replace(folder / "case.toml")
    except OSError:
        if fresh:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _refuse_occupied(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            "this folder is not empty",
            file=folder,
            expected="a folder that does not exist yet, or an empty one",
            fix="choose another name",
        )


def _header(noun: type[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(columns_of(noun))
    return line.getvalue()
