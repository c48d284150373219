"""The record's tables, derived from the nouns: one column a field, in the order of the fields."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zenobia.terms import Actor, Affiliation, Area, Document, Frame, Place, Report, Source

__all__ = ["NOUNS", "NounsById", "digest", "nouns_of", "schema_of", "table_of"]

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


class NounsById(Mapping[str, Noun]):
    """The rows of a table as nouns, by id; each is made when it is asked for, since there may be a million.

    Args:
        noun: what each row is.
        table: its rows, with a column ``id``.
    """

    def __init__(self, noun: type[Noun], table: pa.Table) -> None:
        self._noun, self._table = noun, table
        self._at = {row_id: at for at, row_id in enumerate(table.column("id").to_pylist())}

    def __getitem__(self, row_id: str) -> Noun:
        return nouns_of(self._noun, self._table.slice(self._at[row_id], 1))[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


def digest(table: pa.Table) -> str:
    """SHA-256 of a table's content: of its values, not of the bytes of any file format.

    Two tables with the same columns and rows in the same order have the same digest on every
    machine and with every version of the file format, however their rows lie in memory.
    """
    total = hashlib.sha256()
    for name in table.column_names:
        column = table.column(name)
        total.update(f"\x1c{name}\x1d{len(column)}".encode())
        if column.null_count < len(column):
            for piece in _values(column):
                total.update(piece)
    return total.hexdigest()


def _values(column: pa.ChunkedArray) -> Iterator[bytes | memoryview]:
    """A column's values as bytes: which are there, how long each is where that varies, and the values themselves."""
    yield np.packbits(pc.is_valid(column).to_numpy()).tobytes()
    kind = column.type
    if pa.types.is_list(kind):
        yield _numbers(pc.fill_null(pc.list_value_length(column), -1), "<i8")
        yield from _values(pc.list_flatten(column))
    elif pa.types.is_string(kind) or pa.types.is_binary(kind):
        yield _numbers(pc.fill_null(pc.binary_length(column), -1), "<i8")
        yield from (_text_of(chunk) for chunk in column.chunks)
    elif pa.types.is_floating(kind):
        values = pc.fill_null(column, 0.0).to_numpy().astype("<f8")
        yield np.where(np.isnan(values), np.nan, values).tobytes()  # there is more than one NaN
    elif pa.types.is_boolean(kind):
        yield np.packbits(pc.fill_null(column, False).to_numpy()).tobytes()
    else:
        held = column.cast(pa.int32()) if pa.types.is_date32(kind) else column
        yield _numbers(pc.fill_null(held.cast(pa.int64()), 0), "<i8")


def _numbers(column: pa.ChunkedArray, form: str) -> bytes:
    return column.to_numpy().astype(form).tobytes()  # type: ignore[no-any-return]


def _text_of(chunk: pa.Array) -> memoryview:
    """The letters of a piece of a column, one value after the other; what stands under a null is left out."""
    if chunk.null_count:
        chunk = chunk.drop_null()
    _, bounds, letters = chunk.buffers()
    if letters is None or not len(chunk):
        return memoryview(b"")
    offsets = np.frombuffer(bounds, dtype=np.int32)
    return memoryview(letters)[int(offsets[chunk.offset]) : int(offsets[chunk.offset + len(chunk)])]


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


# Kinds of values that stand in a cell as they are: nearly all.
_PLAIN = frozenset({str, float, int, bool, dt.date, dt.datetime, type(None)})


def _cell(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return value
