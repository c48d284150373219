"""The released record, table by table: what is withheld, what is told less exactly, and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from zenobia.publish.policy import read_policy
from zenobia.publish.release import Release, release, told_in_lines
from zenobia.record import NOUNS, Content, record_hash, schema_of, table_of
from zenobia.terms import Actor, Affiliation, Area, Document, Frame, InputError, Place, Report, Setting, Source

ON = date(2032, 1, 1)
NOUN_ROWS: dict[str, list[Any]] = {
    "sources": [Source(id="wire", name="The Wire", kind="wire"), Source(id="lists", name="Lister", kind="monitor")],
    "actors": [Actor(id="crown", name="The Crown"), Actor(id="league", name="The League")],
    "affiliations": [Affiliation(actor="league", role="allied_with", of="crown", source="wire")],
    "places": [
        Place(id="alder", name="Alder", kind="town", lat=46.0, lon=11.0),
        Place(id="birchen", name="Birchen", kind="town", lat=46.2, lon=11.1),
    ],
    "areas": [Area(id="valley", name="The valley", geometry={"type": "Point", "coordinates": [11, 46]})],
    "documents": [Document(id="sheet", url="https://example.org/sheet", title="A sheet", author="A. Writer")],
    "coverage": [],
}
HELD = Report(
    id="r1", source="wire", published=date(2031, 2, 1), type="control", date=date(2031, 2, 1), place="alder",
    holder="crown", status="holds", document="sheet", note="seen by our man",
)  # fmt: skip


def made(*reports: Report, claims: str = "", withdraws: Sequence[str] = (), **more: Sequence[Any]) -> Content:
    """A record of the rows above, and of these."""
    tables = {name: table_of(NOUNS[name], [*NOUN_ROWS[name], *more.get(name, ())]) for name in NOUN_ROWS}
    table = table_of(Report, reports)
    table = table.append_column("recorded", pa.nulls(len(reports), pa.timestamp("us", tz="UTC")))
    gone = pa.array([report.id in withdraws for report in reports])
    return Content(
        setting=Setting(id="valley", title="The valley", start=date(2031, 1, 1), holders=("crown", "league")),
        tables={**tables, "reports": table.append_column("withdraws", gone)},
        claims={"claims.yaml": claims},
    )


def let_out(content: Content, policy: Mapping[str, Any] | None = None, **how: Any) -> Release:
    policy = {"policy": "public", "salt": "mustard seed", **(policy or {})}
    return release(content, read_policy(policy), how.pop("on", ON), **how)


def ids(found: Release, table: str = "reports") -> list[str]:
    return found.content.tables[table].column("id").to_pylist()


def row(found: Release, report: str) -> dict[str, Any]:
    return next(r for r in found.content.tables["reports"].to_pylist() if r["id"] == report)


# --- nothing by itself -------------------------------------------------------------------------


def test_nothing_leaves_a_private_case() -> None:
    with pytest.raises(InputError, match="private"):
        release(made(HELD), read_policy({}), ON)


def test_what_may_be_told_stays_as_it_stands_but_for_what_was_written_for_colleagues() -> None:
    found = let_out(made(HELD))
    assert row(found, "r1") == {**made(HELD).tables["reports"].to_pylist()[0], "note": None}


def test_authors_paths_and_the_policy_itself_do_not_leave() -> None:
    found = let_out(made(HELD))
    assert found.content.tables["documents"].to_pylist()[0]["author"] is None
    assert found.content.setting.publish == {}


# --- markings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("marking", ["restricted", "secret"])
@pytest.mark.parametrize(
    ("noun", "field"),
    [
        (Source(id="x", name="Xavier Xan"), "source"),
        (Source(id="x", name="Xavier Xan"), "origin"),
        (Document(id="x"), "document"),
        (Place(id="x", name="Xavier Xan"), "place"),
        (Place(id="x", name="Xavier Xan"), "area"),
        (Actor(id="x", name="Xavier Xan"), "actor"),
        (Actor(id="x", name="Xavier Xan"), "target"),
    ],
)
def test_a_report_goes_with_what_it_rests_on_or_names(marking: str, noun: Any, field: str) -> None:
    table = {Source: "sources", Document: "documents", Place: "places", Actor: "actors"}[type(noun)]
    marked = replace(noun, sensitivity=marking)
    content = made(HELD, replace(HELD, id="r2", **{field: "x"}), **{table: [marked]})
    found = let_out(content)
    assert ids(found) == ["r1"]
    assert "x" not in ids(found, table)


def test_a_report_goes_by_its_own_marking() -> None:
    assert ids(let_out(made(HELD, replace(HELD, id="r2", sensitivity="secret")))) == ["r1"]


def test_partners_get_what_is_restricted_and_never_what_is_secret() -> None:
    content = made(HELD, replace(HELD, id="r2", sensitivity="restricted"), replace(HELD, id="r3", sensitivity="secret"))
    assert ids(let_out(content, {"level": "restricted"})) == ["r1", "r2"]


@pytest.mark.parametrize("field", ["document", "source", "origin"])
def test_what_no_table_lists_may_be_marked_and_nobody_would_know(field: str) -> None:
    # A row of documents.csv that was refused for a slip of the pen took its marking with it.
    assert ids(let_out(made(HELD, replace(HELD, id="r2", **{field: "unlisted"})))) == ["r1"]


def test_an_actor_among_alternatives_is_an_actor_named() -> None:
    content = made(
        HELD, replace(HELD, id="r2", actor="crown|x"), actors=[Actor(id="x", name="X", sensitivity="secret")]
    )
    assert ids(let_out(content)) == ["r1"]


def test_a_translation_goes_with_what_it_translates() -> None:
    documents = [Document(id="d1", sensitivity="secret"), Document(id="d2", translation_of="d1")]
    content = made(HELD, replace(HELD, id="r2", document="d2"), documents=documents)
    assert ids(let_out(content)) == ["r1"]


def test_a_holder_cannot_be_withheld() -> None:
    with pytest.raises(InputError, match="holds places"):
        let_out(made(HELD), {"withhold": ["a:crown"]})


# --- delay and embargo -------------------------------------------------------------------------


def test_what_is_newer_than_the_delay_waits() -> None:
    # Published on 1 February; thirty days later is 3 March.
    content = made(replace(HELD, id="r0", published=date(2031, 1, 5), date=date(2031, 1, 5)), HELD)
    assert ids(let_out(content, on=date(2031, 3, 2))) == ["r0"]
    assert ids(let_out(content, on=date(2031, 3, 3))) == ["r0", "r1"]


def test_a_day_that_lies_ahead_waits_too() -> None:
    ahead = replace(HELD, id="r2", date=date(2031, 12, 24))
    assert ids(let_out(made(HELD, ahead))) == ["r1"]


def test_control_ends_where_it_is_held_back() -> None:
    # 200 days before 1 January 2032 lies 15 June 2031; the first day held back is the next.
    found = let_out(made(HELD, replace(HELD, id="r2", date=date(2031, 8, 1))), {"control_delay": 200})
    assert found.until == date(2031, 6, 16)
    assert found.content.setting.end == date(2031, 6, 16)


def test_a_release_is_as_known_on_the_newest_day_in_it() -> None:
    # So it has the same bytes on every day until something new comes out.
    one, other = (let_out(made(HELD), on=day) for day in (date(2031, 6, 1), date(2031, 9, 1)))
    assert one.known == other.known == date(2031, 2, 1)
    assert record_hash(one.content) == record_hash(other.content)


def test_an_embargo_lifts_on_its_day() -> None:
    policy = {"embargo": {"r:r2": date(2032, 1, 2)}}
    content = made(HELD, replace(HELD, id="r2"))
    assert ids(let_out(content, policy)) == ["r1"]
    assert ids(let_out(content, policy, on=date(2032, 1, 2))) == ["r1", "r2"]


# --- what belongs together ---------------------------------------------------------------------


def test_what_is_corrected_in_secret_is_not_told_as_if_it_stood() -> None:
    later = replace(HELD, id="r2", replaces="r1", published=date(2031, 3, 1), sensitivity="secret")
    assert ids(let_out(made(HELD, later, replace(HELD, id="r3")))) == ["r3"]


def test_a_part_is_not_told_by_taking_the_others_from_the_total() -> None:
    total = replace(HELD, id="t", type="air-strike", count=20.0, unit="location", status=None, holder=None)
    parts = [replace(total, id=f"p{n}", count=c, part_of="t") for n, c in ((1, 7.0), (2, 13.0))]
    secret = replace(parts[1], sensitivity="secret")
    assert ids(let_out(made(HELD, total, parts[0], secret))) == ["r1"]


def test_a_list_with_a_hole_is_no_list_any_more() -> None:
    frame = Frame(source="lists", type="air-strike", area="valley", unit="incident", rule="all of them")
    strikes = [replace(HELD, id=f"s{n}", source="lists", type="air-strike", status=None, holder=None) for n in (1, 2)]
    whole = let_out(made(HELD, *strikes, coverage=[frame]))
    holed = let_out(made(HELD, strikes[0], replace(strikes[1], sensitivity="secret"), coverage=[frame]))
    assert whole.content.tables["coverage"].num_rows == 1
    assert holed.content.tables["coverage"].num_rows == 0


# --- protected kinds ---------------------------------------------------------------------------

CLINIC = Place(id="marrow", name="Marrow", kind="Clinic", lat=46.12345, lon=11.56789)


def test_a_clinic_is_withheld_with_what_stands_there() -> None:
    found = let_out(made(HELD, replace(HELD, id="r2", place="marrow"), places=[CLINIC]))
    assert ids(found) == ["r1"]
    assert "marrow" not in ids(found, "places")


def test_a_private_person_is_withheld_with_what_names_them() -> None:
    content = made(HELD, replace(HELD, id="r2", target="jane"), actors=[Actor(id="jane", name="Jane", kind="person")])
    assert ids(let_out(content)) == ["r1"]


def test_a_camp_on_a_grid_loses_its_name_and_every_word_that_could_tell_it() -> None:
    told = replace(
        HELD,
        id="camp-east",
        place="marrow",
        lat=46.12345,
        lon=11.56789,
        quote="by the well",
        locator="page 3",
        note="n",
    )
    found = let_out(made(HELD, told, places=[CLINIC]), {"protected": {"clinic": 16}, "fields": {"note": "public"}})
    (other,) = [r for r in found.content.tables["reports"].to_pylist() if r["id"] != "r1"]
    assert other["id"].startswith("x-")
    assert [other[c] for c in ("place", "document", "quote", "locator", "note")] == [None] * 5
    assert (other["lat"], other["lon"]) != (46.12345, 11.56789)
    assert other["where_precision"] == "admin2"  # within no radius, so that no measure takes it for exact
    assert "marrow" not in ids(found, "places")


# --- less exactly ------------------------------------------------------------------------------

ATTACK = replace(
    HELD, id="attack-1", type="attack-on-civilians", status=None, holder=None, lat=46.31234, lon=11.98765, place=None
)


def test_an_attack_on_civilians_is_placed_on_the_grid_without_being_asked() -> None:
    found = let_out(made(HELD, ATTACK))
    (told,) = [r for r in found.content.tables["reports"].to_pylist() if r["type"] == "attack-on-civilians"]
    # (46.31234 + 90) / .0719457 = 1894.66: 1894.5 * .0719457 - 90 = 46.301. The band ends at 50: .0719457 / .6427876 =
    # .1119277; (11.98765 + 180) / .1119277 = 1715.28: 1715.5 * .1119277 - 180 = 12.012.
    assert (told["lat"], told["lon"]) == (46.301, 12.012)


def test_averaging_releases_of_a_moving_record_does_not_find_the_point() -> None:
    # Twelve releases, a month apart, with ever more reports of other places: the cell never moves.
    others = [replace(HELD, id=f"o{n}", published=date(2031, n, 2), date=date(2031, n, 1)) for n in range(1, 13)]
    spots = set()
    for n in range(4, 13):
        found = let_out(made(HELD, ATTACK, *others[:n]), on=date(2032, n, 1))
        spots |= {(r["lat"], r["lon"]) for r in found.content.tables["reports"].to_pylist() if r["lat"] is not None}
    assert spots == {(46.301, 12.012)}


def test_an_id_told_instead_is_always_the_same_and_depends_on_the_salt() -> None:
    one, again, salted = (
        let_out(made(HELD, ATTACK), {"salt": salt}).content.tables["reports"].column("id").to_pylist()
        for salt in ("mustard", "mustard", "caraway")
    )
    assert one == again != salted


def test_without_a_salt_no_id_is_hidden_and_nothing_leaves() -> None:
    with pytest.raises(InputError, match="no salt"):
        let_out(made(HELD, ATTACK), {"salt": ""})


def test_people_who_told_are_one_nameless_voice_for_each_side() -> None:
    sides = {1: None, 2: "crown", 3: "crown"}
    people = [Source(id=f"witness-{n}", name=f"Witness {n}", kind="witness", stands_with=w) for n, w in sides.items()]
    told = [replace(HELD, id=f"w{n}", source=f"witness-{n}", quote="I saw it") for n in (1, 2, 3)]
    found = let_out(made(HELD, *told, sources=people))
    voices = [r["source"] for r in found.content.tables["reports"].to_pylist() if r["id"] != "r1"]
    assert sorted(voices) == ["contributor", "contributor-crown", "contributor-crown"]
    assert set(ids(found, "sources")) == {"wire", "contributor", "contributor-crown"}
    assert {s["name"] for s in found.content.tables["sources"].to_pylist()} == {"The Wire", "A contributor"}


# --- small counts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"deaths_best": 2.0}, False),
        ({"deaths_best": 0.0}, True),
        ({"deaths_best": 3.0}, True),
        ({"deaths_best": 10.0, "deaths_civilians": 1.0, "deaths_target": 9.0}, False),
        ({"injured": 1.0, "deaths_best": 40.0}, False),
        ({"count": 2.0, "unit": "person"}, False),
        ({"count": 2.0, "unit": "raid"}, True),
    ],
)
def test_a_small_figure_of_people_takes_those_with_it_from_which_it_could_be_worked_out(
    figures: dict[str, Any], told: bool
) -> None:
    found = let_out(made(replace(HELD, **figures)))
    shown = row(found, "r1")
    kept = [shown[name] is not None for name in figures if name != "unit"]
    assert kept == [told] * len(kept)


def test_a_small_part_takes_the_figures_of_the_total_and_of_all_parts() -> None:
    total = replace(HELD, id="t", type="other", count=20.0, unit="person", status=None, holder=None)
    parts = [replace(total, id=f"p{n}", count=c, part_of="t") for n, c in ((1, 18.0), (2, 2.0))]
    found = let_out(made(total, *parts))
    assert [row(found, i)["count"] for i in ("t", "p1", "p2")] == [None, None, None]


# --- what goes with it -------------------------------------------------------------------------


def test_tables_hold_only_what_something_released_speaks_of() -> None:
    # Birchen, the League's tie and the lister would otherwise show, by coming or going, what is said of them in secret.
    found = let_out(made(HELD))
    assert ids(found, "places") == ["alder"]
    assert ids(found, "sources") == ["wire"]
    assert ids(found, "actors") == ["crown", "league"]  # holders are known to all


def test_the_outline_of_a_country_is_told_and_of_an_area_that_nothing_names_is_not() -> None:
    ground = {"type": "Polygon", "coordinates": [[[10, 45], [12, 45], [12, 47], [10, 45]]]}
    areas = [
        Area(id="kingdom", name="The Kingdom", kind="country", geometry=ground),
        Area(id="march", name="The March", kind="front", geometry=ground),
    ]
    assert ids(let_out(made(HELD, areas=areas)), "areas") == ["kingdom"]


def test_a_public_word_that_tells_of_something_withheld_is_taken_out() -> None:
    policy = {"fields": {"note": "public"}}
    content = made(replace(HELD, note="as told at Marrow Clinic"), places=[replace(CLINIC, name="Marrow Clinic")])
    assert row(let_out(content, policy), "r1")["note"] is None
    assert row(let_out(made(HELD), policy), "r1")["note"] == "seen by our man"


CLAIMS = """\
- id: V1
  says: The Crown held Alder.
  on: 2031-03-01
  ask: {measure: held, place: alder, holder: crown, on: 2031-02-02}
  expect: "> 0.5"
