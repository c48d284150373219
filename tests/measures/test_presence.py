"""presence: in how many periods there was one, and which of them a list shows empty."""

from dataclasses import replace
from datetime import date

import pytest

from tests.measures.by_hand import STRIKE_FRAME, report, strike, view_of
from zenobia import measures
from zenobia.measures import Apart, Prepared
from zenobia.measures.periods import named_periods, periods, stabbed
from zenobia.terms import InputError, NotMeasurable

ASKED = {
    "measure": "presence",
    "of": {"type": "battle", "place": "alder", "from": "2031-02-01", "to": "2031-06-01"},
    "every": "month",
}


def battle(id, when, **fields):
    return report(id, when, "battle", place=fields.pop("place", "alder"), **fields)


def presence(view, apart=None, **keys):
    asked = measures.question(measures.merged(ASKED, keys))
    return measures.answer(asked.model_copy(update={"apart": apart or Apart()}), view, Prepared())


def limits(bounds):
    return bounds.low, bounds.best, bounds.high


FEBRUARY_AND_APRIL = (battle("a", "2031-02-03"), battle("b", "2031-02-20"), battle("c", "2031-04-01", source="monitor"))


def test_low_counts_the_months_of_which_two_voices_tell_and_high_all_of_them():
    # February by two, April by one: one of February, March, April, May.
    answer = presence(view_of(*FEBRUARY_AND_APRIL, battle("d", "2031-02-21", source="monitor")))
    assert limits(answer.judged) == (1, None, 4)
    assert answer.found.unit == "month"


def test_a_month_of_which_one_voice_tells_is_named():
    answer = presence(view_of(*FEBRUARY_AND_APRIL, battle("d", "2031-02-21", source="monitor")))
    assert "told of by one voice alone, so in the high and not in the low: April 2031" in answer.notes
    assert "in 2 of the 4 months" in answer.says
    assert "(by 2 independent voices), and in 1 of these by two of them" in answer.says


def test_two_papers_of_one_wire_are_one_voice_of_a_month():
    told = battle("a", "2031-02-03"), battle("b", "2031-02-20", source="gazette", origin="wire")
    assert presence(view_of(*told)).judged.low == 0


@pytest.mark.parametrize(("credibility", "low"), [(2, 1), (4, 0), (5, 0), (6, 1)])
def test_what_is_said_to_be_doubtful_makes_no_month_sure(credibility, low):
    told = battle("a", "2031-02-03"), battle("b", "2031-02-20", source="monitor", credibility=credibility)
    answer = presence(view_of(*told))
    assert answer.judged.low == low
    assert answer.judged.high == 4


def test_a_voice_that_is_asked_for_by_name_is_enough():
    answer = presence(view_of(*FEBRUARY_AND_APRIL), sources={"only": ["wire"]})
    assert answer.judged.low == 1


def test_a_list_that_cannot_see_some_ground_shows_no_month_empty():
    blind = replace(STRIKE_FRAME, misses=("guard",))
    strikes = [strike("a", "2031-02-03", source="strikes"), strike("b", "2031-04-03", source="strikes")]
    answer = presence(view_of(*strikes, frames=(blind,)), of={"type": "air-strike"})
    # What is on it was there all the same.
    assert limits(answer.judged) == (2, None, 4)
    assert any("ground of the Guard, so it shows no month empty" in note for note in answer.notes)


def test_months_that_nobody_tells_of_are_named_and_are_not_empty():
    answer = presence(view_of(*FEBRUARY_AND_APRIL))
    assert "told of by nobody, which is not the same as empty: March 2031 and May 2031" in answer.notes
    assert answer.frame is None


def test_every_voice_has_its_own_figure():
    answer = presence(view_of(*FEBRUARY_AND_APRIL))
    assert {f.name: f.found.low for f in answer.by_source} == {"Border Wire": 1, "Valley Monitor": 1}


def test_a_list_that_covers_a_month_shows_it_empty():
    strikes = [strike("a", "2031-02-03", source="strikes"), strike("b", "2031-04-03", source="strikes")]
    answer = presence(view_of(*strikes, frames=(STRIKE_FRAME,)), of={"type": "air-strike"})
    # February and April hold one each; the list claims the whole half-year, so March and May hold none.
    assert limits(answer.judged) == (2, 2, 2)
    assert "the Strike Archive shows none in March 2031 and May 2031" in answer.says.replace("list of ", "")
    assert answer.short is None


