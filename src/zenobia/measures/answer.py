"""An answer: a figure that never travels alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zenobia.terms import Bounds

__all__ = ["Answer", "Figure"]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One voice's own figure, or what one list comes to."""

    source: str
    name: str
    bloc: str | None
    found: Bounds
    reports: tuple[str, ...]
    frame: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The figure with whose it is."""
        return {
            "source": self.source,
            "name": self.name,
            "bloc": self.bloc,
            "frame": self.frame,
            "found": self.found.to_json(),
            "reports": list(self.reports),
        }


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the record says to a question.

    ``found`` is shown: it holds every single source's own figure. ``judged`` is what a verdict rests
    on: a figure that two independent voices reach, or that a list covering the question comes to; so
    one absurd figure widens what is shown and decides nothing.

    Attributes:
        asked: the question as it would be written in a file.
        frame: the list that the figure is exact for; ``None`` where there is none.
        evidence: ids of the reports behind the figure.
        for_, against: those that say what was asked, and those that say otherwise.
        agreeing: of these, those that go with the figure, whichever they say; ``None`` where that cannot be told.
        claimant_only: those that match but are the claimant's own word; they count for nothing.
        left_out: reports that match in everything but one thing, with what that is.
        by_source: every voice's or list's own figure.
        notes: what must stand beside the figure.
        says: the figure as a clause of a sentence.
        voices: independent voices behind it.
        short: why the evidence cannot carry a verdict, or ``None``; with what would settle it.
        settle: what would narrow the figure, where it does not decide.
        happened: where a date is asked for, the chance that the thing happened at all.
        known: the moment of knowledge.
    """

    measure: str
    asked: Mapping[str, Any]
    frame: str | None
    found: Bounds
    judged: Bounds
    evidence: tuple[str, ...]
    says: str
    for_: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    agreeing: tuple[str, ...] | None = None
    claimant_only: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    by_source: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()
    voices: int = 0
    short: str | None = None
    settle: str | None = None
    happened: float | None = None
    known: dt.date | None = None
    draws: int | None = None
    seed: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The stable JSON shape of a measure, with what else there is to know beside it."""
        return {
            "measure": self.measure,
            "asked": dict(self.asked),
            "frame": self.frame,
            "found": self.found.to_json(),
            "evidence": list(self.evidence),
            "left_out": [{"id": report, "why": why} for report, why in self.left_out],
            "known": self.known.isoformat() if self.known else None,
            "judged": self.judged.to_json(),
            "by_source": [figure.to_json() for figure in self.by_source],
            "for": list(self.for_),
            "against": list(self.against),
            "voices": self.voices,
            "short": self.short,
            "settle": self.settle,
            "says": self.says,
            "notes": list(self.notes),
            "method": {"draws": self.draws, "seed": self.seed},
        }
