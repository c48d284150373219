"""From a row as typed to a noun: each cell read by the type of its field.

Empty is *not stated*. A cell that cannot be read raises `InputError` with its column; the caller
adds file and row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any, TypeVar, get_type_hints

from zenobia.terms import InputError, parse_day, parse_published, parse_when, read_topics

__all__ = ["columns_of", "noun_from", "report_days"]

Noun = TypeVar("Noun")

# Column names that Python or a closed-open period calls otherwise.
_RENAMED = {"start": "from", "end": "to"}

_PRECISION_WORDS = {
    "1": "exact",
    "2": "near",
    "3": "admin2",
    "4": "admin1",
    "5": "near",
    "6": "country",
    "7": "unknown",
    "place": "exact",
    "point": "exact",
    "town": "exact",
    "area": "near",
    "approximate": "near",
    "district": "admin2",
    "adm2": "admin2",
    "governorate": "admin1",
    "province": "admin1",
    "adm1": "admin1",
}


def columns_of(noun: type[Any]) -> tuple[str, ...]:
    """The columns of a noun's case file, in order."""
    return tuple(_RENAMED.get(f.name, f.name) for f in fields(noun))


def noun_from(noun: type[Noun], cells: Mapping[str, str], **more: Any) -> Noun:
    """Make a noun from a row's cells; ``more`` are fields that are already read.

    Raises:
        InputError: a cell cannot be read, or the noun refuses its value.
    """
    values: dict[str, Any] = {}
    for name, column, read, required in _readers(noun):
        if name in more:
            continue
        text = cells.get(column, "")
        if text:
            try:
                values[name] = read(text)
            except InputError as wrong:
                raise InputError(
                    wrong.what, column=column, value=text, expected=wrong.expected, fix=wrong.fix
                ) from wrong
        elif required:
            raise InputError(f"no {column}", column=column, expected="every row needs one", fix=f"fill in the {column}")
    return noun(**values, **more)


def report_days(cells: Mapping[str, str]) -> dict[str, Any]:
    """``published``, ``date``, ``date_to`` and ``date_precision`` of a report, as closed-open days."""
    days: dict[str, Any] = {}
    if cells.get("published"):
        days["published"] = _at("published", cells, lambda: parse_published(cells["published"]))
    if cells.get("date"):
        when = _at(
            "date",
            cells,
            lambda: _when(cells["date"], cells.get("date_to", ""), cells.get("date_precision", "")),
        )
        days |= {"date": when.earliest, "date_to": when.latest, "date_precision": when.basis}
    elif cells.get("date_to"):
        raise InputError(
            "an end without a beginning",
            column="date_to",
            value=cells["date_to"],
            expected="a date as well",
            fix="fill in date, or empty date_to",
        )
    return days


_when = lru_cache(maxsize=65536)(parse_when)


_READERS: dict[type[Any], tuple[tuple[str, str, Callable[[str], Any], bool], ...]] = {}


def _readers(noun: type[Any]) -> tuple[tuple[str, str, Callable[[str], Any], bool], ...]:
    """Field, column, reader, whether every row needs it; worked out once for each noun."""
    if noun not in _READERS:
        _READERS[noun] = tuple(_fields_of(noun))
    return _READERS[noun]


def _fields_of(noun: type[Any]) -> Iterator[tuple[str, str, Callable[[str], Any], bool]]:
    hints = get_type_hints(noun)
    required = {f.name for f in fields(noun)} - {name for name in hints if hasattr(noun, name)}
    for f in fields(noun):
        column = _RENAMED.get(f.name, f.name)
        yield f.name, column, _reader(f.name, str(hints[f.name])), f.name in required


def _reader(name: str, hint: str) -> Callable[[str], Any]:
    if name == "where_precision":
        return lambda text: _PRECISION_WORDS.get(text.lower(), text.lower())
    if name == "published":
        return parse_published
    if name == "topic":
        return read_topics
    if "tuple" in hint:
        return lambda text: tuple(part.strip() for part in text.split("|") if part.strip())
    if "datetime.date" in hint:
        return parse_day
    if "float" in hint:
        return _number
    if "int" in hint:
        return _whole
    return str


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(
            "not a number",
            expected="digits with a point for decimals, no thousands separators, no words",
            fix="write the number alone, 34.55 and not 34,55 or 34° 33'; of a count, put 'about' or 'at least' into"
            " count_low and count_high, and keep the words in the note",
        )
    return value


def _whole(text: str) -> int:
    value = _number(text)
    if value != int(value):
        raise InputError("not a whole number", expected="a whole number")
    return int(value)


def _at(column: str, cells: Mapping[str, str], read: Callable[[], Any]) -> Any:
    try:
        return read()
    except InputError as wrong:
        raise InputError(
            wrong.what,
            column=wrong.column or column,
            value=wrong.value if wrong.value is not None else cells[column],
            expected=wrong.expected,
            fix=wrong.fix,
        ) from wrong
