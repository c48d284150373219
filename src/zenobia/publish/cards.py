"""Verdicts as cards: what was claimed, what the record says now and said then, and what it rests on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from zenobia.publish.charts import interval_bar, verdict_sign
from zenobia.publish.citations import MEANINGS, Citations
from zenobia.publish.directives import Directive
from zenobia.publish.numbers import Numbers
from zenobia.publish.wording import anchor, expected, figure
from zenobia.terms import NotFound
from zenobia.terms.names import did_you_mean

__all__ = ["Cards"]

VERDICTS = ("supported", "partly", "contradicted", "cannot tell")
SIDES = ("for", "against", "claimant_only")
SHOWN = 5  # items of evidence in full on a card; the rest are links behind a fold


class Cards:
    """Sets verdicts, in the order of the claims."""

    def __init__(self, numbers: Numbers, citations: Citations, templates: Environment) -> None:
        self.numbers, self.citations, self.templates = numbers, citations, templates
        self.done: dict[str, int] = {}
        self.promised: set[str] = set()
        self.listed = False

    @cached_property
    def claims(self) -> Sequence[Mapping[str, Any]]:
        """The verdicts as `check` gives them, worked out once a page."""
        found: Sequence[Mapping[str, Any]] = self.numbers.check()["claims"]
        return found

    def announce(self, live: Iterable[Directive]) -> None:
        """Take note of the live parts that will set cards, so that links before them know where they may lead."""
        for part in live:
            self.listed |= part.name == "contents"
            self.promised |= {str(c["id"]) for c in self.meant(part)}

    def meant(self, live: Directive) -> list[Mapping[str, Any]]:
        """The claims that a live part sets cards for."""
        id, at = live.text("id"), live.text("at")
        if live.name == "claim":
            return [claim for claim in self.claims if claim["id"] == id]
        return [claim for claim in self.claims if live.name == "claims" and at in (None, claim.get("at"))]

    def contents(self) -> Markup:
        """Every claim with its verdict, paragraph by paragraph, each a link to its card."""
        return self.page([], groups=self.groups(self.claims), counts=self.counts())

    def all(self, live: Directive, file: str | Path | None) -> Markup:
        """Every claim, or those of one paragraph: what there is at a glance, then a card each."""
        claims, at = self.meant(live), live.text("at")
        if not claims and at is not None:
            known = tuple(dict.fromkeys(str(c["at"]) for c in self.claims if c.get("at")))
            raise NotFound(
                "no claim stands there",
                file=file,
                row=live.line,
                value=at,
                expected=f"one of {', '.join(known)}" if known else "claims that say where they stand (at: ...)",
                fix=did_you_mean(at, known) or "look into claims.yaml",
            )
        groups, first = self.groups(claims), at is None and not self.listed
        cards = [self.card(claim) for _, inside in groups for claim in inside]
        return self.page(cards, groups=groups if first else [], counts=self.counts() if first else [])

    def page(
        self,
        cards: Sequence[Mapping[str, Any]],
        *,
        groups: Sequence[Any] = (),
        counts: Sequence[Any] = (),
        whole: bool = False,
    ) -> Markup:
        """The cards as set: folded to a line each, or whole."""
        rows = [(at, [self.row(claim) for claim in claims]) for at, claims in groups]
        setting = self.templates.get_template("claims.html.j2")
        among = {"groups": rows, "counts": counts, "total": len(self.claims), "shown": SHOWN}
        return Markup(setting.render(cards=cards, whole=whole, **among))

    def groups(self, claims: Sequence[Mapping[str, Any]]) -> list[tuple[str | None, list[Mapping[str, Any]]]]:
        """Claims by where they stand in their document, in its order; those that do not say where come last.

        What was said in another document than the first claim's follows under the name of who said it.
        """
        texts = list(dict.fromkeys(claim.get("document") for claim in self.claims))

        def place(claim: Mapping[str, Any]) -> tuple[bool, int, list[tuple[int, int, str]]]:
            at = claim.get("at")
            return at is None, texts.index(claim.get("document")), in_sequence(str(at or ""))

        return [
            (self.heading(inside[0], texts[0]), inside)
            for inside in (list(group) for _, group in groupby(sorted(claims, key=place), key=place))
        ]

    def heading(self, claim: Mapping[str, Any], text: object) -> str | None:
        at = claim.get("at")
        return at if at is None or claim.get("document") == text else f"{self.by(claim)}, {at}"

    def row(self, claim: Mapping[str, Any]) -> dict[str, Any]:
        """A claim as the table of contents shows it."""
        then, id = claim.get("then") or {}, str(claim["id"])
        return {
            "id": id,
            "anchor": anchor("c", id) if id in self.promised else None,
            "says": claim["says"],
            "now": badge(claim),
            "then": badge(then) if then else None,
        }

    def one(self, live: Directive, file: str | Path | None) -> Markup:
        """One claim's card."""
        found, id = self.meant(live), str(live.arguments["id"])
        if not found:
            ids = tuple(str(c["id"]) for c in self.claims)
            raise NotFound(
                "no such claim",
                file=file,
                row=live.line,
                value=id,
                expected=f"one of {', '.join(ids)}",
                fix=did_you_mean(id, ids) or "look into claims.yaml",
            )
        return self.page([self.card(found[0])], whole=True)

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
            "by": self.by(claim),
            "on": claim.get("on"),
            "at": claim.get("at"),
            "causal": bool(claim.get("causal")),
            "others": self.others(claim),
            "asked": claim.get("asked"),
            "because": claim.get("because"),
            "short": in_short(claim, threshold),
            "settles": unsaid(claim.get("settles"), claim.get("because")),
            "threshold": threshold,
            "now": self.side(claim, threshold, both),
            "then": self.then(claim, then, threshold, both) if then else None,
            "parts": [self.part(part, where, id) for part in claim.get("parts") or ()],
            "basis": self.basis(claim.get("method") or {}, where, id, listed=named(claim, SIDES)),
            "beside": [self.beside(other, where, id) for other in claim.get("beside") or ()],
            "tried": claim.get("tried"),
            "flips": [self.flip(flip) for flip in claim.get("flips") or ()],
            "evidence": self.evidence(claim, where, id),
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
            "basis": self.basis(part, where, called, listed=named(part, SIDES))
            | {"evidence": self.evidence(part, where, called)},
        }

    def others(self, claim: Mapping[str, Any]) -> list[dict[str, Any]]:
        """This claim and those by others about the same thing, for a table side by side; empty where there is none."""
        wanted = [str(id) for id in claim.get("beside_claims") or ()]
        about = [c for id in wanted for c in self.claims if c["id"] == id]
        return [
            self.row(other) | {"by": self.by(other), "on": other.get("on"), "figure": figure(other.get("found"))}
            for other in (claim, *about)
            if about
        ]

    def by(self, claim: Mapping[str, Any]) -> str:
        return self.numbers.name(str(claim.get("by") or "")) or "nobody named"

    def beside(self, other: Mapping[str, Any], where: str, called: str) -> dict[str, Any]:
        """An answer that stands next to the claim's own and is not judged."""
        return {
            "says": other.get("says") or other.get("asked"),
            "figure": figure(other.get("found")),
            "because": other.get("because"),
            "basis": self.basis(other, where, called, listed=named(other, ("evidence",)))
            | {"evidence": self.lists((("evidence", "Reports", other.get("evidence")),), where, called)},
        }

    def basis(self, measured: Mapping[str, Any], where: str, called: str, *, listed: frozenset[str]) -> dict[str, Any]:
        """What a figure rests on: its frame, each voice's own figure, what must be said with it, what was left out.

        Args:
            listed: reports that the card sets out beside it anyway; a voice then says how many are its own.
        """
        left_out = Counter(str(left["why"]) for left in measured.get("left_out") or ())
        return {
            "frame": measured.get("frame"),
            "figures": [self.voice(voice, where, called, listed) for voice in measured.get("by_source") or ()],
            "notes": list(measured.get("notes") or ()),
            "evidence": [],
            "left_out": [(count, why) for why, count in sorted(left_out.items())],
        }

    def voice(self, voice: Mapping[str, Any], where: str, called: str, listed: frozenset[str]) -> dict[str, Any]:
        """One source's own figure, with its side and its reports, or their number where they stand in a list."""
        reports = tuple(str(id) for id in voice.get("reports") or ())
        return {
            "name": voice["name"],
            "side": self.numbers.name(str(voice["bloc"])) if voice.get("bloc") else None,
            "figure": figure(voice["found"]),
            "many": len(reports),
            "evidence": [] if listed.issuperset(reports) else self.citations.cite(reports, where, called),
        }

    def flip(self, flip: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.side(flip, None, []), "change": flip["change"]}

    def evidence(self, claim: Mapping[str, Any], where: str, called: str) -> list[dict[str, Any]]:
        """The three lists of reports: for, against, and the claimant's own word, which never counts."""
        told = (
            ("for", "For", claim.get("for")),
            ("against", "Against", claim.get("against")),
            ("claimant", "Claimant only: listed, never counted", claim.get("claimant_only")),
        )
        return self.lists(told, where, called)

    def lists(self, told: Iterable[tuple[str, str, Any]], where: str, called: str) -> list[dict[str, Any]]:
        """Lists of reports under their titles; an empty one is left out."""
        return [
            {"key": key, "title": title, "items": self.citations.cite(ids, where, called)}
            for key, title, ids in told
            if ids
        ]


