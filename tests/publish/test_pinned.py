"""A briefing that was pinned says which of its figures have moved, and where."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.publish.conftest import CLAIMS, PaperNumbers
from zenobia.publish import Held, Pinned, read_pinned, set_brief
from zenobia.terms import Bounds, InputError

TEXT = """\
ISIS held it for {{ held("isis", "palmyra").months }}, that is {{ held( "isis", place="palmyra").months }}.

{{ claim("C12") }}

{{ map(on="2016-03-20") }}

{{ control(place="palmyra") }}
"""
SHARE = "0.31 of locations (0.20 to 0.40)"
MONTHS = 'held(holder="isis", place="palmyra").months'


class Later(PaperNumbers):
    """The same record after ISIS turned out to have held Palmyra for nine months, and C12 to be true."""

    def held(self, *asked: Any) -> Held:
        # 273.9375 days are nine months of 30.4375 days
        return replace(
            super().held(*asked), days=Bounds(low=270, best=273.9375, high=280, unit="day", meaning="credible90")
        )


def later() -> Later:
    numbers = Later()
    numbers.claims = [{**c, "verdict": "supported"} if c["id"] == "C12" else c for c in CLAIMS]
    return numbers


def pinned() -> Pinned:
    return set_brief(TEXT, PaperNumbers()).pinned


def test_what_is_pinned_is_what_a_reader_saw() -> None:
    assert pinned().told == {
        MONTHS: "10 months (9.9 to 10.3)",
        "claim C12": f"contradicted, {SHARE}",
        'map(on="2016-03-20")': set_brief(TEXT, PaperNumbers()).pinned.told['map(on="2016-03-20")'],
        'control(place="palmyra")': "Syrian government from 2015-01-01, Islamic State from 2015-05-21 and"
        " Syrian government from 2016-03-27",
    }
    assert pinned().told['map(on="2016-03-20")'].startswith("Of 3 places that reports speak of")


def test_a_record_that_did_not_move_marks_nothing() -> None:
    again = set_brief(TEXT, PaperNumbers(), pinned=pinned())
    assert not again.moved
    assert "moved since" not in again.page
    assert again.page == set_brief(TEXT, PaperNumbers()).page


def test_a_number_that_moved_is_told_with_its_line_once() -> None:
    moved = set_brief(TEXT, later(), pinned=pinned()).moved
    assert [(m.what, m.line, m.was, m.now) for m in moved] == [
        (MONTHS, 1, "10 months (9.9 to 10.3)", "9 months (8.9 to 9.2)"),
        (
            "claim C12",
            3,
            f"contradicted, {SHARE}",
            f"supported, {SHARE}",
        ),
    ]


def test_a_page_says_what_it_said_before_and_leads_there() -> None:
    page = set_brief(TEXT, later(), pinned=pinned()).page
    assert "2 figures have moved since this text was approved" in page
    assert '<span class="moved" id="moved-1">(was 10 months (9.9 to 10.3))</span>' in page
    assert '<p class="moved" id="moved-2">' in page
    assert page.count('href="#moved-1"') == page.count('href="#moved-2"') == 1


def test_a_briefing_that_was_never_pinned_marks_nothing() -> None:
    brief = set_brief(TEXT, later())
    assert not brief.moved
    assert not brief.unpinned


def test_what_came_in_since_is_not_pinned_yet() -> None:
    more = TEXT + '\n{{ claim("C01") }}\n'
    assert set_brief(more, PaperNumbers(), pinned=pinned()).unpinned == ["claim C01"]


def test_pinned_figures_come_back_as_they_were() -> None:
    assert read_pinned(pinned().to_json(), "x.numbers.json") == pinned()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"record": 1, "known": null, "newest": null, "told": []}', "\x00"])
def test_what_is_no_pinned_file_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(InputError, match=r"x\.numbers\.json"):
        read_pinned(text, "x.numbers.json")


def test_hostile_words_in_a_pinned_file_stay_text() -> None:
    evil = replace(pinned(), record="<img src=x>", told={MONTHS: "<script>alert(1)</script>", "claim C12": "<b>\u202e"})
    page = set_brief(TEXT, PaperNumbers(), pinned=evil).page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page
