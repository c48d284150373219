"""A verdict: what the record says to a claim, why, and what would change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from zenobia.measures import Answer
from zenobia.terms import Bounds

if TYPE_CHECKING:
    from zenobia.claims.claim import Claim
    from zenobia.record import View

__all__ = ["Beside", "Flip", "Judged", "Then", "Verdict", "Word", "check_json", "together"]

Word = Literal["supported", "contradicted", "partly", "cannot tell"]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One question of a claim, answered and judged."""

    asked: str
    says: str | None
    expect: str
    verdict: Word
    because: str
    answer: Answer | None
    for_: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    claimant_only: tuple[str, ...] = ()

    @property
    def found(self) -> Bounds | None:
        """The figure, if there is one."""
        return self.answer.found if self.answer is not None and self.answer.found.known else None

    def to_json(self) -> dict[str, Any]:
        """A part of a claim."""
        return {
            "asked": self.asked,
            "verdict": self.verdict,
            "found": _bounds(self.found),
            "says": self.says,
            "expect": self.expect,
            "because": self.because,
            "for": list(self.for_),
            "against": list(self.against),
            "claimant_only": list(self.claimant_only),
            "question": dict(self.answer.asked) if self.answer else None,
            "by_source": [figure.to_json() for figure in self.answer.by_source] if self.answer else [],
            "notes": list(self.answer.notes) if self.answer else [],
            "frame": self.answer.frame if self.answer else None,
        }


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A question whose answer stands next to a claim's: other units, other sources. It is not judged."""

    says: str | None
    asked: str
    answer: Answer | None
    why: str

    def to_json(self) -> dict[str, Any]:
        """What was asked beside, what came of it, whose figures these are."""
        answer = self.answer
        return {
            "says": self.says,
            "asked": self.asked,
            "found": _bounds(answer.found) if answer is not None and answer.found.known else None,
            "because": self.why,
            "frame": answer.frame if answer else None,
            "by_source": [figure.to_json() for figure in answer.by_source] if answer else [],
            "notes": list(answer.notes) if answer else [],
            "evidence": list(answer.evidence) if answer else [],
        }


@dataclass(frozen=True, kw_only=True)
class Flip:
    """Another fair way to ask that gives another verdict."""

    change: str
    verdict: Word
    found: Bounds | None
    because: str

    def to_json(self) -> dict[str, Any]:
        """The stable JSON shape of a flip."""
        return {"change": self.change, "verdict": self.verdict, "found": _bounds(self.found), "because": self.because}


@dataclass(frozen=True, kw_only=True)
class Then:
    """The verdict from what was known at the end of the day of the claim."""

    known: dt.date
    verdict: Word
    found: Bounds | None
    because: str

    def to_json(self) -> dict[str, Any]:
        """The stable JSON shape of a verdict of then."""
        return {
            "known": self.known.isoformat(),
            "verdict": self.verdict,
            "found": _bounds(self.found),
            "because": self.because,
        }


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A claim with its verdict: the stable JSON shape of `check`."""

    claim: Claim
    verdict: Word
    because: str
    main: Judged | None
    parts: tuple[Judged, ...] = ()
    then: Then | None = None
    tried: int = 0
    flips: tuple[Flip, ...] = ()
    beside: tuple[Beside, ...] = ()
    draws: int | None = None
    seed: int | None = None

    def to_json(self) -> dict[str, Any]:
        """One entry of ``claims``."""
        judged = [j for j in (self.main, *self.parts) if j is not None]
        return {
            "id": self.claim.id,
            "verdict": self.verdict,
            "says": self.claim.says,
            "by": self.claim.by,
            "on": self.claim.on.isoformat() if self.claim.on else None,
            "asked": self.main.asked if self.main else "nothing that a record can answer",
            "found": _bounds(self.main.found) if self.main else None,
            "because": self.because,
            "for": _union(j.for_ for j in judged),
            "against": _union(j.against for j in judged),
            "claimant_only": _union(j.claimant_only for j in judged),
            "parts": [part.to_json() for part in self.parts],
            "then": self.then.to_json() if self.then else None,
            "tried": self.tried,
            "flips": [flip.to_json() for flip in self.flips],
            "method": {
                "threshold": self.main.expect if self.main else None,
                "draws": self.draws,
                "seed": self.seed,
                **_method(self.main),
            },
            "beside": [other.to_json() for other in self.beside],
            "document": self.claim.document,
            "at": self.claim.at,
            "settles": self.claim.settles,
            "causal": self.claim.causal,
            "beside_claims": list(self.claim.beside_claims),
        }


def together(words: Sequence[Word]) -> Word:
    """The verdict on things said in one breath: all alike, or partly, or it cannot be told."""
    if len(set(words)) == 1:
        return words[0]
    return "partly" if "supported" in words and "contradicted" in words else "cannot tell"


def check_json(view: View, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Everything that `check` answers, in its stable JSON shape."""
    return {
        "case": view.setting.id,
        "known": view.known.isoformat() if view.known else None,
        "record": view.record,
        "claims": [verdict.to_json() for verdict in verdicts],
    }


def _method(main: Judged | None) -> Mapping[str, Any]:
    if main is None or main.answer is None:
        return {}
    answer = main.answer
    return {
        "measure": answer.measure,
        "question": dict(answer.asked),
        "frame": answer.frame,
        "judged": answer.judged.to_json(),
        "by_source": [figure.to_json() for figure in answer.by_source],
        "voices": answer.voices,
        "notes": list(answer.notes),
        "left_out": [{"id": report, "why": why} for report, why in answer.left_out],
    }


def _bounds(found: Bounds | None) -> dict[str, Any] | None:
    return found.to_json() if found is not None else None


def _union(each: Any) -> list[str]:
    return sorted({report for reports in each for report in reports})
