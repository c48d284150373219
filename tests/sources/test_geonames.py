"""GeoNames country files as places."""

import io
import zipfile

import pytest

from tests.sources.one_file import ENGINE, accounted, read, rows, rules, sureness, traps
from zenobia.sources import Known, Release, collect
from zenobia.sources.geonames import GeoNames
from zenobia.terms import Place

FEED = GeoNames()


def line(id, name, **more):
    said = {"others": "", "lat": "34.5", "lon": "38.2", "code": "P PPL", "admin": "11", "admin2": "", "people": "0",
            "edited": "2030-01-02", **more}  # fmt: skip
    where, codes = [said["lat"], said["lon"], *said["code"].split()], [said["admin"], said["admin2"], "", ""]
    return "\t".join(
        [id, name, name, said["others"], *where, "SY", "", *codes, said["people"], "", "400", "Asia/X", said["edited"]]
    )


def country(tmp_path, *lines, name="SY.txt", **sets):
    return read(FEED, tmp_path, name, "\n".join(lines) + "\n", sets=sets)


def test_a_country_file_is_recognised_without_a_header(tmp_path):
    assert sureness(FEED, tmp_path, "SY.txt", line("1", "Ashford") + "\n" + line("2", "Bexley") + "\n") > 0.9
    assert sureness(FEED, tmp_path, "x.tsv", "id\tname\n1\tAshford\n") == 0


def test_a_place_has_its_names_position_and_province(tmp_path):
    town = line("163808", "Tadmur", others="Palmyra,Tadmor,تدمر,Тадмор,https://en.wikipedia.org/wiki/Palmyra",
                lat="34.56", lon="38.28", code="P PPLA2", admin="11", admin2="1106", people="51323")  # fmt: skip
    districts = line("1", "Homs", code="A ADM1"), line("2", "Tadmur District", code="A ADM2", admin2="1106")
    (place,) = country(tmp_path, town, *districts).places
    assert (place.id, place.geonameid, place.name, place.name_ar) == ("geonames-163808", "163808", "Tadmur", "تدمر")
    assert place.aliases == ("Palmyra", "Tadmor", "Тадмор")
    assert (place.kind, place.admin1, place.admin2, place.population) == ("town", "Homs", "Tadmur District", 51323)


def test_the_arabic_name_is_the_one_that_sounds_like_the_latin(tmp_path):
    (place,) = country(tmp_path, line("1", "Tadmur", others="عروس الصحراء,تدمر,تدمور", people="9")).places
    assert place.name_ar == "تدمر"
    assert "عروس الصحراء" in place.aliases


def test_a_persian_spelling_is_not_taken_for_the_arabic_one(tmp_path):
    (place,) = country(tmp_path, line("1", "Kobani", others="کوبانی", people="9")).places
    assert place.name_ar is None


@pytest.mark.parametrize(
    ("code", "people", "kept"),
    [
        ("P PPL", "1", True),
        ("P PPL", "0", False),
        ("P PPLA3", "0", True),  # a seat of administration
        ("P PPLQ", "500", False),  # abandoned
        ("S AIRB", "0", True),
        ("T MT", "0", False),
    ],
)
def test_populated_places_and_sites_of_war_are_kept(tmp_path, code, people, kept):
    reading = country(tmp_path, line("1", "Ashford", code=code, people=people))
    assert len(reading.places) == kept
    assert len(rows(reading.doubts, "trap")) == (not kept)  # what is left out is counted and told


def test_the_user_chooses_the_least_population_and_the_sites(tmp_path):
    lines = line("1", "Ashford", people="400"), line("2", "Bexley", people="900"), line("3", "Hill 4", code="T HLL")
    reading = country(tmp_path, *lines, population="500", features="HLL")
    assert [(place.name, place.kind) for place in reading.places] == [("Bexley", "village"), ("Hill 4", "site")]


def test_a_population_of_zero_is_not_known(tmp_path):
    assert country(tmp_path, line("1", "Ashford", code="P PPLA")).places[0].population is None


def test_a_quotation_mark_is_a_letter_like_any_other(tmp_path):
    reading = country(tmp_path, line("1", '"Ashford', people="1"), line("2", 'Bex"ley', people="1"))
    assert [place.name for place in reading.places] == ['"Ashford', 'Bex"ley']


def test_bad_rows_are_rejected_and_the_others_stay(tmp_path):
    bad = (
        line("x", "Ashford", people="1"),
        line("2", "Bexley", lat="120", people="1"),
        "3\tCorby",
        line("", "", people="1"),
        line("5", "Dover", people="many"),
        line("6", "Epping", people="1"),
        line("6", "Epping", people="1"),
    )
    reading = country(tmp_path, *bad)
    assert [place.name for place in reading.places] == ["Epping"]
    assert sorted(row for row, _, _ in rules(reading)) == [1, 2, 3, 4, 5, 7]
    assert accounted(reading) == 7


def test_what_is_left_out_is_counted(tmp_path):
    reading = country(tmp_path, line("1", "Homs", code="A ADM1"), line("2", "Ashford"), line("3", "Peak", code="T PK"))
    assert rows(reading.doubts, "trap", "value") == [("left out", "1")] * 3
    assert traps(reading)[0][2] == "note"


def test_the_file_came_out_no_earlier_than_its_last_edit(tmp_path):
    reading = country(tmp_path, line("1", "A", people="1", edited="2030-05-06"), line("2", "B", people="1"))
    assert reading.published.isoformat() == "2030-05-06"


def test_a_country_is_read_from_the_archive_that_geonames_gives_out(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "The data format is tab-delimited text.")
        archive.writestr("SY.txt", line("1", "Ashford", people="9") + "\n")
    assert sureness(FEED, tmp_path, "SY.zip", packed.getvalue()) > 0.9
    assert [place.name for place in read(FEED, tmp_path, "SY.zip", packed.getvalue()).places] == ["Ashford"]


def test_a_place_that_the_case_has_under_its_number_does_not_come_twice(tmp_path):
    reading = country(tmp_path, line("163808", "Tadmur", people="51323"), line("2", "Bexley", people="1"))
    own = Place(id="palmyra", name="Palmyra", geonameid="163808")
    known = Known(sources={}, actors={}, places={"palmyra": own})
    collected = collect([Release(number=0, prefix="geonames", reading=reading)], known, ENGINE.sql)
    assert [place.id for place in collected.understood.places] == ["geonames-2"]
