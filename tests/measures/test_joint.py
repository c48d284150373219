"""Joint draws over a ground, and the changes of hands in them."""

import numpy as np
import pytest

from tests.measures.by_hand import day, report, view_of
from tests.measures.changes import capture, control
from tests.measures.doubt import doubtful
from zenobia.measures.joint import NEVER, drawn, draws_for, gained
from zenobia.measures.question import Apart, Ground
from zenobia.terms import InputError, NotMeasurable, day_number

START, END = day_number(day("2031-01-01")), day_number(day("2031-07-01"))
LONG_AGO = "2000-01-01"


def on(text):
    return day_number(day(text))


def taking(
    prepared, *reports, before="league", after="crown", ground=None, start=START, end=END, known=None, apart=None
):
    view = view_of(*reports, known=known)
    return gained(view, prepared.control, ground or Ground(), before, after, start, end, prepared.draws, 1, apart=apart)


def test_draws_are_of_the_places_on_the_ground():
    prepared = control(alder=[(LONG_AGO, "league")], cedar=[(LONG_AGO, "crown")])
    found = drawn(view_of(), prepared.control, Ground(admin1=("North",)), START, END, 5, 1)
    assert found.places == ("alder",)
    assert found.on([START, END - 1]).shape == (5, 1, 2)


def test_each_place_has_its_states_on_every_day():
    prepared = control(alder=[(LONG_AGO, "league"), ("2031-01-03", "crown")])
    found = drawn(view_of(), prepared.control, Ground(), START, START + 4, 5, 1)
    assert found.days.tolist() == [START, START + 1, START + 2, START + 3]
    [(place, states)] = found.each()
    # league is the second of the states, crown the first.
    assert (place, states.tolist()) == ("alder", [[1, 1, 0, 0]] * 5)


def test_what_a_holder_has_is_summed_over_places_or_over_what_they_are_worth():
    prepared = control(alder=[(LONG_AGO, "league"), ("2031-01-03", "crown")], cedar=[(LONG_AGO, "crown")])
    found = drawn(view_of(), prepared.control, Ground(), START, START + 4, 5, 1)
    assert found.total("crown")[0].tolist() == [1, 1, 2, 2]
    assert found.total("crown", np.array([100.0, 7.0]))[0].tolist() == [7, 7, 107, 107]
    assert found.total("guard").sum() == 0


def test_a_place_that_passes_over_and_stays_is_gained_on_its_day():
    found = taking(control(alder=[(LONG_AGO, "league"), ("2031-02-10", "crown")]))
    assert found.matrix.all()
    assert found.days("alder") == (on("2031-02-10"),) * 3


def test_a_place_that_is_lost_again_within_a_week_is_not_gained():
    six_days = [(LONG_AGO, "league"), ("2031-02-10", "crown"), ("2031-02-16", "league")]
    seven_days = [(LONG_AGO, "league"), ("2031-02-10", "crown"), ("2031-02-17", "league")]
    assert not taking(control(alder=six_days)).matrix.any()
    assert taking(control(alder=seven_days)).matrix.all()


def test_days_that_are_fought_for_do_not_count_as_held():
    # Five days, then a fight, then two more: seven in all before the League is back.
    fought = [
        (LONG_AGO, "league"),
        ("2031-02-10", "crown"),
        ("2031-02-15", "contested"),
        ("2031-02-20", "crown"),
        ("2031-02-22", "league"),
    ]
    assert taking(control(alder=fought)).days("alder") == (on("2031-02-10"),) * 3
    assert not taking(control(alder=[*fought[:3], ("2031-02-20", "league")])).matrix.any()


def test_what_is_contested_in_between_is_looked_through():
    through = [(LONG_AGO, "league"), ("2031-02-01", "contested"), ("2031-02-10", "crown")]
    assert taking(control(alder=through)).days("alder") == (on("2031-02-10"),) * 3
    assert not taking(control(alder=through), before="guard").matrix.any()


def test_who_held_a_place_before_the_period_is_known():
    contested_at_first = [(LONG_AGO, "league"), ("2030-12-20", "contested"), ("2031-01-05", "crown")]
    assert taking(control(alder=contested_at_first)).matrix.all()


