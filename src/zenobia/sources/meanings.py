"""What the names in captured rows mean in this case: its own sources, actors and places, or new ones.

Each different name is looked up once. A name that fits two is never guessed: a place then keeps its position
alone, and an actor makes the row wait in the table of rejected rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.sources.feed import DOUBTS, REJECTED
from zenobia.sources.said import id_of
from zenobia.terms import (
    REPORT_TYPES,
    SENSITIVITIES,
    STATUSES,
    UNITS,
    WHERE_PRECISIONS,
    Actor,
    Names,
    Place,
    Report,
    Source,
    did_you_mean,
)

__all__ = ["Known", "Understood", "understand"]

_WORDS = {
    "type": REPORT_TYPES,
    "status": STATUSES,
    "unit": UNITS,
    "where_precision": WHERE_PRECISIONS,
    "sensitivity": SENSITIVITIES,
}
_ACTORS = ("actor", "target", "holder")


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the case knows: its nouns and its own reports by id, its area."""

    sources: Mapping[str, Source]
    actors: Mapping[str, Actor]
    places: Mapping[str, Place]
    reports: Mapping[str, Report] = field(default_factory=dict)
    area: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Understood:
    """Rows with ids in the place of names, and the nouns that they brought along.

    ``rejected`` and ``doubts`` have the column ``number`` besides: which captured file.
    """

    reports: pa.Table
    sources: tuple[Source, ...] = ()
    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()
    rejected: pa.Table = field(default_factory=lambda: _with_number(REJECTED).empty_table())
    doubts: pa.Table = field(default_factory=lambda: _with_number(DOUBTS).empty_table())


def understand(
    reports: pa.Table, known: Known, *, sources: Iterable[Source], actors: Iterable[Actor], places: Iterable[Place]
) -> Understood:
    """Resolve the names in captured rows.

    Args:
        reports: the columns of a report, with ``admin1``, ``row`` and ``number``.
        known: what the case knows.
        sources: the sources that the feeds name; likewise ``actors`` and ``places``.
    """
    at_work = _AtWork(reports, known)
    new_sources = at_work.sources(sources)
    new_actors = at_work.actors(actors)
    # A place of the case that says its GeoNames number is the one that GeoNames lists under it.
    numbers = {place.geonameid for place in known.places.values() if place.geonameid}
    new_places = [p for p in places if p.id not in known.places and (p.geonameid or "") not in numbers]
    at_work.places([*known.places.values(), *new_places])
    at_work.words()
    at_work.own_ids()
    at_work.outside()
    return Understood(
        reports=at_work.standing(),
        sources=tuple(new_sources),
        actors=tuple(new_actors),
        places=tuple(new_places),
        rejected=pa.Table.from_pylist(at_work.rejected, schema=_with_number(REJECTED)),
        doubts=pa.concat_tables([_with_number(DOUBTS).empty_table(), *at_work.doubts]),
    )


