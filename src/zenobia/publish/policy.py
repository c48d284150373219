"""What a case lets out: the table `[publish]` of its case.toml, checked, with safe words where it says nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from zenobia.publish.grid import cell_km
from zenobia.publish.palette import PALETTES
from zenobia.terms import REPORT_TYPES, SENSITIVITIES, InputError, did_you_mean, parse_day

__all__ = ["CONTRIBUTORS", "KEPT_IN", "PROTECTED", "Policy", "read_policy", "rules_in_words"]

# Kinds of places and actors whose whereabouts could hurt somebody; what stands there is withheld.
PROTECTED = (
    "ambulance station",
    "camp",
    "clinic",
    "field hospital",
    "hospital",
    "person",
    "private person",
    "refugee camp",
    "safe house",
    "school",
    "shelter",
)
# Kinds of sources that are people who must not be found: released as one nameless voice for each side.
CONTRIBUTORS = ("contributor", "eyewitness", "informant", "person", "private person", "witness")
# Columns that an analyst writes for colleagues; they stay in the house unless [publish.fields] says public.
KEPT_IN = ("author", "captured", "note", "notes")
COARSENED = MappingProxyType({"attack-on-civilians": 8.0})
_PREFIXES = ("a", "c", "d", "p", "r", "s")
# Columns that a release cannot do without, or that carry the markings themselves.
_NEEDED = ("id", "source", "published", "type", "name", "sensitivity", "replaces", "part_of", "misses")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What may leave the house, to whom, how late and how exactly.

    Attributes:
        policy: ``public``, or ``private``: nothing is released.
        level: the highest marking that may leave; ``secret`` never does.
        delay: days between a source's word and its release.
        control_delay: days by which control is held back; never fewer than ``delay``.
        coarsen: kilometres of the grid on which reports of a type are placed.
        protected: kinds of places (and actors) with the kilometres of the grid, or ``None``: withheld.
        small_counts: figures of people from 1 up to one less than this are withheld; 0 releases them all.
        fields: columns and their marking.
        withhold: ids with their letter, as `why` takes them.
        embargo: the day from which such an id may be released.
        contributors: kinds of sources that are hidden.
        salt: a secret word, for ids that can be told apart and not traced.
        harmless: words that may stand in a release although something withheld is called so.
        palette: the colours of pages and images, in the case's own briefings too.
        author: who answers for the case, as a crate says; publisher: the house that hands it on. Each a name, and an
            address after it in angle brackets if there is one.
    """

    policy: str = "private"
    level: str = "public"
    delay: int = 30
    control_delay: int = 30
    coarsen: Mapping[str, float] = field(default_factory=lambda: dict(COARSENED))
    protected: Mapping[str, float | None] = field(default_factory=lambda: dict.fromkeys(PROTECTED))
    small_counts: int = 3
    fields: Mapping[str, str] = field(default_factory=dict)
    withhold: frozenset[str] = frozenset()
    embargo: Mapping[str, dt.date] = field(default_factory=dict)
    contributors: frozenset[str] = frozenset(CONTRIBUTORS)
    salt: str = field(default="", repr=False)
    harmless: tuple[str, ...] = ()
    palette: str = "safe"
    author: tuple[str, ...] = ()
    publisher: str = ""

    @property
    def public(self) -> bool:
        """Whether anything may leave at all."""
        return self.policy == "public"

    def lets(self, marking: str | None) -> bool:
        """Whether what is marked so may leave; what is not marked is public."""
        rank = SENSITIVITIES.index(marking or "public")
        return rank <= SENSITIVITIES.index(self.level)

    def lets_column(self, table: str, column: str) -> bool:
        """Whether a column may leave, by `[publish.fields]`: named alone or as ``table.column``."""
        usual = "restricted" if column in KEPT_IN else "public"
        return self.lets(self.fields.get(f"{table}.{column}", self.fields.get(column, usual)))

    def barred(self, prefixed: str, on: dt.date) -> str | None:
        """Why an id (``r:...``) may not leave on a day by the case's own list; ``None`` where it may."""
        if prefixed in self.withhold:
            return "named under withhold"
        until = self.embargo.get(prefixed)
        return f"under embargo until {until.isoformat()}" if until and on < until else None


def read_policy(said: Mapping[str, Any], file: str = "case.toml") -> Policy:
    """The policy of a case. Where a key is missing the safe word holds.

    Raises:
        InputError: an unknown key, or a word or number that a key does not take.
    """
    known = {f.name for f in fields(Policy)}
    for key in said:
        if key not in known:
            raise InputError(
                "nothing reads this key",
                file=file,
                column=f"publish.{key}",
                expected=", ".join(sorted(known)),
                fix=did_you_mean(key, sorted(known)) or "take it out",
            )
    read: dict[str, Any] = {key: _READERS[key](said[key], f"publish.{key}", file) for key in said}
    read["control_delay"] = max(read.get("control_delay", 0), read.get("delay", Policy.delay))
    if "protected" in read:  # what a case says of one kind leaves the others as they are
        read["protected"] = {**dict.fromkeys(PROTECTED), **read["protected"]}
    if "coarsen" in read:
        read["coarsen"] = {**COARSENED, **read["coarsen"]}
    return Policy(**read)