- id: V2
  says: The Crown held Marrow.
  on: 2031-03-01
  ask: {measure: held, place: marrow, holder: crown, on: 2031-02-02}
  expect: "> 0.5"
- id: V3
  says: The Crown will hold Alder.
  on: 2031-03-01
  ask: {measure: held, place: alder, holder: crown, on: 2032-02-02}
  expect: "> 0.5"
- id: V4
  says: The Crown takes it within the year.
  on: 2031-03-01
  ask: {measure: forecast, place: alder, from: league, to: crown, issued: 2031-11-01, days: 90}
  expect: "> 0.5"
- id: V5
  says: Said yesterday.
  on: 2031-12-31
  ask: null
  settles: a list
- id: V6
  says: Beside what is withheld.
  on: 2031-03-01
  ask: null
  settles: a list
  beside_claims: [V2]
- id: V7
  says: The same without saying how far ahead, which is 90 days.
  on: 2031-03-01
  ask: {measure: forecast, place: alder, from: league, to: crown, issued: 2031-11-01}
  expect: "> 0.5"
- id: V8
  says: A part of it looks farther ahead.
  on: 2031-03-01
  ask: {measure: forecast, place: alder, from: league, to: crown, issued: 2031-06-01, days: 30}
  expect: "> 0.5"
  parts:
  - {says: Within the year., days: 365}
