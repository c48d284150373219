"""What `add` did, or would do, in the shape that it prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.sources.collect import Collected

__all__ = ["rejects_of", "told_again", "told_of", "told_together", "warnings_of"]

_COUNTS = ("added", "updated", "unchanged", "withdrawn", "rejected")
_NOT_SAID = frozenset({"id", "replaces", "published", "number", "row", "cited", "withdraws", "admin1", "locator"})


def told_of(collected: Collected, number: int, *, rows: bool = False) -> dict[str, Any]:
    """What one captured file came to: counts of its rows, what was refused and what is odd.

    Args:
        collected: what all files came to.
        number: the file.
        rows: each row that was added, changed or withdrawn as well.
    """
    reports, told = collected.reports, collected.told[number]
    held = reports if rows else reports.select(["number", "cited", "withdraws", "replaces"])
    mine = held.filter(pc.equal(held.column("number"), number))
    own = mine.filter(pc.invert(mine.column("cited")))
    gone = own.column("withdraws")
    replaced = pc.is_valid(own.column("replaces"))
    rejects = _of(collected.rejected, number)
    reference = pc.sum(pc.equal(collected.reference.column("number"), number)).as_py() or 0
    placed = collected.placed.get(number, 0)
    counts = {
        "added": _count(pc.and_(pc.invert(replaced), pc.invert(gone))) + reference + placed,
        "updated": _count(pc.and_(replaced, pc.invert(gone))),
        "unchanged": told.unchanged,
        "withdrawn": _count(gone),
        "rejected": len(rejects),
    }
    doubts = _of(collected.doubts, number)
    made = {
        **counts,
        "rejects": [{key: row[key] for key in ("row", "field", "value", "rule", "fix")} for row in rejects],
        "cited": mine.num_rows - own.num_rows,
        "reference": reference,
        "places": placed,
        "spared": told.spared,
        "doubts": _by_trap(doubts),
    }
    return made | {"rows": _rows(own, reports), "odd": doubts} if rows else made


def told_again(told: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a file that stands in the case already: nothing changed."""
    unchanged = told["added"] + told["updated"] + told["unchanged"]
    return {**told, "added": 0, "updated": 0, "unchanged": unchanged, "withdrawn": 0, "rows": []}


def warnings_of(collected: Collected, names: Sequence[str]) -> list[str]:
    """What is odd in the captured files, a line for each file and kind of oddity."""
    counted = Counter(
        (row["number"], row["severity"], row["trap"])
        for row in collected.doubts.select(["number", "severity", "trap"]).to_pylist()
    )
    spared = [
        f"{names[number]}: {told.spared} rows of the list are missing from it, more than half: taken as a part of "
        "the list, so nothing was withdrawn"
        for number, told in sorted(collected.told.items())
        if told.spared
    ]
    return spared + [
        f"{names[number]}: {trap} ({severity}; {count} {'row' if count == 1 else 'rows'})"
        for (number, severity, trap), count in sorted(counted.items())
    ]


def rejects_of(collected: Collected, names: Sequence[str]) -> list[dict[str, Any]]:
    """The refused rows of all captured files, with the file that each stands in."""
    return [
        {"file": names[row["number"]], **{key: row[key] for key in ("row", "field", "value", "rule", "fix")}}
        for row in collected.rejected.sort_by([("number", "ascending"), ("row", "ascending")]).to_pylist()
    ]


def told_together(kinds: Sequence[str], files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several files as one answer: the sums, and under ``files`` each by itself."""
    sums = {name: sum(file[name] for file in files) for name in _COUNTS}
    kind = kinds[0] if len(set(kinds)) == 1 else "several"
    rejects = [row if len(files) == 1 else {"file": file["file"], **row} for file in files for row in file["rejects"]]
    return {"kind": kind, **sums, "rejects": rejects, "files": list(files)}


def _of(table: pa.Table, number: int) -> list[dict[str, Any]]:
    mine = table.filter(pc.equal(table.column("number"), number)).drop_columns(["number"])
    return mine.sort_by("row").to_pylist()  # type: ignore[no-any-return]


def _count(mask: pa.ChunkedArray) -> int:
    return pc.sum(mask).as_py() or 0


def _by_trap(doubts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Odd rows counted by what is odd about them, the gravest first."""
    counted = Counter((row["severity"], row["trap"]) for row in doubts)
    first = {(row["severity"], row["trap"]): row for row in reversed(doubts)}
    order = ("fault", "doubt", "note")
    return [
        {"trap": trap, "severity": severity, "rows": n, "first": dict(first[severity, trap])}
        for (severity, trap), n in sorted(counted.items(), key=lambda item: (order.index(item[0][0]), -item[1]))
    ]


def _rows(own: pa.Table, reports: pa.Table) -> list[dict[str, Any]]:
    before_ids = pc.drop_null(own.column("replaces")).combine_chunks()
    earlier = {
        row["id"]: row for row in reports.filter(pc.is_in(reports.column("id"), value_set=before_ids)).to_pylist()
    }
    made = []
    for row in own.sort_by("row").to_pylist():
        before = earlier.get(row["replaces"])
        what = "withdrawn" if row["withdraws"] else "updated" if row["replaces"] else "added"
        told = {"row": row["row"], "what": what, "id": row["id"]}
        if what != "added":
            told["replaces"] = row["replaces"]
        if what == "updated" and before:
            told["changed"] = {
                name: [_plain(before[name]), _plain(value)]
                for name, value in row.items()
                if name not in _NOT_SAID and before[name] != value
            }
        made.append(told)
    return made


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else value.isoformat()
