"""What the user says of a table's columns, worked out: which column is which field, and how its cells are read."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Any

import pyarrow as pa

from zenobia.record.tables import schema_of
from zenobia.sources.feed import Captured
from zenobia.sources.findings import Findings
from zenobia.sources.hxl import fields_of, is_tag_row
from zenobia.sources.rows import Batch, first_row
from zenobia.sources.said import Chosen, Said, id_of, slug
from zenobia.sources.values import plain, read_day, read_number, read_position, says_nothing
from zenobia.terms import (
    REPORT_TYPES,
    SENSITIVITIES,
    STATUSES,
    UNITS,
    WHERE_PRECISIONS,
    InputError,
    Report,
    When,
    did_you_mean,
    parse_when,
    read_topics,
)

__all__ = ["NUMBERS", "ORDERED", "Column", "Plan"]

_SCHEMA = schema_of(Report)
_DAYS = ("published", "date", "date_to", "last_day")
NUMBERS = tuple(field.name for field in _SCHEMA if field.type == pa.float64() and field.name not in ("lat", "lon"))
# Figures that must not contradict each other.
ORDERED = (("count_low", "count", "count_high"), ("deaths_low", "deaths_best", "deaths_high"))
_WORDS = {
    "type": REPORT_TYPES,
    "status": STATUSES,
    "unit": UNITS,
    "sensitivity": SENSITIVITIES,
    "where_precision": WHERE_PRECISIONS,
}
# What --map and --set may name: the columns of a report, the last day of a period as most tables have it,
# and the province, which tells places of one name apart.
_FIELDS = (*_SCHEMA.names, "last_day", "admin1")
_ABOUT_TABLE = ("header", "whole")


@dataclass(frozen=True)
class Column:
    """One field of ours: in which column it stands, and how a cell of it is read (``None``: it says nothing)."""

    field: str
    index: int
    read: Callable[[str], Any]


class Plan:
    """Which column says what, worked out once for a file.

    Raises:
        InputError: an option that is not known here, or contradicts the table.
    """

    def __init__(self, captured: Captured) -> None:
        self.captured = captured
        self.said = Said(captured, settable=(*_FIELDS, *_ABOUT_TABLE), mappable=_FIELDS)
        stem = PurePath(captured.name).stem
        title = id_of("".join(letter for letter in stem if not letter.isdigit()), "table")
        self.source = self.said.speaker(title, stem)
        self.series = self.said.get("series") or f"{self.source.id}/{title}"
        self.headerless = self._headerless()
        self.columns: tuple[Column, ...] = ()
        self.schema = pa.schema([])
        self.constants: dict[str, Any] = {}
        self.published: dt.date | None = None
        self._slug = id_of(self.series, "list")
        self._ids: set[str] = set()
        self._bodies: Counter[str] = Counter()

    def _headerless(self) -> bool:
        """Whether the first row is a row like the others: it has a day where the user says that days stand."""
        asked = self.said.flag("header")
        if asked is not None or not self.said.only_numbers:
            return asked is False
        cells = first_row(self.captured)
        chosen = self.said.chosen([f"#{n}" for n in range(1, 1000)])
        typed = [field for field in chosen if field in (*_DAYS, "lat", "lon", *NUMBERS)]
        return any(_is_value(field, cells, chosen[field]) for field in typed)

    def begin(self, batch: Batch, findings: Findings) -> Batch:
        """Settle the columns by the first batch; a row of HXL tags in it is taken out."""
        tags: tuple[str, ...] = batch.columns if is_tag_row(batch.columns) else ()
        if not tags and batch.rows and is_tag_row(batch.rows[0][1]):
            tags, batch = batch.rows[0][1], Batch(batch.columns, batch.rows[1:])
        chosen = self.said.chosen(batch.columns, batch.unnamed, tags)
        for field, index in fields_of(tags).items():
            if field not in chosen and not self.said.get(field):
                chosen[field] = Chosen(index)
        self.constants = self._constants()
        self.columns = tuple(Column(field, at.index, _cell(field, at, self.said)) for field, at in chosen.items())
        mapped = {column.field for column in self.columns}
        self._settle_published(mapped)
        self.schema = _schema({*mapped, *self.constants})
        self._tell(batch, findings)
        return batch

    def _constants(self) -> dict[str, Any]:
        constants: dict[str, Any] = {}
        for field, text in self.said.constants(f for f in _FIELDS if f not in ("source", "published")).items():
            try:
                constants[field] = _reader(field)(text)
            except InputError as wrong:
                raise _in_column(field, text, wrong, self.captured.name) from wrong
        if ("lat" in constants) and ("lon" in constants):
            constants["lat"], constants["lon"] = read_position(constants["lat"], constants["lon"])
        return constants

    def _settle_published(self, mapped: set[str]) -> None:
        if "published" not in mapped:
            self.published = self.said.published()
            if self.published is None:
                raise InputError(
                    "nobody says when this came out",
                    file=self.captured.name,
                    column="published",
                    expected="the day on which this source said it",
                    fix="say --set published=2019-01-01 for the whole table, or --map published=COLUMN",
                )
        if "type" not in mapped and "type" not in self.constants:
            raise InputError(
                "nobody says what the rows tell of",
                file=self.captured.name,
                column="type",
                expected=f"one of {', '.join(REPORT_TYPES)}",
                fix='say --set type=air-strike, or --map type=COLUMN with --set "type:THEIR WORD=air-strike"',
            )

    def _tell(self, batch: Batch, findings: Findings) -> None:
        if self.headerless:
            says = "the first row is a row like the others: the table has no header, and columns go by number"
            findings.doubt(1, "no header", "note", "", says)
        elif batch.unnamed:
            named = len(batch.columns) - batch.unnamed
            says = f"the header names {named} columns, the rows have {len(batch.columns)} cells; columns go by number"
            findings.doubt(1, "wrong header", "doubt", ", ".join(batch.columns[:named]), says)

    def key(self, said: dict[str, Any]) -> str:
        """The key of a row: its own id, which is taken out of it, or else what it says.

        Raises:
            InputError: the id is already taken by an earlier row.
        """
        given = said.pop("id", None)
        if given is None:
            body = hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()[:16]
            self._bodies[body] += 1
            return f"{self._slug}-{body}" + (f"-{self._bodies[body]}" if self._bodies[body] > 1 else "")
        if given in self._ids:
            raise InputError(
                "the same id twice", column="id", value=given, expected="an id of its own", fix="correct the id"
            )
        self._ids.add(given)
        return f"{self._slug}-{_short(given)}"


def _short(id: str) -> str:
    """An id of theirs as part of one of ours: as it is, or shortened with what keeps it from being another's."""
    if re.fullmatch(r"[\w.:-]{1,60}", id):
        return id
    return f"{slug(id)[-40:].strip('-')}-{hashlib.sha256(id.encode()).hexdigest()[:8]}"


