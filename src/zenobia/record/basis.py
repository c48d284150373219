"""What all views of one record stand on: the nouns of its tables, and prints of what it says.

A print is short: there is one for each report, and one for the terms that all reports are told in. Two views whose
reports have the same prints, in the same terms, say the same, whatever else their records hold. So what was worked out
from some reports holds as long as these and the terms stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.record.sides import Sides
from zenobia.record.tables import NOUNS, digest, nouns_of
from zenobia.terms import Actor, Area, Frame, Place, Setting, Source

__all__ = ["APART", "BYTES", "TERMS", "Basis"]

# The tables in whose words reports are told; the others (documents) hold where they come from.
TERMS = ("sources", "coverage", "actors", "affiliations", "places", "areas")
# Columns that tell of this copy's history, not of the war.
APART = ("recorded",)
# Bytes of a print.
BYTES = 16


class Basis:
    """The nouns and prints of a record, each made when it is first asked for.

    Args:
        reports: reports by id, no id twice.
        tables: at least the tables that reports are told in.
    """

    def __init__(self, setting: Setting, reports: pa.Table, tables: Mapping[str, pa.Table]) -> None:
        self._setting, self._reports, self._tables = setting, reports, tables

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The sources, by id."""
        return {s.id: s for s in nouns_of(Source, self._tables["sources"])}

    @cached_property
    def actors(self) -> Mapping[str, Actor]:
        """The actors, by id."""
        return {a.id: a for a in nouns_of(Actor, self._tables["actors"])}

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """The places, by id."""
        return {p.id: p for p in nouns_of(Place, self._tables["places"])}

    @cached_property
    def areas(self) -> Mapping[str, Area]:
        """The named areas, fronts and routes, by id."""
        return {a.id: a for a in nouns_of(Area, self._tables["areas"])}

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """What each source's list claims to cover."""
        return nouns_of(Frame, self._tables["coverage"])

    @cached_property
    def sides(self) -> Sides:
        """Who belongs to whom and stands with whom."""
        holders = self._setting.holders
        return Sides(
            holders=holders,
            affiliations=nouns_of(NOUNS["affiliations"], self._tables["affiliations"]),
            ended={h: a.end for h in holders if (a := self.actors.get(h)) is not None and a.end},
        )

    @cached_property
    def prints(self) -> Mapping[str, bytes]:
        """The print of each report, by id: of everything in its row."""
        held = self._reports.drop_columns([name for name in APART if name in self._reports.column_names])
        cells = [column.cast(pa.string()) for column in held.columns]
        # Each with its length before it, so that no two rows are put together to one text.
        lengths = [pc.fill_null(pc.binary_length(cell), -1).cast(pa.string()) for cell in cells]
        texts = [pc.fill_null(cell, "") for cell in cells]
        rows = pc.binary_join_element_wise(*lengths, *texts, "\x1f")
        ids = held.column("id").to_pylist()
        return {row_id: _print(row) for row_id, row in zip(ids, rows.to_pylist(), strict=True)}

    @cached_property
    def terms(self) -> str:
        """One word for the setting of the case and the tables in whose words reports are told."""
        total = hashlib.sha256(repr(self._setting).encode())
        for name in TERMS:
            if name in self._tables:
                total.update(f"\x1c{name}\x1d{digest(self._tables[name])}".encode())
        return total.hexdigest()


def _print(row: str) -> bytes:
    return hashlib.blake2b(row.encode(), digest_size=BYTES).digest()
