"""What a view says, as one word: the same for the same rows in the same terms, another for any other."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest

from zenobia.engine import DuckEngine
from zenobia.record import NOUNS, View, table_of
from zenobia.terms import Actor, Area, Frame, Place, Report, Setting, Source

DAY = date(2031, 2, 1)
RAID = Report(
    id="raid", source="wire", published=DAY, type="air-strike", date=DAY, date_to=date(2031, 2, 2), lat=46.0, lon=11.0
)
WORD = replace(RAID, id="word", type="control", status="holds", holder="crown")
TERMS = {
    "sources": Source(id="wire", name="Wire"),
    "coverage": Frame(source="wire", type="battle"),
    "actors": Actor(id="crown", name="Crown"),
    "places": Place(id="tal", name="Tal"),
}
OTHER = {
    "origin": "post", "document": "paper", "locator": "line 3", "quote": "said", "place": "tal", "area": "north",
    "lat": 46.1, "lon": 11.1, "where_precision": "near", "actor": "crown", "target": "crown", "holder": "crown",
    "status": "holds", "count": 3.0, "count_low": 1.0, "count_high": 9.0, "unit": "raid", "part_of": "word",
    "credibility": 2, "note": "seen", "topic": "peace", "date_precision": "month", "deaths_best": 1.0, "type": "battle",
    "published": date(2031, 3, 1), "date": date(2031, 1, 31), "date_to": date(2031, 2, 4), "source": "post",
}  # fmt: skip


def view_of(*reports: Report, record: str = "r", holders: tuple[str, ...] = ("crown",), **tables: pa.Table) -> View:
    rows = {name: table_of(NOUNS[name], [TERMS[name]] if name in TERMS else []) for name in NOUNS if name != "reports"}
    return View(
        known=None,
        record=record,
        setting=Setting(id="made", title="made", holders=holders),
        reports=table_of(Report, sorted(reports, key=lambda r: r.id)),
        tables={**rows, **tables},
        engine=DuckEngine(),
    )


def content(view: View, *ids: str) -> str:
    return view.content(np.isin(view.column("id").astype(str), ids))


def test_the_same_rows_are_the_same_in_another_record() -> None:
    assert content(view_of(RAID, WORD), "word") == content(view_of(WORD, record="other"), "word")


@pytest.mark.parametrize("column", OTHER)
def test_any_other_cell_is_another_content(column: str) -> None:
    changed = replace(RAID, **{column: OTHER[column]})
    assert content(view_of(RAID), "raid") != content(view_of(changed), "raid")


def test_a_word_that_moves_to_the_next_cell_is_another_content() -> None:
    one, other = replace(RAID, locator="ab", quote=None), replace(RAID, locator="a", quote="b")
    assert content(view_of(one), "raid") != content(view_of(other), "raid")


def test_when_a_row_was_recorded_is_no_part_of_it() -> None:
    views = [view_of(RAID) for _ in range(2)]
    moments = [pa.array([datetime(year, 1, 1, tzinfo=UTC)], pa.timestamp("us", tz="UTC")) for year in (2031, 2032)]
    told = [
        replace(view, reports=view.reports.append_column("recorded", moment))
        for view, moment in zip(views, moments, strict=True)
    ]
    assert content(told[0], "raid") == content(told[1], "raid")


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("sources", Source(id="wire", name="Wire", stands_with="crown")),
        ("coverage", Frame(source="wire", type="battle", rule="all")),
        ("actors", Actor(id="crown", name="Kingdom")),
        ("places", Place(id="tal", name="Tal", population=3)),
        ("areas", Area(id="north", name="North", geometry={"type": "Point", "coordinates": [1, 2]})),
    ],
)
def test_other_terms_are_another_content(table: str, row: object) -> None:
    other = view_of(RAID, **{table: table_of(NOUNS[table], [row])})
    assert content(view_of(RAID), "raid") != content(other, "raid")


def test_another_setting_is_another_content() -> None:
    assert content(view_of(RAID), "raid") != content(view_of(RAID, holders=("league",)), "raid")


def test_another_day_of_knowledge_is_another_content() -> None:
    assert content(view_of(RAID), "raid") != content(replace(view_of(RAID), known=DAY), "raid")


def test_a_view_is_confined_to_what_names_it() -> None:
    small = view_of(RAID, WORD).confined(np.array([False, True]))
    assert small.reports.column("id").to_pylist() == ["word"]
    assert "documents" not in small.tables


def test_every_column_is_tried_or_is_told_elsewhere() -> None:
    # Numbers of people are read as `deaths_best` is; the others name the row, or its history.
    elsewhere = {"id", "replaces", "withdraws", "sensitivity", "injured", "displaced"}
    untried = {f.name for f in fields(Report)} - set(OTHER) - elsewhere
    assert {name.partition("_")[0] for name in untried} <= {"deaths"}
