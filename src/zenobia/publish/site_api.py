"""The site's answers for programs: each claim and each place as a JSON file beside its page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from zenobia.publish.numbers import Spell, Stamp
from zenobia.publish.site_pages import Pages, claim_file, place_file
from zenobia.terms import Place

__all__ = ["answers"]


def answers(pages: Pages) -> Iterator[tuple[str, str]]:
    """The files by path: an entry of `check --json` for each claim, who held each place when, and a list of all."""
    stamp = pages.numbers.stamp
    listed: dict[str, dict[str, str]] = {"claims": {}, "places": {}}
    for claim in pages.claims:
        path = _beside(claim_file(claim))
        listed["claims"][str(claim["id"])] = path
        yield path, _written(stamp, {"claim": dict(claim)})
    for place, spells in pages.spells.values():
        path = _beside(place_file(place.id))
        listed["places"][place.id] = path
        yield path, _written(stamp, _course(place, spells))
    yield "index.json", _written(stamp, listed)


def _beside(page: str) -> str:
    return page.removesuffix(".html") + ".json"


def _course(place: Place, spells: Sequence[Spell]) -> dict[str, Any]:
    return {
        "place": {"id": place.id, "name": place.name, "name_ar": place.name_ar, "lat": place.lat, "lon": place.lon},
        "spells": [
            {
                "from": spell.start.isoformat(),
                "to": spell.end.isoformat(),
                "holder": spell.holder,
                "chance": spell.chance,
                "least": spell.least,
                "last_evidence": spell.last_evidence.isoformat() if spell.last_evidence else None,
                "voices_changed": [day.isoformat() for day in spell.voices_changed],
                "evidence": list(spell.evidence),
            }
            for spell in spells
        ],
    }


def _written(stamp: Stamp, told: dict[str, Any]) -> str:
    known = stamp.known or stamp.newest
    stamped = {"case": stamp.case, "record": stamp.record, "known": known.isoformat() if known else None, **told}
    return json.dumps(stamped, ensure_ascii=False, indent=1) + "\n"