"""


def test_claims_that_name_what_is_withheld_or_ask_of_days_held_back_stay_in() -> None:
    found = let_out(made(HELD, claims=CLAIMS, places=[replace(CLINIC, id="marrow", name="Marrow Clinic")]))
    assert found.content.claims["claims.yaml"] == CLAIMS[: CLAIMS.index("- id: V2")]
    why = {w.id: w.why for w in found.withheld if w.table == "claims"}
    assert why == {
        "V2": "it names something withheld",
        "V3": "it asks of days that are held back",
        "V4": "a forecast that is not due yet",
        "V5": "newer than the delay lets out",
        "V6": "it stands beside a claim that is withheld",
        "V7": "a forecast that is not due yet",
        "V8": "a forecast that is not due yet",
    }


COMMENTED = """\
- id: V1  # heard from Nightjar Network
  says: "The Crown held # Alder."
  on: 2031-03-01
  ask: null
  settles: |  # a block
    a list # 7
    # and another
# V2 is what Nightjar Network told us.
- id: V2
  says: Withheld.
  on: 2031-03-01
  ask: null
  settles: a list
"""


def test_released_claims_hold_no_comments_and_every_word_of_their_own() -> None:
    found = let_out(made(HELD, claims=COMMENTED), {"withhold": ["c:V2"]})
    assert found.content.claims["claims.yaml"] == (
        '- id: V1\n  says: "The Crown held # Alder."\n  on: 2031-03-01\n  ask: null\n'
        "  settles: |\n    a list # 7\n    # and another\n"
    )


def test_claims_of_one_line_are_told_one_by_one() -> None:
    claims = "[{id: V1, says: One., settles: a list}, {id: V2, says: Two., settles: a list}]"
    found = let_out(made(HELD, claims=claims), {"withhold": ["c:V1"]})
    assert "One" not in found.content.claims["claims.yaml"]
    assert "Two" in found.content.claims["claims.yaml"]


@pytest.mark.parametrize("on", ["2031-12-03", "2031-12", "2031", "2032"])
def test_a_claim_that_asks_of_a_month_or_year_that_is_held_back_in_part_stays_in(on: str) -> None:
    # Let out on 1 January 2032 with a delay of 30 days: control is told up to 2 December.
    ask = f"{{measure: held, place: alder, holder: crown, on: {on}}}"
    claims = f'- id: V1\n  says: So.\n  on: 2031-03-01\n  ask: {ask}\n  expect: "> 0.5"\n'
    assert let_out(made(HELD, claims=claims)).content.claims["claims.yaml"] == ""


# --- what a difference shows -------------------------------------------------------------------


def test_a_withheld_row_changes_nothing_in_what_is_released() -> None:
    secret = [
        replace(HELD, id="q1", sensitivity="secret", holder="league"),
        replace(HELD, id="q2", place="birchen", sensitivity="restricted"),
        replace(HELD, id="q3", document="dossier"),
        replace(HELD, id="q4", place="marrow"),
    ]
    dossier = Document(id="dossier", sensitivity="secret", url="https://example.org/dossier")
    plain = let_out(made(HELD))
    full = let_out(made(HELD, *secret, documents=[dossier], places=[CLINIC]))
    assert record_hash(plain.content) == record_hash(full.content)
    assert plain.known == full.known


def test_the_publisher_is_told_what_was_withheld_and_why() -> None:
    content = made(HELD, ATTACK, replace(HELD, id="r2", sensitivity="secret"))
    assert list(told_in_lines(let_out(content).withheld)) == [
        "withheld  1 of reports: marked secret (r2)",
        "changed  1 of reports: placed on a grid of 8 km (attack-1)",
    ]


def test_every_table_of_the_record_keeps_its_columns() -> None:
    found = let_out(made(HELD))
    assert all(found.content.tables[name].schema == schema_of(NOUNS[name]) for name in NOUN_ROWS)
