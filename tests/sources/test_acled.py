"""ACLED exports: no direction, no range, restricted."""

import csv
import datetime as dt
import io

import pytest

from tests.sources.one_file import ENGINE, accounted, read, rows, rules, sureness, traps
from zenobia.sources.acled import Acled
from zenobia.sources.versions import Release, put_in_order
from zenobia.terms import InputError

FEED = Acled()
# 22,370 days and a half from 1970-01-01 are noon of 2031-04-01: 22370.5 * 86400 = 1932811200.
PLAIN = {
    "event_id_cnty": "SYR1",
    "event_date": "27 March 2031",
    "time_precision": "1",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "Military Forces of Reds",
    "inter1": "1",
    "actor2": "Blue Front",
    "inter2": "2",
    "admin1": "Homs",
    "location": "Ashford",
    "latitude": "34.55",
    "longitude": "38.27",
    "geo_precision": "1",
    "source": "Valley Wire",
    "fatalities": "3",
    "notes": "Words that may not be passed on.",
    "timestamp": "1932811200",
}


def export(tmp_path, *changes, drop=(), name="acled.csv", **sets):
    out = io.StringIO()
    writer = csv.DictWriter(out, [c for c in PLAIN if c not in drop], extrasaction="ignore")
    writer.writeheader()
    for number, change in enumerate(changes or ({},), 1):
        writer.writerow({**PLAIN, "event_id_cnty": f"SYR{number}", **change})
    return read(FEED, tmp_path, name, out.getvalue(), sets=sets)


def test_an_export_is_recognised_by_its_columns(tmp_path):
    assert sureness(FEED, tmp_path, "a.csv", ",".join(PLAIN) + "\n" + ",".join(map(repr, PLAIN.values())) + "\n") == 1
    assert sureness(FEED, tmp_path, "b.csv", "id,latitude,longitude\n1,2,3\n") < 0.5


def test_an_event_is_what_acled_says_on_the_day_of_its_last_edit(tmp_path):
    reading = export(tmp_path)
    wanted = (
        "key",
        "published",
        "type",
        "date",
        "date_to",
        "place",
        "admin1",
        "where_precision",
        "deaths_best",
        "origin",
    )
    march = dt.date(2031, 3, 27)
    assert rows(reading.reports, *wanted) == [
        (
            "SYR1",
            dt.date(2031, 4, 1),
            "battle",
            march,
            dt.date(2031, 3, 28),
            "Ashford",
            "Homs",
            "exact",
            3.0,
            "Valley Wire",
        )
    ]
    assert (reading.published, reading.whole) == (None, False)  # each row has its own day; deletions come separately


def test_nothing_of_it_may_be_published_and_its_words_stay_in_the_file(tmp_path):
    reading = export(tmp_path)
    assert rows(reading.reports, "sensitivity") == [("restricted",)]
    assert "Words" not in str(reading.reports.to_pylist())
    assert "no redistribution" in reading.sources[0].licence


def test_the_sides_of_a_battle_have_no_direction(tmp_path):
    either = "Military Forces of Reds|Blue Front"
    reading = export(tmp_path)
    assert rows(reading.reports, "actor", "target") == [(either, either)]
    assert {actor.name for actor in reading.actors} == {"Military Forces of Reds", "Blue Front"}


def test_violence_against_civilians_has_one(tmp_path):
    violence = {"event_type": "Violence against civilians", "sub_event_type": "Attack", "actor2": "Civilians (Syria)"}
    reading = export(tmp_path, violence, {**violence, "actor2": ""})
    assert rows(reading.reports, "actor", "target") == [
        ("Military Forces of Reds", "Civilians (Syria)"),
        ("Military Forces of Reds", "civilians"),
    ]


@pytest.mark.parametrize(
    ("sub", "inter1", "inter2", "holder"),
    [
        ("Government regains territory", "1", "2", "Military Forces of Reds"),
        ("Government regains territory", "State forces", "Rebel group", "Military Forces of Reds"),
        ("Government regains territory", "1", "1", None),  # two states
        ("Non-state actor overtakes territory", "1", "2", "Blue Front"),
        ("Non-state actor overtakes territory", "2", "3", None),  # two groups
        ("Non-state actor overtakes territory", "1", "8", None),
    ],
)
def test_who_took_a_place_is_said_only_where_one_side_can_have(tmp_path, sub, inter1, inter2, holder):
    reading = export(tmp_path, {"sub_event_type": sub, "inter1": inter1, "inter2": inter2})
    assert rows(reading.reports, "type", "holder", "status") == [("capture", holder, "takes" if holder else None)]
    assert traps(reading) == ([] if holder else [(2, "taker not known", "doubt")])


