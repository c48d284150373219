"""Names in a question: a place, an actor or a source may be asked for by its name as well as by its id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from zenobia.terms import Names

if TYPE_CHECKING:
    from zenobia.measures.question import Question
    from zenobia.record import Basis, View

__all__ = ["resolved"]

Asked = TypeVar("Asked", bound="Question")

# What stands under each key; `of` is a place only as the middle of a circle, and holds keys of its own else.
_KINDS = {
    **dict.fromkeys(("place", "of", "initiative"), "places"),
    **dict.fromkeys(("actor", "target", "holder", "is", "not", "any_of", "from", "to"), "actors"),
    **dict.fromkeys(("stands_with", "stands_with_not"), "actors"),
    **dict.fromkeys(("only", "without"), "sources"),
}
_RULES = ("held_by", "as_stated")

_NAMES: WeakKeyDictionary[Basis, dict[str, Names]] = WeakKeyDictionary()


def resolved(asked: Asked, view: View) -> Asked:
    """The same question with ids where it was asked with names; what no list knows is left as it is.

    Only a name as it is written in the record's lists counts, in whatever letters and accents: a question
    that means something else than it says would be worse than one that is refused.
    """
    written = asked.model_dump(by_alias=True, exclude_defaults=True)
    known = _all(written, view)
    if known == written:
        return asked
    return type(asked).model_validate(known).model_copy(update={"apart": asked.apart})


def _all(keys: Mapping[str, Any], view: View) -> dict[str, Any]:
    return {key: _one(key, value, view) for key, value in keys.items()}


def _one(key: str, value: Any, view: View) -> Any:
    if isinstance(value, Mapping):
        return _all(value, view)
    if isinstance(value, tuple):
        return tuple(_one(key, word, view) for word in value)
    if not isinstance(value, str) or key not in _KINDS or value in _RULES:
        return value
    return _id(value, _KINDS[key], view)


def _id(name: str, kind: str, view: View) -> str:
    kinds: dict[str, Mapping[str, Any]] = {"places": view.places, "actors": view.actors, "sources": view.sources}
    held = kinds[kind]
    if name in held:
        return name
    names = _NAMES.setdefault(view.basis, {})
    if kind not in names:
        names[kind] = Names.of(held.values())
    match = names[kind].resolve(name)
    if match.outcome == "ambiguous":
        return match.required(what=kind[:-1])
    return match.id if match.id is not None and match.outcome != "skeleton" else name
