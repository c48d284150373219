"""The built-in case's briefing, as the demo writes it: whole, small enough to send, and asked of the record."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from zenobia import pipeline
from zenobia.numbers import Numbers

LARGEST = 2_500_000


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> pipeline.OpenCase:
    _, case = pipeline.demo(tmp_path_factory.mktemp("briefing") / "palmyra")
    return case


@pytest.fixture(scope="module")
def page(opened: pipeline.OpenCase) -> str:
    return opened.write_brief(Path("briefs/palmyra.md")).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def numbers(opened: pipeline.OpenCase) -> Numbers:
    return Numbers(opened, opened.known())


def test_each_claim_of_the_case_has_one_card_and_one_line_of_contents(opened: pipeline.OpenCase, page: str) -> None:
    claims = sorted(claim.id for claim in opened.claims_asked())
    start = page.index("<nav class=overview")
    contents = page[start : page.index("</nav>", start)]
    assert sorted(re.findall(r'<article class="card [^"]+" id=c-([\w-]+)', page)) == claims
    assert sorted(re.findall(r"href=#c-([\w-]+)", contents)) == claims


def test_the_briefing_is_small_enough_to_send(page: str) -> None:
    assert len(page.encode()) <= LARGEST


def test_every_inner_link_of_the_briefing_has_its_target(page: str) -> None:
    targets = set(re.findall(r'<[^<>]* id="?([^" >]+)', page))
    links = re.findall(r'href="?#([^" >]+)', page)
    assert len(links) > 5000
    assert set(links) <= targets


def test_palmyra_changed_hands_four_times(numbers: Numbers) -> None:
    told = [t for t in numbers.turns(date(2015, 1, 1), date(2018, 1, 1)) if t.place.id == "palmyra"]
    assert [(t.before, t.after) for t in told] == [("government", "isis"), ("isis", "government")] * 2
    assert all(t.low <= t.day <= t.high and t.evidence for t in told)


def test_a_strip_holds_only_reports_of_its_place_and_window(opened: pipeline.OpenCase, numbers: Numbers) -> None:
    course = numbers.course("palmyra", date(2016, 3, 1), date(2016, 4, 1))
    reports = opened.record.reports
    assert course.sayings
    assert all(reports[s.report].place == "palmyra" and s.day.month == 3 for s in course.sayings)
    assert len(course.chances) == 31
    assert all(sum(row) == pytest.approx(1) for row in course.chances)


def test_a_tally_never_mixes_units(opened: pipeline.OpenCase, numbers: Numbers) -> None:
    of = {"type": "air-strike", "actor": "russia"}
    told = numbers.tallies(of, ("raid", "sortie"), date(2016, 3, 1), date(2016, 4, 1))
    reports = opened.record.reports
    assert {t.unit for t in told.monthly} == {"raid", "sortie"}
    assert all({reports[r].unit for r in t.evidence} == {t.unit} for t in told.monthly)


def test_what_others_say_too_is_not_claimed_only(numbers: Numbers) -> None:
    told = {place.id: estimate for place, estimate in numbers.control_on(date(2016, 4, 1))}
    assert not numbers.claimed_only(told["palmyra"])  # the Observatory and wires say so, not only the state's media
