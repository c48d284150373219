"""The record as FollowTheMoney entities, one JSON object a line, for Aleph and the tools around it.

Parties are organisations or persons, their dated ties memberships or links, places addresses, originals
documents, and events events, each tied to those that it names. An entity has the same id in every
export of a case, so that loading a later one replaces what it had.

Source: FollowTheMoney's schemata, followthemoney.tech
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

import pyarrow as pa

from zenobia.publish.wording import counted
from zenobia.record import View, nouns_of
from zenobia.terms import Actor, Affiliation, Document, Place

__all__ = ["entities", "write_entities"]

Entity = dict[str, Any]

_PERSONS = frozenset({"person", "private person", "commander", "leader", "official"})
_STATES = frozenset({"state", "government", "ministry"})
_SETTLEMENTS = frozenset({"city", "town", "village"})
_ROLES = {"part_of": "part of", "backed_by": "backed by", "allied_with": "allied with"}


def entities(view: View, events: pa.Table, *, only_named: bool = False) -> Iterator[Entity]:
    """Every entity of a view, in the order of their kinds and ids.

    Args:
        view: what may be told.
        events: the events of the view, in the shape of `export events`.
        only_named: leave out parties, places and originals that no event names.
    """
    rows = events.to_pylist()
    cited = dict(zip(*(view.reports.column(c).to_pylist() for c in ("id", "document")), strict=True))
    named = _named(view, rows, cited) if only_named else None
    documents = nouns_of(Document, view.table("documents"))
    yield from (_party(view, a) for i, a in sorted(view.actors.items()) if named is None or i in named)
    if named is None:
        yield from (_tie(view, tie) for tie in nouns_of(Affiliation, view.table("affiliations")))
    yield from (_address(view, p) for i, p in sorted(view.places.items()) if named is None or i in named)
    yield from (_document(view, d) for d in documents if named is None or d.id in named)
    held = {document.id for document in documents}
    for row in rows:
        yield _event(view, row, [d for r in row["reports"].split("|") if (d := cited.get(r)) in held])


def write_entities(told: Iterable[Entity], out: BinaryIO) -> int:
    """Write entities, one a line. Returns how many."""
    lines = [json.dumps(entity, ensure_ascii=False).encode("utf-8") + b"\n" for entity in told]
    out.writelines(lines)
    return len(lines)


def _named(view: View, rows: list[dict[str, Any]], cited: Mapping[str, str | None]) -> set[str]:
    """Ids of the parties, places and originals that events name."""
    found: set[str] = set()
    for row in rows:
        found |= {row["place"] or "", *_parties(view, row)}
        found |= {cited.get(report) or "" for report in row["reports"].split("|")}
    return found


def _party(view: View, actor: Actor) -> Entity:
    return _entity(
        view,
        _schema(actor),
        "actor",
        actor.id,
        name=[actor.name, actor.name_ar],
        alias=actor.aliases,
        summary=[actor.kind],
        **({} if _schema(actor) == "Person" else {"incorporationDate": [actor.start], "dissolutionDate": [actor.end]}),
    )


def _schema(actor: Actor | None) -> str:
    kind = (actor.kind or "").casefold() if actor else ""
    return "Person" if kind in _PERSONS else "PublicBody" if kind in _STATES else "Organization"


def _tie(view: View, tie: Affiliation) -> Entity:
    """A dated tie: a membership where one is part of an organisation, a link of a named kind otherwise."""
    member = tie.role == "part_of" and _schema(view.actors.get(tie.of)) != "Person"
    ends = ("member", "organization") if member else ("subject", "object")
    source = view.sources.get(tie.source or "")
    return _entity(
        view,
        "Membership" if member else "UnknownLink",
        "tie",
        f"{tie.actor} {tie.role} {tie.of} {tie.start}",
        **dict(zip(ends, ([_id(view, "actor", tie.actor)], [_id(view, "actor", tie.of)]), strict=True)),
        role=[_ROLES[tie.role]],
        startDate=[tie.start],
        endDate=[_last(tie.end)],
        publisher=[source.name if source else None],
        sourceUrl=[_link(source.url) if source else None],
    )


def _address(view: View, place: Place) -> Entity:
    return _entity(
        view,
        "Address",
        "place",
        place.id,
        full=[place.name],
        city=[place.name if (place.kind or "").casefold() in _SETTLEMENTS else None],
        region=[place.admin1],
        remarks=[place.kind],
        latitude=[place.lat],
        longitude=[place.lon],
    )


def _document(view: View, document: Document) -> Entity:
    publisher = view.sources.get(document.source or "")
    return _entity(
        view,
        "Document",
        "document",
        document.id,
        name=[document.title or document.id],
        title=[document.title],
        fileName=[(document.path or document.id).rpartition("/")[2]],
        author=[document.author],
        publishedAt=[document.published],
        publisher=[publisher.name if publisher else None],
        sourceUrl=[_link(document.url)],
        mimeType=[document.media_type],
    )


def _event(view: View, row: Mapping[str, Any], documents: list[str]) -> Entity:
    place = view.places.get(row["place"] or "")
    kind = row["type"].replace("-", " ")
    name = f"{kind} at {place.name}" if place else kind
    return _entity(
        view,
        "Event",
        "event",
        row["id"],
        name=[f"{name}, {_days(row)}" if row["date"] else name],
        keywords=[row["type"]],
        startDate=[row["date"]],
        endDate=[_last(row["date_to"])],
        location=[place.name if place else None],
        addressEntity=[_id(view, "place", place.id) if place else None],
        involved=[_id(view, "actor", party) for party in _parties(view, row)],
        summary=[_summary(view, row)],
        recordId=[row["id"]],
        proof=[_id(view, "document", document) for document in dict.fromkeys(documents)],
    )


def _days(row: Mapping[str, Any]) -> str:
    last = _last(row["date_to"])
    return f"{row['date']} to {last}" if last and last > row["date"] else str(row["date"])


def _summary(view: View, row: Mapping[str, Any]) -> str:
    sides = [_side(view, row[side], words) for side, words in (("actor", "by"), ("target", "against"))]
    low, best, high = (row[f"deaths_{bound}"] for bound in ("low", "best", "high"))
    deaths = f"deaths {low:g} to {high:g}, best {best:g}" if best is not None and low != high else None
    deaths = deaths or (f"deaths {best:g}" if best is not None else None)
    words = [*sides, deaths, f"told by {counted(row['voices'], 'independent voice')}"]
    return "; ".join(word for word in words if word)


def _side(view: View, said: str | None, words: str) -> str | None:
    """A side in words; where the source says one of several it is not known which, and no tie is made."""
    names = [view.actors[i].name if i in view.actors else i for i in (said or "").split("|") if i]
    return f"{words} {' or '.join(names)}" if names else None


def _parties(view: View, row: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(row[side] for side in ("actor", "target") if row[side] in view.actors))


def _entity(view: View, schema: str, kind: str, id: str, **properties: Iterable[Any]) -> Entity:
    told = {name: list(dict.fromkeys(map(_text, filter(_stated, values)))) for name, values in properties.items()}
    return {
        "id": _id(view, kind, id),
        "schema": schema,
        "properties": {name: values for name, values in sorted(told.items()) if values},
    }


def _id(view: View, kind: str, id: str) -> str:
    """The same for the same thing in every export of a case; ids of a case may hold what Aleph's may not."""
    return f"{view.setting.id}-{kind}-{hashlib.sha1(id.encode()).hexdigest()}"


def _stated(value: Any) -> bool:
    return value is not None and value != ""


def _text(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _last(after: dt.date | None) -> dt.date | None:
    """The last day of a period, which ours name by the first day after."""
    return after - dt.timedelta(days=1) if after else None


def _link(url: str | None) -> str | None:
    return url if url and url.startswith(("https://", "http://")) else None
