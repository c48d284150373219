"""Data as words: what misleads is made visible, figures keep their limits, anchors never collide."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zenobia.publish.wording import anchor, calendar, chance, expected, figure, plain


def bounds(low: object, best: object, high: object, unit: str) -> dict[str, object]:
    return {"low": low, "best": best, "high": high, "unit": unit, "meaning": "reported"}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (bounds(9.9, 10, 10.3, "month"), "10 months (9.9 to 10.3)"),
        (bounds(0.2, 0.31, 0.4, "share of locations"), "0.31 of locations (0.20 to 0.40)"),
        (bounds(0.97, 0.99, 1, "chance"), "chance 0.99 (0.97 to 1)"),
        (bounds("2016-03-26", "2016-03-27", "2016-03-28", "date"), "27 March 2016 (26 March 2016 to 28 March 2016)"),
        (bounds(900, None, None, "raid"), "at least 900 raids"),
        (bounds(None, None, 15, "location"), "at most 15 locations"),
        (bounds(None, None, "2015-09-30", "date"), "not after 30 September 2015"),
        (bounds(4408, 4408, 4408, "death"), "4,408 deaths"),
        (bounds(1, 1, 1, "person"), "1 person"),
        (bounds(0, 0, 0, "raid"), "0 raids"),
        (bounds(40, None, 60, "km2"), "40 to 60 km²"),
        (bounds(None, None, None, "raid"), "nothing to measure"),
        (None, "nothing to measure"),
    ],
)
def test_a_figure_says_its_unit_and_its_limits(found: dict[str, object] | None, words: str) -> None:
    assert figure(found) == words


def test_a_chance_short_of_certain_is_never_rounded_to_certain() -> None:
    assert [chance(c) for c in (1, 0.9996, 0.5, 0.0004, 0)] == ["1", "over 0.99", "0.50", "under 0.01", "0"]


@pytest.mark.parametrize(
    ("threshold", "words"),
    [
        ("> 0.5", "over 0.5"),
        (">= 900", "at least 900"),
        ("9.5..10.5", "9.5 to 10.5"),
        ("<= 2015-12-21", "on or before 21 December 2015"),
        ("2016-03-26..2016-03-28", "26 March 2016 to 28 March 2016"),
    ],
)
def test_what_a_claim_expects_is_said_in_words(threshold: str, words: str) -> None:
    assert expected(threshold) == words


def test_a_month_or_an_unknown_day_is_shown_as_it_came() -> None:
    assert [calendar("2016-03"), calendar(None), calendar(date(2016, 3, 1))] == [
        "2016-03",
        "not stated",
        "1 March 2016",
    ]


def test_a_character_that_turns_the_reading_direction_is_shown_instead_of_obeyed() -> None:
    assert plain("took \u202eaimlaP\u202c") == "took ⟨U+202E⟩aimlaP⟨U+202C⟩"
    assert plain("\u2066a\u2069 \u200bb \x00c") == "⟨U+2066⟩a⟨U+2069⟩ ⟨U+200B⟩b ⟨U+0000⟩c"


def test_arabic_persian_and_line_breaks_are_left_alone() -> None:
    text = "تدمر می\u200cروم\nPalmyra\t1"
    assert plain(text) == text


@given(st.text(), st.text())
def test_two_ids_never_share_an_anchor(one: str, other: str) -> None:
    assert (anchor("r", one) == anchor("r", other)) == (one == other)


@given(st.text())
def test_an_anchor_needs_no_escaping(id: str) -> None:
    assert all(c.isascii() and (c.isalnum() or c in "-._") for c in anchor("r", id))


def test_a_rank_is_a_number_in_a_row_and_not_so_many_ranks() -> None:
    assert figure({"low": 1, "best": 10, "high": 27, "unit": "rank"}) == "number 10 (1 to 27)"
