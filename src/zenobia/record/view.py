"""A view: the record as it was known at one moment. It is all that a room ever reads."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zenobia.engine import Engine
from zenobia.record.basis import APART, BYTES, TERMS, Basis
from zenobia.record.sides import Sides
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

    @cached_property
    def key(self) -> str:
        """What identifies the content of this view: the record, the day, the narrowing; or the content itself."""
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
        """This view with fewer reports: those that are `left`, less some by their ids."""
        keep = self.left(
            sources=sources,
            without_sources=without_sources,
            without_types=without_types,
            without_documents=without_documents,
        )
        if without_reports:
            keep &= ~self._among("id", without_reports)
        return self.of_rows(keep, label=f"{self.label}|{label}")

    def of_rows(self, keep: npt.NDArray[np.bool_], **changes: Any) -> View:
        """Some of the reports of this view, (reports,), known by another label or on another day."""
        reports = self.reports.filter(pa.array(keep))
        return replace(self, reports=reports, _columns={}, **changes).sharing(self.basis)

    def sharing(self, basis: Basis) -> View:
        """The same view on the basis that it shares with others of its record; one that is made alone has its own."""
        self.__dict__["basis"] = basis
        return self

    @cached_property
    def basis(self) -> Basis:
        """The nouns and prints of the record that this is a view of."""
        return Basis(self.setting, self.reports, self.tables)

    def left(
        self,
        *,
        sources: frozenset[str] | None = None,
        without_sources: frozenset[str] = frozenset(),
        without_types: frozenset[str] = frozenset(),
        without_documents: frozenset[str] = frozenset(),
    ) -> npt.NDArray[np.bool_]:
        """Which reports are left if only some sources are heard, or some sources, types, documents not, (reports,).

        What the state agency said is left out with the state agency even where a newspaper passed it
        on: by source and by origin. Only ``sources`` are heard where a report is their word: their
        origin's or, without an origin, its source's.
        """
        keep = np.ones(self.reports.num_rows, dtype=bool)
        if sources is not None:
            stated = self._coded("origin")[1] >= 0
            keep &= np.where(stated, self._among("origin", sources), self._among("source", sources))
        for column in ("source", "origin"):
            keep &= ~self._among(column, without_sources)
        keep &= ~self._among("type", without_types)
        return np.asarray(keep & ~self._among("document", without_documents), dtype=np.bool_)

    def content(self, keep: npt.NDArray[np.bool_]) -> str:
        """What some of the reports say, as one word: the same for the same reports in the same terms, in any record.

        Args:
            keep: (reports,) which of them.
        """
        if "prints" not in self._columns:
            known = self.basis.prints
            each = b"".join([known[report] for report in self.column("id").tolist()])
            self._columns["prints"] = np.frombuffer(each, dtype=np.uint8).reshape(self.reports.num_rows, BYTES)
        total = hashlib.sha256(f"{self.basis.terms} {self.known}".encode())
        total.update(self._columns["prints"][keep].tobytes())
        return total.hexdigest()

    def confined(self, keep: npt.NDArray[np.bool_]) -> View:
        """A view that holds some of the reports and nothing else; its key is its content, not its record.

        What is worked out from it can hang on nothing that the key does not tell: neither on other reports, nor on
        the documents that they come from, nor on when they were recorded.
        """
        held = self.reports.drop_columns([name for name in APART if name in self.reports.column_names])
        content = f"content:{self.content(keep)}"
        confined = View(
            known=self.known,
            record=self.record,
            setting=self.setting,
            reports=held.filter(pa.array(keep)),
            tables={name: table for name, table in self.tables.items() if name in TERMS},
            engine=self.engine,
            label=f"|{content}",
        ).sharing(self.basis)
        confined.__dict__["key"] = content
        return confined

    def _coded(self, name: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """A column of words as its distinct words and the code of each report; -1 where it is not stated."""
        if f"{name} codes" not in self._columns:
            column = self.reports.column(name).combine_chunks().dictionary_encode()
            self._columns[f"{name} codes"] = np.asarray(pc.fill_null(column.indices, -1), dtype=np.int32)
            self._columns[f"{name} words"] = np.array(column.dictionary.to_pylist(), dtype=object)
        return self._columns[f"{name} words"], self._columns[f"{name} codes"]

    def _among(self, name: str, wanted: frozenset[str]) -> npt.NDArray[np.bool_]:
        """Which reports have one of some words in a column."""
        if not wanted:
            return np.zeros(self.reports.num_rows, dtype=bool)
        words, codes = self._coded(name)
        return np.asarray(np.array([*(word in wanted for word in words), False])[codes], dtype=np.bool_)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The sources, by id."""
        return self.basis.sources

    @cached_property
    def actors(self) -> Mapping[str, Actor]:
        """The actors, by id."""
        return self.basis.actors

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """The places, by id."""
        return self.basis.places

    @cached_property
    def areas(self) -> Mapping[str, Area]:
        """The named areas, fronts and routes, by id."""
        return self.basis.areas

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """What each source's list claims to cover."""
        return self.basis.frames

    @cached_property
    def sides(self) -> Sides:
        """Who belongs to whom and stands with whom."""
        return self.basis.sides

    def source(self, source_id: str) -> Source:
        """One source, by id."""
        return _one("source", source_id, self.sources)

    def actor(self, actor_id: str) -> Actor:
        """One actor, by id."""
        return _one("actor", actor_id, self.actors)

    def place(self, place_id: str) -> Place:
        """One place, by id."""
        return _one("place", place_id, self.places)

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