def rules_in_words(policy: Policy) -> list[str]:
    """The rules of a policy for its readers; ids and the salt are not told."""
    kinds = sorted(kind for kind, km in policy.protected.items() if km is None)
    spread = sorted((k, km) for k, km in {**policy.coarsen, **policy.protected}.items() if km)
    named = sorted({*KEPT_IN, *policy.fields})
    closed = [column for column in named if not policy.lets_column(*column.rpartition(".")[::2])]
    rules = [
        f"What a source said is shown {policy.delay} days later at the earliest; who held a place, for"
        f" days that lie {policy.control_delay} days back. Forecasts are shown when their day has come.",
        f"Only what is marked {policy.level} or less, and nothing that rests on a document or a source marked higher.",
        f"Nothing that stands at a protected place or names a protected person: {', '.join(kinds)}." if kinds else "",
        *(f"Of {kind}: only the cell of a fixed grid of {cell_km(km):g} km." for kind, km in spread),
        f"No figures of people of a report that gives one from 1 to {policy.small_counts - 1}."
        if policy.small_counts > 1
        else "",
        "People who told what they saw are one nameless voice for each side.",
        f"These columns are not shown: {', '.join(closed)}." if closed else "",
        "A list is used as a whole or not at all: one of which any row is withheld carries no count, share or zero.",
    ]
    return [rule for rule in rules if rule]


def _word(*options: str) -> Callable[[Any, str, str], str]:
    def read(value: Any, key: str, file: str) -> str:
        if value not in options:
            raise _wrong(key, file, value, f"one of {', '.join(options)}")
        return str(value)

    return read


def _whole(value: Any, key: str, file: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 36_500:
        raise _wrong(key, file, value, "a whole number, 0 or more")
    return value


def _words(value: Any, key: str, file: str) -> tuple[str, ...]:
    if not (isinstance(value, list) and all(isinstance(word, str) and word for word in value)):
        raise _wrong(key, file, value, 'a list of words: ["one", "two"]')
    return tuple(value)


def _kinds(value: Any, key: str, file: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _words(value, key, file))


def _ids(value: Any, key: str, file: str) -> frozenset[str]:
    return frozenset(_prefixed(word, key, file) for word in _words(value, key, file))


def _prefixed(word: str, key: str, file: str) -> str:
    letter, colon, rest = word.partition(":")
    if letter not in _PREFIXES or not colon or not rest:
        raise _wrong(
            key, file, word, "an id with its letter: r:REPORT, d:DOCUMENT, s:SOURCE, a:ACTOR, p:PLACE, c:CLAIM"
        )
    return word


def _text(value: Any, key: str, file: str) -> str:
    if not isinstance(value, str):
        raise _wrong(key, file, value, "a text")
    return value


def _table(value: Any, key: str, file: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(key, file, value, f"a table: [{key}] with keys below it")
    return value


def _coarsening(value: Any, key: str, file: str) -> dict[str, float]:
    read = {}
    for kind, km in _table(value, key, file).items():
        if kind not in REPORT_TYPES:
            raise _wrong(key, file, kind, f"a type of report: {', '.join(REPORT_TYPES)}")
        read[kind] = _km(km, f"{key}.{kind}", file)
    return read


def _km(value: Any, key: str, file: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 512:
        raise _wrong(key, file, value, "kilometres, from 0 (as it is) to 512")
    return float(value)


def _protection(value: Any, key: str, file: str) -> dict[str, float | None]:
    told = _table(value, key, file).items()
    return {k.casefold(): None if km == "withhold" else _protected_km(km, f"{key}.{k}", file) for k, km in told}


def _protected_km(value: Any, key: str, file: str) -> float:
    if isinstance(value, str):
        raise _wrong(key, file, value, '"withhold", or the kilometres of the grid that its reports are placed on')
    return _km(value, key, file)


def _markings(value: Any, key: str, file: str) -> dict[str, str]:
    read = {name: _word(*SENSITIVITIES)(mark, f"{key}.{name}", file) for name, mark in _table(value, key, file).items()}
    for name in read:
        if name.rpartition(".")[2] in _NEEDED:
            raise _wrong(key, file, name, "a column that a table can do without; mark rows instead")
    return read


def _days(value: Any, key: str, file: str) -> dict[str, dt.date]:
    table = _table(value, key, file)
    return {_prefixed(name, key, file): _day(day, f"{key}.{name}", file) for name, day in table.items()}


def _day(value: Any, key: str, file: str) -> dt.date:
    try:
        return value if type(value) is dt.date else parse_day(str(value))
    except InputError:
        raise _wrong(key, file, value, "a day such as 2026-03-20") from None


def _wrong(key: str, file: str, value: Any, expected: str) -> InputError:
    return InputError("not a policy", file=file, column=key, value=value, expected=expected)


_READERS: Mapping[str, Callable[[Any, str, str], Any]] = {
    "policy": _word("private", "public"),
    "level": _word("public", "restricted"),
    "delay": _whole,
    "control_delay": _whole,
    "coarsen": _coarsening,
    "protected": _protection,
    "small_counts": _whole,
    "fields": _markings,
    "withhold": _ids,
    "embargo": _days,
    "contributors": _kinds,
    "salt": _text,
    "harmless": _words,
    "palette": _word(*PALETTES),
    "author": _words,
    "publisher": _text,
}
