"""pace: how many times as often after a day as before."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.measures import by_hand
from tests.measures.by_hand import STRIKE_FRAME, day, report, strike, view_of
from tests.measures.changes import CHANGES_FRAME, capture, control
from zenobia import measures
from zenobia.measures import Apart, Prepared
from zenobia.measures.rates import ratio_of_counts
from zenobia.terms import InputError, NotMeasurable

LONG_AGO = "2000-01-01"
# 31 days before 1 February, 28 from then on.
DATES = {"from": "2031-01-01", "at": "2031-02-01", "to": "2031-03-01"}
STRIKES = {"measure": "pace", "of": {"type": "air-strike", "actor": "empire"}, **DATES}
GAINS = {"measure": "pace", "change": {"from": "league", "to": "crown"}, **DATES}


def ask(raw, view, prepared=None, apart=None):
    asked = measures.question(raw).model_copy(update={"apart": apart or Apart()})
    return measures.answer(asked, view, prepared or Prepared())


def strikes(before, after, source="strikes", **fields):
    days = [*(f"2031-01-{1 + n:02}" for n in range(before)), *(f"2031-02-{1 + n:02}" for n in range(after))]
    return [strike(f"s{n:02}", when, source=source, **fields) for n, when in enumerate(days)]


def listed(*reports):
    return view_of(*reports, frames=(STRIKE_FRAME,))


def test_the_rate_after_over_the_rate_before():
    answer = ask(STRIKES, listed(*strikes(4, 9)))
    # (9/28) / (4/31) = 2.49.
    assert answer.found.best == pytest.approx(9 / 28 / (4 / 31))
    exact = ratio_of_counts((4, 9), (4, 9), (31, 28))
    assert (answer.found.low, answer.found.high) == pytest.approx((exact.low, exact.high))
    assert (answer.found.unit, answer.frame) == ("times", "the list of Strike Archive")
    assert (len(answer.against), len(answer.for_)) == (4, 9)


def test_it_says_how_many_in_how_many_days():
    says = ask(STRIKES, listed(*strikes(4, 9))).says
    # 4 in 31 days are 3.93 in a month of 30.4375.
    assert "4 incidents in 31 days (3.93 a month) before 1 February 2031" in says
    assert "2.49" in says


def test_without_a_list_there_is_no_pace():
    with pytest.raises(NotMeasurable, match="a list of air strikes counted in incidents") as refused:
        ask(STRIKES, view_of(*strikes(4, 9)))
    assert "is not that of what happened" in str(refused.value)


def test_a_list_must_cover_both_sides_of_the_day():
    late = replace(STRIKE_FRAME, start=day("2031-01-15"))
    with pytest.raises(NotMeasurable):
        ask(STRIKES, view_of(*strikes(4, 9), frames=(late,)))


def test_the_claimants_own_list_is_none():
    with pytest.raises(NotMeasurable):
        ask(STRIKES, listed(*strikes(4, 9)), apart=Apart(sources=("strikes",)))


def test_from_none_to_some_is_at_least_so_many_times():
    answer = ask(STRIKES, listed(*strikes(0, 9)))
    assert (answer.found.best, answer.found.high) == (None, None)
    assert answer.found.low > 2
    assert "at least" in answer.says


def test_what_may_be_anothers_widens_it():
    doubtful = strike("d", "2031-01-20", actor="empire|crown", source="strikes")
    sure, open_ = (ask(STRIKES, listed(*strikes(4, 9), *more)).found for more in ((), (doubtful,)))
    assert open_.low == pytest.approx(ratio_of_counts((5, 9), (5, 9), (31, 28)).low)
    assert open_.high == pytest.approx(sure.high)


def test_what_comes_in_clumps_is_less_sure():
    raids = [replace(r, unit="raid", count=10) for r in strikes(4, 9)]
    view = view_of(*raids, frames=(replace(STRIKE_FRAME, unit="raid"),))
    answer = ask({**STRIKES, "unit": "raid"}, view)
    # Forty and ninety raids, ten at a time, are as sure as four and nine.
    exact = ratio_of_counts((4, 9), (4, 9), (31, 28))
    assert (answer.found.low, answer.found.high) == pytest.approx((exact.low, exact.high))
    assert any("raids come about 10 at a time" in note for note in answer.notes)


TURNS = control(
    alder=[(LONG_AGO, "league"), ("2031-01-10", "crown")],
    birch=[(LONG_AGO, "league"), ("2031-02-10", "crown")],
    cedar=[(LONG_AGO, "league"), ("2031-02-12", "crown")],
)
TOLD = (
    capture("a", "2031-01-10", "alder"),
    capture("b", "2031-02-10", "birch"),
    capture("c", "2031-02-12", "cedar", source="monitor"),
)


def test_the_pace_of_gains_counts_places_in_the_draws():
    answer = ask(GAINS, view_of(*TOLD), TURNS)
    exact = ratio_of_counts((1, 2), (1, 2), (31, 28))
    assert (answer.found.low, answer.found.high) == pytest.approx((exact.low, exact.high))
    # (2/28) / (1/31) = 2.21.
    assert answer.found.best == pytest.approx(2 * 31 / 28)
    assert (answer.for_, answer.against) == (("b", "c"), ("a",))
    assert any("of whichever side more is told" in note for note in answer.notes)


def test_without_a_list_of_captures_the_pace_of_gains_is_shown_and_decides_nothing():
    answer = ask(GAINS, view_of(*TOLD), TURNS)
    assert answer.found.best == pytest.approx(2 * 31 / 28)
    assert "more may be on record of one side of that day than of the other" in answer.short
    assert "a list of captures counted in places" in answer.short
    assert "1 January 2031 to 28 February 2031" in answer.short


def test_with_a_list_of_captures_it_decides():
    answer = ask(
        GAINS, view_of(*TOLD, report("n", "2031-03-20", "capture", source="almanac"), frames=(CHANGES_FRAME,)), TURNS
    )
    assert (answer.short, answer.frame) == (None, "the list of Almanac")


def test_a_list_that_cannot_see_one_partys_ground_is_no_list_of_its_changes():
    blind = replace(CHANGES_FRAME, misses=("league",))
    answer = ask(GAINS, view_of(*TOLD, report("n", "2031-03-20", "capture", source="almanac"), frames=(blind,)), TURNS)
    assert answer.short is not None


def test_the_pace_on_a_list_that_cannot_see_some_ground_decides_nothing():
    blind = replace(STRIKE_FRAME, misses=("guard",))
    answer = ask(STRIKES, view_of(*strikes(4, 9), frames=(blind,)))
    assert answer.found.best == pytest.approx(9 / 28 / (4 / 31))
    assert "mostly cannot see what happened on ground of the Guard" in answer.short


def test_what_the_taker_alone_says_is_in_doubt_on_either_side():
    own = (TOLD[0], TOLD[1], capture("c", "2031-02-12", "cedar", source="crown-agency"))
    answer = ask(GAINS, view_of(*own), TURNS)
    low, high = ratio_of_counts((1, 1), (1, 1), (31, 28)).low, ratio_of_counts((1, 2), (1, 2), (31, 28)).high
    assert (answer.found.low, answer.found.high) == pytest.approx((low, high))


def test_gains_of_which_nobody_tells_have_no_pace():
    with pytest.raises(NotMeasurable, match="no report tells of places that the Crown took from the League"):
        ask(GAINS, view_of(), TURNS)


def test_order_in_time_is_not_said_to_be_a_cause():
    assert "before and after is an order in time, and not a cause" in ask(GAINS, view_of(*TOLD), TURNS).notes


def test_other_fronts_stand_beside_it():
    notes = ask({**GAINS, "compare": ["northern-front", "valley"]}, view_of(*TOLD), TURNS).notes
    assert any(note.startswith("in the northern front: ") for note in notes)
    assert any(note.startswith("in the valley: ") for note in notes)


def test_before_the_day_itself_nothing_can_be_said():
    with pytest.raises(NotMeasurable, match="nothing after 1 February 2031 was known yet"):
        ask(GAINS, view_of(*TOLD, known=day("2031-01-20")), TURNS)


def test_a_period_ends_with_what_is_known():
    answer = ask(GAINS, view_of(*TOLD, known=day("2031-02-14")), TURNS)
    assert "2 places in 14 days" in answer.says


@pytest.mark.parametrize(
    "raw",
    [
        {**GAINS, "of": {"type": "air-strike"}},
        {"measure": "pace", **DATES},
        {**STRIKES, "of": {"type": "air-strike", "from": "2031-01-01"}},
        {**STRIKES, "of": {"type": "air-strike", "place": "alder"}},
        {**GAINS, "unit": "incident"},
        {**GAINS, "at": "2031-03-01"},
        {**GAINS, "at": "2030-03-01"},
    ],
)
def test_questions_that_make_no_sense_are_refused(raw):
    with pytest.raises(InputError):
        measures.question(raw)


few = settings(max_examples=20, deadline=None)


@few
@given(st.integers(0, 20), st.integers(0, 20), st.sampled_from(["wire", "monitor", "empire-staff"]))
def test_reports_that_are_on_no_list_never_give_a_pace(before, after, source):
    with pytest.raises(NotMeasurable):
        ask(STRIKES, view_of(*strikes(before, after, source=source)))


@few
@given(st.integers(0, 20), st.integers(0, 20))
def test_low_best_and_high_are_in_order(before, after):
    if before or after:
        found = ask(STRIKES, listed(*strikes(before, after))).found
        known = [x for x in (found.low, found.best, found.high) if x is not None]
        assert known == sorted(known)


@few
@given(st.permutations(("crown", "league", "guard")))
def test_relabelling_the_parties_relabels_the_answers(names):
    renamed = dict(zip(("crown", "league", "guard"), names, strict=True))
    sources = tuple(replace(s, stands_with=renamed.get(s.stands_with, s.stands_with)) for s in by_hand.SOURCES)
    told = [replace(r, holder=renamed[r.holder]) for r in TOLD]
    turned = control(
        **{
            place: [(LONG_AGO, renamed["league"]), (when, renamed["crown"])]
            for place, when in (("alder", "2031-01-10"), ("birch", "2031-02-10"), ("cedar", "2031-02-12"))
        }
    )
    raw = {**GAINS, "change": {"from": renamed["league"], "to": renamed["crown"]}}
    one = ask(GAINS, view_of(*TOLD, affiliations=()), TURNS)
    other = ask(raw, view_of(*told, affiliations=(), sources=sources), turned)
    assert (one.found, one.for_) == (other.found, other.for_)


@pytest.mark.parametrize(("second", "pushes"), [("2031-02-12", 1), ("2031-02-25", 2)])
def test_a_town_and_its_outskirts_that_fell_together_are_one_stroke_of_luck(second, pushes):
    prepared = control(
        alder=[(LONG_AGO, "league"), ("2031-02-10", "crown")],
        # 20 km from Alder.
        birch=[(LONG_AGO, "league"), (second, "crown")],
    )
    answer = ask(GAINS, view_of(capture("a", "2031-02-10", "alder"), capture("b", second, "birch")), prepared)
    assert "2 places in 28 days" in answer.says
    assert answer.found.low == pytest.approx(ratio_of_counts((0, pushes), (0, pushes), (31, 28)).low)
    assert ("about 2 at a time" in " ".join(answer.notes)) == (pushes == 1)
