"""Whatever way a secret is written in a file, it is found; and what is no secret stops nothing."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from zenobia.publish.leaks import Secrets, refuse_leaks
from zenobia.publish.wording import anchor
from zenobia.terms import InputError

SECRETS = Secrets(
    texts={"Marrow Clinic": "the clinic", "عيادة النخاع": "the clinic", "kiln-7": "the kiln", "x" * 64: "the hash"},
    spots={(45.12345, 10.56789): "the clinic"},
)


@pytest.mark.parametrize(
    "text",
    [
        "at Marrow Clinic, they said",
        "at MARROW   clinic",
        "Marrow&#32;Clinic",
        "&#x4d;arrow Clinic",
        json.dumps("عيادة النخاع"),
        quote("عيادة النخاع"),
        quote("Marrow Clinic"),
        anchor("place", "Marrow Clinic"),
        "premarrow clinical",
        "Marrow\nClinic",
        "Marrow\u200b Clinic",
        "عيادة\u200f النخاع",
        '"""kiln-7""",2',
        "places/place-kiln-7.html kiln-7",
        "X" * 64,
        '{"coordinates": [10.56789, 45.12345]}',
        "45.1234,10.5679",
        "POINT (10.568 45.123)",
    ],
)
def test_a_secret_is_found_however_it_is_written(text: str) -> None:
    assert SECRETS.names(text)


@pytest.mark.parametrize(
    "text",
    [
        "the marrow of the clinic",
        "kiln-77 and okiln-7",
        "45.12345 alone is no place",
        "45.12345 1.111 2.222 3.333 4.444 10.56789 stand far apart",
        "45.12945,10.56189",
        "",
    ],
)
def test_what_is_no_secret_stops_nothing(text: str) -> None:
    assert not SECRETS.names(text)


IDS = Secrets(texts={"burrow-house": "the house"}, ids=frozenset(["burrow-house"]))


@pytest.mark.parametrize("text", ["burrow-house-2", "the-burrow-house", "burrow-house_b", "burrow-houses"])
def test_an_id_is_not_told_by_another_that_holds_it(text: str) -> None:
    assert not IDS.names(text)


@pytest.mark.parametrize(
    "text",
    [
        "a,burrow-house,b",
        "places/place-burrow-house.html",
        '"\\nburrow-house"',
        "id=map-1-burrow-house",
        "Burrow-House",
    ],
)
def test_an_id_is_found_as_a_word_and_behind_the_name_of_its_kind(text: str) -> None:
    assert IDS.names(text)


def test_a_leak_is_refused_and_says_where_and_whose() -> None:
    files = {"index.html": b"all is well", "tables/reports.csv": b"id\nkiln-7\n"}
    with pytest.raises(InputError, match="1 leaks") as refused:
        refuse_leaks(files, SECRETS)
    assert "tables/reports.csv: the kiln" in str(refused.value.value)
    assert "kiln-7" not in str(refused.value.value)


def test_the_names_of_files_are_looked_at_too() -> None:
    with pytest.raises(InputError, match="leak"):
        refuse_leaks({f"{anchor('place', 'Marrow Clinic')}.html": b""}, SECRETS)


def test_a_moment_of_recording_is_a_leak_and_a_day_is_none() -> None:
    refuse_leaks({"a.xml": b"<updated>2031-03-04T00:00:00Z</updated> 2031-03-04"}, Secrets())
    with pytest.raises(InputError, match="leak"):
        refuse_leaks({"a.json": b'"2026-11-22T20:15:02+00:00"'}, Secrets())


def test_short_figures_are_no_secrets() -> None:
    # An id such as 17 stands on every page; that its row is not there is held by how a release is made.
    assert not Secrets(texts={"17": "a report", "ab": "another"}).names("17 of 20 ab")