def test_from_anybody_and_from_several_as_one_side():
    told = control(alder=[(LONG_AGO, "guard"), ("2031-02-10", "crown")])
    assert taking(told, before=None).matrix.all()
    assert taking(told, before=("league", "guard")).matrix.all()
    assert not taking(told, before="league").matrix.any()
    inside_one_side = control(alder=[(LONG_AGO, "guard"), ("2031-02-10", "league")])
    assert not taking(inside_one_side, before=None, after=("league", "guard")).matrix.any()


def test_a_gain_near_the_end_of_what_is_known_needs_no_week():
    told = control(alder=[(LONG_AGO, "league"), ("2031-02-10", "crown"), ("2031-02-13", "league")])
    assert taking(told, known=day("2031-02-11")).matrix.all()
    assert not taking(told, known=day("2031-03-11")).matrix.any()


def test_nothing_is_gained_after_the_day_of_the_view():
    told = control(alder=[(LONG_AGO, "league"), ("2031-02-10", "crown")])
    found = taking(told, known=day("2031-02-09"))
    assert not found.matrix.any()
    assert found.end == on("2031-02-10")


def test_a_place_that_is_lost_later_was_gained_and_not_kept():
    lost = control(alder=[(LONG_AGO, "league"), ("2031-02-10", "crown"), ("2031-03-10", "guard")])
    found = taking(lost)
    assert (found.matrix.all(), found.kept.any()) == (True, False)
    assert taking(control(alder=[(LONG_AGO, "league"), ("2031-02-10", "crown")])).kept.all()


def test_the_chance_of_a_gain_is_its_share_of_the_draws():
    found = taking(doubtful(alder=[(LONG_AGO, {"league": 1.0}), ("2031-02-10", {"crown": 0.7, "league": 0.3})]))
    assert found.chance.tolist() == [0.7]
    assert (found.day[:, 0] == NEVER).sum() == 30


def test_the_reports_of_a_turn_are_named_and_the_claimants_kept_apart():
    told = control(alder=[(LONG_AGO, "league"), ("2031-02-10", "crown")])
    reports = (
        capture("a", "2031-02-10", "alder"),
        report("b", "2031-02-11", "withdrawal", place="alder", holder="league", status="loses", source="monitor"),
        report("c", "2031-03-01", "control", place="alder", holder="crown-militia", status="holds", source="gazette"),
        report("d", "2031-02-20", "control", place="alder", holder="league", status="holds", source="gazette"),
        capture("e", "2031-07-10", "alder", source="monitor"),
        capture("w", "2031-02-10", "alder", source="writer"),
    )
    found = taking(told, *reports, apart=Apart(sources=("writer",)))
    rows = found.told["alder"]
    assert [view_of(*reports).column("id")[row] for row in rows.rows] == ["a", "b", "c"]
    assert (rows.voices, rows.claimed_only, rows.turned) == (3, False, True)
    assert found.claimant_only == ("w",)


def test_what_only_the_taker_says_is_claimed_only():
    told = control(alder=[(LONG_AGO, "league"), ("2031-02-10", "crown")])
    own = capture("a", "2031-02-10", "alder", source="crown-agency")
    passed_on = capture("b", "2031-02-10", "alder", source="wire", origin="crown-agency")
    assert taking(told, own, passed_on).claimed_only == ("alder",)
    admitted = capture("c", "2031-02-10", "alder", source="league-press")
    assert taking(told, own, admitted).claimed_only == ()


def test_several_takers_are_one_side_also_as_witnesses():
    told = control(alder=[(LONG_AGO, "league"), ("2031-02-10", "crown")])
    own = capture("a", "2031-02-10", "alder", source="crown-agency")
    assert taking(told, own, after=("crown", "guard")).claimed_only == ("alder",)


def test_a_ground_of_which_nothing_is_known_cannot_be_drawn():
    prepared = control(alder=[(LONG_AGO, "league")])
    with pytest.raises(NotMeasurable, match="who held any place in South"):
        drawn(view_of(), prepared.control, Ground(admin1=("South",)), START, END, 5, 1)


@pytest.mark.parametrize(("before", "after"), [("league", "league"), ("contested", "crown"), ("x", "crown")])
def test_sides_that_are_none_are_refused(before, after):
    with pytest.raises(InputError):
        taking(control(alder=[(LONG_AGO, "league")]), before=before, after=after)


def test_many_places_are_given_fewer_draws():
    assert [draws_for(n, 2000) for n in (1, 30, 60, 1000)] == [2000, 2000, 1000, 400]
    assert draws_for(1000, 5) == 5
