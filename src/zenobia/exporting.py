"""What goes out for other tools: a table of a view, its entities, or everything in one crate, asked of an open case."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from zenobia import control, fronting, publish
from zenobia.record import View, nouns_of
from zenobia.terms import ControlEstimate, Document, InputError, Run, parse_day

__all__ = ["Asked", "export"]

# The tables of the record that a crate holds as they are, beside what is worked out from them.
_RECORD = ("sources", "coverage", "actors", "affiliations", "places", "areas", "documents")
_DERIVED = ("reports", "events", "control", "control-totals", "claims")
_TYPES = {"csv": "text/csv", "geojson": "application/geo+json", "json": "application/json", "html": "text/html"}

_OF_A_DAY = pa.schema(
    [
        ("place", pa.string()),
        ("on", pa.date32()),
        ("holder", pa.string()),
        ("chance", pa.float64()),
        ("besieged_by", pa.string()),
        ("last_evidence", pa.date32()),
        ("voices", pa.int64()),
        ("basis", pa.string()),
        ("evidence", pa.string()),
    ]
)


class Asked(Protocol):
    """What is asked of an open case (`zenobia.pipeline.OpenCase`) for an export."""

    @property
    def names(self) -> Mapping[str, str]: ...
    def events(self, view: View | None = None) -> pa.Table: ...
    def estimate(self, view: View | None = None) -> control.Control: ...
    def totals(self, view: View | None = None) -> pa.Table: ...
    def fronts(self, view: View | None = None, on: str | date | None = None) -> pa.Table: ...
    def control_all(self, on: str | date, view: View | None = None) -> list[ControlEstimate]: ...
    def check(self, ids: Iterable[str] | None = None, *, view: View | None = None) -> dict[str, Any]: ...
    def runs(self) -> list[Run]: ...
    def briefs(self, view: View) -> Iterator[tuple[str, str]]: ...
    def lets_out(self, table: pa.Table) -> pa.Table: ...
    def look_through(self, files: Callable[[], Mapping[str, bytes]]) -> None: ...


def export(
    asked: Asked, view: View, what: str, form: str | None, out: Path | None, *, on: str | date | None, code: str
) -> int:
    """Write an export of a view; to standard output without ``out``. Returns how many rows, entities or files.

    Args:
        asked: the case; it looks through every file before that is written.
        view: what may be told.
        what, form: one of `publish.EXPORTS`, and one of its formats; its first if none is named.
        on: control or the fronts of one day instead of all days.
        code: the version of the program.

    Raises:
        InputError: there is no such export, or it does not go out in this way.
    """
    form = publish.format_of(what, form)
    publish.refuse_terminal(form, out)
    if on is not None and what not in ("control", "fronts"):
        raise InputError("only control is of a day", value=what, fix="leave out --on, or export control or fronts")
    if form == "claimreview":
        reviews = _reviews(asked, view)
        asked.look_through(lambda: {what: _json(reviews)})
        return publish.write_reviews(reviews, out)
    if form == "ftm":
        told = _entities(asked, view, only_named=what == "events")
        asked.look_through(lambda: {what: told})
        publish.write_filled(lambda file: file.write(told), form, out)
        return told.count(b"\n")
    if form == "ro-crate":
        assert out is not None  # a crate is no text for a terminal
        parts = list(_parts(asked, view))
        asked.look_through(lambda: {part.path: part.content() for part in parts})
        return publish.write_crate(_crate(asked, view, code), parts, out)
    table = _table(asked, view, what, on)
    asked.look_through(lambda: {what: publish.table_bytes(table, "json")})
    where = _where(view, table, what, form)
    if where and what == "fronts":  # the shapes say it all, and a GIS that asks for cells can make them
        table = table.drop_columns("cells")
    return publish.write_table(table, form, out, what=what, **where)


# --- tables ------------------------------------------------------------------------------------


def _table(asked: Asked, view: View, what: str, on: str | date | None = None) -> pa.Table:
    tables: Mapping[str, Callable[[], pa.Table]] = {
        "events": lambda: asked.events(view),
        "control": lambda: asked.estimate(view).spells().drop_columns("least"),
        "control-daily": lambda: asked.estimate(view).daily(),
        "control-totals": lambda: asked.totals(view),
        "fronts": lambda: asked.fronts(view, on),
        "reports": lambda: view.reports,
        "claims": lambda: publish.claims_table(asked.check(view=view)),
    }
    if on is not None and what == "control":
        return _control_on(asked, view, parse_day(on) if isinstance(on, str) else on)
    return asked.lets_out(tables[what]() if what in tables else view.table(what))


def _control_on(asked: Asked, view: View, day: date) -> pa.Table:
    """Every place on a day with its likeliest holder; places without any basis have none."""
    rows = [
        {
            "place": estimate.place,
            "on": day,
            "holder": estimate.leader,
            "chance": estimate.held_by[estimate.leader] if estimate.leader else None,
            "besieged_by": estimate.besieged_by,
            "last_evidence": estimate.last_evidence,
            "voices": estimate.voices,
            "basis": estimate.basis,
            "evidence": "|".join(estimate.evidence),
        }
        for estimate in asked.control_all(day, view)
    ]
    return pa.Table.from_pylist(rows, schema=_OF_A_DAY)


def _where(view: View, table: pa.Table, what: str, form: str) -> dict[str, Any]:
    """Where the rows lie, and what a map of them says of itself; nothing for other formats."""
    if form not in publish.GEO:
        return {}
    known = view.known.isoformat() if view.known else None
    about = {"name": f"{view.setting.id} {what}", "record": view.record, "known": known}
    shapes = fronting.shapes_of(table) if what == "fronts" else publish.points_of(table, view.places)
    return {"points": shapes, "about": about}


def _reviews(asked: Asked, view: View) -> list[dict[str, Any]]:
    return publish.claim_reviews(
        asked.check(view=view),
        title=publish.read_policy(view.setting.publish).publisher.partition("<")[0].strip() or view.setting.title,
        day=_day(view),
        names=asked.names,
        sources=view.sources,
        documents={document.id: document for document in nouns_of(Document, view.table("documents"))},
    )


# --- everything --------------------------------------------------------------------------------


def _crate(asked: Asked, view: View, code: str) -> publish.Crate:
    setting, policy = view.setting, publish.read_policy(view.setting.publish)
    return publish.Crate(
        id=setting.id,
        title=setting.title,
        record=view.record,
        day=_day(view),
        code=code,
        runs=asked.runs(),
        authors=policy.author,
        publisher=policy.publisher,
    )


def _parts(asked: Asked, view: View) -> Iterator[publish.Part]:
    for what in (*_RECORD, *_DERIVED):
        yield _part(f"{what}.csv", f"Table of {what}", lambda what=what: _bytes(asked, view, what, "csv"))  # type: ignore[misc]
    for what in ("places", "events", "control"):
        yield _part(f"{what}.geojson", f"Map of {what}", lambda what=what: _bytes(asked, view, what, "geojson"))  # type: ignore[misc]
    yield _part("claims.json", "Verdicts, with their bounds, evidence and flips", lambda: _json(asked.check(view=view)))
    yield _part("claimreview.json", "Verdicts as ClaimReview", lambda: _json(_reviews(asked, view)))
    yield publish.Part(
        path="entities.ftm.json",
        name="Entities of FollowTheMoney, one a line",
        media_type="application/x-ndjson",
        content=lambda: _entities(asked, view),
    )
    for name, page in asked.briefs(view):
        yield _part(f"briefs/{name}.html", f"Briefing {name}", page.encode)


def _part(path: str, name: str, content: Callable[[], bytes]) -> publish.Part:
    return publish.Part(path=path, name=name, media_type=_TYPES[path.rpartition(".")[2]], content=content)


def _bytes(asked: Asked, view: View, what: str, form: str) -> bytes:
    table = _table(asked, view, what)
    return publish.table_bytes(table, form, what=what, **_where(view, table, what, form))


def _entities(asked: Asked, view: View, *, only_named: bool = False) -> bytes:
    held = io.BytesIO()
    publish.write_entities(publish.entities(view, asked.events(view), only_named=only_named), held)
    return held.getvalue()


def _json(value: Any) -> bytes:
    # Inside a page a script ends at the first `</`, whatever quotes it stands in.
    return json.dumps(value, ensure_ascii=False, indent=1).replace("<", "\\u003c").encode("utf-8") + b"\n"


def _day(view: View) -> date | None:
    """The moment of knowledge that a view belongs to: its own day, or that of its newest report."""
    newest = pc.max(view.reports["published"]).as_py()
    assert newest is None or isinstance(newest, date)
    return view.known or newest
