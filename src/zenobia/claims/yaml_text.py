"""Reading claims.yaml: plain data only, no code, no tricks; every message with its line.

Refused: tags, anchors and aliases (a few of them can grow to gigabytes), a key written twice, depth
or size beyond any honest file. Words stay words: ``on``, ``no`` and dates are not turned into
something else, as older YAML would.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import yaml

from zenobia.terms import InputError

__all__ = ["Lined", "first_column", "read_yaml"]

_MOST_CHARACTERS = 2_000_000
_MOST_NODES = 200_000
_MOST_DEPTH = 40


class Lined(dict[str, Any]):
    """A mapping that knows on which line of its file it begins."""

    line: int = 0


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Plain(_Base):  # type: ignore[misc]
    """YAML with nothing but words, whole and decimal numbers, true, false and null."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


_NUMERIC = list("-+0123456789")
for _kind, _form, _first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", ["t", "f"]),
    ("int", r"^[-+]?(?:0|[1-9][0-9]{0,17})$", _NUMERIC),
    ("float", r"^[-+]?[0-9]{1,18}\.[0-9]{1,18}$", _NUMERIC),
):
    _Plain.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(_form), _first)


def read_yaml(text: str, file: str) -> Any:
    """The data of a YAML text; mappings are `Lined`.

    Raises:
        InputError: it is not YAML, or holds what a file of claims never needs.
    """
    if len(text) > _MOST_CHARACTERS:
        raise InputError(
            "the file is too large",
            file=file,
            value=f"{len(text):,} characters",
            expected=f"at most {_MOST_CHARACTERS:,}",
            fix="split it: claims/*.yaml are read together",
        )
    try:
        _guard(yaml.parse(text, Loader=_Plain), file)
        node = yaml.compose(text, Loader=_Plain)
    except yaml.YAMLError as wrong:
        raise _not_yaml(wrong, file) from None
    return None if node is None else _data(node, file)


def first_column(text: str, file: str) -> int | None:
    """How far the first entry of a list stands from the margin; ``None`` where there is nothing yet.

    Raises:
        InputError: it is not YAML, or is no list with an entry on each of its lines.
    """
    read_yaml(text, file)
    node = yaml.compose(text, Loader=_Plain)
    if node is None:
        return None
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise _refused(
            "not a list of entries that begin with a dash", file, node.start_mark.line + 1, "begin each `- `"
        )
    return int(node.start_mark.column)


def _guard(events: Iterator[Any], file: str) -> None:
    """Walk the text once without building anything, and stop at whatever no honest file holds."""
    nodes = depth = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refused("an anchor or alias", file, line, "write the value out where it is needed")
        if getattr(event, "tag", None):
            raise _refused(f"a tag ({event.tag})", file, line, "write the plain value; nothing in this file is run")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        nodes += isinstance(event, yaml.NodeEvent)
        if depth > _MOST_DEPTH or nodes > _MOST_NODES:
            raise _refused("more values, or deeper ones, than a file of claims needs", file, line, "split the file")


def _data(node: Any, file: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, file)
    if isinstance(node, yaml.SequenceNode):
        return [_data(inner, file) for inner in node.value]
    return _scalar(node)


def _mapping(node: Any, file: str) -> Lined:
    made = Lined()
    made.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise _refused("a key that is not a word", file, line, "write `key: value`")
        if key_node.value in made:
            raise _refused(f"the key `{key_node.value}` twice in one place", file, line, "keep one of them")
        made[key_node.value] = _data(value_node, file)
    return made


def _scalar(node: Any) -> Any:
    kind, value = node.tag.rsplit(":", 1)[-1], node.value
    if kind == "null":
        return None
    if kind == "bool":
        return value == "true"
    if kind == "int":
        return int(value)
    return float(value) if kind == "float" else value


def _refused(what: str, file: str, line: int, fix: str) -> InputError:
    return InputError(f"line {line}: {what}", file=file, expected="plain keys, words, numbers and lists", fix=fix)


def _not_yaml(wrong: yaml.YAMLError, file: str) -> InputError:
    mark = getattr(wrong, "problem_mark", None)
    where = f"line {mark.line + 1}: " if mark else ""
    problem = getattr(wrong, "problem", None) or str(wrong)
    return InputError(
        f"{where}this is not YAML ({problem})",
        file=file,
        expected="YAML, indented with spaces",
        fix="look at this line and the one above it: an unclosed quote, a missing space after a colon, a tab",
    )
