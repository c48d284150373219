"""What a cell says: days, numbers and positions in the forms that real files hold.

Each reader takes the text of one cell and gives its value, or raises `InputError` with what was
expected. None guesses: a day that could be read in two ways is refused.
"""

from __future__ import annotations

import datetime as dt
import html
import math
import re
from functools import lru_cache

from zenobia.sources.mgrs import from_mgrs
from zenobia.terms import InputError, check_position

__all__ = ["days_in_name", "plain", "read_day", "read_number", "read_point", "read_position", "says_nothing"]

# What programs write where they have nothing to say.
_NOTHING = frozenset({"", "none", "null", "nan", "nat", "n/a", "#n/a", "na", "nil", "-", "--", "?", "\\n"})

_MONTHS = {
    name[:length]: number
    for number, name in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
         "november", "december"), 1
    )
    for length in (3, 4 if name == "september" else 3, len(name))
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.S)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0)?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]+)\.?,?[ -](\d{4})(?:\s.*)?", re.I | re.S)
_MONTH_DAY = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?:\s.*)?", re.I | re.S)
_SLASHES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_IN_NAME = re.compile(r"(?<!\d)(\d{4})([-_.]?)(\d{2})\2(\d{2})(?!\d)")

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?")
_ANGLE = re.compile(
    r"""([NSEW])?\s*([+-]?\d+(?:[.,]\d+)?)\s*(?:°|º|d)?\s*"""
    r"""(?:(\d+(?:\.\d+)?)\s*['′’]\s*)?(?:(\d+(?:\.\d+)?)\s*(?:["″”]|''|′′|’’)?\s*)?([NSEW])?""",
    re.I,
)
_MGRS = re.compile(r"\b\d{1,2}\s*[C-HJ-NP-X]\s*[A-HJ-NP-Z]{2}[\d ]*", re.I)


def plain(text: str) -> str:
    """The text with HTML's codes resolved and every stretch of white space made one space."""
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())


def says_nothing(text: str) -> bool:
    """Whether a cell is empty, or holds a word that programs write for empty."""
    return text.strip().casefold() in _NOTHING


# --- days --------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 16)
def read_day(text: str) -> dt.date:
    """One day: ``2022-03-01``, ``20220301``, ``1 March 2022 21h24 UTC``, ``Dec. 1, 2015``.

    A time behind it is passed over. ``03/04/2016`` is refused: it names two days.
    """
    said = plain(text)
    if found := _ISO.fullmatch(said) or _COMPACT.fullmatch(said):
        year, month, day = found.groups()
    elif found := _DAY_MONTH.fullmatch(said):
        day, month, year = found.groups()
    elif found := _MONTH_DAY.fullmatch(said):
        month, day, year = found.groups()
    elif found := _SLASHES.fullmatch(said):
        day, month, year = _day_and_month(text, *found.groups())
    else:
        raise _not_a_day(text)
    try:
        return dt.date(int(year), int(month) if month.isdigit() else _MONTHS[month.casefold()], int(day))
    except (ValueError, KeyError):
        raise _not_a_day(text) from None


def _day_and_month(text: str, first: str, second: str, year: str) -> tuple[str, str, str]:
    """Day and month between slashes, where only one order of them is possible."""
    if int(first) <= 12 and int(second) <= 12 and first != second:
        raise InputError(
            "a day that can be read in two ways",
            value=text,
            expected=f"{year}-{second:0>2}-{first:0>2} or {year}-{first:0>2}-{second:0>2}, written as one of these",
            fix="say the form with --map date=%d/%m/%Y:COLUMN or --map date=%m/%d/%Y:COLUMN",
        )
    return (first, second, year) if int(second) <= 12 else (second, first, year)


def days_in_name(name: str) -> tuple[dt.date, ...]:
    """The days that a file's name holds: ``2022-03-01.csv``, ``map_20240708.geojson``; each once."""
    found: dict[dt.date, None] = {}
    for year, _, month, day in _IN_NAME.findall(name):
        try:
            if 1900 <= int(year) <= 2100:
                found[dt.date(int(year), int(month), int(day))] = None
        except ValueError:
            continue  # eight digits that are no day
    return tuple(found)


def _not_a_day(text: str) -> InputError:
    return InputError(
        "not a date",
        value=text,
        expected="a day, as 2016-03-27 or 27 March 2016",
        fix="say the form with --map date=FORMAT:COLUMN, or correct the cell",
    )


# --- numbers -----------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 16)
def read_number(text: str) -> float:
    """A number; ``16,356`` and ``1 234`` are thousands. Words such as *about* are refused."""
    said = text.strip()
    if _GROUPED.fullmatch(said):
        said = re.sub(r"[, \u00a0\u202f]", "", said)
    try:
        value = float(said) if "_" not in said else math.nan
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    raise InputError(
        "not a number",
        value=text,
        expected="digits, with a point for decimals",
        fix="put 'about' or 'at least' into count_low and count_high",
    )


# --- positions ---------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 16)
def read_position(lat: str, lon: str) -> tuple[float, float]:
    """A latitude and a longitude, in degrees: ``35.78N``, ``36°28'36"N``, ``36°28&#39;36N``, ``-1,5``."""
    position = _angle(lat, "NS", "lat"), _angle(lon, "EW", "lon")
    check_position(*position)
    return position


def _angle(text: str, letters: str, column: str) -> float:
    found = _ANGLE.fullmatch(plain(text))
    letter = ((found[1] or found[5] or "") if found else "").upper()
    if not found or (found[1] and found[5]) or (letter and letter not in letters):
        raise InputError(
            "not a position",
            column=column,
            value=text,
            expected="degrees, as 34.55 or 34°33'0\"N" if letters == "NS" else "degrees, as 38.27 or 38°16'12\"E",
            fix="look whether the columns of latitude and longitude are the right ones",
        )
    degrees, minutes, seconds = float(found[2].replace(",", ".")), float(found[3] or 0), float(found[4] or 0)
    if minutes >= 60 or seconds >= 60 or (seconds and not found[3]):
        raise InputError(
            "not degrees, minutes and seconds", column=column, value=text, expected="minutes and seconds below 60"
        )
    size = abs(degrees) + minutes / 60 + seconds / 3600
    return -size if letter in {"S", "W"} or found[2].startswith("-") else size


@lru_cache(maxsize=1 << 16)
def read_point(text: str) -> tuple[float, float]:
    """A position in one cell: ``36.2 37.1``, ``36.2, 37.1``, ``36.2N 37.1E`` or MGRS ``37S CA 20000 07000``.

    Where both are given, as in ``36.2 37.1 / 37SCA2000007000``, degrees are taken.
    """
    said = plain(text)
    for part in (said, *said.split("/")):
        halves = [half for half in re.split(r"[,;]\s*|\s+", part.strip()) if half]
        if len(halves) == 2 and not _MGRS.fullmatch(part.strip()):
            return read_position(halves[0], halves[1])
    if found := _MGRS.search(said):
        return from_mgrs(found[0])
    raise InputError(
        "not a position",
        value=text,
        expected="latitude and longitude in degrees, or an MGRS grid reference",
        fix="write it as 34.55 38.27",
    )
