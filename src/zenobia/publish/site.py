"""The static site: pages, images, tables and feeds of a released record, which open from any folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from zenobia.publish.brief import environment, stylesheet
from zenobia.publish.exports import table_bytes
from zenobia.publish.foretold import Round, Track
from zenobia.publish.numbers import Numbers
from zenobia.publish.programs import LIBRARY, OURS, library, script
from zenobia.publish.site_api import answers
from zenobia.publish.site_pages import Pages
from zenobia.publish.site_words import LANGUAGES
from zenobia.publish.wording import anchor
from zenobia.record import write_whole
from zenobia.terms import InputError

__all__ = ["Told", "make_site", "put_down_site"]

MANIFEST = "release.json"
MOST_MAPS = 13


@dataclass(frozen=True, kw_only=True)
class Told:
    """All that a site is made from: nothing but what was released.

    Attributes:
        numbers: what pages may ask of the released record.
        first: the first day of which control is told.
        after: the first day of which it is not.
        tables: what is handed on as files, by name.
        corrections: reports that replaced or took back another, newest first.
        forecasts: those that are due.
        track: how all of them came off together.
        briefs: briefings by the name of their file: as written, and as pages.
        rules: what may be told, in words.
    """

    numbers: Numbers
    first: date
    after: date
    tables: Mapping[str, pa.Table]
    corrections: Sequence[Mapping[str, Any]]
    forecasts: Sequence[Round]
    track: Track
    briefs: Mapping[str, tuple[str, str]]
    rules: Sequence[str]


def make_site(told: Told) -> dict[str, bytes]:
    """Every file of the site, by its path. The same released record always gives the same bytes."""
    texts = dict(_texts(told))
    files = {name: text.encode("utf-8") for name, text in texts.items()}
    for name, table in sorted(told.tables.items()):
        files[f"tables/{name}.csv"] = table_bytes(table, "csv")
        files[f"tables/{name}.json"] = table_bytes(table, "json")
    return {**files, MANIFEST: _manifest(told, files)}


def _texts(told: Told) -> Iterator[tuple[str, str]]:
    templates = environment()
    yield "style.css", stylesheet(templates) + templates.get_template("site/site.css").render()
    yield from _scripts()
    for name, (_, page) in sorted(told.briefs.items()):
        yield brief_file(name), page
    pages = Pages(
        told.numbers,
        templates,
        days=map_days(told.first, told.after),
        corrections=told.corrections,
        forecasts=told.forecasts,
        track=told.track,
        parties=_rows(told.tables, "actors"),
        ties=_rows(told.tables, "affiliations"),
        files=[(name, table.num_rows) for name, table in sorted(told.tables.items())],
        briefs=[(brief_file(name), _title(text, name)) for name, (text, _) in sorted(told.briefs.items())],
        rules=told.rules,
    )
    yield from pages.images()
    yield from pages.feeds()
    yield from answers(pages)
    for language in LANGUAGES:
        yield from pages.written(language)


def _scripts() -> Iterator[tuple[str, str]]:
    """Our own scripts, and the map library where the installation has it."""
    yield from ((name, script(name)) for name in OURS)
    theirs = library()
    if theirs is not None:
        yield LIBRARY, theirs


def brief_file(name: str) -> str:
    return f"briefs/{anchor('brief', name)}.html"


def map_days(first: date, after: date, most: int = MOST_MAPS) -> list[date]:
    """The days that maps are drawn for: the firsts of months, as many months apart as it takes, and the last day."""
    months = [(first.year + n // 12, n % 12 + 1) for n in range(first.month - 1, first.month + 12 * 100)]
    starts = [d for d in (date(year, month, 1) for year, month in months) if first <= d < after]
    apart = next(n for n in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(starts) / n <= most - 1)
    last = after - timedelta(days=1)
    return sorted({*starts[::apart], max(first, last)})


def _rows(tables: Mapping[str, pa.Table], name: str) -> list[dict[str, Any]]:
    return tables[name].to_pylist() if name in tables else []


def _title(markdown: str, name: str) -> str:
    lines = [line.strip() for line in markdown.splitlines()]
    titled = (line.partition(":")[2].strip(" \"'") for line in lines if line.startswith("title:"))
    return next(titled, None) or next((line.removeprefix("# ") for line in lines if line.startswith("# ")), name)


def _manifest(told: Told, files: Mapping[str, bytes]) -> bytes:
    stamp = told.numbers.stamp
    listed = {
        "case": stamp.case,
        "title": stamp.title,
        "record": stamp.record,
        "known": stamp.known.isoformat() if stamp.known else None,
        "rules": list(told.rules),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return json.dumps(listed, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def put_down_site(files: Mapping[str, bytes], folder: Path) -> None:
    """Write a site into a folder; what an earlier release left there and this one has not is taken away.

    Raises:
        InputError: the folder holds something that is no earlier release.
    """
    before = _earlier(folder)
    for name, content in sorted(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content)
    for name in sorted(before - files.keys()):
        (folder / name).unlink(missing_ok=True)


def _earlier(folder: Path) -> set[str]:
    """The files of an earlier release that lie in a folder; none where it is empty or not there."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return set()
    try:
        listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        inside = {name for name in listed if (folder / name).resolve().is_relative_to(folder.resolve())}
        return {*inside, MANIFEST}
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            "this folder holds something else",
            file=folder,
            expected="an empty folder, one that is not there yet, or an earlier release",
            fix="name another folder",
        ) from None
