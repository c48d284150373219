"""A published claim: who said what, when, and the question that it asks of the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from zenobia.claims.expectation import Expectation, read_expectation
from zenobia.claims.yaml_text import Lined, read_yaml
from zenobia.measures import MEASURES, Question, Variation, keys_of, merged, question, tidied, validated
from zenobia.measures.validation import Day
from zenobia.terms import InputError, did_you_mean

__all__ = ["Claim", "Posed", "load", "parse"]

# Keys of a part or a variation that are about it, not about its question.
_ABOUT = ("says", "expect", "name")


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_text)]


def _listed(value: object) -> object:
    return value if value is None or isinstance(value, list | tuple) else (value,)


Ids = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


class Claim(BaseModel):
    """One statement, in words, and how it is tested. ``ask`` is ``None`` where nothing in a record can test it.

    Attributes:
        causal: whether it says that one thing came about through another. A record shows order, so such a
            claim is never more than partly supported.
        beside_claims: ids of what others claim about the same thing, shown side by side.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Text
    says: str
    by: str | None = None
    on: Day | None = None
    document: str | None = None
    at: Text | None = None
    ask: Mapping[str, Any] | None
    expect: Text | None = None
    settles: str | None = None
    also: Annotated[Sequence[Mapping[str, Any]], Field(default=())]
    parts: Annotated[Sequence[Mapping[str, Any]], Field(default=())]
    beside: Annotated[Sequence[Mapping[str, Any]], Field(default=())]
    note: str | None = None
    causal: StrictBool = False
    beside_claims: Ids = ()

    @property
    def testable(self) -> bool:
        """Whether it asks anything that a record can answer."""
        return self.ask is not None

    def posed(self, patch: Mapping[str, Any] | None = None) -> tuple[Posed, ...]:
        """The question of the claim, then those of its parts, each with what is expected.

        Args:
            patch: keys of a variation, merged over the question; what a part says of its own stays.
        """
        return tuple(self._posed(patch or {}, None))

    def declared(self) -> tuple[Variation, ...]:
        """The other fair ways to ask that were declared beforehand."""
        return tuple(Variation(_name(keys), _asking(keys)) for keys in self.also)

    def asked_beside(self, file: str | None = None) -> tuple[tuple[str | None, Question], ...]:
        """Questions whose answers a reader should see next to this one; they are shown and never judged."""
        return tuple(
            (
                str(keys["says"]) if keys.get("says") else None,
                question(merged(self.ask or {}, _asking(keys)), file=file, of=f"claim {self.id}, beside {nth}"),
            )
            for nth, keys in enumerate(self.beside, start=1)
        )

    def _posed(self, patch: Mapping[str, Any], file: str | None) -> Iterator[Posed]:
        if self.ask is None:
            return
        base = merged(self.ask, patch)
        yield Posed.of(base, self.says, self.expect, file, f"claim {self.id}")
        for nth, part in enumerate(self.parts, start=1):
            said = str(part["says"]) if part.get("says") else None
            expect = part.get("expect", self.expect)
            under = merged(self.ask, _fitting(patch, self.ask, part)) if "measure" in part else base
            yield Posed.of(merged(under, _asking(part)), said, expect, file, f"claim {self.id}, part {nth}")


