"""A map that is moved through time: its data, its page, and what stays where it cannot be drawn."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from itertools import accumulate
from typing import Any

import pytest

from zenobia.publish import write_brief
from zenobia.publish.land import land_of, widened
from zenobia.publish.programs import OURS, hash_of, library, packed, script, without_programs
from zenobia.publish.timemap import inside_page, map_days_of

MOVING = '{{ map(on="2016-03-20", from="2016-03-01", to="2016-04-01") }}'
DATA = re.compile('<script type="application/json">(.*?)</script>', re.S)
with_library = pytest.mark.skipif(packed() is None, reason="installed without the map library")


def told(page: str) -> dict[str, Any]:
    found = DATA.search(page)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_a_short_window_stops_on_every_day_and_a_long_one_on_fewer() -> None:
    assert len(map_days_of(date(2016, 3, 1), date(2016, 4, 1))) == 31
    year = map_days_of(date(2015, 5, 1), date(2016, 5, 1))
    assert (year[1] - year[0]).days == 7  # 366 days are more than 160, 52 weeks are not
    assert year[-1] == date(2016, 4, 30)


def test_days_that_are_named_are_stops_within_the_window_only() -> None:
    days = map_days_of(date(2015, 5, 1), date(2016, 5, 1), [date(2015, 9, 29), date(2017, 1, 1)])
    assert date(2015, 9, 29) in days
    assert date(2017, 1, 1) not in days


@with_library
def test_each_day_has_the_likeliest_state_with_its_chance(numbers: Any) -> None:
    data = told(write_brief(MOVING, numbers))
    (palmyra,) = (place for place in data["places"] if place["i"] == "palmyra")
    held = dict(zip(data["days"], accumulate(palmyra["c"]), strict=True))
    # The second state is isis: 1 * 101 + 95; from the 27th on the first: 0 * 101 + 90.
    assert (held["2016-03-26"], held["2016-03-27"]) == (196, 90)
    assert data["states"][1]["name"] == "Islamic State"


@with_library
def test_what_a_run_of_days_rests_on_stands_in_the_table_of_evidence(numbers: Any) -> None:
    page = write_brief(MOVING, numbers)
    (palmyra,) = (place for place in told(page)["places"] if place["i"] == "palmyra")
    assert palmyra["e"] == [[25, 0, ["r-r1"]], [30, 0, ["r-r3", "r-r2"]]]
    assert 'id="r-r1"' in page


@with_library
def test_places_without_a_report_have_no_course(numbers: Any) -> None:
    silent = [place for place in told(write_brief(MOVING, numbers))["places"] if place["i"] != "palmyra"]
    assert silent
    assert not [place for place in silent if "c" in place]


@with_library
def test_the_still_map_stands_beside_the_moving_one(numbers: Any) -> None:
    page = write_brief(MOVING, numbers)
    assert '<section class="timemap" hidden' in page
    assert '<figure class="scroll still"' in page


def test_a_still_map_brings_no_library(numbers: Any) -> None:
    page = write_brief('{{ map(on="2016-03-20") }}', numbers)
    assert 'id="maplibre"' not in page
    assert "blob:" not in page


def test_without_the_library_the_still_map_is_all(numbers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zenobia.publish.moving.packed", lambda: None)
    page = write_brief(MOVING, numbers)
    assert 'timemap" hidden' not in page
    assert '<figure class="scroll"' in page


@with_library
def test_only_programs_that_the_page_names_may_run(numbers: Any) -> None:
    page = write_brief(MOVING, numbers)
    policy = re.search('Security-Policy" content="([^"]*)"', page)
    assert policy
    inline = re.findall("<script>(.*?)</script>", page, re.S)
    assert len(inline) == 2
    for program in (*inline, library() or ""):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(program.encode()).digest()).decode()}'" in policy[1]
    assert "unsafe-inline" not in policy[1].partition("script-src")[2]
    assert "connect-src" not in policy[1]  # so that default-src 'none' holds for it


def test_data_of_the_map_cannot_end_its_script() -> None:
    held = inside_page({"name": "</script><script>alert(1)</script>&<!--"})
    assert not set("<>&") & set(held)
    assert json.loads(held) == {"name": "</script><script>alert(1)</script>&<!--"}


def test_programs_are_passed_over_by_the_last_look() -> None:
    page = f"<p>secret</p><script>{script('timemap.js')}</script>".encode()
    assert without_programs({"a.html": page}) == {"a.html": b"<p>secret</p><script></script>"}


@pytest.mark.parametrize("name", OURS)
def test_no_script_of_ours_writes_markup_or_fetches(name: str) -> None:
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "XMLHttp",
        "import(",
    ):
        assert word not in script(name)


def test_a_hash_is_that_of_the_text() -> None:
    # SHA-256 of the empty text, in base 64.
    assert hash_of("") == "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def test_the_ground_is_cut_to_where_the_map_may_be_moved() -> None:
    area = widened((36.0, 33.0, 40.0, 36.0))
    ground = land_of(area, [(38.28, 34.56)])
    kinds = [feature["properties"]["kind"] for feature in ground["features"]]
    assert kinds == ["land", "home", "province", "border"]
    spots = [p for line in ground["features"][3]["geometry"]["coordinates"] for p in line]
    assert all(area[0] - 0.01 <= x <= area[2] + 0.01 and area[1] - 0.01 <= y <= area[3] + 0.01 for x, y in spots)
