"""HXL tag rows as names of our columns."""

import datetime as dt

import pytest

from tests.sources.one_file import read, rows, sureness
from zenobia.sources.hxl import fields_of, is_tag_row
from zenobia.sources.mapped import Mapped

FEED = Mapped()
TABLE = (
    "Date,Gouvernorat,Lieu,Lieu (arabe),Lat,Lon,Morts\n"
    "#date+occurred,#adm1+name,#loc+name+i_fr,#loc+name+i_ar,#geo+lat,#geo+lon,#affected+killed\n"
    "2031-03-27,Homs,Palmyre,تدمر,34.56,38.28,3\n"
)
SETS = {"published": "2031-12-31", "type": "battle", "source": "watch"}


def test_a_tagged_table_is_recognised_and_read_without_a_mapping(tmp_path):
    assert sureness(FEED, tmp_path, "t.csv", TABLE) == 0.8
    reading = read(FEED, tmp_path, "t.csv", TABLE, sets=SETS)
    assert rows(reading.reports, "date", "admin1", "place", "lat", "lon", "deaths_best", "row") == [
        (dt.date(2031, 3, 27), "Homs", "Palmyre", 34.56, 38.28, 3.0, 3)
    ]


def test_tags_may_stand_in_the_first_row(tmp_path):
    reading = read(FEED, tmp_path, "t.csv", TABLE.partition("\n")[2], sets=SETS)
    assert rows(reading.reports, "place", "row") == [("Palmyre", 2)]


def test_what_the_user_maps_or_sets_goes_before_the_tags(tmp_path):
    reading = read(FEED, tmp_path, "t.csv", TABLE, maps={"place": "Lieu (arabe)"}, sets={**SETS, "admin1": "Rif"})
    assert rows(reading.reports, "place", "admin1") == [("تدمر", "Rif")]


def test_a_column_may_be_mapped_by_its_tag(tmp_path):
    reading = read(FEED, tmp_path, "t.csv", TABLE, maps={"place": "#loc+name+i_ar"}, sets=SETS)
    assert rows(reading.reports, "place") == [("تدمر",)]


@pytest.mark.parametrize(
    ("tags", "fields"),
    [
        (["#date+start", "#date+end"], {"date": 0, "last_day": 1}),
        (["#date+reported", "#date"], {"date": 1, "published": 0}),
        (["#loc+code", "#loc+name+i_ar"], {"place": 1}),
        (["#loc+name+i_ar", "#loc +name +i_en"], {"place": 1}),
        (["#adm1+code", "#adm1+name+i_ar", "#adm1"], {"admin1": 2}),
        (["#affected+killed+f", "#affected+killed"], {"deaths_best": 1}),
        (["#GEO+Lat", "#geo + lon"], {"lat": 0, "lon": 1}),
        (["#indicator+num"], {}),
    ],
)
def test_the_most_fitting_column_is_taken(tags, fields):
    assert fields_of(tags) == fields


@pytest.mark.parametrize("row", [("#1", "#2"), ("", ""), ("#date", "3"), ("date",)])
def test_what_is_no_row_of_tags(row):
    assert not is_tag_row(row)
