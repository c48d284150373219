"""Texts that a spreadsheet would run as a formula, made harmless; and back again, exactly.

A spreadsheet that opens a CSV file takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula,
whatever quotes it stands in. An apostrophe before it makes it a text.

Source: OWASP, CSV Injection, owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["as_text", "kept_apart"]

# Apostrophes that are there already are kept apart from ours: one more is added, one is taken off again.
_RUNS = "^('*[=+\\-@\t\r＝＋－＠])"
_LIKE_OURS = "^('+[=+\\-@\t\r＝＋－＠])"


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column in which no text would be run; columns that are no texts stay as they are."""
    if not pa.types.is_string(column.type):
        return column
    return pc.replace_substring_regex(column, _RUNS, "'\\1")


def kept_apart(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of a workbook, where nothing is run: only what has such an apostrophe already gets one more.

    So whatever reads it back takes one off, whether it comes from here or from a CSV file that was saved as a workbook.
    """
    if not pa.types.is_string(column.type):
        return column
    return pc.replace_substring_regex(column, _LIKE_OURS, "'\\1")
