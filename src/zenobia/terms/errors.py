"""What can go wrong, as one tree.

    ZenobiaError
    ├── InputError       what came in was wrong: a file, a row, a call
    │   └── NotFound     a name or id that the record does not hold
    ├── NotMeasurable    the question is well put, but the record cannot answer it
    ├── LedgerBroken     the history of the record was altered
    └── RecordBusy       another process is writing the same record

Every message says what came, what was expected and what to do next.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["InputError", "LedgerBroken", "NotFound", "NotMeasurable", "RecordBusy", "ZenobiaError"]


class ZenobiaError(Exception):
    """Anything that Zenobia refuses, in words that its user can act on."""


class InputError(ZenobiaError):
    """Something that came in was wrong: said with place, value, expectation and next step.

    Args:
        what: the fault, in one plain phrase.
        file: the file it stands in, if any.
        row: the row as a person counts it in a spreadsheet (the header is row 1).
        column: the column or key.
        value: the value that came.
        expected: what would have been right.
        fix: what to do now.
    """

    def __init__(
        self,
        what: str,
        *,
        file: str | Path | None = None,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        expected: str | None = None,
        fix: str | None = None,
    ) -> None:
        self.what, self.file, self.row, self.column = what, file, row, column
        self.value, self.expected, self.fix = value, expected, fix
        super().__init__(self._message())

    def _message(self) -> str:
        where = ", ".join(
            part
            for part in (
                str(self.file) if self.file is not None else "",
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column}" if self.column else "",
            )
            if part
        )
        lines = [f"{where}: {self.what}" if where else self.what]
        if self.value is not None:
            lines.append(f"  came: {_shown(self.value)}")
        if self.expected:
            lines.append(f"  expected: {self.expected}")
        if self.fix:
            lines.append(f"  do: {self.fix}")
        return "\n".join(lines)


class NotFound(InputError):
    """A name or id that the record does not hold."""


class NotMeasurable(ZenobiaError):
    """A well-put question that the record cannot answer; the message says what would settle it."""


class LedgerBroken(ZenobiaError):
    """The history in ledger.jsonl was altered, cut or reordered."""


class RecordBusy(ZenobiaError):
    """Another process holds the record's write lock."""


def _shown(value: object, longest: int = 120) -> str:
    text = repr(value)
    return text if len(text) <= longest else f"{text[:longest]}... ({len(text)} characters)"