def test_what_somebody_else_tells_of_keeps_a_month_from_being_empty():
    strikes = [strike("a", "2031-02-03", source="strikes"), strike("w", "2031-03-03")]
    answer = presence(view_of(*strikes, frames=(STRIKE_FRAME,)), of={"type": "air-strike"})
    # February is on the list; March is one voice's word; April and May are empty.
    assert limits(answer.judged) == (1, None, 2)


def test_a_listed_report_that_cannot_be_placed_keeps_its_month_open():
    strikes = [
        strike("a", "2031-02-03", source="strikes"),
        strike("b", "2031-03-03", source="strikes", where_precision="admin1"),
    ]
    answer = presence(view_of(*strikes, frames=(STRIKE_FRAME,)), of={"type": "air-strike"})
    # April and May are empty; March may hold one.
    assert limits(answer.judged) == (1, None, 2)


def test_one_voice_alone_is_too_little():
    answer = presence(view_of(battle("a", "2031-02-03"), battle("b", "2031-03-03", source="gazette", origin="wire")))
    assert limits(answer.judged) == (0, None, 4)
    assert "by one independent voice, Border Wire), and in none of these by a second one" in answer.says
    assert "a second voice on those of which one alone tells would raise it" in answer.settle


def test_the_claimants_word_fills_no_month():
    view = view_of(*FEBRUARY_AND_APRIL, battle("w", "2031-04-03", source="writer"))
    answer = presence(view, Apart(sources=("writer",)))
    assert answer.judged.low == 0
    assert answer.claimant_only == ("w",)


def test_a_report_of_two_months_fills_one_of_them():
    view = view_of(battle("a", "2031-02-10", until="2031-04-10"), battle("b", "2031-05-10"))
    assert presence(view, sources={"only": ["wire"]}).judged.low == 2


def test_two_voices_that_each_tell_of_a_stretch_may_mean_different_months():
    told = (battle(i, "2031-02-10", until="2031-04-10", source=s) for i, s in (("a", "wire"), ("b", "monitor")))
    assert presence(view_of(*told)).judged.low == 0


def test_a_share_of_the_months_is_at_least_so_much():
    answer = presence(view_of(*FEBRUARY_AND_APRIL), sources={"only": ["wire", "monitor"]}, **{"as": "share"})
    assert limits(answer.judged) == (0.5, None, 1.0)
    assert answer.found.unit == "share of months"


def test_where_nobody_tells_of_it_nothing_is_measured():
    with pytest.raises(NotMeasurable, match=r"which is not none in any month.*a list of battles"):
        presence(view_of(strike("a", "2031-02-03")))


def test_a_period_without_an_end_is_refused():
    with pytest.raises(InputError, match="period without both ends"):
        measures.question({"measure": "presence", "of": {"type": "battle", "from": "2031-02-01"}})


def test_weeks_begin_with_the_first_day_and_months_with_those_of_the_calendar():
    weeks = periods(date(2031, 2, 3), date(2031, 2, 20), "week")
    assert [p.end - p.start for p in weeks] == [7, 7, 3]
    months = periods(date(2031, 2, 10), date(2031, 4, 2), "month")
    assert [p.end - p.start for p in months] == [19, 31, 1]
    assert named_periods(months) == "February 2031 to April 2031"


def test_stretches_that_overlap_may_be_one_thing():
    # 0 alone; 2-3 and 3-5 may both be 3; 6.
    assert stabbed([(0, 0), (2, 3), (3, 5), (6, 6)]) == 3


def test_a_list_of_deaths_does_not_show_that_nothing_happened():
    deaths = replace(STRIKE_FRAME, unit="death")
    view = view_of(strike("a", "2031-02-03", source="strikes", count=4, unit="death"), frames=(deaths,))
    assert limits(presence(view, of={"type": "air-strike"}).judged) == (1, None, 4)


def test_by_topic_a_list_fills_months_and_empties_none():
    strikes = [
        strike("a", "2031-02-03", source="strikes", topic="dams"),
        strike("b", "2031-03-03", source="strikes"),
    ]
    answer = presence(view_of(*strikes, frames=(STRIKE_FRAME,)), of={"type": "air-strike", "topic": "dams"})
    # February to May: one is filled, of the others nobody knows.
    assert limits(answer.judged) == (1, None, 4)