def test_a_transfer_without_a_fight_goes_to_the_only_side_that_is_named(tmp_path):
    transfer = {"event_type": "Strategic developments", "sub_event_type": "Non-violent transfer of territory"}
    reading = export(tmp_path, {**transfer, "actor2": "", "inter2": ""}, transfer)
    assert rows(reading.reports, "holder") == [("Military Forces of Reds",), (None,)]


def test_a_headquarters_is_no_control_of_the_place(tmp_path):
    base = {"event_type": "Strategic developments", "sub_event_type": "Headquarters or base established", "actor2": ""}
    assert rows(export(tmp_path, base).reports, "type", "holder", "status") == [("other", None, None)]


@pytest.mark.parametrize(
    ("precision", "first", "after", "word"),
    [
        ("1", "2031-03-27", "2031-03-28", "day"),
        ("2", "2031-03-24", "2031-03-31", "week"),  # three days before and after
        ("3", "2031-03-01", "2031-04-01", "month"),
    ],
)
def test_precision_of_time_makes_a_period(tmp_path, precision, first, after, word):
    reading = export(tmp_path, {"time_precision": precision})
    ends = (dt.date.fromisoformat(first), dt.date.fromisoformat(after))
    assert rows(reading.reports, "date", "date_to", "date_precision") == [(*ends, word)]


def test_a_point_that_stands_for_a_province_is_no_place(tmp_path):
    reading = export(tmp_path, {"geo_precision": "2"}, {"geo_precision": "3"})
    assert rows(reading.reports, "place", "area", "where_precision") == [
        ("Ashford", None, "near"),
        (None, "Homs", "admin1"),
    ]


def test_several_outlets_are_no_single_origin(tmp_path):
    assert rows(export(tmp_path, {"source": "Valley Wire; Hill Post"}).reports, "origin") == [(None,)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event_date": "soon"}, "event_date"),
        ({"latitude": "95"}, "lat"),
        ({"longitude": ""}, "lon"),
        ({"event_type": "Skirmishes"}, "sub_event_type"),
        ({"fatalities": "many"}, ""),
        ({"fatalities": "-3"}, "fatalities"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": "9" * 30}, "timestamp"),
        ({"event_id_cnty": ""}, "event_id_cnty"),
    ],
)
def test_a_bad_row_is_rejected_with_its_field_and_the_next_one_read(tmp_path, change, field):
    reading = export(tmp_path, change, {})
    assert [(row, found) for row, found, _ in rules(reading)] == [(2, field)]
    assert reading.reports.num_rows == 1


def test_the_same_id_twice_is_rejected_unless_the_first_was(tmp_path):
    twice = export(tmp_path, {"event_id_cnty": "A"}, {"event_id_cnty": "A"})
    assert rules(twice) == [(3, "event_id_cnty", "A")]
    mended = export(tmp_path, {"event_id_cnty": "A", "event_date": "?"}, {"event_id_cnty": "A"})
    assert rows(mended.reports, "row") == [(3,)]


def test_an_edit_before_the_event_is_told(tmp_path):
    assert traps(export(tmp_path, {"event_date": "2032-01-01"})) == [(2, "published before it happened", "doubt")]


def test_an_export_without_timestamps_needs_its_day_said(tmp_path):
    with pytest.raises(InputError, match="--set published="):
        export(tmp_path, drop=("timestamp",))
    reading = export(tmp_path, drop=("timestamp",), published="2031-05-03")
    assert rows(reading.reports, "published") == [(dt.date(2031, 5, 3),)]


def test_every_row_is_accounted_for(tmp_path):
    reading = export(tmp_path, *[{"latitude": str(lat)} for lat in range(80, 100)])
    # Latitudes 80..90 are eleven, 91..99 nine.
    assert (reading.reports.num_rows, reading.rejected.num_rows, accounted(reading)) == (11, 9, 20)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_older_export_that_is_added_later_stays_the_older_one(tmp_path, order):
    exports = [export(tmp_path), export(tmp_path, {"fatalities": "5", "timestamp": "1935403200"})]  # 30 days later
    releases = [Release(number=n, prefix="acled", reading=exports[at]) for n, at in enumerate(order)]
    told, _ = put_in_order(releases, ENGINE.sql)
    assert rows(told, "id", "deaths_best", "replaces") == [
        ("acled-SYR1", 3.0, None),
        ("acled-SYR1.v2", 5.0, "acled-SYR1"),
    ]