class _AtWork:
    """The rows as far as they are understood."""

    def __init__(self, table: pa.Table, known: Known) -> None:
        self.table, self.known = table, known
        self.refused = pa.repeat(pa.scalar(False), table.num_rows)
        self.rejected: list[dict[str, Any]] = []
        self.doubts: list[pa.Table] = []

    def sources(self, named: Iterable[Source]) -> list[Source]:
        """Who speaks: a source of the case by id or name; else the feed's own, which joins them."""
        by_name = {source.name.casefold(): source.id for source in self.known.sources.values()}
        meant, new = dict[str, str](), dict[str, Source]()
        for source in named:
            found = source.id if source.id in self.known.sources else by_name.get(source.name.casefold())
            if found is None:
                found = new.setdefault(source.id, source).id
            meant[source.id] = found
            meant.setdefault(source.name, found)

        def one(said: str) -> str:
            found = meant.get(said) or (said if said in self.known.sources else by_name.get(said.casefold()))
            if found is None:
                made = Source(id=id_of(said, "source"), name=said)
                known = self.known.sources.get(made.id)  # SANA is the case's sana, whatever that is called there
                found = meant[said] = (known or new.setdefault(made.id, made)).id
            return found

        for column in ("source", "origin"):
            self._replace(column, one)
        return list(new.values())

    def actors(self, named: Iterable[Actor]) -> list[Actor]:
        """Who acts: an actor of the case by any of its names; else the feed's own; a bare unknown name is refused."""
        names, meant, new = Names.of(self.known.actors.values()), dict[str, str](), dict[str, Actor]()
        for actor in named:
            found = names.resolve(actor.name).id if actor.id not in self.known.actors else actor.id
            meant[actor.id] = found or new.setdefault(actor.id, actor).id
        own = {actor.name: actor.id for actor in new.values()}
        wrong: dict[str, tuple[str, str]] = {}

        def one(said: str) -> str | None:
            found = meant.get(said) or own.get(said)
            if found is None:
                match = names.resolve(said)
                found = match.id
                if found is None and not match.candidates:  # of names that differ in a hyphen a feed names one
                    found = meant.get(id_of(said, "actor"))
                if found is None:
                    options = match.candidates or tuple(s.id for s in match.suggestions)
                    fix = f"write the id that is meant ({', '.join(options)}), or add" if options else "add"
                    wrong[said] = (f"{match.outcome} actor", f"{fix} the name to actors.csv")
            return found

        def either(said: str) -> str | None:
            parts = [one(part.strip()) for part in said.split("|") if part.strip()]
            if any(part is None for part in parts):
                wrong.setdefault(said, next(wrong[p.strip()] for p in said.split("|") if p.strip() in wrong))
                return None
            return "|".join(dict.fromkeys(part for part in parts if part))

        for column in _ACTORS:
            before = self.table.column(column)
            self._replace(column, either)
            lost = pc.and_(pc.is_valid(before), pc.is_null(self.table.column(column)))
            self._refuse(lost, column, before, lambda said: wrong.get(said, ("unknown actor", "add it to actors.csv")))
        return list(new.values())

    def places(self, places: Iterable[Place]) -> None:
        """Where: a place of the case by its name, its position and its province; else the position alone."""
        names = Names.of(places)
        said = self.table.column("place").combine_chunks()
        if not len(names):
            self._placeless(pc.is_valid(said), said)
            return
        hints = [self.table.column(c).cast(pa.string()).combine_chunks() for c in ("lat", "lon", "admin1")]
        joined = pc.binary_join_element_wise(said, *[pc.fill_null(h, "") for h in hints], "\x1f")
        coded = pc.dictionary_encode(joined)
        ids: list[str | None] = []
        torn: list[str | None] = []
        for text in coded.dictionary.to_pylist():
            place, lat, lon, admin1 = text.split("\x1f")
            near = (float(lat), float(lon)) if lat and lon else None
            match = names.resolve(place, near=near, admin1=admin1 or None)
            ids.append(match.id)
            torn.append(f"{match.why} ({', '.join(match.candidates)})" if match.outcome == "ambiguous" else None)
        found = pa.array(ids, pa.string()).take(coded.indices)
        self._set("place", found)
        homonym = pa.array(torn, pa.string()).take(coded.indices)
        self._doubt(pc.is_valid(homonym), "homonym", "doubt", said, homonym)
        self._placeless(pc.and_(pc.is_valid(said), pc.is_null(found)), said)

    def _placeless(self, missing: pa.Array, said: pa.Array) -> None:
        """A name that is no place of the case stays in the note; a row without a position has then no where at all."""
        if not pc.any(missing).as_py():
            return
        nowhere = pc.and_(missing, pc.and_(pc.is_null(self.table.column("lat")), pc.is_null(self.table.column("area"))))
        self._refuse(nowhere, "place", said, lambda _: ("unknown place, and no position", "add it to places.csv"))
        written = pc.binary_join_element_wise("place as written:", said, " ")
        note = self.table.column("note").combine_chunks()
        both = pc.coalesce(pc.binary_join_element_wise(note, written, "; "), written)
        self._set("note", pc.if_else(missing, both, note))
        self._set(
            "place", pc.if_else(missing, pa.scalar(None, pa.string()), self.table.column("place").combine_chunks())
        )

    def words(self) -> None:
        """The closed lists of words, and the day without which nothing is a report."""
        for column, words in _WORDS.items():
            held = self.table.column(column)
            bad = pc.and_(pc.is_valid(held), pc.invert(pc.is_in(held, value_set=pa.array(words))))
            self._refuse(bad, column, held, partial(_no_such_word, column, words))
        days = self.table.column("published")
        self._refuse(
            pc.is_null(days),
            "published",
            days.cast(pa.string()),
            lambda _: ("no published day", "--set published=DAY, or --map published=ITS_COLUMN"),
        )
        kinds = self.table.column("type")
        self._refuse(
            pc.is_null(kinds), "type", kinds, lambda _: ("no type", "--set type=..., or --map type=ITS_COLUMN")
        )

    def own_ids(self) -> None:
        """A report that the analyst wrote down under the same id stands; the captured row waits, in every version."""
        ids, before = self.table.column("id"), self.table.column("replaces")
        taken = pc.is_in(ids, value_set=pa.array(list(self.known.reports), pa.string()))
        latest = ids.filter(taken).combine_chunks()
        while len(latest):
            later = pc.and_not(pc.is_in(before, value_set=latest), taken)
            latest, taken = ids.filter(later).combine_chunks(), pc.or_(taken, later)
        says = "this id is a report of the case's own; that one stands", "delete it there to use the captured row"
        self._refuse(taken, "id", ids, lambda _: says)

    def outside(self) -> None:
        """Positions outside the case's area are kept, and told."""
        if self.known.area is None:
            return
        west, south, east, north = self.known.area
        lat, lon = self.table.column("lat"), self.table.column("lon")
        inside = pc.and_(
            pc.and_(pc.greater_equal(lon, west), pc.less_equal(lon, east)),
            pc.and_(pc.greater_equal(lat, south), pc.less_equal(lat, north)),
        )
        far = pc.fill_null(pc.invert(inside), False).combine_chunks()
        where = pc.binary_join_element_wise(lat.cast(pa.string()), lon.cast(pa.string()), ", ")
        self._doubt(far, "outside the area", "doubt", where, "the position is outside the area of the case")

    def standing(self) -> pa.Table:
        """The rows that were not refused; what replaced a refused one stands by itself."""
        if not pc.any(self.refused).as_py():
            return self.table
        gone = self.table.column("id").filter(self.refused).combine_chunks()
        kept = self.table.filter(pc.invert(self.refused))
        before = kept.column("replaces")
        orphan = pc.is_in(before, value_set=gone)
        bare = pc.and_(kept.column("withdraws"), orphan)
        whole = pc.if_else(orphan, pa.scalar(None, pa.string()), before)
        return kept.set_column(kept.column_names.index("replaces"), "replaces", whole).filter(pc.invert(bare))

    # --- one column at a time -------------------------------------------------------------------

    def _set(self, column: str, values: pa.Array) -> None:
        self.table = self.table.set_column(self.table.column_names.index(column), column, values)

    def _replace(self, column: str, one: Callable[[str], str | None]) -> None:
        held = self.table.column(column).combine_chunks()
        if held.null_count == len(held):
            return
        coded = pc.dictionary_encode(held)
        meant = pa.array([one(said) for said in coded.dictionary.to_pylist()], pa.string())
        self._set(column, meant.take(coded.indices))

    def _refuse(self, bad: Any, column: str, values: Any, why: Callable[[str], tuple[str, str]]) -> None:
        bad = bad.combine_chunks() if isinstance(bad, pa.ChunkedArray) else bad
        bad = pc.and_not(
            pc.fill_null(bad, False), pc.or_(self.refused, self.table.column("withdraws").combine_chunks())
        )
        if not pc.any(bad).as_py():
            return
        rows = self.table.filter(bad).to_pylist()
        for row, value in zip(rows, values.filter(bad).to_pylist(), strict=True):
            rule, fix = why(value or "")
            stated = {name: str(cell) for name, cell in row.items() if cell is not None and name not in _OURS}
            told = {"field": column, "value": value or "", "rule": rule, "fix": fix}
            cells = json.dumps(stated, ensure_ascii=False)
            self.rejected.append({"number": row["number"], "row": row["row"], **told, "cells": cells})
        self.refused = pc.or_(self.refused, bad)

    def _doubt(self, mask: Any, trap: str, severity: str, values: Any, says: Any) -> None:
        """Rows that are kept although something is odd; a row that withdraws says nothing that could be odd."""
        mask = pc.and_not(mask, self.table.column("withdraws").combine_chunks())
        count = pc.sum(mask).as_py() or 0
        if count:
            odd = self.table.filter(mask)
            words = says if isinstance(says, str) else says.filter(mask)
            columns = {
                "number": odd.column("number"),
                "row": odd.column("row"),
                "trap": pa.repeat(pa.scalar(trap), count),
                "severity": pa.repeat(pa.scalar(severity), count),
                "value": values.filter(mask),
                "says": pa.repeat(pa.scalar(words), count) if isinstance(words, str) else words,
            }
            self.doubts.append(pa.table(columns).cast(_with_number(DOUBTS)))


def _no_such_word(column: str, words: tuple[str, ...], said: str) -> tuple[str, str]:
    return f"unknown {column}; expected one of {', '.join(words)}", did_you_mean(said, words) or "use one of these"


_OURS = frozenset({"number", "row", "withdraws", "cited"})


def _with_number(schema: pa.Schema) -> pa.Schema:
    return pa.schema([pa.field("number", pa.int64()), *schema])
