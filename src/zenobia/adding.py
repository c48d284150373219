"""Files of researchers into a case: taken in as they are, listed, and the record brought up to date with them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from zenobia import case, sources
from zenobia.building import Building
from zenobia.record import CACHE, writing
from zenobia.sources import documents

__all__ = ["add"]


def add(
    building: Building,
    what: Sequence[str],
    *,
    kind: str,
    options: sources.Options,
    dry_run: bool,
    now: datetime,
) -> dict[str, Any]:
    """Take files in as they are, and bring the record up to date with them.

    Args:
        building: what builds the record of the case.
        what: files, or addresses of documents.
        kind: what they are; empty where each is to be recognised.
        options: what the user says of them.
        dry_run: say what would happen, row by row, and write nothing.
        now: the moment that they are recorded at.

    Returns:
        The stable JSON shape of `add`.
    """
    papers = [item for item in what if sources.is_document(item, kind)]
    tables = [item for item in what if item not in papers]
    told = _add_documents(building, papers, dict(options.sets), dry_run, now) if papers else []
    told += _add_datasets(building, tables, kind, options, dry_run, now) if tables else []
    return told[0] if len(what) == 1 else sources.told_together([t["kind"] for t in told], told)


def _add_documents(
    building: Building, papers: Sequence[str], sets: dict[str, str], dry_run: bool, now: datetime
) -> list[dict[str, Any]]:
    with writing(building.root / CACHE), building.watching.step("reading documents"):
        told = documents.add_all(building.root, papers, captured=now.date(), dry_run=dry_run, **sets)
    if not dry_run:
        building.build(now)
    return told


def _add_datasets(
    building: Building, tables: Sequence[str], kind: str, options: sources.Options, dry_run: bool, now: datetime
) -> list[dict[str, Any]]:
    with nullcontext() if dry_run else writing(building.root / CACHE):
        saved = case.saved_mappings(building.folder)
        paths = building.watching.through([Path(t) for t in tables], "reading files")
        seen = building.intake.look_all(paths, kind, options, saved, keep=not dry_run)
        try:
            return _take_in(building, seen, options, dry_run, now)
        finally:
            building.intake.drop(seen)


def _take_in(
    building: Building, seen: Sequence[sources.Seen], options: sources.Options, dry_run: bool, now: datetime
) -> list[dict[str, Any]]:
    before = case.read_datasets(building.folder)
    held = {dataset.id for dataset in before}
    wanted = list({dataset.id: dataset for dataset in (_listed(s, now) for s in seen)}.values())
    fresh = [dataset for dataset in wanted if dataset.id not in held]
    if not dry_run:
        _keep(building, seen, fresh, options)
        building.build_alone(now)
    files = case.load_steady(building.root)
    every = (*before, *fresh)
    releases = {_listed(s, now).id: s.release for s in seen} if dry_run else {}
    collected = building.collect(replace(files, datasets=every), releases)
    return sources.told_of_each(collected, every, wanted, held, rows=dry_run)


def _keep(
    building: Building, seen: Sequence[sources.Seen], fresh: Sequence[case.Dataset], options: sources.Options
) -> None:
    """Capture files, then list them: a file that is on the list is there, whenever the machine stops."""
    for one in seen if options.maps else ():
        made = one.captured
        case.save_mapping(building.folder, made.name, one.feed.kind, one.columns, options.maps, options.sets)
    for one in seen:
        building.intake.capture(one)
    if fresh:
        case.list_datasets(building.folder, fresh)


def _listed(seen: sources.Seen, now: datetime) -> case.Dataset:
    """A file as it stands on the list, with what its feed found for those who read it."""
    captured, reading = seen.captured, seen.release.reading
    return case.Dataset(
        sha256=captured.sha256,
        name=captured.name,
        kind=seen.feed.kind,
        source=reading.source,
        series=reading.series,
        published=reading.published.isoformat() if reading.published else "",
        maps=captured.options.maps,
        sets=captured.options.sets,
        added=now.date().isoformat(),
    )
