"""Which verdicts moved between two days of knowledge, and by which reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

__all__ = ["moved", "side_by_side"]

Told = Mapping[str, Any]


def moved(then: Sequence[Told], now: Sequence[Told], learned: Set[str]) -> list[dict[str, Any]]:
    """The claims whose verdict is another than it was.

    Args:
        then, now: the claims of two checks, in their JSON shape.
        learned: ids of the reports that came, were corrected or were withdrawn in between.

    Returns:
        For each claim its two verdicts, and in ``by`` the learned reports that either stands on, which
        the claimant's own are not.
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


def side_by_side(then: Told, now: Told, learned: Mapping[str, Sequence[Told]]) -> dict[str, Any]:
    """Every claim's verdict on two days of knowledge, which moved, and the reports that moved them.

    Args:
        then, now: two checks of the same claims, in their JSON shape.
        learned: the reports that were new, corrected or withdrawn in between.
    """
    rows = {row["id"]: row for rows in learned.values() for row in rows}
    rows |= {row["corrects"]: row for row in rows.values() if "corrects" in row}
    movers = {m["id"]: m["by"] for m in moved(then["claims"], now["claims"], rows.keys())}
    both = zip(then["claims"], now["claims"], strict=True)
    # A report that was corrected moved it by its correction.
    by = {claim: sorted({str(rows[report]["id"]) for report in reports}) for claim, reports in movers.items()}
    told = sorted({report for reports in by.values() for report in reports})
    return {
        "case": now["case"],
        "record": now["record"],
        "known": [then["known"], now["known"]],
        "claims": [
            {
                **{key: after[key] for key in ("id", "says", "by", "on")},
                "verdicts": [{"known": t["known"], **_verdict(c)} for t, c in ((then, before), (now, after))],
                "moved": after["id"] in movers,
                "moved_by": by.get(after["id"], []),
            }
            for before, after in both
        ],
        "reports": [{"id": i, **{key: rows[i][key] for key in ("source", "published", "says")}} for i in told],
    }


def _verdict(claim: Told) -> dict[str, Any]:
    return {key: claim[key] for key in ("verdict", "found", "because")}


def _evidence(claim: Told) -> set[str]:
    return {report for key in ("for", "against") for report in claim[key]}
