"""Which verdicts moved between two days of knowledge, and by which reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

__all__ = ["moved"]

Told = Mapping[str, Any]


def moved(then: Sequence[Told], now: Sequence[Told], learned: Set[str]) -> list[dict[str, Any]]:
    """The claims whose verdict is another than it was.

    Args:
        then, now: the claims of two checks, in their JSON shape.
        learned: ids of the reports that came, were corrected or were withdrawn in between.

    Returns:
        For each claim its two verdicts, and in ``by`` the learned reports that either stands on.
        ``by`` is empty where no such report bears on the claim itself: then other reports changed
        what a source's word is worth.
    """
    before = {claim["id"]: claim for claim in then}
    return [
        {
            "id": claim["id"],
            "says": claim["says"],
            "then": _verdict(before[claim["id"]]),
            "now": _verdict(claim),
            "by": sorted(learned & (_evidence(before[claim["id"]]) | _evidence(claim))),
        }
        for claim in now
        if claim["verdict"] != before[claim["id"]]["verdict"]
    ]


def _verdict(claim: Told) -> dict[str, Any]:
    return {key: claim[key] for key in ("verdict", "found", "because")}


def _evidence(claim: Told) -> set[str]:
    return {report for key in ("for", "against", "claimant_only") for report in claim[key]}
