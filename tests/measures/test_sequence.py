"""sequence: gains with something near them shortly before, and what time alone would bring."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.measures.by_hand import AREAS, STRIKE_FRAME, report, strike, view_of
from tests.measures.changes import CHANGES_FRAME, capture, control
from zenobia import measures
from zenobia.measures import Apart
from zenobia.measures.shifts import shifted
from zenobia.record import NOUNS, table_of
from zenobia.terms import Area, NotMeasurable

ASKED = {
    "measure": "sequence",
    "first": {"type": "air-strike", "actor": "empire"},
    "then": {"change": {"from": "crown", "to": "league"}},
    "from": "2031-02-01",
    "to": "2031-07-01",
}
# The League takes Alder on 10 March and Cedar on 10 May.
TAKEN = control(
    alder=[("2000-01-01", "crown"), ("2031-03-10", "league")],
    cedar=[("2000-01-01", "crown"), ("2031-05-10", "league")],
)
GAINS = (
    capture("gain-a", "2031-03-10", "alder", "league"),
    capture("gain-c", "2031-05-10", "cedar", "league", source="monitor"),
)


def sequence(*reports, prepared=TAKEN, frames=(), apart=None, **keys):
    asked = measures.question(measures.merged(ASKED, keys))
    view = view_of(*reports, frames=frames)
    return measures.answer(asked.model_copy(update={"apart": apart or Apart()}), view, prepared)


def limits(bounds):
    return bounds.low, bounds.best, bounds.high


def test_a_gain_with_a_strike_there_five_days_before_is_one():
    answer = sequence(*GAINS, strike("s", "2031-03-05"))
    # Alder has one, Cedar none; there may be others that nobody told of.
    assert limits(answer.judged) == (1, 1, None)
    assert answer.for_ == ("gain-a", "s")
    assert "Alder, 10 March 2031: one report near it, the last 5 days before" in answer.notes


@pytest.mark.parametrize(
    ("when", "found"), [("2031-02-23", 0), ("2031-02-24", 1), ("2031-03-10", 1), ("2031-03-11", 0)]
)
def test_fourteen_days_before_count_and_the_day_itself_and_no_other(when, found):
    assert sequence(*GAINS, strike("s", when)).judged.low == found


def test_what_is_farther_off_than_asked_is_not_near():
    # Birch is 20.02 km from Alder.
    near = strike("s", "2031-03-05", "birch")
    assert sequence(*GAINS, near).judged.low == 0
    assert sequence(*GAINS, near, km=21).judged.low == 1


def test_the_same_place_counts_once_however_many_strikes():
    assert sequence(*GAINS, *(strike(f"s{n}", f"2031-03-0{n}") for n in range(1, 9))).judged.low == 1


def test_lists_of_both_close_it_above():
    listed = (
        strike("s", "2031-03-05", source="strikes"),
        capture("l", "2031-03-10", "alder", "league", source="almanac"),
    )
    wider = STRIKE_FRAME.__class__(**{**_fields(STRIKE_FRAME), "start": date(2031, 1, 15)})
    answer = sequence(*GAINS, *listed, frames=(wider, CHANGES_FRAME))
    assert limits(answer.judged) == (1, 1, 1)
    assert answer.frame == "the list of Strike Archive and the list of Almanac"


@pytest.mark.parametrize("frames", [(), (STRIKE_FRAME,), (CHANGES_FRAME,)])
def test_without_both_lists_there_is_no_only(frames):
    listed = (
        strike("s", "2031-03-05", source="strikes"),
        capture("l", "2031-03-10", "alder", "league", source="almanac"),
    )
    answer = sequence(*GAINS, *listed, frames=frames)
    assert answer.judged.high is None
    assert "a list of " in answer.settle


def _fields(frame):
    return {name: getattr(frame, name) for name in ("source", "type", "area", "start", "end", "unit", "rule")}


def test_a_gain_that_only_the_side_that_gains_tells_of_is_not_in_the_low():
    own = capture("gain-a", "2031-03-10", "alder", "league", source="league-press")
    answer = sequence(own, strike("s", "2031-03-05"))
    assert answer.judged.low == 0
    assert any("told of only by the side that gains" in note for note in answer.notes)


def test_the_claimants_word_makes_no_sequence():
    answer = sequence(*GAINS, strike("s", "2031-03-05", source="writer"), apart=Apart(sources=("writer",)))
    assert answer.judged.low == 0
    assert answer.claimant_only == ("s",)


def test_one_of_two_strikers_counts_only_in_the_high():
    assert sequence(*GAINS, strike("s", "2031-03-05", actor="empire|crown")).judged.low == 0


def test_a_month_that_may_end_after_the_gain_is_not_before_it():
    answer = sequence(*GAINS, report("s", "2031-03-01", until="2031-04-01", place="alder", actor="empire"))
    assert answer.judged.low == 0


def test_one_more_voice_that_agrees_never_weakens_it():
    alone = sequence(*GAINS, strike("s", "2031-03-05"))
    more = sequence(*GAINS, strike("s", "2031-03-05"), strike("t", "2031-03-06", source="gazette"))
    assert more.judged.low >= alone.judged.low


def test_relabelling_the_parties_relabels_the_answer():
    asked = {"then": {"change": {"from": "guard", "to": "crown"}}}
    other = control(
        alder=[("2000-01-01", "guard"), ("2031-03-10", "crown")],
        cedar=[("2000-01-01", "guard"), ("2031-05-10", "crown")],
    )
    gains = (capture("gain-a", "2031-03-10", "alder"), capture("gain-c", "2031-05-10", "cedar", source="monitor"))
    told = sequence(*gains, strike("s", "2031-03-05"), prepared=other, **asked)
    assert told.judged == sequence(*GAINS, strike("s", "2031-03-05")).judged


def test_nobody_known_on_the_ground_is_not_none():
    with pytest.raises(NotMeasurable, match="no independent report says who held"):
        sequence(*GAINS, place="birch")


def test_order_is_said_not_to_be_cause():
    assert "order is not cause" in sequence(*GAINS).notes


# --- shifts ---------------------------------------------------------------------------------------


def on_day(day, length):
    weight = np.zeros(length)
    weight[day] = 1.0
    return weight


def test_shifts_by_hand():
    # Reported on day 2 of 10, gained on day 3, two days back: seen. Under a shift by s the report stands on day
    # 2 + s; it precedes the gain on days 1, 2, 3, so for s = 9, 0, 1: three of ten shifts.
    told = shifted([(np.array([2]), on_day(3, 10))], 10, 2)
    assert (told.seen, told.expected, told.as_many, told.shifts) == (1.0, pytest.approx(0.3), pytest.approx(0.3), 10)
    assert told.excess == pytest.approx(0.7)


def test_a_window_does_not_reach_back_over_the_beginning():
    # Reported on the last day, gained on the first: not before it.
    assert shifted([(np.array([9]), on_day(0, 10))], 10, 3).seen == 0


spans = st.integers(20, 120)


@settings(max_examples=30, deadline=None)
@given(spans, st.data())
def test_where_nothing_ties_them_the_excess_is_nought_on_average(length, data):
    """Reports in waves, moved by every number of days: what is seen is on average what is expected."""
    days = st.lists(st.integers(0, length - 1), min_size=1, max_size=8, unique=True)
    reported = [np.array(data.draw(days)) for _ in range(2)]
    gained = [data.draw(st.integers(0, length - 1)) for _ in range(2)]
    excess = []
    for move in range(length):
        moved = [(np.unique((r + move) % length), on_day(g, length)) for r, g in zip(reported, gained, strict=True)]
        excess.append(shifted(moved, length, 5).excess)
    assert abs(float(np.mean(excess))) < 1e-6


def test_a_planted_tie_is_found_in_spite_of_waves():
    """Ten places, each struck in two waves of three days, each gained two days after one of them."""
    rng = np.random.default_rng(3)
    waves = [np.sort(rng.choice(300, 2, replace=False)) for _ in range(10)]
    planted = [
        (np.unique(np.concatenate([w + k for k in range(3)]) % 300), on_day((w[0] + 4) % 300, 300)) for w in waves
    ]
    told = shifted(planted, 300, 7)
    assert told.seen >= 9
    assert told.expected < 2
    assert told.as_many < 0.05


def test_waves_that_all_places_share_are_not_taken_for_ten_ties():
    """One wave over all ten places, gains all on one day: moved together they agree or not together."""
    shared = [(np.arange(40, 44), on_day(45, 200)) for _ in range(10)]
    told = shifted(shared, 200, 7)
    # The wave of four days covers the gain under 7 + 4 = 11 of 200 shifts: ten sequences, or none.
    assert told.seen == 10
    assert told.as_many == pytest.approx(11 / 200)


def test_a_listed_report_without_a_day_may_stand_before_every_gain_near_it():
    wider = STRIKE_FRAME.__class__(**{**_fields(STRIKE_FRAME), "start": date(2031, 1, 15)})
    listed = (
        strike("s", "2031-03-05", source="strikes"),
        strike("undated", None, "cedar", source="strikes"),
        capture("l", "2031-03-10", "alder", "league", source="almanac"),
    )
    answer = sequence(*GAINS, *listed, frames=(wider, CHANGES_FRAME))
    assert limits(answer.judged) == (1, 1, 2)


def test_lists_of_the_ground_alone_say_nothing_of_what_stands_beside_it():
    # Birch, where strikes would count, lies beyond the northern edge of a list that ends 5 km from Alder.
    ring = [[10.9, 45.95], [11.1, 45.95], [11.1, 46.05], [10.9, 46.05], [10.9, 45.95]]
    narrow = Area(id="narrow", name="the narrow", kind="front", geometry={"type": "Polygon", "coordinates": [ring]})
    wider = replace(STRIKE_FRAME, start=date(2031, 1, 1))
    listed = (
        strike("s", "2031-01-20", source="strikes"),
        capture("l", "2031-03-10", "alder", "league", source="almanac"),
    )
    for area, high in (("narrow", None), ("valley", 0)):
        view = view_of(*listed, frames=(replace(wider, area=area), replace(CHANGES_FRAME, area="valley")))
        view = replace(view, tables={**view.tables, "areas": table_of(NOUNS["areas"], (*AREAS, narrow))})
        asked = measures.question(measures.merged(ASKED, {"area": "narrow", "km": 21}))
        assert measures.answer(asked, view, TAKEN).judged.high == high


def test_a_list_of_deaths_holds_no_strike_that_killed_nobody():
    listed = (
        strike("s", "2031-01-20", source="strikes", count=3, unit="death"),
        capture("l", "2031-03-10", "alder", "league", source="almanac"),
    )
    assert sequence(*listed, frames=(replace(STRIKE_FRAME, unit="death"), CHANGES_FRAME)).judged.high is None
