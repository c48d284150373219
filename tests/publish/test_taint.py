"""Every column of every table is let out on purpose, or what it says of a withheld row is looked for in each byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from tests.publish.test_release import HELD, let_out, made
from zenobia.publish.secrets import COMMON, NAMING, SOUGHT
from zenobia.record import NOUNS, schema_of
from zenobia.terms import Actor, Affiliation, Area, Document, Frame, Place, Report, Source

TABLES = {**{name: NOUNS[name] for name in SOUGHT if name != "reports"}, "reports": Report}


def taint(table: str, column: str) -> str:
    return f"taint of {table} in {column} aloud"


def tainted(table: str, **more: Any) -> dict[str, Any]:
    """The words of a row, each saying where it stands."""
    texts = {column: taint(table, column) for column in SOUGHT[table] if column not in ("aliases", "geometry")}
    return {**texts, **({"aliases": (taint(table, "aliases"),)} if "aliases" in SOUGHT[table] else {}), **more}


CORNERS = [[10.12345, 45.54321], [10.22222, 45.54444], [10.23456, 45.65432], [10.12345, 45.54321]]
ROWS: dict[str, list[Any]] = {
    "sources": [Source(**tainted("sources", sensitivity="secret"))],
    "actors": [Actor(**tainted("actors", sensitivity="secret"))],
    "affiliations": [
        Affiliation(
            **tainted("affiliations", actor=taint("actors", "id"), role="part_of", of="crown", source="wire"),
        )
    ],
    "places": [Place(**tainted("places", sensitivity="secret", lat=45.98765, lon=10.98765))],
    "areas": [
        Area(**tainted("areas", source=taint("sources", "id"), geometry={"type": "Polygon", "coordinates": [CORNERS]}))
    ],
    "documents": [Document(**tainted("documents", sensitivity="secret"))],
    "coverage": [Frame(**tainted("coverage", source=taint("sources", "id"), type="battle", area="valley"))],
}
REPORT = Report(
    **tainted("reports", source="wire", published=date(2031, 2, 1), type="battle", sensitivity="secret"),
    origin="an origin in no table",
    document="a document in no table",
    actor="an actor in no table",
)


@pytest.fixture(scope="module")
def released() -> Any:
    claims = "- id: V1\n  says: A claim that the embargo keeps in.\n  ask: null\n  settles: a list\n"
    return let_out(
        made(HELD, REPORT, claims=claims, **ROWS),
        {"withhold": ["c:V1"], "salt": "mustard seed", "fields": {"places.admin2": "secret"}},
    )


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_text_is_looked_for_or_let_out_on_purpose(table: str) -> None:
    # A column that is added to a noun must be put into one of the three: this test says so.
    schema = schema_of(TABLES[table])
    words = [f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_list(f.type)]
    assert [name for name in words if (name in SOUGHT[table]) + (name in NAMING) + (name in COMMON) != 1] == []


@pytest.mark.parametrize(
    ("table", "column"), [(t, c) for t, columns in SOUGHT.items() for c in columns if c != "geometry"]
)
def test_what_a_withheld_row_says_is_looked_for(table: str, column: str, released: Any) -> None:
    assert released.secrets.names(f"<p>{taint(table, column)}</p>")


@pytest.mark.parametrize(
    "words",
    [
        "an origin in no table",
        "a document in no table",
        "an actor in no table",
        "A claim that the embargo keeps in.",
        "mustard seed",
        "45.98765, 10.98765",
        "[10.12345, 45.54321]",
        "[10.23456, 45.65432]",
    ],
)
def test_what_only_withheld_rows_name_is_looked_for_too(words: str, released: Any) -> None:
    assert released.secrets.names(words)


def test_no_cell_of_a_released_table_tells(released: Any) -> None:
    told = {name: str(table.to_pylist()) for name, table in released.content.tables.items()}
    assert [name for name, text in told.items() if "taint" in text or "in no table" in text] == []


def test_where_many_stand_is_no_secret() -> None:
    # "paragraph 3" is said of a hundred rows, and a page may number its paragraphs.
    hush = replace(HELD, id="hush", sensitivity="secret", locator="paragraph 3", note=None, document=None)
    assert not let_out(made(HELD, hush)).secrets.names("see paragraph 3")


def test_a_locator_that_another_report_tells_is_no_secret() -> None:
    said = "third paragraph from the end"
    hush = replace(HELD, id="hush", sensitivity="secret", locator=said, document=None)
    assert let_out(made(HELD, hush)).secrets.names(said)
    assert not let_out(made(replace(HELD, locator=said), hush)).secrets.names(said)


def test_a_locator_is_taken_out_of_public_words() -> None:
    hush = replace(HELD, id="hush", sensitivity="secret", locator="the tape from the cellar", document=None)
    told = let_out(made(replace(HELD, quote="as on the tape from the cellar"), hush))
    assert told.content.tables["reports"]["quote"].to_pylist() == [None]


def test_a_list_that_cannot_see_the_ground_of_a_withheld_party_stays_in() -> None:
    frame = Frame(source="wire", type="control", area="valley", misses=("hidden-band",))
    band = Actor(id="hidden-band", name="Hidden band", sensitivity="secret")
    assert let_out(made(HELD, actors=[band], coverage=[frame])).content.tables["coverage"].num_rows == 0


def test_a_tie_that_a_contributor_told_of_is_told_by_a_nameless_voice() -> None:
    tom = Source(id="tom", name="Tom Ferryman", kind="witness")
    tie = Affiliation(actor="league", role="backed_by", of="crown", source="tom", locator="at my ferry")
    told = let_out(made(HELD, sources=[tom], affiliations=[tie])).content.tables["affiliations"].to_pylist()
    assert [(row["source"], row["locator"]) for row in told if row["role"] == "backed_by"] == [("contributor", None)]


def test_a_comment_in_claims_makes_no_secret_public() -> None:
    nightjar = Source(id="nightjar", name="Nightjar Network")
    claims = "- id: V1  # as Nightjar Network says\n  says: So it is.\n  ask: null\n  settles: a list\n"
    hush = replace(HELD, id="hush", source="nightjar", sensitivity="secret", document=None)
    assert let_out(made(HELD, hush, sources=[nightjar], claims=claims)).secrets.names("the Nightjar Network")


def test_an_area_that_only_withheld_reports_name_is_looked_for() -> None:
    area = Area(id="north-gorge", name="The Northern Gorge", geometry={"type": "Point", "coordinates": [11, 46]})
    hush = replace(HELD, id="hush", place=None, area="north-gorge", sensitivity="secret", document=None)
    secrets = let_out(made(HELD, hush, areas=[area])).secrets
    assert secrets.names("in north-gorge")
    assert secrets.names("in the northern gorge")


def test_a_topic_is_looked_for_if_no_released_report_has_it() -> None:
    hush = replace(HELD, id="hush", topic="harvest|prisoner-swap", sensitivity="secret", document=None)
    secrets = let_out(made(replace(HELD, topic="harvest"), hush)).secrets
    assert secrets.names("on prisoner-swap")
    assert not secrets.names("on harvest")


def test_columns_of_ties_and_lists_can_be_kept_in() -> None:
    tie = Affiliation(actor="league", role="backed_by", of="crown", source="wire", locator="the tape from the cellar")
    frame = Frame(source="wire", type="battle", area="valley", rule="every raid that the tower saw")
    policy = {"fields": {"locator": "restricted", "coverage.rule": "restricted"}}
    secrets = let_out(made(HELD, affiliations=[tie], coverage=[frame]), policy).secrets
    assert secrets.names("the tape from the cellar")
    assert secrets.names("every raid that the tower saw")
