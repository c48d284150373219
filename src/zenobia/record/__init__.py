"""The sourced record: tables, the ledger, views as known on a day, the chain of evidence."""

from zenobia.record.asking import asker
from zenobia.record.basis import Basis
from zenobia.record.captured import captured_at, captured_by, with_captured
from zenobia.record.chain import (
    Link,
    claim_link,
    control_link,
    document_link,
    event_link,
    measure_link,
    report_link,
    say,
    source_link,
)
from zenobia.record.changes import Changes, changes_since, enter
from zenobia.record.diff import between_runs, concerned, learned
from zenobia.record.disk import write_whole, written_whole
from zenobia.record.ledger import Entry, Ledger, Version, fold, runs
from zenobia.record.lock import writing
from zenobia.record.past import row_history
from zenobia.record.queries import QUERIES
from zenobia.record.sides import Sides
from zenobia.record.store import CACHE, FORMAT, Content, Record, clear_away, file_hash, record_hash
from zenobia.record.tables import NOUNS, digest, nouns_of, schema_of, table_of
from zenobia.record.verify import Finding, verify, verify_rehearsed
from zenobia.record.view import NO_DAY, View
from zenobia.record.voices import UNKNOWN_VOICE, originals_of, voice_of

__all__ = [
    "CACHE",
    "FORMAT",
    "NOUNS",
    "NO_DAY",
    "QUERIES",
    "UNKNOWN_VOICE",
    "Basis",
    "Changes",
    "Content",
    "Entry",
    "Finding",
    "Ledger",
    "Link",
    "Record",
    "Sides",
    "Version",
    "View",
    "asker",
    "between_runs",
    "captured_at",
    "captured_by",
    "changes_since",
    "claim_link",
    "clear_away",
    "concerned",
    "control_link",
    "digest",
    "document_link",
    "enter",
    "event_link",
    "file_hash",
    "fold",
    "learned",
    "measure_link",
    "nouns_of",
    "originals_of",
    "record_hash",
    "report_link",
    "row_history",
    "runs",
    "say",
    "schema_of",
    "source_link",
    "table_of",
    "verify",
    "verify_rehearsed",
    "voice_of",
    "with_captured",
    "write_whole",
    "writing",
    "written_whole",
]
