"""ACLED's list of deleted events: each is taken back on the day on which ACLED took it back.

ACLED edits its events in place and publishes apart which ones it deleted (two events that were one, a
report that was not borne out). The list is global and cumulative: of most of its events a case holds none.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from zenobia.sources.acled import day_of_moment, speaker
from zenobia.sources.feed import Captured, Look, Reading, Sql
from zenobia.sources.findings import Findings
from zenobia.sources.rows import Batch, batches
from zenobia.sources.said import Said
from zenobia.terms import InputError

__all__ = ["AcledDeleted"]

_ID, _WHEN = "event_id_cnty", "deleted_timestamp"
_SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("row", pa.int64()),
        ("published", pa.date32()),
        ("locator", pa.string()),
    ]
)


class AcledDeleted:
    """Reads the list of deleted events; what it names must stand in exports of the same source and series."""

    kind = "acled-deleted"
    version = 1
    prefix = "acled"

    def recognises(self, look: Look) -> float:
        """By the two columns that it consists of."""
        batch = Batch(look.columns, ())
        return 1.0 if batch.place(_ID) is not None and batch.place(_WHEN) is not None else 0.0

    def read(self, captured: Captured, sql: Sql) -> Iterator[Reading]:
        """Read the deletions, batch by batch.

        Raises:
            InputError: a column is missing.
        """
        findings, said = Findings(), Said(captured)
        source = speaker(said)
        for batch in batches(captured, findings):
            deleted = _deletions(batch, captured.name, findings)
            rejected, doubts = findings.take()
            yield Reading(
                series=said.get("series") or source.id,
                source=source.id,
                deletes=True,
                reports=deleted,
                sources=(source,),
                rejected=rejected,
                doubts=doubts,
            )


def _deletions(batch: Batch, file: str, findings: Findings) -> pa.Table:
    event, when = batch.required(file, _ID), batch.required(file, _WHEN)
    made = []
    for number, cells in batch.rows:
        try:
            made.append(_deletion(number, cells[event], cells[when]))
        except InputError as wrong:
            findings.reject(number, wrong, batch.named(cells))
    return pa.Table.from_pylist(made, schema=_SCHEMA)


def _deletion(number: int, event: str, when: str) -> dict[str, object]:
    if not event:
        raise InputError("no id", column=_ID, value=event, expected="ACLED's id of the event", fix="fill it in")
    day = day_of_moment(when, _WHEN)
    return {"key": event, "row": number, "published": day, "locator": f"deleted ACLED event {event}"}
