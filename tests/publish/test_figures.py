"""Figures of time on a page: each says what it shows, leads to its evidence, and adds nothing up."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from typing import Any

import pytest

from tests.publish.conftest import tally
from tests.publish.test_brief import Reading
from zenobia.publish import Saying, Tallies, write_brief
from zenobia.publish.course import leading, quietest, stacked
from zenobia.publish.fronts import contacts, distance
from zenobia.publish.fronts import foremost as unparted
from zenobia.publish.monthly import foremost, short_figure
from zenobia.publish.timeaxis import TimeAxis
from zenobia.terms import Bounds, ControlEstimate, InputError, NotFound, Place

STRIP = '{{ strip(place="palmyra", from="2015-12-01", to="2016-05-01") }}'
CHANGES = '{{ changes(places="palmyra, tiyas", from="2016-01-01", to="2016-07-01") }}'
STRIKES = '{{ strikes(actor="russia", from="2016-01-01", to="2016-05-01") }}'
FRONT = '{{ front(on="2016-03-20", apart=60) }}'
ALL = "\n\n".join((STRIP, CHANGES, STRIKES, FRONT))


# --- a strip


def test_a_strip_has_a_tick_for_each_report_and_each_leads_to_its_row(numbers: Any) -> None:
    page = write_brief(STRIP, numbers)
    figure = page[page.index('<svg class="course"') : page.index("</svg>", page.index('<svg class="course"'))]
    assert sorted(re.findall(r'<a href="#(r-[^"]+)">', figure)) == ["r-r1", "r-r2", "r-r3", "r-r_20_5_2f__e9_"]
    assert {"r-r1", "r-r2", "r-r3", "r-r_20_5_2f__e9_"} <= set(Reading(page).ids)


def test_a_strip_says_in_words_who_held_the_place_and_how_long_nobody_spoke(numbers: Any) -> None:
    text = Reading(write_brief(STRIP, numbers)).text
    assert "Most likely held by Islamic State until 26 March 2016, then Syrian government until 30 April 2016." in text
    assert "4 reports of these days say who held it, 2 of them for the speaker's own side." in text
    # 3 January to 17 March: 29 + 29 + 17 days between the reports of 2 January and 18 March
    assert "The longest silence lasts 75 days, 3 January 2016 to 17 March 2016." in text


def test_a_reader_by_keyboard_can_pass_over_the_ticks(numbers: Any) -> None:
    page = Reading(write_brief(STRIP, numbers))
    assert "Pass over the 4 reports in the figure" in page.text
    assert "#strip-1-tables" in page.links


def test_a_report_for_its_own_side_is_hollow(numbers: Any) -> None:
    numbers.sayings = (Saying(report="r2", day=date(2016, 3, 27), state="government", how="takes", own=True),)
    own = write_brief(STRIP, numbers)
    numbers.sayings = (dataclasses.replace(numbers.sayings[0], own=False),)
    assert "hollow" in own
    assert "hollow" not in write_brief(STRIP, numbers)


def test_a_place_that_no_report_speaks_of_has_no_figure(numbers: Any) -> None:
    page = write_brief('{{ strip(place="nowhere") }}', numbers)
    assert "No report in the record says who held it." in page
    assert "<svg" not in page


def test_stretches_join_days_with_one_likeliest_holder(numbers: Any) -> None:
    course = numbers.course("palmyra", date(2016, 3, 25), date(2016, 3, 29))
    assert [(s.state, s.start, s.end) for s in leading(course)] == [
        ("isis", date(2016, 3, 25), date(2016, 3, 27)),
        ("government", date(2016, 3, 27), date(2016, 3, 29)),
    ]


def test_where_reports_come_every_day_there_is_no_silence(numbers: Any) -> None:
    said = [Saying(report="r1", day=date(2016, 3, day), state="isis", how="holds") for day in (25, 26)]
    course = dataclasses.replace(numbers.course("palmyra", date(2016, 3, 25), date(2016, 3, 27)), sayings=tuple(said))
    assert quietest(course) is None


def test_ticks_that_would_cover_each_other_stand_on_levels() -> None:
    # 10 pixels apart is enough; the third stands off the first by 4 only, the fourth off both
    assert stacked([0, 10, 4, 20]) == [0, 0, 1, 0]


# --- changes of hands


def test_a_change_of_hands_has_its_day_with_limits_its_chance_and_its_reports(numbers: Any) -> None:
    page = write_brief(CHANGES, numbers)
    row = page[page.index('<tr id="changes-1-1"') : page.index('<tr id="changes-1-2"')]
    for part in ("27 March 2016", "26 March 2016 to 28 March 2016", "Palmyra", "تدمر", "0.98", "#r-r2", "#r-r3"):
        assert part in row


def test_a_mark_in_the_figure_leads_to_the_row_of_its_change(numbers: Any) -> None:
    page = Reading(write_brief(CHANGES, numbers))
    assert page.links.count("#changes-1-1") == 1
    assert "changes-1-1" in page.ids


def test_changes_are_summed_up_by_who_took_from_whom(numbers: Any) -> None:
    text = Reading(write_brief(CHANGES, numbers)).text
    assert "2 places changed hands 2 times between 1 January 2016 and 30 June 2016" in text
    assert "Islamic State to Syrian government 1" in text
    assert "Least sure (chance under 0.9): Tiyas in May 2016." in text


def test_without_places_those_that_changed_hands_are_shown(numbers: Any) -> None:
    text = Reading(write_brief('{{ changes(from="2016-04-01", to="2016-07-01") }}', numbers)).text
    assert "1 place changed hands 1 time" in text
    assert "Tiyas التياس" in text
    assert "Palmyra تدمر" not in text


# --- counts


def test_a_unit_is_a_panel_of_its_own(numbers: Any) -> None:
    page = write_brief(STRIKES, numbers)
    assert page.count('<svg class="months"') == 2
    assert (
        "counted in raids (2 voices) and sorties (1 voice). These are different things and are never added up" in page
    )


def test_no_figure_is_a_sum_of_two_voices(numbers: Any) -> None:
    text = Reading(write_brief(STRIKES, numbers)).text
    assert "at least 900 raids" in text
    assert "940" not in text
    assert "941" not in text


def test_a_figure_for_a_longer_stretch_is_no_bar(numbers: Any) -> None:
    numbers.counted = Tallies(monthly=(), longer=numbers.counted.longer)
    page = write_brief(STRIKES, numbers)
    assert "64 · Monitor" in page
    assert "1 January 2016 to 19 March 2016" in page
    assert 'stroke-width="0.7"/></g>' not in page


def test_what_nobody_counted_is_not_none(numbers: Any) -> None:
    numbers.counted = Tallies(monthly=(), longer=())
    assert "that is not a count of none" in write_brief(STRIKES, numbers)


def test_voices_of_single_events_stand_in_the_table_only() -> None:
    # a fiftieth of 200 is 4
    told = [tally("raid", 2, 200, 200), tally("raid", 2, 4, 4, voice="b"), tally("raid", 2, 3, 3, voice="c")]
    assert foremost(told) == ["Monitor", "b"]


@pytest.mark.parametrize(
    ("low", "best", "high", "words"), [(40, None, None, "40+"), (None, None, 15, "15−"), (203, 203, 205, "203")]
)
def test_a_bar_says_which_end_is_open(low: float | None, best: float | None, high: float | None, words: str) -> None:
    assert short_figure(Bounds(low=low, best=best, high=high, unit="raid", meaning="reported")) == words


def test_a_month_is_as_wide_as_its_days() -> None:
    axis = TimeAxis(start=date(2016, 1, 1), end=date(2016, 3, 1), left=100, width=600)
    assert axis.at(date(2016, 2, 1)) == pytest.approx(100 + 600 * 31 / 60)  # 31 of 31 + 29 days


# --- who faced whom


def held(id: str, lon: float, holder: str, **changes: Any) -> tuple[Place, ControlEstimate]:
    made: dict[str, Any] = {"held_by": {holder: 0.9, "other": 0.1}, "basis": "reports", "evidence": (id,)}
    place = Place(id=id, name=id, lat=0.0, lon=lon, kind=changes.pop("kind", "town"))
    return place, ControlEstimate(place=id, on=date(2016, 3, 20), **(made | changes))


def test_neighbours_of_different_holders_face_each_other() -> None:
    # a tenth of a degree of the equator is 11.1 km, two tenths 22.2
    rows = [held("a", 0.0, "isis"), held("b", 0.1, "rebels"), held("c", 0.3, "isis"), held("d", 0.1, "rebels")]
    assert [(c.one.id, c.other.id, c.pair) for c in contacts(rows, 15)] == [
        ("a", "b", ("isis", "rebels")),
        ("a", "d", ("isis", "rebels")),
    ]
    assert len(contacts(rows, 23)) == 4


def test_the_chance_of_a_contact_is_that_of_both_ends() -> None:
    (found,) = contacts([held("a", 0.0, "isis"), held("b", 0.1, "rebels")], 15)
    assert found.chance == pytest.approx(0.81)  # .9 x .9
    assert found.evidence == ("a", "b")


@pytest.mark.parametrize(
    "changes",
    [{"basis": "neighbours"}, {"held_by": {"contested": 1.0}}, {"held_by": {}, "basis": "none"}],
)
def test_a_place_of_which_nothing_sure_is_said_faces_nobody(changes: dict[str, Any]) -> None:
    assert contacts([held("a", 0.0, "isis"), held("b", 0.1, "rebels", **changes)], 15) == []


def test_a_neighbourhood_is_counted_with_its_town() -> None:
    assert contacts([held("a", 0.0, "isis"), held("b", 0.1, "rebels", kind="neighbourhood")], 15) == []


def test_a_line_is_drawn_only_where_no_third_place_lies_between() -> None:
    # a and c, 22.2 km apart, have b between them: two contacts are drawn of the three that count
    rows = [held("a", 0.0, "isis"), held("b", 0.1, "rebels"), held("c", 0.2, "sdf")]
    found = contacts(rows, 23)
    assert len(found) == 3
    assert [(c.one.id, c.other.id) for c in unparted(found, [place for place, _ in rows])] == [("a", "b"), ("b", "c")]


def test_a_degree_of_longitude_shrinks_towards_the_pole() -> None:
    one, other = (Place(id=str(lon), name="x", lat=60.0, lon=lon) for lon in (0.0, 1.0))
    assert distance(one, other) == pytest.approx(111.195 / 2, rel=1e-3)  # cos 60 degrees is a half


def test_a_front_counts_its_pairs_and_says_what_it_leaves_open(numbers: Any) -> None:
    # Tiyas (government) and Palmyra (ISIS) are 55 km apart; al-Qaryatayn is contested
    text = Reading(write_brief(FRONT, numbers)).text
    assert "1 pair of neighbouring places, at most 60 km apart, most likely had different holders." in text
    assert "nothing is said of the land between them" in text
    assert "Who faced whom, 20 March 2016" in text


def test_a_front_without_a_contact_says_so(numbers: Any) -> None:
    assert "No two places on this map" in write_brief('{{ front(on="2016-03-20", apart=20) }}', numbers)


# --- all of them


def test_every_inner_link_of_the_figures_has_its_target(numbers: Any) -> None:
    page = Reading(write_brief(ALL, numbers))
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_the_figures_give_the_same_bytes_each_time(numbers: Any) -> None:
    assert write_brief(ALL, numbers) == write_brief(ALL, numbers)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{{ strip("palmyra", from="2016-05-01", to="2016-04-01") }}', "days the wrong way round"),
        ('{{ strip("palmyra", from="May") }}', "from is not a day"),
        ('{{ strip("palmyra", start="2016-05-01") }}', r"expected: strip\(place, from="),
        ('{{ strikes(actor="russia", units="raids") }}', 'did you mean "raid"'),
        ('{{ front(on="2016-03-20", apart="near") }}', "apart is not a distance"),
        ("{{ strip(place='from=1', from_='x') }}", "from is not a day"),
    ],
)
def test_a_mistake_in_a_figure_says_what_is_wrong(numbers: Any, text: str, says: str) -> None:
    with pytest.raises((InputError, NotFound), match=says):
        write_brief(text, numbers)


def test_without_days_a_figure_shows_those_of_the_case(numbers: Any) -> None:
    assert "1 January 2015 to 30 December 2016" in write_brief('{{ strip("palmyra") }}', numbers)
    numbers.stamp = dataclasses.replace(numbers.stamp, start=None)
    with pytest.raises(InputError, match="no days to show"):
        write_brief('{{ strip("palmyra") }}', numbers)
