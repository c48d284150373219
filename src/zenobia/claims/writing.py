"""Writing a claim down: a claim in keys and values, set as text that reads back as exactly that, after others.

Words that somebody typed are data: whatever stands in them, the text holds one claim and no more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from zenobia.claims.claim import Claim, load_all, parse
from zenobia.claims.yaml_text import first_column, read_yaml
from zenobia.measures import Question
from zenobia.terms import InputError

__all__ = ["appended", "claim_text", "drafted"]

# What needs no quotes: a letter first, then letters, digits, and marks that mean nothing to YAML.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _'()/-]*[A-Za-z0-9_)/-]|[A-Za-z]|[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What other readers of YAML take for no word at all.
_NOT_WORDS = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")
_WIDE = 100


def drafted(about: Mapping[str, Any], asked: Question | None) -> dict[str, Any]:
    """A claim as it would stand in a file, checked as a file is; what is not said is left out.

    Args:
        about: ``id``, ``says``, ``by``, ``on`` and the other keys of a claim but ``ask``.
        asked: its question; ``None`` where no record can test it.

    Raises:
        InputError: a key is missing or is not what it should be.
    """
    for key in ("id", "says"):
        if not about.get(key):
            raise InputError(f"key `{key}` is missing", expected=f"a value for {key}", fix=f"give --{key}")
    raw = {key: value for key, value in about.items() if value not in (None, "", ())}
    raw = {**raw, "ask": None if asked is None else asked.asked()}
    (claim,) = parse([raw])
    if claim.on:
        raw["on"] = claim.on.isoformat()
    order = [key for key in Claim.model_fields if key in raw]
    return {key: raw[key] for key in order}


def appended(texts: Mapping[str, str], file: str, raw: Mapping[str, Any]) -> str:
    """The text of a claims file with one claim more at its end; what stood in it stays as it is.

    Args:
        texts: the text of every claims file of the case, by name.
        file: the one that the claim goes into; it may be new.
        raw: the claim, as `drafted` gives it.

    Raises:
        InputError: the file cannot take it, or the claims would not read back as they were with this one after them.
    """
    before = texts.get(file, "")
    indent = " " * (first_column(before, file) or 0)
    lines = "".join(f"{indent}{line}\n" for line in claim_text(raw).splitlines())
    gap = "" if not before.strip() else "\n" if before.endswith("\n") else "\n\n"
    made = before + (gap + lines).replace("\n", "\r\n" if "\r\n" in before else "\n")
    load_all({**texts, file: made})
    if read_yaml(made, file) != [*(read_yaml(before, file) or []), json.loads(json.dumps(raw))]:
        raise InputError(
            "a claim cannot be put at the end of this file",
            file=file,
            expected="a list of claims, each beginning with `- id:`, with nothing after it",
            fix="paste the claim where it belongs: --dry-run shows it",
        )
    return made


def claim_text(raw: Mapping[str, Any]) -> str:
    """A claim as YAML, in lines."""
    return "\n".join(_entry("", raw)) + "\n"


def _entry(indent: str, raw: Mapping[str, Any]) -> Iterator[str]:
    """A mapping as an entry of a list: its first key after a dash, the others below it."""
    for nth, line in enumerate(_mapping(indent + "  ", raw)):
        yield line if nth else f"{indent}- {line[len(indent) + 2 :]}"


def _mapping(indent: str, raw: Mapping[str, Any]) -> Iterator[str]:
    for key, value in raw.items():
        short = f"{indent}{key}: {_flow(value)}"
        if len(short) <= _WIDE or not value or not isinstance(value, Mapping | list | tuple):
            yield short
        elif isinstance(value, Mapping):
            yield f"{indent}{key}:"
            yield from _mapping(indent + "  ", value)
        else:
            yield f"{indent}{key}:"
            yield from _list(indent + "  ", value)


def _list(indent: str, values: Sequence[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping) and value:
            yield from _entry(indent, value)
        else:
            yield f"{indent}- {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return _number(value)
    return _word(str(value))


def _number(value: float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if value == int(value) else f"{Decimal(repr(value)):f}"


def _word(text: str) -> str:
    """A text, bare if it can be taken for nothing else, otherwise in quotes with all that is not plain escaped."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_WORDS and "  " not in text:
        return text
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InputError("half of a character", value=text, expected="text in UTF-8", fix="type it again")
    return '"' + "".join(_letter(letter) for letter in text) + '"'


def _letter(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
