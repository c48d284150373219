"""What a build adds to the history: the difference between the case's files and the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zenobia.record.ledger import Ledger, fold

__all__ = ["Changes", "changes_since", "enter"]

Rows = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Rows by what happened to them since the ledger's last word, each as (table, id)."""

    added: tuple[tuple[str, str], ...] = ()
    updated: tuple[tuple[str, str], ...] = ()
    withdrawn: tuple[tuple[str, str], ...] = ()
    unchanged: int = 0
    rejected: tuple[str, ...] = ()
    datasets: tuple[Mapping[str, Any], ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything to write down."""
        return bool(self.added or self.updated or self.withdrawn or self.rejected or self.datasets)

    def of(self, table: str) -> dict[str, int]:
        """Counts for one table."""
        return {
            "added": sum(t == table for t, _ in self.added),
            "updated": sum(t == table for t, _ in self.updated),
            "withdrawn": sum(t == table for t, _ in self.withdrawn),
        }


def changes_since(
    ledger: Ledger,
    cells: Rows,
    rejected: Mapping[str, Mapping[str, Any]],
    datasets: Sequence[Mapping[str, Any]] = (),
) -> Changes:
    """Compare the rows of a case's files with what the ledger last held.

    Args:
        ledger: the history.
        cells: the accepted rows as typed, by table and id.
        rejected: the refused rows, by an id of their content.
        datasets: what each captured file came to, with an ``id`` of the file and how it was read.
    """
    state = fold(ledger)
    added, updated, unchanged = [], [], 0
    for table, rows in sorted(cells.items()):
        held = state.get(table, {})
        for row_id, row in sorted(rows.items()):
            last = held.get(row_id)
            if last is None or last.cells is None:
                added.append((table, row_id))
            elif dict(last.cells) != dict(row):
                updated.append((table, row_id))
            else:
                unchanged += 1
    withdrawn = [
        (table, row_id)
        for table, held in sorted(state.items())
        for row_id, last in sorted(held.items())
        if last.cells is not None and row_id not in cells.get(table, {})
    ]
    seen = {entry.id for entry in ledger.entries if entry.kind == "rejected"}
    return Changes(
        added=tuple(added),
        updated=tuple(updated),
        withdrawn=tuple(withdrawn),
        unchanged=unchanged,
        rejected=tuple(sorted(set(rejected) - seen)),
        datasets=tuple(_datasets_since(ledger, datasets)),
    )


def _datasets_since(ledger: Ledger, datasets: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The captured files that are new to the history, and those that it still has and the case no longer."""
    held = {entry.id: entry for entry in ledger.entries if entry.kind == "dataset"}
    standing = {dataset_id for dataset_id, entry in held.items() if not entry.body.get("gone")}
    yield from (dataset for dataset in datasets if dataset["id"] not in standing)
    for dataset_id in sorted(standing - {dataset["id"] for dataset in datasets}):
        yield {"id": dataset_id, "sha256": held[dataset_id].body["sha256"], "gone": True}


def enter(
    ledger: Ledger,
    changes: Changes,
    cells: Rows,
    rejected: Mapping[str, Mapping[str, Any]],
    *,
    now: datetime,
    code: str,
    inputs: Mapping[str, str],
) -> None:
    """Draft the changes for the ledger as one run, to be committed; nothing where nothing changed."""
    if not changes.any:
        return
    run = f"run-{len(ledger.runs()) + 1:06d}"
    ledger.draft(run, now, _entries(changes, cells, rejected, code, inputs))


def _entries(
    changes: Changes,
    cells: Rows,
    rejected: Mapping[str, Mapping[str, Any]],
    code: str,
    inputs: Mapping[str, str],
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "run", {"step": "build", "code": code, "inputs": dict(inputs)}
    for table, row_id in (*changes.added, *changes.updated):
        yield "row", {"table": table, "id": row_id, "row": dict(cells[table][row_id])}
    for table, row_id in changes.withdrawn:
        yield "gone", {"table": table, "id": row_id}
    for reject_id in changes.rejected:
        yield "rejected", {"id": reject_id, **rejected[reject_id]}
    for dataset in changes.datasets:
        yield "dataset", dataset
