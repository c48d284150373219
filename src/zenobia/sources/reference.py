"""Rows of other people's control tables and maps, gathered as a reference series.

They are kept apart from reports: no estimate uses them unless the case names them as evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from zenobia.sources.feed import REFERENCE
from zenobia.sources.said import Said
from zenobia.sources.values import plain
from zenobia.terms import InputError

__all__ = ["HOLDER_WORDS", "NOBODY", "read_holder", "reference_table"]

# Words that stand where a holder is named and name none: what they say of the place.
HOLDER_WORDS: dict[str, str | None] = {
    "contested": "contests",
    "disputed": "contests",
    "mixed": "contests",
    "conflict": "contests",
    "battle": "contests",
    "truce": "shares",
    "shared": "shares",
    "joint": "shares",
    "": None,
    "unknown": None,
    "not known": None,
    "unclear": None,
    "none": None,
    "n/a": None,
    "?": None,
}
# Nobody holds the place: known, and neither contested nor shared.
NOBODY = frozenset({"uncontrolled", "no control", "no one", "nobody", "empty", "abandoned"})


def read_holder(text: str, said: Said) -> tuple[str | None, str | None]:
    """Who holds a place, as written, and how: a holder and ``holds``, or what a word says instead.

    Both are ``None`` where the table says that it does not know, or says nothing.

    Raises:
        InputError: a date or a number stands where a holder should, so the row's cells have shifted.
    """
    name = plain(said.meaning("holder", plain(text)))
    word = name.casefold()
    if word in HOLDER_WORDS:
        return None, HOLDER_WORDS[word]
    if word in NOBODY:
        return None, None
    if word[:1].isdigit():
        raise InputError(
            "no holder",
            column="holder",
            value=text,
            expected="the name of who holds the place",
            fix="look whether the cells of this row have moved by a column",
        )
    return name, "holds"


def reference_table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Rows as a table of `REFERENCE`; a key that is taken gets a number, so that no row hides another."""
    made, times = [], Counter[str]()
    for row in rows:
        times[row["key"]] += 1
        if times[row["key"]] > 1:
            row = {**row, "key": f"{row['key']}#{times[row['key']]}"}
        made.append(row)
    return pa.Table.from_pylist(made, schema=REFERENCE)
