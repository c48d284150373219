"""One row through the releases of its list: what each captured file says of it, where, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.record import schema_of
from zenobia.sources.collect import Collected
from zenobia.sources.versions import Release, in_order
from zenobia.terms import Report

__all__ = ["Appearance", "lineage", "places_of"]

_Order = tuple[bool, str, int]
# Where it stands in the order, its file, the row in that, and the version that it made, if it made one.
_Told = tuple[_Order, int, int | None, dict[str, Any] | None]
_COLUMNS = tuple(name for name in schema_of(Report).names if name not in ("id", "replaces"))


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """A row as one file has it.

    Attributes:
        number: the file, in the order of the list.
        what: added, changed, unchanged or taken out.
        report: the report that it is, or that still stands.
        row: where it stands in the file; ``None`` where the file has it no longer.
        said: what it says, in the terms of the case.
        changed: the columns that say something else than before, each as before and after.
    """

    number: int
    what: str
    report: str
    row: int | None
    said: Mapping[str, Any]
    changed: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


def lineage(report_id: str, collected: Collected, releases: Sequence[Release]) -> list[Appearance]:
    """What every captured file says of a row, in the order in which they came out; nothing if none has it.

    Args:
        report_id: the id of any version of it.
        collected: what all captured files come to.
        releases: their readings.
    """
    versions = _chain(report_id, collected.reports)
    if not versions:
        return []
    order = {release.number: (release.reading.edits, *in_order(release)) for release in releases}
    taken = {version["number"] for version in versions}
    told: list[_Told] = [(_placed(v, order, releases), v["number"], v["row"], v) for v in versions]
    told += [(order[n], n, row, None) for n, row in _rows_with(versions[0], releases) if n not in taken]
    return list(_appearances(sorted(told, key=lambda each: each[0])))


def places_of(report_ids: Collection[str], collected: Collected) -> dict[str, tuple[int, int | None]]:
    """In which file, and where in it, captured reports stand: number and row, by id; no row where it is missing."""
    table = collected.reports.select(["id", "number", "row"])
    wanted = pa.array(sorted(report_ids), pa.string())
    mine = table.filter(pc.is_in(table.column("id"), value_set=wanted)).to_pylist()
    return {row["id"]: (row["number"], row["row"]) for row in mine}


def _placed(version: Mapping[str, Any], order: Mapping[int, _Order], releases: Sequence[Release]) -> _Order:
    """As `put_in_order` has the releases; a deletion on its own day, and edits after all that lists say."""
    edits, day, number = order[version["number"]]
    deletes = any(release.reading.deletes for release in releases if release.number == number)
    return edits, str(version["published"]) if deletes else day, number


def _chain(report_id: str, reports: pa.Table) -> list[dict[str, Any]]:
    """Every version of a captured report, the first one first."""
    ids, before = reports.column("id"), reports.column("replaces")
    first = report_id
    while (at := pc.index(ids, first).as_py()) >= 0 and (earlier := before[at].as_py()) is not None:
        first = earlier
    if at < 0:
        return []
    found, latest = [reports.slice(at, 1)], pa.array([first])
    while len(latest):
        found.append(reports.filter(pc.is_in(before, value_set=latest)))
        latest = found[-1].column("id").combine_chunks()
    return pa.concat_tables(found).to_pylist()  # type: ignore[no-any-return]


def _rows_with(first: Mapping[str, Any], releases: Sequence[Release]) -> Iterator[tuple[int, int]]:
    """The releases of a list that have a row, by its first version, and where it stands in each."""
    (own,) = (release for release in releases if release.number == first["number"])
    key = first["id"].removeprefix(f"{own.prefix}-item-" if first["cited"] else f"{own.prefix}-")
    for release in releases:
        if not _may_have(release, own, first):
            continue
        rows = release.reading.cited if first["cited"] else release.reading.reports
        if rows is None or not rows.num_rows:
            continue
        at = pc.index(rows.column("key"), key).as_py()
        if at >= 0:
            yield release.number, rows.column("row")[at].as_py()


def _may_have(release: Release, own: Release, first: Mapping[str, Any]) -> bool:
    """Whether a file is of the same list; an item may be cited by any file of a kind."""
    reading = release.reading
    if reading.edits or reading.deletes or release.prefix != own.prefix:
        return False
    return bool(first["cited"]) or reading.series == own.reading.series


def _appearances(told: Sequence[_Told]) -> Iterator[Appearance]:
    before: dict[str, Any] = {}
    report = ""
    for _, number, row, version in told:
        if version is None:
            yield Appearance(number=number, what="unchanged", report=report, row=row, said=before)
            continue
        gone, earlier, report = version["withdraws"], before, version["id"]
        before = {} if gone else {name: version[name] for name in _COLUMNS if version[name] is not None}
        yield Appearance(
            number=number,
            what="taken out" if gone else "changed" if earlier else "added",
            report=report,
            row=row,
            said=before,
            changed=_changed(earlier, before) if earlier and not gone else {},
        )


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = [name for name in _COLUMNS if before.get(name) != after.get(name) and name not in ("published", "locator")]
    return {name: (before.get(name), after.get(name)) for name in names}