def _is_value(field: str, cells: Sequence[str], chosen: Chosen) -> bool:
    """Whether the first row has a value in the place of a field, and not a name."""
    if chosen.index >= len(cells) or says_nothing(cells[chosen.index]):
        return False
    text = cells[chosen.index]
    try:
        if field in ("lat", "lon"):
            read_position(*((text, "0") if field == "lat" else ("0", text)))
        else:
            _reader(field, chosen.forms)(text)
    except InputError:
        return False
    return True


def _schema(fields: set[str]) -> pa.Schema:
    """The columns that the reports of a file have: the same in every batch of it."""
    made = {"published", *fields}
    made |= {"note"} if {name for names in ORDERED for name in names} & fields else set()
    made |= {"status"} if "holder" in fields else set()
    made |= {"date", "date_to", "date_precision"} if {"date", "date_to", "last_day"} & fields else set()
    kept = [field for field in _SCHEMA if field.name in made and field.name != "id"]
    hints = [pa.field("admin1", pa.string())] if "admin1" in fields else []
    return pa.schema([("key", pa.string()), *kept, *hints, ("row", pa.int64())])


# --- cells ---------------------------------------------------------------------------------------


def _cell(field: str, chosen: Chosen, said: Said) -> Callable[[str], Any]:
    """How a cell of a column is read; what was read once is remembered."""
    read = _reader(field, chosen.forms)

    @lru_cache(maxsize=1 << 15)
    def value(text: str) -> Any:
        meant = said.meaning(field, text)
        if says_nothing(meant):
            return None
        try:
            return read(meant)
        except InputError as wrong:
            raise _in_column(field, meant, wrong) from wrong

    return value


def _in_column(field: str, text: str, wrong: InputError, file: str | None = None) -> InputError:
    return InputError(wrong.what, file=file, column=field, value=text, expected=wrong.expected, fix=wrong.fix)


def _reader(field: str, forms: Sequence[str] = ()) -> Callable[[str], Any]:
    if field == "published":
        return lambda text: _period(text, forms).latest - dt.timedelta(days=1)
    if field in _DAYS:
        return lambda text: _period(text, forms)
    if field in _WORDS:
        return lambda text: _word(field, text)
    if field == "credibility":
        return _credibility
    if field == "topic":
        return read_topics
    if field in NUMBERS:
        return read_number
    if field in ("lat", "lon", "id"):
        return str.strip
    if field == "quote":  # somebody's words stay as they stand
        return html.unescape
    return plain


def _period(text: str, forms: Sequence[str]) -> When:
    """A day in one of the user's forms; without one an ISO day, month or year, or a day in words."""
    for form in forms:
        try:
            day = dt.datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
        return When(earliest=day, latest=day + dt.timedelta(days=1), basis="day")
    if forms:
        raise _not_in_form(text, forms)
    try:
        return parse_when(text)
    except InputError:
        day = read_day(text)
        return When(earliest=day, latest=day + dt.timedelta(days=1), basis="day")


def _not_in_form(text: str, forms: Sequence[str]) -> InputError:
    """Says whether day and month are swapped, which is what mostly happened."""
    swapped = [form.translate(str.maketrans("dm", "md")) for form in forms]
    for form in swapped:
        try:
            day = dt.datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
        return InputError(
            "day and month swapped",
            value=text,
            expected=f"a day in the form {' or '.join(forms)}; in the form {form} it would be {day}",
            fix="find out which order the table uses: other rows may be swapped without being noticed",
        )
    return InputError(
        "not a date", value=text, expected=f"a day in the form {' or '.join(forms)}", fix="correct the cell or the form"
    )


def _word(field: str, text: str) -> str:
    word = text.strip().casefold()
    if word in _WORDS[field]:
        return word
    raise InputError(
        f"unknown {field}",
        value=text,
        expected=f"one of {', '.join(_WORDS[field])}",
        fix=did_you_mean(word, _WORDS[field]) or f'say what it means: --set "{field}:{text}=..."',
    )


def _credibility(text: str) -> int:
    value = read_number(text)
    if value in (1, 2, 3, 4, 5, 6):
        return int(value)
    raise InputError("credibility out of range", value=text, expected="1 to 6")
