"""Which claims may be told: those that name nothing withheld and ask of no day that is held back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import yaml

from zenobia.publish.leaks import Secrets
from zenobia.publish.policy import Policy
from zenobia.publish.withheld import Withheld
from zenobia.terms import InputError, parse_published

__all__ = ["released_claims", "statements_of", "words_of"]

_USUAL_SPAN = 90  # days that a forecast looks ahead where its question does not say
_OF_DAYS = frozenset(["end", "from", "issued", "known", "on", "start", "to"])  # keys at which a year alone is a day
_SIGN = re.compile(r"(?:^|(?<=\s))(#)")
_Quick: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DAY = re.compile(r"\b(\d{4})-(\d\d)(?:-(\d\d))?\b")


@dataclass(frozen=True, kw_only=True)
class _Written:
    """One claim as it is written: its text in the file, and every word in it by where it stands."""

    text: str
    words: tuple[tuple[str, str], ...]

    def at(self, key: str) -> str | None:
        return next((word for path, word in self.words if path == key), None)

    @property
    def id(self) -> str:
        return self.at("id") or ""


def released_claims(
    texts: Mapping[str, str], policy: Policy, secrets: Secrets, *, on: dt.date, after: dt.date, until: dt.date
) -> tuple[dict[str, str], tuple[Withheld, ...]]:
    """The texts of claims without those that may not be told, and these.

    Args:
        texts: claims files by name.
        policy: what the case lets out.
        secrets: what is withheld.
        on: the day of the release.
        after: what was claimed after this day is held back.
        until: the first day of which control is held back.

    Raises:
        InputError: a file is not YAML, or its claims share values: a withheld one cannot be cut out of it then.
    """
    written = {name: list(_written(text, name)) for name, text in texts.items()}
    claims = [claim for held in written.values() for claim in held]
    gone = {claim.id: why for claim in claims if (why := _why_not(claim, policy, secrets, on, after, until))}
    before = -1
    while before != len(gone):
        before = len(gone)
        for claim in claims:
            if claim.id not in gone and any(word in gone for path, word in claim.words if path == "beside_claims"):
                gone[claim.id] = "it stands beside a claim that is withheld"
    kept = {name: "".join(c.text for c in held if c.id not in gone) for name, held in written.items()}
    return kept, tuple(Withheld("claims", claim, why) for claim, why in gone.items())


def words_of(texts: Mapping[str, str]) -> frozenset[str]:
    """Every single value that stands in claims."""
    return frozenset(word for name, text in texts.items() for claim in _written(text, name) for _, word in claim.words)


def statements_of(texts: Mapping[str, str]) -> dict[str, str]:
    """What each claim says, by its id."""
    return {claim.id: claim.at("says") or "" for name, text in texts.items() for claim in _written(text, name)}


def _why_not(
    claim: _Written, policy: Policy, secrets: Secrets, on: dt.date, after: dt.date, until: dt.date
) -> str | None:
    if why := policy.barred(f"c:{claim.id}", on):
        return why
    if secrets.names("\n".join(word for _, word in claim.words)):
        return "it names something withheld"
    said = claim.at("on")
    if said and _first_day(said) > after:
        return "newer than the delay lets out"
    if any(day >= until for path, word in claim.words if path != "on" for day in _asked(path, word)):
        return "it asks of days that are held back"
    return "a forecast that is not due yet" if any(due > until for due in _due(claim)) else None


def _asked(path: str, word: str) -> Iterator[dt.date]:
    """The last days that a word asks of: a month or a year to its end, a window up to the day before its last."""
    key = path.rpartition(".")[2]
    days = list(_days(word))
    if key in _OF_DAYS:
        with suppress(InputError):
            days.append(parse_published(word))
    yield from (day if key == "on" or day == dt.date.min else day - dt.timedelta(days=1) for day in days)


def _due(claim: _Written) -> Iterator[dt.date]:
    """The days on which what a claim forecasts is due, in whatever way it asks: by the longest span that it names."""
    spans = [int(word) for path, word in claim.words if path.endswith(".days") and word.isdigit() and len(word) < 5]
    ahead = dt.timedelta(days=max(spans, default=_USUAL_SPAN))
    yield from (_first_day(word) + ahead for path, word in claim.words if path.endswith(".issued") and word != "null")


def _written(text: str, file: str) -> Iterator[_Written]:
    """The claims of a file, each with its own lines and without comments, which may be of a claim beside it."""
    _refuse_shared(text, file)
    tree = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(tree, yaml.SequenceNode):
        return
    if tree.flow_style:
        for node in tree.value:
            alone = yaml.SequenceNode(tree.tag, [node], flow_style=False)
            yield _Written(text=yaml.serialize(alone, allow_unicode=True), words=tuple(_words("", node)))
        return
    lines = list(_without_comments(text, tree))
    starts = [node.start_mark.line for node in tree.value]
    for node, start, end in zip(tree.value, starts, [*starts[1:], len(lines)], strict=True):
        yield _Written(text="".join(lines[start:end]), words=tuple(_words("", node)))


def _refuse_shared(text: str, file: str) -> None:
    """Claims are cut apart by their lines, so that no value may stand in one of them and count in another."""
    try:
        for event in yaml.parse(text, Loader=_Quick):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise InputError(
                    f"line {event.start_mark.line + 1 if event.start_mark else 1}: an anchor or alias",
                    file=file,
                    expected="plain keys, words, numbers and lists",
                    fix="write the value out where it is needed: a claim is released or withheld by itself",
                )
    except yaml.YAMLError as wrong:
        raise InputError("not YAML", file=file, value=str(wrong).splitlines()[0], fix="mend it, then release") from None


def _without_comments(text: str, tree: yaml.Node) -> Iterator[str]:
    """Its lines; of one that was nothing but a comment nothing is left."""
    value = np.zeros(len(text) + 1, dtype=bool)
    for first, after in _values(text, tree):
        value[first:after] = True
    at = 0
    for line in text.splitlines(keepends=True):
        signs = (found.start(1) for found in _SIGN.finditer(line))
        sign = next((n for n in signs if not value[at + n]), None)
        at += len(line)
        kept = line if sign is None else line[:sign].rstrip()
        yield kept if sign is None or not kept else f"{kept}\n"


def _values(text: str, node: yaml.Node) -> Iterator[tuple[int, int]]:
    """Where the single values of a tree stand, keys too; of a block its lines below the sign."""
    if isinstance(node, yaml.ScalarNode):
        first, after = node.start_mark.index, node.end_mark.index
        block = node.style in ("|", ">") and "\n" in text[first:after]
        yield (text.index("\n", first) if block else first), after
        return
    for held in node.value:
        for one in held if isinstance(held, tuple) else (held,):
            yield from _values(text, one)


def _words(path: str, node: yaml.Node) -> Iterator[tuple[str, str]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _words(f"{path}.{key.value}".lstrip("."), value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _words(path, value)
    else:
        yield path, str(node.value)


def _days(word: str) -> Iterator[dt.date]:
    for year, month, day in _DAY.findall(word):
        try:
            yield dt.date(int(year), int(month), int(day or 1))
        except ValueError:
            continue


def _first_day(word: str) -> dt.date:
    return next(_days(word), dt.date.min)
