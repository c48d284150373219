"""A view: the record as it was known at one moment. It is all that a room ever reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zenobia.engine import Engine
from zenobia.record.sides import Sides
from zenobia.record.tables import NOUNS, nouns_of
from zenobia.terms import Actor, Area, Frame, InputError, NotFound, Place, Setting, Source, did_you_mean

__all__ = ["NO_DAY", "View"]

Named = TypeVar("Named")

# What a missing day is in an array of day numbers.
NO_DAY = -(2**31)


@dataclass(frozen=True, eq=False)
class View:
    """The record as known on a day: only what had been published by then, less what was withdrawn.

    A view never changes. Two views with the same ``key`` hold the same reports, whatever the order
    in which they came.

    Attributes:
        known: only what had been published by this day; ``None`` is everything.
        record: content hash of the whole record.
        setting: what case.toml says.
        reports: the live reports, by id.
        label: how the view was narrowed, if it was.
    """

    known: dt.date | None
    record: str
    setting: Setting
    reports: pa.Table
    tables: Mapping[str, pa.Table]
    engine: Engine
    label: str = ""
    _columns: dict[str, npt.NDArray[Any]] = field(default_factory=dict, repr=False)

    @property
    def key(self) -> str:
        """What identifies the content of this view: the record, the day, the narrowing."""
        return f"{self.record}@{self.known.isoformat() if self.known else 'all'}{self.label}"

    def table(self, name: str) -> pa.Table:
        """A table of the record: sources, coverage, actors, affiliations, places, areas, documents."""
        if name == "reports":
            return self.reports
        if name not in self.tables:
            raise NotFound(
                f"no table {name!r}",
                expected=", ".join(sorted(self.tables)),
                fix=did_you_mean(name, self.tables),
            )
        return self.tables[name]

    def column(self, name: str) -> npt.NDArray[Any]:
        """A column of the reports as an array of shape (reports,), kept for the next call.

        Texts are objects with ``None`` for *not stated*; days are int32 days since 1970-01-01 with
        `NO_DAY`; numbers are float64 with NaN.
        """
        if name not in self._columns:
            self._columns[name] = _as_array(self.reports.column(name))
        return self._columns[name]

    def sql(self, query: str, **tables: pa.Table) -> pa.Table:
        """Answer a query over ``reports``, the tables of the record and any that are handed over."""
        return self.engine.sql(query, **{**self.tables, "reports": self.reports, **tables})

    def narrowed(
        self,
        *,
        label: str,
        sources: frozenset[str] | None = None,
        without_sources: frozenset[str] = frozenset(),
        without_types: frozenset[str] = frozenset(),
        without_documents: frozenset[str] = frozenset(),
        without_reports: frozenset[str] = frozenset(),
    ) -> View:
        """This view with fewer reports: only some sources, or without some sources, types, documents or reports.

        What the state agency said is left out with the state agency even where a newspaper passed it
        on: by source and by origin. Only ``sources`` are heard where a report is their word: their
        origin's or, without an origin, its source's.
        """
        keep = np.ones(self.reports.num_rows, dtype=bool)
        source, origin = self.column("source"), self.column("origin")
        if sources is not None:
            keep &= np.where(origin == None, _among(source, sources), _among(origin, sources))  # noqa: E711
        keep &= ~(_among(source, without_sources) | _among(origin, without_sources))
        keep &= ~_among(self.column("type"), without_types)
        keep &= ~_among(self.column("document"), without_documents)
        keep &= ~_among(self.column("id"), without_reports)
        return View(
            known=self.known,
            record=self.record,
            setting=self.setting,
            reports=self.reports.filter(pa.array(keep)),
            tables=self.tables,
            engine=self.engine,
            label=f"{self.label}|{label}",
        )

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The sources, by id."""
        return {s.id: s for s in nouns_of(Source, self.table("sources"))}

    @cached_property
    def actors(self) -> Mapping[str, Actor]:
        """The actors, by id."""
        return {a.id: a for a in nouns_of(Actor, self.table("actors"))}

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """The places, by id."""
        return {p.id: p for p in nouns_of(Place, self.table("places"))}

    @cached_property
    def areas(self) -> Mapping[str, Area]:
        """The named areas, fronts and routes, by id."""
        return {a.id: a for a in nouns_of(Area, self.table("areas"))}

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """What each source's list claims to cover."""
        return nouns_of(Frame, self.table("coverage"))

    def source(self, source_id: str) -> Source:
        """One source, by id."""
        return _one("source", source_id, self.sources)

    def actor(self, actor_id: str) -> Actor:
        """One actor, by id."""
        return _one("actor", actor_id, self.actors)

    def place(self, place_id: str) -> Place:
        """One place, by id."""
        return _one("place", place_id, self.places)

    @cached_property
    def sides(self) -> Sides:
        """Who belongs to whom and stands with whom."""
        return Sides(
            holders=self.setting.holders,
            affiliations=nouns_of(NOUNS["affiliations"], self.table("affiliations")),
            ended={h: a.end for h in self.setting.holders if (a := self.actors.get(h)) is not None and a.end},
        )

    def holder_of(self, actor: str, day: int | None = None) -> str | None:
        """The holder that an actor is part of on a day (day number), or ``None``."""
        return self.sides.holder_of(actor, day)

    def side_of(self, actor: str, day: int | None = None) -> str | None:
        """The holder on whose side an actor stands on a day: its own, or the one it backs or is allied with."""
        return self.sides.side_of(actor, day)

    def camp_of(self, source: str) -> str | None:
        """The holder whose side a source takes; ``None`` for the unaligned and the unknown."""
        stands = self.sources[source].stands_with if source in self.sources else None
        return self.sides.side_of(stands, None) if stands else None


def _one(kind: str, wanted: str, held: Mapping[str, Named]) -> Named:
    if wanted not in held:
        raise NotFound(
            f"no {kind} {wanted!r} in this record",
            value=wanted,
            expected=f"the id of a {kind}",
            fix=did_you_mean(wanted, held),
        )
    return held[wanted]


def _as_array(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    kind = column.type
    if pa.types.is_date32(kind):
        return np.asarray(pc.fill_null(column.cast(pa.int32()), NO_DAY), dtype=np.int32)
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
    if pa.types.is_string(kind):
        return np.array(column.to_pylist(), dtype=object)
    raise InputError(f"no array for a column of {kind}", expected="a text, a day or a number")


def _among(values: npt.NDArray[Any], wanted: frozenset[str]) -> npt.NDArray[np.bool_]:
    if not wanted:
        return np.zeros(len(values), dtype=bool)
    member: Callable[[object], bool] = wanted.__contains__
    return np.fromiter(map(member, values), dtype=bool, count=len(values))
