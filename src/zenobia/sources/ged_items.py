"""The items that GED's rows cite, taken apart: which office said what, on which day.

Items of one row are listed with semicolons between them, in four columns. A headline may hold a
semicolon itself; it is then taken from the column that quotes each item whole, or left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.sources.days import Order, days_in
from zenobia.sources.feed import DOUBTS

__all__ = ["items_of"]

# 1753-01-01 is what one database writes for no day at all.
_OLDEST = dt.date(1900, 1, 1)


def items_of(citing: pa.Table, order: Order | None) -> tuple[pa.Table, pa.Table]:
    """The cited items, one row each, and doubts about those that could not be read.

    Args:
        citing: ``row``, ``event`` and GED's four columns of what a row cites.
        order: whether day or month comes first in ``source_date``.

    Returns:
        A table (row, event, office, day, headline), and rows of `feed.DOUBTS`.
    """
    office, day = (citing.column(name).combine_chunks() for name in ("source_office", "source_date"))
    several = pc.or_(pc.match_substring(office, ";"), pc.match_substring(day, ";"))
    plain = citing.select(["row", "event", "source_office", "source_date", "source_headline"])
    single = _single(plain.filter(pc.invert(several)), order)
    split, unpaired = _split(citing.filter(several), order)
    flat = pa.concat_tables([single, split])
    named = pc.not_equal(flat.column("office"), "")
    dated = pc.fill_null(pc.greater_equal(flat.column("day"), pa.scalar(_OLDEST)), False)
    read = pc.and_(named, dated)
    unread = flat.filter(pc.and_not(named, dated)).select(["row", "office"]).to_pylist()
    doubts = [
        _doubt(row["row"], row["office"], "a cited item without a readable day; it is left out") for row in unread
    ]
    doubts += [_doubt(row, text, "its offices and days do not pair; they are left out") for row, text in unpaired]
    return flat.filter(read), pa.Table.from_pylist(doubts, schema=DOUBTS)


def _single(held: pa.Table, order: Order | None) -> pa.Table:
    """Rows that cite one item: its headline is whole, semicolons and all."""
    return pa.table(
        {
            "row": held.column("row"),
            "event": held.column("event"),
            "office": pc.utf8_trim_whitespace(held.column("source_office")),
            "day": days_in(held.column("source_date"), order),
            "headline": _or_none(held.column("source_headline")),
        }
    )


def _split(held: pa.Table, order: Order | None) -> tuple[pa.Table, list[tuple[int, str]]]:
    """Rows that cite several; and those whose offices and days do not pair, by row."""
    offices, days, headlines = (
        pc.split_pattern(held.column(name).combine_chunks(), ";")
        for name in ("source_office", "source_date", "source_headline")
    )
    count = pc.list_value_length(offices)
    pairs = pc.equal(count, pc.list_value_length(days))
    told = pc.and_(pairs, pc.equal(count, pc.list_value_length(headlines)))
    odd = pc.and_not(pairs, told)
    articles = held.column("source_article").filter(odd).to_pylist()
    quoted = [
        line for text, n in zip(articles, count.filter(odd).to_pylist(), strict=True) for line in _quoted(text, n)
    ]
    made = [
        _items(held.filter(mask), offices.filter(mask), days.filter(mask), lines, order)
        for mask, lines in ((told, pc.list_flatten(headlines.filter(told))), (odd, pa.array(quoted, pa.string())))
    ]
    lost = held.filter(pc.invert(pairs)).select(["row", "source_office"]).to_pylist()
    return pa.concat_tables(made), [(row["row"], row["source_office"]) for row in lost]


def _items(held: pa.Table, offices: pa.Array, days: pa.Array, headlines: pa.Array, order: Order | None) -> pa.Table:
    of = pc.list_parent_indices(offices)
    return pa.table(
        {
            "row": held.column("row").take(of),
            "event": held.column("event").take(of),
            "office": pc.utf8_trim_whitespace(pc.list_flatten(offices)),
            "day": days_in(pa.chunked_array([pc.list_flatten(days)], pa.string()), order),
            "headline": _or_none(headlines),
        }
    )


def _quoted(article: str, count: int) -> Sequence[str | None]:
    """The headlines in the column that quotes each item whole: "office,day,headline";"office,..."."""
    pieces = [piece.strip('"') for piece in article.split('";"')]
    if len(pieces) != count:
        return [None] * count
    return [re.sub(r"^.*?,[^,]*\d{4}[^,]*,", "", piece, count=1) for piece in pieces]


def _or_none(headlines: Any) -> Any:
    trimmed = pc.utf8_trim_whitespace(headlines)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _doubt(row: int, value: str, says: str) -> dict[str, Any]:
    return {"row": row, "trap": "cited item", "severity": "note", "value": value[:200], "says": says}
