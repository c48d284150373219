"""The actors that a dataset names, for a case that may know them by these names or not."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.sources.said import id_of
from zenobia.terms import Actor

__all__ = ["actors_of"]


def actors_of(reports: pa.Table) -> tuple[Actor, ...]:
    """The actors that reports name, each once; where one of two is meant, both."""
    found: dict[str, Actor] = {}
    for column in ("actor", "target", "holder"):
        if column not in reports.column_names:
            continue
        for said in pc.unique(reports.column(column)).to_pylist():
            for name in (said or "").split("|"):
                if name:
                    id = id_of(name, "actor")
                    found.setdefault(id, Actor(id=id, name=name))
    return tuple(found[id] for id in sorted(found))
