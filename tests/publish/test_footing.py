"""Figures say by themselves what they are, and where the voices behind them changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from markupsafe import Markup

from tests.publish.conftest import RECORD, PaperNumbers
from zenobia.publish import Course, Spell, course_picture, write_brief
from zenobia.publish.footing import with_foot
from zenobia.terms import Place

LIVE = (
    '{{ strip(place="palmyra", from="2016-01-01", to="2016-06-01") }}',
    '{{ changes(places="palmyra", from="2015-01-01", to="2016-12-01") }}',
    '{{ strikes(actor="russia", from="2016-01-01", to="2016-04-01", units="raid") }}',
    '{{ control(place="palmyra") }}',
)


class Switched(PaperNumbers):
    """The same war, told by wholly other voices from 1 February 2016 on."""

    def control_of(self, place: str) -> tuple[Place, Any]:
        found, spells = super().control_of(place)
        told: list[Spell] = [
            replace(s, voices_changed=(date(2016, 2, 1),)) if s.holder == "isis" else s for s in spells
        ]
        return found, told

    def course(self, place: str, start: date, end: date) -> Course:
        return replace(super().course(place, start, end), voices_changed=(date(2016, 2, 1),))


@pytest.mark.parametrize("live", LIVE)
def test_every_figure_says_its_record_its_moment_and_its_sources(live: str) -> None:
    page = write_brief(live, PaperNumbers(known=date(2016, 3, 29)))
    drawn = page[page.index("<svg class=") : page.rindex("</figure>")]
    assert RECORD in drawn
    assert "29 March 2016" in drawn or "2016-03-29" in drawn
    assert "Sources: " in drawn


@pytest.mark.parametrize("live", [LIVE[0], LIVE[1], LIVE[3]])
def test_a_change_of_voices_is_marked_in_the_series_and_explained_in_the_image(live: str) -> None:
    marked, plain = write_brief(live, Switched()), write_brief(live, PaperNumbers())
    assert marked.count('class="switch"') == 1
    assert "From 1 February 2016 on wholly other voices carry the estimate" in marked
    assert "Dashed line: from that day on wholly other voices carry the estimate" in marked
    assert "wholly other voices" not in plain


def test_the_table_of_spells_says_when_voices_changed() -> None:
    assert "wholly other voices from 1 February 2016" in write_brief(LIVE[3], Switched())


def test_the_paragraph_of_a_strip_says_it_too() -> None:
    assert "Wholly other voices carry the estimate from 1 February 2016." in write_brief(LIVE[0], Switched())


def test_a_picture_of_its_own_has_legend_and_foot_inside() -> None:
    svg = course_picture(PaperNumbers(), "palmyra", date(2016, 1, 1), date(2016, 6, 1)).svg
    assert all(words in svg for words in (">taken</text>", ">held</text>", ">of its own side</text>", RECORD))


def test_a_foot_makes_the_image_as_much_taller() -> None:
    # 6 above, 18 for one row of signs, 14 a line, 4 below: 100 + 6 + 18 + 2 * 14 + 4
    drawn = with_foot(Markup('<svg viewBox="0 0 860 100"></svg>'), ["one", "<two>"], [(Markup("<svg ></svg>"), "x")])
    assert 'viewBox="0 0 860 156"' in drawn
    assert "&lt;two&gt;" in drawn
    assert drawn.endswith("</svg>")
    assert drawn.count("<svg") == drawn.count("</svg>") == 2
