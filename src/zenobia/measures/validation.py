"""Plain words for what people wrote wrongly: which key, what came, what was wanted, what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from zenobia.terms import InputError, did_you_mean, parse_day

__all__ = ["Day", "Words", "as_words", "keys_below", "keys_of", "validated"]

Written = TypeVar("Written", bound=BaseModel)


def validated(model: type[Written], raw: Mapping[str, Any], *, file: str | None = None, of: str = "") -> Written:
    """What somebody wrote, checked against a model; the first fault is said plainly.

    Args:
        raw: keys and values as they came from YAML or the command line.
        file: the file they stand in, if any.
        of: whose keys they are, as the message shall name it: ``claim C12``.

    Raises:
        InputError: an unknown key (with the nearest known one), a missing one, or a value of the wrong kind.
    """
    try:
        return model.model_validate(dict(raw))
    except ValidationError as wrong:
        faults = wrong.errors(include_url=False)
        # A misspelt key is also a missing one: the misspelling is what helps.
        first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
        raise _plain(model, first, file, of) from None


def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys that may be written, as they are written: ``from``, not the name that Python needs."""
    return tuple(field.alias or name for name, field in model.model_fields.items() if not field.exclude)


def keys_below(model: type[BaseModel], key: str) -> tuple[str, ...]:
    """The keys that a key itself holds, as ``change`` holds ``from`` and ``to``; none for a plain one."""
    inner = _model_at(model, (key,))
    return () if inner is model else keys_of(inner)


def _plain(model: type[BaseModel], fault: ErrorDetails, file: str | None, of: str) -> InputError:
    path = tuple(str(step) for step in fault["loc"] if not isinstance(step, int))
    key = ".".join(path)
    subject = f"{of}, " if of else ""
    if fault["type"] == "extra_forbidden":
        options = keys_of(_model_at(model, path[:-1]))
        return InputError(
            f"{subject}unknown key `{key}`",
            file=file,
            value=fault["input"],
            expected=f"one of {', '.join(options)}",
            fix=did_you_mean(path[-1], options) or "take the key out",
        )
    if fault["type"] == "missing":
        return InputError(
            f"{subject}key `{key}` is missing", file=file, expected=f"a value for {path[-1]}", fix=f"add `{path[-1]}:`"
        )
    expected, fix = _wanted(fault)
    return InputError(
        f"{subject}key `{key}`: {_fault(fault)}",
        file=file,
        value=fault["input"],
        expected=expected,
        fix=fix,
    )


def _model_at(model: type[BaseModel], path: tuple[str, ...]) -> type[BaseModel]:
    """The model that a nested key belongs to."""
    for step in path:
        inner = next((f.annotation for n, f in model.model_fields.items() if step in (n, f.alias)), None)
        for kind in (inner, *getattr(inner, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                model = kind
                break
    return model


def _fault(fault: ErrorDetails) -> str:
    if fault["type"] == "literal_error":
        return "unknown word"
    return fault["msg"].removeprefix("Value error, ")


def _wanted(fault: ErrorDetails) -> tuple[str, str]:
    context = fault.get("ctx", {})
    if fault["type"] == "literal_error":
        options = tuple(word.strip("'") for word in str(context.get("expected", "")).replace(" or ", ", ").split(", "))
        return f"one of {', '.join(options)}", did_you_mean(str(fault["input"]), options) or "use one of these words"
    return str(context.get("wanted", "see the page on claims")), str(context.get("fix", "change the value"))


def as_words(value: object) -> object:
    """``isis``, ``[isis, nusra]`` and ``isis|nusra`` are all lists of words."""
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split("|") if word.strip())
    if isinstance(value, list | tuple) and all(isinstance(word, str) for word in value):
        return tuple(value)
    raise PydanticCustomError("words", "not a word or a list of words", {"wanted": "a word, or a list of words"})


def _day(value: object) -> object:
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return parse_day(str(value))
    except InputError:
        raise PydanticCustomError(
            "day", "not a date", {"wanted": "an ISO day such as 2016-03-27, or a month or year for its first day"}
        ) from None


Words = Annotated[tuple[str, ...], BeforeValidator(as_words)]
Day = Annotated[dt.date, BeforeValidator(_day)]
