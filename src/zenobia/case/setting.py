"""case.toml: what the case is about, whom it names as holders, and its policy."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zenobia.terms import CONTESTED, SHARED, InputError, Setting, did_you_mean, parse_day

__all__ = ["read_setting"]

_KEYS = (
    "id",
    "title",
    "timezone",
    "from",
    "to",
    "area",
    "languages",
    "holders",
    "control",
    "publish",
    "mappings",
    "notes",
)


def read_setting(path: Path, name: str = "case.toml") -> tuple[Setting, list[str]]:
    """Read case.toml. Returns the setting and warnings about keys that nothing reads.

    Raises:
        InputError: the file is missing, is not TOML, or a key has the wrong form.
    """
    said = _toml(path, name)
    warnings = [f"{name}: nothing reads the key {key!r}{_hint(key)}" for key in said if key not in _KEYS]
    control = _table(said, "control", name)
    warnings += [f"{name}: nothing reads the key 'control.{key}'" for key in control if key != "incidents"]
    case_id = str(said.get("id") or path.resolve().parent.name)
    start, end = _day(said, "from", name), _day(said, "to", name)
    if start and end and end <= start:
        raise InputError(
            "a case that ends before it begins",
            file=name,
            column="to",
            value=str(end),
            expected=f"a day after {start} (the first day after the case)",
        )
    setting = Setting(
        id=case_id,
        title=str(said.get("title") or case_id),
        timezone=_timezone(said.get("timezone", "UTC"), name),
        start=start,
        end=end,
        area=_box(said.get("area"), name),
        languages=_words(said, "languages", name) or ("en",),
        holders=_holders(said, name),
        publish=_table(said, "publish", name),
        incidents=_incidents(control, name),
    )
    return setting, warnings


def _toml(path: Path, name: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(
            "no case here",
            file=path.parent,
            expected="a folder with a case.toml",
            fix="go to a case folder, name one with --case DIR, or begin one with `zenobia new NAME`",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise InputError(f"not TOML: {wrong}", file=name, fix="correct the line that is named") from wrong


def _hint(key: str) -> str:
    suggestion = did_you_mean(key, _KEYS)
    return f" ({suggestion})" if suggestion else ""


def _day(said: Mapping[str, Any], key: str, name: str) -> dt.date | None:
    value = said.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return parse_day(str(value))
    except InputError as wrong:
        raise InputError(wrong.what, file=name, column=key, value=value, expected=wrong.expected) from wrong


def _timezone(value: Any, name: str) -> str:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise InputError(
            "unknown time zone",
            file=name,
            column="timezone",
            value=value,
            expected="an IANA name such as Asia/Damascus",
        ) from wrong
    return str(value)


def _box(value: Any, name: str) -> tuple[float, float, float, float] | None:
    if value is None:
        return None
    wrong = InputError(
        "not a box",
        file=name,
        column="area",
        value=value,
        expected="[west, south, east, north] in degrees, west < east and south < north",
    )
    if not (isinstance(value, list) and len(value) == 4 and all(isinstance(x, int | float) for x in value)):
        raise wrong
    west, south, east, north = (float(x) for x in value)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise wrong
    return west, south, east, north


def _words(said: Mapping[str, Any], key: str, name: str) -> tuple[str, ...]:
    value = said.get(key, [])
    if not (isinstance(value, list) and all(isinstance(word, str) and word for word in value)):
        raise InputError("not a list of words", file=name, column=key, value=value, expected=f'{key} = ["one", "two"]')
    return tuple(value)


def _holders(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    holders = _words(said, "holders", name)
    for position, holder in enumerate(holders):
        if holder in (CONTESTED, SHARED) or holder in holders[:position]:
            raise InputError(
                "not a holder",
                file=name,
                column="holders",
                value=holder,
                expected=f"actor ids, each once; {CONTESTED} and {SHARED} are reserved",
            )
    return holders


def _incidents(control: Mapping[str, Any], name: str) -> bool:
    value = control.get("incidents", False)
    if not isinstance(value, bool):
        raise InputError(
            "neither yes nor no", file=name, column="control.incidents", value=value, expected="true or false"
        )
    return value


def _table(said: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    value = said.get(key, {})
    if not isinstance(value, dict):
        raise InputError("not a table", file=name, column=key, value=value, expected=f"[{key}] with keys below it")
    return value
