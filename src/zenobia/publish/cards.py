"""Verdicts as cards: what was claimed, what the record says now and said then, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from zenobia.publish.charts import interval_bar, verdict_sign
from zenobia.publish.citations import MEANINGS, Citations
from zenobia.publish.directives import Directive
from zenobia.publish.numbers import Numbers
from zenobia.publish.wording import anchor, figure
from zenobia.terms import NotFound
from zenobia.terms.names import did_you_mean

__all__ = ["Cards"]

VERDICTS = ("supported", "partly", "contradicted", "cannot tell")
SHOWN = 5  # items of evidence in full on a card; the rest are links behind a fold


class Cards:
    """Sets verdicts, in the order of the claims."""

    def __init__(self, numbers: Numbers, citations: Citations, templates: Environment) -> None:
        self.numbers, self.citations, self.templates = numbers, citations, templates
        self.done: dict[str, int] = {}

    @cached_property
    def claims(self) -> Sequence[Mapping[str, Any]]:
        """The verdicts as `check` gives them, worked out once a page."""
        found: Sequence[Mapping[str, Any]] = self.numbers.check()["claims"]
        return found

    def all(self) -> Markup:
        """Every claim: a table to see them at once, then a card each."""
        cards = [self.card(claim) for claim in self.claims]
        page = self.templates.get_template("claims.html.j2")
        return Markup(page.render(cards=cards, counts=self.counts(), shown=SHOWN))

    def one(self, id: str, live: Directive, file: str | Path | None) -> Markup:
        """One claim's card."""
        claim = next((c for c in self.claims if c["id"] == id), None)
        if claim is None:
            ids = tuple(str(c["id"]) for c in self.claims)
            raise NotFound(
                "no such claim",
                file=file,
                row=live.line,
                value=id,
                expected=f"one of {', '.join(ids)}",
                fix=did_you_mean(id, ids) or "look into claims.yaml",
            )
        page = self.templates.get_template("claims.html.j2")
        return Markup(page.render(cards=[self.card(claim)], counts=[], shown=SHOWN))

    def counts(self) -> list[tuple[int, str]]:
        found = Counter(str(claim["verdict"]) for claim in self.claims)
        return [(found[verdict], verdict) for verdict in VERDICTS if found[verdict]]

    def card(self, claim: Mapping[str, Any]) -> dict[str, Any]:
        """What the template needs of one claim."""
        id = str(claim["id"])
        where = self.fragment(id)
        then = claim.get("then") or {}
        threshold = (claim.get("method") or {}).get("threshold")
        both = [claim.get("found"), then.get("found")]
        return {
            "id": id,
            "anchor": where,
            "says": claim["says"],
            "by": self.numbers.name(str(claim.get("by") or "")) or "nobody named",
            "on": claim.get("on"),
            "asked": claim.get("asked"),
            "because": claim.get("because"),
            "settles": unsaid(claim.get("settles"), claim.get("because")),
            "threshold": threshold,
            "now": self.side(claim, threshold, both),
            "then": self.then(claim, then, threshold, both) if then else None,
            "parts": [self.part(part, where, id) for part in claim.get("parts") or ()],
            "basis": self.basis(claim.get("method") or {}, where, id),
            "beside": [self.beside(other, where, id) for other in claim.get("beside") or ()],
            "tried": claim.get("tried"),
            "flips": [self.flip(flip) for flip in claim.get("flips") or ()],
            "evidence": self.evidence(claim, where),
        }

    def fragment(self, id: str) -> str:
        """The name to jump to. A claim shown a second time on one page gets a name of its own."""
        first = anchor("c", id)
        self.done[first] = self.done.get(first, 0) + 1
        return first if self.done[first] == 1 else f"{first}.again{self.done[first]}"

    def side(self, verdict: Mapping[str, Any], threshold: object, both: Sequence[Any]) -> dict[str, Any]:
        """A verdict with its figure, in words and as a bar on the axis shared by now and then."""
        found = verdict.get("found")
        return {
            "verdict": verdict.get("verdict", "cannot tell"),
            "sign": verdict_sign(str(verdict.get("verdict"))),
            "figure": figure(found),
            "because": verdict.get("because"),
            "promise": MEANINGS.get(found["meaning"], found["meaning"]) if found else None,
            "bar": interval_bar(found, threshold, beside=[other for other in both if same_unit(other, found)]),
        }

    def then(
        self, claim: Mapping[str, Any], then: Mapping[str, Any], threshold: object, both: Sequence[Any]
    ) -> dict[str, Any]:
        """The verdict of then; its reason only where it is not the one given for now."""
        return {
            **self.side(then, threshold, both),
            "known": then.get("known"),
            "because": unsaid(then.get("because"), claim.get("because")),
            "moved": then.get("verdict") != claim.get("verdict"),
        }

    def part(self, part: Mapping[str, Any], where: str, called: str) -> dict[str, Any]:
        """A thing said in the same breath, with its own verdict, reason and figures."""
        found = part.get("found")
        threshold = part.get("expect") or (part.get("method") or {}).get("threshold")
        return {
            **self.side(part, threshold, [found]),
            "says": part.get("says") or part.get("asked"),
            "because": part.get("because"),
            "basis": self.basis(part, where, called),
        }

    def beside(self, other: Mapping[str, Any], where: str, called: str) -> dict[str, Any]:
        """An answer that stands next to the claim's own and is not judged."""
        return {
            "says": other.get("says") or other.get("asked"),
            "figure": figure(other.get("found")),
            "because": other.get("because"),
            "basis": self.basis(other, where, called),
        }

    def basis(self, measured: Mapping[str, Any], where: str, called: str) -> dict[str, Any]:
        """What a figure rests on: its frame, each voice's own figure, what must be said with it, what was left out."""
        left_out = Counter(str(left["why"]) for left in measured.get("left_out") or ())
        return {
            "frame": measured.get("frame"),
            "figures": [self.voice(voice, where, called) for voice in measured.get("by_source") or ()],
            "notes": list(measured.get("notes") or ()),
            "left_out": [(count, why) for why, count in sorted(left_out.items())],
        }

    def voice(self, voice: Mapping[str, Any], where: str, called: str) -> dict[str, Any]:
        """One source's own figure, with its side and its reports."""
        return {
            "name": voice["name"],
            "side": self.numbers.name(str(voice["bloc"])) if voice.get("bloc") else None,
            "figure": figure(voice["found"]),
            "evidence": self.citations.cite(voice.get("reports") or (), where, called),
        }

    def flip(self, flip: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.side(flip, None, []), "change": flip["change"]}

    def evidence(self, claim: Mapping[str, Any], where: str) -> list[dict[str, Any]]:
        """The three lists of reports: for, against, and the claimant's own word, which never counts."""
        lists = (
            ("for", "For", claim.get("for")),
            ("against", "Against", claim.get("against")),
            ("claimant", "Claimant only: listed, never counted", claim.get("claimant_only")),
        )
        called = str(claim["id"])
        return [
            {"key": key, "title": title, "items": self.citations.cite(ids or (), where, called)}
            for key, title, ids in lists
        ]


def unsaid(words: str | None, said: str | None) -> str | None:
    """The words, unless they stand in what was said already."""
    return None if words and said and words in said else words


def same_unit(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    return bool(one and other and one.get("unit") == other.get("unit"))
