"""The live parts of a briefing: `{{ ... }}` from a closed list, parsed and never run as code."""

from __future__ import annotations

import ast
import inspect
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zenobia.terms import InputError
from zenobia.terms.names import did_you_mean

__all__ = ["DIRECTIVES", "Directive", "day", "parse", "window"]

Value = str | int | float
LONGEST = 500
# `from` may name an argument here, though the grammar that is borrowed keeps the word for itself.
FROM = re.compile(r"""'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"|\bfrom(?=\s*=)""")


@dataclass(frozen=True, kw_only=True)
class Directive:
    """One live part as written: its name, its arguments by name, the attribute asked of it, and its line."""

    name: str
    arguments: Mapping[str, Value]
    attribute: str | None
    source: str
    line: int

    def text(self, argument: str) -> str | None:
        """An argument as text; ``None`` where it was not given."""
        given = self.arguments.get(argument)
        return None if given is None else str(given)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a directive takes: a signature to bind against, where it may stand, the attributes it has."""

    signature: inspect.Signature
    block: bool
    attributes: tuple[str, ...] = ()


def _rule(shape: Callable[..., None], *, block: bool, attributes: tuple[str, ...] = ()) -> Rule:
    return Rule(signature=inspect.signature(shape), block=block, attributes=attributes)


DIRECTIVES: dict[str, Rule] = {
    "contents": _rule(lambda: None, block=True),
    "claims": _rule(lambda *, at=None: None, block=True),
    "claim": _rule(lambda id: None, block=True),
    "map": _rule(lambda on, around=None, km=None, from_=None, to=None: None, block=True),
    "front": _rule(lambda on, around=None, km=None, apart=None: None, block=True),
    "changes": _rule(lambda places=None, from_=None, to=None: None, block=True),
    "strip": _rule(lambda place, from_=None, to=None: None, block=True),
    "strikes": _rule(
        lambda actor=None, from_=None, to=None, place=None, area=None, admin1=None, type=None, units=None: None,
        block=True,
    ),
    "control": _rule(lambda place=None, on=None: None, block=True),
    "held": _rule(lambda holder, place, start=None, end=None: None, block=False, attributes=("days", "months")),
    "record": _rule(lambda: None, block=False),
}


def parse(source: str, *, file: str | Path | None, line: int) -> Directive:
    """Read what stands between the braces.

    Only a name of the list, literal texts and numbers, and one attribute are understood; anything else
    that Python could run is refused here, because nothing is ever evaluated.

    Raises:
        InputError: not a directive, an unknown one, or wrong arguments; with file, line and the nearest name.
    """
    call, attribute = _split(source.strip(), file, line)
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    rule = DIRECTIVES.get(name)
    if rule is None:
        raise InputError(
            "unknown directive",
            file=file,
            row=line,
            value=source.strip(),
            expected=f"one of {', '.join(DIRECTIVES)}",
            fix=did_you_mean(name, tuple(DIRECTIVES)) or "see the list in the documentation of briefings",
        )
    _check_attribute(name, rule, attribute, source, file, line)
    arguments = _bind(name, rule, call, source, file, line)
    return Directive(name=name, arguments=arguments, attribute=attribute, source=source.strip(), line=line)


def _split(source: str, file: str | Path | None, line: int) -> tuple[ast.Call, str | None]:
    """`name(...)` or `name(...).attribute` as a syntax tree."""
    node = _tree(source)
    attribute = node.attr if isinstance(node, ast.Attribute) else None
    call = node.value if isinstance(node, ast.Attribute) else node
    if isinstance(call, ast.Call):
        return call, attribute
    raise InputError(
        "not a directive",
        file=file,
        row=line,
        value=source,
        expected='a name with arguments, as in claim("C01") or held("isis", "palmyra").months',
        fix="write it so, or put it between backticks if it is meant to be read as it stands",
    )


def _tree(source: str) -> ast.AST | None:
    """The syntax tree, or ``None``. A text too long for any directive is not given to the parser at all."""
    if len(source) > LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the parser grumbles about a stray backslash; the writer need not see it
            return ast.parse(
                FROM.sub(lambda found: "from_" if found.group() == "from" else found.group(), source), mode="eval"
            ).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _check_attribute(
    name: str, rule: Rule, attribute: str | None, source: str, file: str | Path | None, line: int
) -> None:
    if attribute in rule.attributes or (attribute is None and not rule.attributes):
        return
    wanted = " or ".join(f"{name}(...).{a}" for a in rule.attributes) or f"{name}(...) with nothing after it"
    raise InputError(
        "unknown attribute" if attribute else "a directive that needs an attribute",
        file=file,
        row=line,
        value=source.strip(),
        expected=wanted,
        fix=(did_you_mean(attribute, rule.attributes) if attribute and rule.attributes else "") or f"write {wanted}",
    )


def _bind(name: str, rule: Rule, call: ast.Call, source: str, file: str | Path | None, line: int) -> dict[str, Value]:
    positional = [_literal(node, source, file, line) for node in call.args]
    named = {k.arg or "**": _literal(k.value, source, file, line) for k in call.keywords}
    try:
        bound = rule.signature.bind(*positional, **named).arguments
        return {name.rstrip("_"): value for name, value in bound.items()}
    except TypeError as error:
        raise InputError(
            f"wrong arguments for {name}: {error}",
            file=file,
            row=line,
            value=source.strip(),
            expected=f"{name}{rule.signature}".replace("from_", "from"),
            fix="give each argument once, by position or by name",
        ) from None


def _literal(node: ast.expr, source: str, file: str | Path | None, line: int) -> Value:
    if isinstance(node, ast.Constant) and type(node.value) in (str, int, float):
        return node.value  # type: ignore[return-value]  # narrowed by the exact type just above
    raise InputError(
        "an argument that is not a plain text or number",
        file=file,
        row=line,
        value=source.strip(),
        expected='a text in quotes or a number, as in map(on="2016-03-20")',
        fix="write the value itself: nothing is computed inside a directive",
    )


def day(directive: Directive, argument: str, *, file: str | Path | None) -> date | None:
    """An argument as a day; ``None`` where it was not given."""
    given = directive.text(argument)
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InputError(
            f"{argument} is not a day",
            file=file,
            row=directive.line,
            value=given,
            expected="a day such as 2016-03-20",
            fix="write year-month-day",
        ) from None


def window(
    directive: Directive, first: date | None, last: date | None, *, until: date | None = None, file: str | Path | None
) -> tuple[date, date]:
    """The days from `from` to `to`, closed-open; where one is not given, those of the case; none from `until` on."""
    start = day(directive, "from", file=file) or first
    end = day(directive, "to", file=file) or last
    end = min(end, until) if end and until else end
    if start is not None and until is not None and start >= until:
        raise InputError(
            "control of these days is held back",
            file=file,
            row=directive.line,
            value=directive.source,
            expected=f"days before {until.isoformat()}",
        )
    if start is not None and end is not None and start < end:
        return start, end
    raise InputError(
        "no days to show" if start is None or end is None else "days the wrong way round",
        file=file,
        row=directive.line,
        value=directive.source,
        expected='from="2015-05-01", to="2016-05-01": the first day, and the first day after',
        fix="name both days, the earlier one first, or give case.toml a from and a to",
    )