def named(told: Mapping[str, Any], keys: Iterable[str]) -> frozenset[str]:
    """The reports that some lists of an answer name."""
    return frozenset(str(id) for key in keys for id in told.get(key) or ())


def in_short(claim: Mapping[str, Any], threshold: object) -> str:
    """What a folded card says beside its verdict: how many of the things said hold, or the figure and what it needed.

    >>> in_short({"parts": [{}], "because": "All 2 things said hold: it fell on 27 March 2016."}, None)
    'All 2 things said hold'
    >>> in_short({}, None)
    'Why, and what would settle it'
    """
    because = str(claim.get("because") or "")
    if claim.get("parts") and ": " in because:
        return because.partition(": ")[0]
    found = claim.get("found")
    if not found or not threshold:
        return "Why, and what would settle it"
    return f"Found: {figure(found)}; needed: {expected(threshold)}"


def badge(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """A verdict's word with its sign."""
    word = str(verdict.get("verdict", "cannot tell"))
    return {"verdict": word, "sign": verdict_sign(word)}


def in_sequence(words: str) -> list[tuple[int, int, str]]:
    """A key that puts paragraph 2 before paragraph 10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", words)
    return [(0, int(part), "") if part.isdecimal() and len(part) < 10 else (1, 0, part) for part in parts]


def unsaid(words: str | None, said: str | None) -> str | None:
    """The words, unless they stand in what was said already."""
    return None if words and said and words in said else words


def same_unit(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    return bool(one and other and one.get("unit") == other.get("unit"))
