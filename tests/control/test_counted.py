"""Places and people counted from joint histories; and the days on which wholly other voices carry a place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from zenobia import control
from zenobia.control.counted import on_days
from zenobia.control.courses import Courses
from zenobia.record import View
from zenobia.terms import Place, day_number

Made = Callable[..., View]

START = date(2020, 1, 1)


def on(days: int) -> int:
    return day_number(START) + days


def row(place: str, days: int, holder: str, source: str = "wire", status: str = "holds", **more: Any) -> dict[str, Any]:
    day = START + timedelta(days=days)
    return {"place": place, "source": source, "date": day, "status": status, "holder": holder, **more}


def often(place: str, holder: str, *days: int) -> list[dict[str, Any]]:
    """Said by three who take no side, so that there is little doubt."""
    return [row(place, day, holder, source) for day in days for source in ("wire", "monitor", "scholar")]


PLACES = [
    Place(id="tal", name="tal", kind="town", population=1000),
    Place(id="wadi", name="wadi", kind="village", population=200),
    Place(id="jisr", name="jisr", kind="village"),
    Place(id="hara", name="hara", kind="neighbourhood", population=700),
]
# Tal passes from the reds to the blues about day 45; the others stay with the reds. Nobody speaks of jisr at first.
TAKEN = [
    *often("tal", "reds", 5, 20, 40),
    *[row("tal", 45, "blues", source, "takes", target="reds") for source in ("wire", "monitor")],
    *often("tal", "blues", 50, 70, 85),
    *often("wadi", "reds", 5, 20, 40, 50, 70, 85),
    *often("hara", "reds", 5, 20, 40, 50, 70, 85),
]


def test_states_on_a_day_are_those_of_the_runs_round_it() -> None:
    # Two places, two draws each: 0 all through; 0, then 1 from day 12; 1 all through; 1, then 0 from day 11.
    courses = Courses(
        begin=np.array([0, 1, 3, 4, 6]),
        day=np.array([10, 10, 12, 10, 10, 11], dtype=np.int32),
        state=np.array([0, 0, 1, 1, 1, 0], dtype=np.int8),
    )
    found = [states.tolist() for states in on_days(courses, 2, [10, 11, 12, 30])]
    assert found == [[[0, 0], [1, 1]], [[0, 0], [1, 0]], [[0, 1], [1, 0]], [[0, 1], [1, 0]]]


def test_what_was_gained_lost_and_held_is_told_place_by_place(made: Made) -> None:
    view = made(TAKEN, places=PLACES)
    found = control.compared(control.estimate(view), view.places, on(20), on(70))
    tal, wadi = (next(row for row in found.places if row.place == place) for place in ("tal", "wadi"))
    assert tal.gained["blues"] > 0.9
    assert tal.lost["reds"] > 0.9
    assert tal.held["reds"] < 0.05
    assert wadi.held["reds"] > 0.9
    assert wadi.changed < 0.05


def test_gained_lost_and_held_on_both_days_agree_with_the_chances_of_each_day(made: Made) -> None:
    view = made(TAKEN, places=PLACES)
    found = control.compared(control.estimate(view), view.places, on(20), on(70))
    for place in found.places:
        for holder in ("reds", "blues"):
            # 2,000 draws: two standard errors are at most 2 * sqrt(.25 / 2000) = .022.
            assert place.lost[holder] + place.held[holder] == pytest.approx(place.before[holder], abs=0.03)
            assert place.gained[holder] + place.held[holder] == pytest.approx(place.after[holder], abs=0.03)


def test_sums_count_a_city_and_not_its_neighbourhoods_beside_it(made: Made) -> None:
    view = made(TAKEN, places=PLACES)
    found = control.compared(control.estimate(view), view.places, on(20), on(70))
    assert {row.place for row in found.places} == {"tal", "wadi", "hara"}
    # Tal and wadi are counted: one gained by the blues, one held by the reds.
    assert found.gained["blues"].best == 1
    assert found.held["reds"].best == 1
    assert found.lost["reds"].best == 1


def test_totals_count_places_and_people_on_each_day(made: Made) -> None:
    view = made(TAKEN, places=PLACES)
    rows = {(r.day, r.holder): r for r in control.totals(control.estimate(view), view.places, [on(20), on(70)])}
    assert rows[on(20), "reds"].places.best == 2
    assert rows[on(20), "reds"].people is not None
    assert rows[on(20), "reds"].people.best == 1200  # type: ignore[union-attr]
    assert rows[on(70), "reds"].people.best == 200  # type: ignore[union-attr]
    assert rows[on(70), "blues"].places.best == 1
    assert rows[on(70), "blues"].people.best == 1000  # type: ignore[union-attr]


def test_where_no_counted_place_is_inside_each_state_had_none(made: Made) -> None:
    view = made(TAKEN, places=PLACES)
    estimate = control.estimate(view)
    rows = list(control.totals(estimate, view.places, [on(30), on(60)], inside={"jisr"}))
    assert [(row.day, row.holder) for row in rows] == [(d, s) for d in (on(30), on(60)) for s in estimate.states]
    assert {(row.places.low, row.places.high, row.people) for row in rows} == {(0, 0, None)}


def test_people_are_not_known_where_no_place_has_a_population(made: Made) -> None:
    view = made([row("jisr", 5, "reds")], places=PLACES)
    assert all(r.people is None for r in control.totals(control.estimate(view), view.places, [on(5)]))


def test_bounds_of_a_total_hold_the_mean_of_its_chances(made: Made) -> None:
    # Ten villages told of once by one voice each: none is sure, and the mean of the sum lies within nine in ten.
    places = [Place(id=f"v{n}", name=f"v{n}", kind="village") for n in range(10)]
    view = made([row(p.id, 5 + 8 * n, "reds" if n % 3 else "blues") for n, p in enumerate(places)], places=places)
    estimate = control.estimate(view)
    (reds,) = [r for r in control.totals(estimate, view.places, [on(30)]) if r.holder == "reds"]
    mean = estimate.chances([p.id for p in places], np.full(10, on(30)))[:, 0].sum()
    assert reds.places.low is not None
    assert reds.places.high is not None
    assert reds.places.low <= mean <= reds.places.high
    assert reds.places.low < reds.places.high


def test_a_record_without_evidence_has_no_totals_and_nothing_to_compare(made: Made) -> None:
    view = made([])
    estimate = control.estimate(view)
    assert list(control.totals(estimate, view.places, [on(5)])) == []
    assert control.compared(estimate, view.places, on(5), on(6)).places == ()


def test_the_voices_change_wholly_where_none_of_the_old_ones_goes_on(made: Made) -> None:
    view = made([row("tal", 5, "reds"), row("tal", 20, "reds"), row("tal", 50, "reds", "monitor")])
    estimate = control.estimate(view)
    assert estimate.voices_changed("tal") == [on(50)]
    assert estimate.spells()["voices_changed"].to_pylist() == [["2020-02-20"]]  # day 50


def test_voices_that_take_turns_do_not_change_wholly(made: Made) -> None:
    view = made([row("tal", day, "reds", source) for day, source in ((5, "wire"), (20, "monitor"), (50, "wire"))])
    assert control.estimate(view).voices_changed("tal") == []


def test_a_voice_that_comes_back_within_half_a_year_goes_on(made: Made) -> None:
    period = (START, date(2021, 12, 31))
    within = [row("tal", 5, "reds"), row("tal", 100, "reds", "monitor"), row("tal", 280, "reds")]
    beyond = [*within[:2], row("tal", 281, "reds")]
    assert control.estimate(made(within, period=period)).voices_changed("tal") == []
    # Day 281 is 181 days after day 100, so from then on the monitor alone carries the place. Up to its word on day 100
    # the wire had spoken within 180 days too, so on day 281 nobody new comes in.
    assert control.estimate(made(beyond, period=period)).voices_changed("tal") == [on(100)]


def test_what_news_says_of_the_days_before_it_does_not_date_a_change_of_voices(made: Made) -> None:
    view = made([row("tal", 5, "reds"), row("tal", 50, "blues", "monitor", "takes", target="reds")])
    assert control.estimate(view).voices_changed("tal") == [on(50)]


def test_totals_say_at_how_many_places_the_voices_changed(made: Made) -> None:
    view = made([row("tal", 5, "reds"), row("tal", 20, "reds"), row("tal", 50, "reds", "monitor")])
    rows = control.totals(control.estimate(view), view.places, [on(0), on(40), on(60), on(80)])
    assert [r.voices_changed for r in rows if r.holder == "reds"] == [0, 0, 1, 0]
