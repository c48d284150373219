"""VIINA control days, run together into spells."""

import datetime as dt
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.one_file import ENGINE, captured, read, rows, rules, sureness, traps
from zenobia.sources import viina
from zenobia.sources.viina import Viina

FEED = Viina()
HEADER = "geonameid,date,status_wiki,status_boost,status_dsm,status_isw,status\n"


def control(tmp_path, *days, **sets):
    lines = [f"{id},{date},,,,{isw},{status}" for id, date, status, isw in ((*d, "UA")[:4] for d in days)]
    return read(FEED, tmp_path, "control_latest_2022.csv", HEADER + "\n".join(lines) + "\n", sets=sets)


def spells(reading):
    return rows(reading.reference, "place", "date", "date_to", "holder", "status")


def day(number):
    return dt.date(2022, 2, number)


def test_control_files_are_recognised(tmp_path):
    assert sureness(FEED, tmp_path, "c.csv", HEADER + "1,20220224,UA,UA,UA,UA,UA\n") > 0.9


def test_days_of_one_status_are_one_spell_closed_open(tmp_path):
    days = [("7", f"202202{n}", status) for n, status in ((24, "UA"), (25, "UA"), (26, "RU"), (27, "CONTESTED"))]
    reading = control(tmp_path, *days)
    assert spells(reading) == [
        ("geonames-7", day(24), day(26), "Ukraine", "holds"),
        ("geonames-7", day(26), day(27), "Russia", "holds"),
        ("geonames-7", day(27), day(28), None, "contests"),
    ]
    assert reading.published == day(27)


def test_a_missing_day_ends_a_spell(tmp_path):
    reading = control(tmp_path, ("7", "20220224", "UA"), ("7", "20220226", "UA"))
    assert [(first, after) for _, first, after, _, _ in spells(reading)] == [(day(24), day(25)), (day(26), day(27))]


def test_another_column_of_status_may_be_chosen(tmp_path):
    reading = control(tmp_path, ("7", "2022-02-24", "UA", "RU"), status="status_isw")
    assert [holder for *_, holder, _ in spells(reading)] == ["Russia"]
    assert reading.series == "viina-control/status_isw"


def test_bad_rows_are_rejected_with_their_numbers(tmp_path):
    reading = control(
        tmp_path, ("x", "20220224", "UA"), ("7", "20220231", "UA"), ("7", "20220224", "??"), ("8.0", "20220224", "ua")
    )
    assert rules(reading) == [(2, "geonameid", "x"), (3, "date", "20220231"), (4, "status", "??")]
    assert [place for place, *_ in spells(reading)] == ["geonames-8"]


def test_two_statuses_on_one_day_are_both_kept_and_told(tmp_path):
    reading = control(tmp_path, ("7", "20220224", "UA"), ("7", "20220224", "RU"))
    assert len(spells(reading)) == 2
    assert traps(reading) == [(3, "the same settlement twice", "fault")]


CODES = {"Ukraine": "UA", "Russia": "RU"}
histories = st.lists(st.tuples(st.sampled_from("789"), st.integers(0, 40), st.sampled_from(["UA", "RU"])), max_size=60)


@pytest.mark.parametrize("at_once", [10**9, 1])
@given(histories, st.booleans())
@settings(max_examples=25, deadline=None)
def test_spells_hold_every_day_once_however_the_file_is_cut_and_ordered(tmp_path_factory, at_once, history, by_day):
    held = {(id, number): status for id, number, status in history}
    order = sorted(held, key=(lambda k: (k[1], k[0])) if by_day else None)
    start = dt.date(2022, 2, 24)
    lines = [f"{id},{start + dt.timedelta(days=n)},,,,,{held[id, n]}\n" for id, n in order]
    file = captured(tmp_path_factory.mktemp("viina"), "c.csv", HEADER + "".join(lines))
    before, viina.AT_ONCE = viina.AT_ONCE, at_once
    try:
        (reading,) = FEED.read(file, ENGINE.sql)
    finally:
        viina.AT_ONCE = before
    days = {}
    for place, first, after, holder, _ in spells(reading):
        for ordinal in range(first.toordinal(), after.toordinal()):
            days[place.removeprefix("geonames-"), ordinal - start.toordinal()] = {"Ukraine": "UA", "Russia": "RU"}[
                holder
            ]
    assert days == held
    # Worked out another way: a spell for each run of days of one place with one status.
    runs = [
        list(run)
        for id in "789"
        for _, run in groupby(
            enumerate(sorted(n for i, n in held if i == id)), key=lambda at: (at[1] - at[0], held[id, at[1]])
        )
    ]
    assert len(spells(reading)) == len(runs)
