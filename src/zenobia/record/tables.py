"""The record's tables, derived from the nouns: one column a field, in the order of the fields."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import types
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from zenobia.terms import Actor, Affiliation, Area, Document, Frame, Place, Report, Source

__all__ = ["NOUNS", "digest", "nouns_of", "schema_of", "table_of"]

Noun = TypeVar("Noun")

# The tables that a case's files fill, and the noun each row is.
NOUNS: dict[str, type[Any]] = {
    "sources": Source,
    "coverage": Frame,
    "actors": Actor,
    "affiliations": Affiliation,
    "places": Place,
    "areas": Area,
    "documents": Document,
    "reports": Report,
}

_ARROW: dict[object, pa.DataType] = {
    str: pa.string(),
    float: pa.float64(),
    int: pa.int64(),
    bool: pa.bool_(),
    dt.date: pa.date32(),
    dt.datetime: pa.timestamp("us", tz="UTC"),
}


def schema_of(noun: type[Any]) -> pa.Schema:
    """The Arrow schema of a noun's table.

    Texts are ``string``, days ``date32``, moments UTC timestamps, numbers ``float64`` or
    ``int64``, tuples of words ``list<string>``; mappings are JSON in a ``string``.
    """
    hints = get_type_hints(noun)
    return pa.schema([pa.field(f.name, _arrow_type(hints[f.name])) for f in fields(noun)])


def table_of(noun: type[Noun], rows: Iterable[Noun]) -> pa.Table:
    """Rows as an Arrow table with the noun's schema."""
    rows = list(rows)
    schema = schema_of(noun)
    columns = [
        pa.array([_cell(getattr(row, name)) for row in rows], type=schema.field(name).type) for name in schema.names
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def nouns_of(noun: type[Noun], table: pa.Table) -> tuple[Noun, ...]:
    """The rows of a table as nouns again; columns that the noun does not have are passed over."""
    hints = get_type_hints(noun)
    names = [f.name for f in fields(noun)]  # type: ignore[arg-type]
    mapped = {name for name in names if _is_mapping(hints[name])}
    made = []
    for row in table.select(names).to_pylist():
        for name, value in row.items():
            if isinstance(value, list):
                row[name] = tuple(value)
            elif name in mapped and value is not None:
                row[name] = json.loads(value)
        made.append(noun(**{name: value for name, value in row.items() if value is not None}))
    return tuple(made)


def digest(table: pa.Table) -> str:
    """SHA-256 of a table's content: of its values, not of the bytes of any file format.

    Two tables with the same columns and rows in the same order have the same digest on every
    machine and with every version of the file format.
    """
    total = hashlib.sha256()
    for name in table.column_names:
        column = table.column(name)
        total.update(f"\x1c{name}\x1d{len(column)}".encode())
        if column.null_count == len(column):
            continue
        for value in column.to_pylist():
            total.update(b"\x00" if value is None else b"\x01" + repr(value).encode())
    return total.hexdigest()


def _arrow_type(hint: Any) -> pa.DataType:
    hint = _without_none(hint)
    if hint in _ARROW:
        return _ARROW[hint]
    if get_origin(hint) is tuple:
        return pa.list_(pa.string())
    if get_origin(hint) is Literal or _is_mapping(hint):
        return pa.string()
    raise TypeError(f"no column type for {hint!r}")


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        kept = [h for h in get_args(hint) if h is not type(None)]
        return kept[0]
    return hint


def _is_mapping(hint: Any) -> bool:
    origin = get_origin(_without_none(hint))
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _cell(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return value
