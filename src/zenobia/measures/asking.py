"""From what people write to a checked question: keys that stand one level up, keys merged over others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zenobia.measures.count import Count
from zenobia.measures.documented import Documented
from zenobia.measures.duration import Duration
from zenobia.measures.first import First
from zenobia.measures.forecast import Forecast
from zenobia.measures.front import Front
from zenobia.measures.gains import Gains
from zenobia.measures.held import Held
from zenobia.measures.pace import Pace
from zenobia.measures.peak import Peak
from zenobia.measures.presence import Presence
from zenobia.measures.question import Question
from zenobia.measures.rank import Rank
from zenobia.measures.sequence import InSequence
from zenobia.measures.share import Share
from zenobia.measures.validation import keys_of, validated
from zenobia.terms import InputError, did_you_mean

__all__ = ["MEASURES", "ask_from_words", "merged", "question", "tidied"]

# Every measure, by the name that a question gives. A new one is a file of its own and a line here.
MEASURES: dict[str, type[Question]] = {
    "held": Held,
    "duration": Duration,
    "first": First,
    "count": Count,
    "share": Share,
    "gains": Gains,
    "front": Front,
    "pace": Pace,
    "presence": Presence,
    "documented": Documented,
    "peak": Peak,
    "sequence": InSequence,
    "rank": Rank,
    "forecast": Forecast,
}

# Keys that hold keys, and so are merged one level deep.
_NESTED = ("of", "where", "sources", "change", "series", "first", "then")
_NAMING = ("is", "not", "any_of")


def question(raw: Mapping[str, Any], *, file: str | None = None, of: str = "") -> Question:
    """A question from its keys.

    Args:
        raw: keys and values as they stand under ``ask``.
        file, of: where they stand, for the message: ``claims.yaml``, ``claim C12``.

    Raises:
        InputError: an unknown measure (the message lists those that exist), key or word.
    """
    kind = _kind(raw, file, of)
    written = tidied(raw, kind)
    return validated(kind, written, file=file, of=of)


def merged(base: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """One question's keys over another's: null drops a key; ``of``, ``where``, ``sources`` merge one level deep.

    Naming the holders anew (``is``, ``not``, ``any_of``) drops how they were named before.
    """
    kind = MEASURES.get(str(patch.get("measure", base.get("measure"))))
    over, under = (tidied(raw, kind) if kind else dict(raw) for raw in (patch, base))
    made = dict(under)
    for key, value in over.items():
        if key in _NESTED and isinstance(value, Mapping) and isinstance(made.get(key), Mapping):
            kept = {k: v for k, v in made[key].items() if k not in _renamed(value)}
            made[key] = _without_nulls({**kept, **value})
        else:
            made[key] = _without_nulls(value) if isinstance(value, Mapping) else value
    return _without_nulls(made)


def tidied(raw: Mapping[str, Any], kind: type[Question]) -> dict[str, Any]:
    """Keys in their place: ``{target: as_stated}`` at the top of a share means ``{where: {target: as_stated}}``."""
    made: dict[str, Any] = {}
    for key, value in raw.items():
        rule = key == "target" and value in ("held_by", "as_stated") and "where" in keys_of(kind)
        home = "where" if rule else kind.shortcuts.get(key)
        inner, value = (key, value) if home is None else (home, {key: value})
        both = isinstance(value, Mapping) and isinstance(made.get(inner), Mapping)
        made[inner] = {**made[inner], **value} if both else value
    return made


def ask_from_words(name: str, words: Sequence[str]) -> Question:
    """A question from the command line: ``share of.type=air-strike of.actor=russia where.not=isis unit=location``.

    Raises:
        InputError: a word is not ``key=value``, or the question is not sound.
    """
    raw: dict[str, Any] = {"measure": name}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key or not value:
            raise InputError(
                "not key=value",
                value=word,
                expected="for example place=palmyra or of.actor=russia",
                fix="write key=value",
            )
        _put(raw, key.split("."), [v.strip() for v in value.split(",")] if "," in value else value)
    return question(raw, of=f"measure {name}")


def _kind(raw: Mapping[str, Any], file: str | None, of: str) -> type[Question]:
    name = raw.get("measure")
    if isinstance(name, str) and name in MEASURES:
        return MEASURES[name]
    raise InputError(
        f"{of + ', ' if of else ''}key `measure`: {'missing' if name is None else 'no such measure'}",
        file=file,
        value=name,
        expected=f"one of {', '.join(sorted(MEASURES))}",
        fix=(did_you_mean(name, MEASURES) if isinstance(name, str) else "") or "name one of these measures",
    )


def _put(raw: dict[str, Any], path: list[str], value: Any) -> None:
    inner = raw
    for step in path[:-1]:
        below = inner.setdefault(step, {})
        if not isinstance(below, dict):
            raise InputError("a key with both a value and keys below it", value=".".join(path), fix="keep one of them")
        inner = below
    inner[path[-1]] = value


def _renamed(value: Mapping[str, Any]) -> tuple[str, ...]:
    return _NAMING if any(value.get(key) is not None for key in _NAMING) else ()


def _without_nulls(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: inner for key, inner in value.items() if inner is not None}