def _fitting(patch: Mapping[str, Any], ask: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a variation that a part's own measure has: a floor on precision is none on who held a place."""
    asked, own = (MEASURES.get(str(raw.get("measure"))) for raw in (ask, part))
    if asked is None or own is None:
        return dict(patch)
    return {key: value for key, value in tidied(patch, asked).items() if value is None or key in keys_of(own)}


@dataclass(frozen=True)
class Posed:
    """A question and what is expected of its answer."""

    question: Question
    expect: Expectation
    says: str | None

    @classmethod
    def of(cls, raw: Mapping[str, Any], says: str | None, expect: Any, file: str | None, of: str) -> Posed:
        """Check a question and its expectation."""
        if expect is None:
            raise InputError(
                f"{of}: key `expect` is missing",
                file=file,
                expected="what the answer must be",
                fix='add expect: "> 0.5"',
            )
        return cls(question(raw, file=file, of=of), read_expectation(expect, file=file, of=of), says)


def load(text: str, file: str = "claims.yaml") -> tuple[Claim, ...]:
    """The claims of a YAML text.

    Raises:
        InputError: with the file, the line, the claim and the key at fault.
    """
    return parse(read_yaml(text, file), file)


def parse(raw: Any, file: str | None = None) -> tuple[Claim, ...]:
    """The claims of a list of mappings, every question in them checked.

    Raises:
        InputError: an unknown key, measure or word, a missing key, or an id that comes twice.
    """
    if raw is None:
        return ()
    if not isinstance(raw, list) or not all(isinstance(one, Mapping) for one in raw):
        raise InputError(
            "not a list of claims",
            file=file,
            value=raw,
            expected="a list: each claim begins with `- id:`",
            fix="see the page on claims",
        )
    claims = tuple(_claim(one, nth, file) for nth, one in enumerate(raw, start=1))
    _no_two_alike(claims, file)
    return claims


def load_all(texts: Mapping[str, str]) -> tuple[Claim, ...]:
    """The claims of several files, in the order of their names' first appearance.

    Raises:
        InputError: a fault in one of them, an id that comes twice, or a claim beside one that there is not.
    """
    claims = tuple(claim for file, text in texts.items() for claim in load(text, file))
    _no_two_alike(claims, None)
    _all_beside_there(claims)
    return claims


def _claim(raw: Mapping[str, Any], nth: int, file: str | None) -> Claim:
    line = f" (line {raw.line})" if isinstance(raw, Lined) else ""
    name = f"claim {raw['id']}{line}" if raw.get("id") is not None else f"claim number {nth}{line}"
    claim = validated(Claim, {"ask": raw.get("ask"), **raw}, file=file, of=name)
    if "ask" not in raw:
        raise InputError(
            f"{name}: key `ask` is missing",
            file=file,
            expected="a question, or `ask: null` with `settles:` where no record can test it",
            fix="add `ask:`",
        )
    if claim.ask is None:
        _settled(claim, name, file)
    for patch in ({}, *(_asking(keys) for keys in claim.also)):
        _posed_all(claim, patch, file)
    return claim


def _posed_all(claim: Claim, patch: Mapping[str, Any], file: str | None) -> None:
    """Build every question once, so that a fault is found when the file is read."""
    tuple(claim._posed(patch, file))
    claim.asked_beside(file)


def _settled(claim: Claim, name: str, file: str | None) -> None:
    if not claim.settles or claim.expect or claim.also or claim.parts or claim.beside:
        raise InputError(
            f"{name}: nothing is asked, so there is nothing to expect",
            file=file,
            expected="`ask: null` with `settles:` (what evidence would settle it), and no other question",
            fix="say under `settles:` what would settle it",
        )


def _no_two_alike(claims: Sequence[Claim], file: str | None) -> None:
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            raise InputError("two claims with one id", file=file, column="id", value=claim.id, fix="rename one of them")
        seen.add(claim.id)


def _all_beside_there(claims: Sequence[Claim]) -> None:
    """Claims that stand side by side: each is there, and none stands beside itself."""
    ids = tuple(claim.id for claim in claims)
    for claim in claims:
        for other in claim.beside_claims:
            if other not in ids or other == claim.id:
                raise InputError(
                    f"claim {claim.id}, key `beside_claims`: {'itself' if other == claim.id else 'no such claim'}",
                    value=other,
                    expected="ids of other claims of the case",
                    fix=did_you_mean(other, [i for i in ids if i != claim.id]) or "take it out",
                )


def _asking(keys: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if key not in _ABOUT}


def _name(keys: Mapping[str, Any]) -> str:
    """What a variation changes, in a few words: its own name, or its keys."""
    if keys.get("name"):
        return str(keys["name"])
    return ", ".join(_flat("", _asking(keys)))


def _flat(above: str, keys: Mapping[str, Any]) -> Iterator[str]:
    for key, value in keys.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{above}{key}.", value)
        else:
            several = isinstance(value, list | tuple)
            yield f"{above}{key}={'|'.join(map(str, value)) if several else 'any' if value is None else value}"
