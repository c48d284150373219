"""Feeds of the site: what became of a claim, and who came to hold a place; Atom, with ids that never change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from zenobia.publish.numbers import Spell
from zenobia.publish.wording import calendar, chance, plain

__all__ = ["Entry", "claim_entries", "feed", "place_entries"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that came about: its lasting key, the day, a title and a sentence."""

    key: str
    on: date
    title: str
    says: str


def feed(case: str, about: str, title: str, page: str, updated: date, entries: Iterable[Entry]) -> str:
    """An Atom feed, newest first.

    Ids are made from the case and the thing itself, so that a reader sees an entry once however often it is
    released. Source: RFC 4287.

    Args:
        about: what the feed is of, such as ``claim:C01``.
        page: the page that it belongs to, from where the feed stands.
    """
    rows = sorted(entries, key=lambda e: (e.on, e.key), reverse=True)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        f"<id>{_lasting(case, about)}</id>",
        f"<title>{_text(title)}</title>",
        f"<updated>{_moment(updated)}</updated>",
        "<author><name>Zenobia</name></author>",
        f'<link rel="alternate" type="text/html" href={quoteattr(page)}/>',
        *(line for row in rows for line in _entry(case, about, page, row)),
        "</feed>\n",
    ]
    return "\n".join(lines)


def _entry(case: str, about: str, page: str, entry: Entry) -> Iterable[str]:
    return (
        "<entry>",
        f"<id>{_lasting(case, f'{about}:{entry.key}')}</id>",
        f"<title>{_text(entry.title)}</title>",
        f"<updated>{_moment(entry.on)}</updated>",
        f'<link rel="alternate" type="text/html" href={quoteattr(page)}/>',
        f'<summary type="text">{_text(entry.says)}</summary>',
        "</entry>",
    )


def claim_entries(claim: Mapping[str, Any], known: date) -> list[Entry]:
    """The verdict as known when the claim was made, and the one that stands now."""
    then = claim.get("then") or {}
    sides = [(then.get("known"), then)] if then else []
    return [
        Entry(
            key=f"{day}:{side['verdict']}",
            on=date.fromisoformat(day),
            title=f"{side['verdict']}, as known on {calendar(day)}",
            says=f"{claim['says']} {side.get('because') or claim.get('because') or ''}".strip(),
        )
        for day, side in (*sides, (known.isoformat(), claim))
        if day
    ]


def place_entries(name: str, spells: Sequence[Spell], called: Mapping[str, str]) -> list[Entry]:
    """Each stretch of days with another likeliest holder."""
    return [
        Entry(
            key=f"{spell.start.isoformat()}:{spell.holder}",
            on=spell.start,
            title=f"{name}: {called.get(spell.holder, spell.holder)}",
            says=f"From {calendar(spell.start)} {called.get(spell.holder, spell.holder)} most likely held {name}, "
            f"with a chance of {chance(spell.chance)} on average. An estimate, not a fact.",
        )
        for spell in spells
    ]


def _lasting(case: str, about: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'zenobia:{case}:{about}')}"


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _text(words: str) -> str:
    return escape(plain(words))
