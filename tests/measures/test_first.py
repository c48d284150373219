"""first: the earliest day that two independent voices reach."""

from datetime import date

import pytest

from tests.measures.by_hand import report, strike, view_of
from zenobia import measures
from zenobia.measures import Apart, Prepared
from zenobia.terms import NotMeasurable

ASKED = {"measure": "first", "of": {"type": "air-strike", "actor": "empire"}}


def first(view, apart=None, **keys):
    asked = measures.question(measures.merged(ASKED, keys))
    return measures.answer(asked.model_copy(update={"apart": apart or Apart()}), view, Prepared())


def days(bounds):
    return tuple(
        None if x is None else date.fromordinal(int(x)).isoformat() for x in (bounds.low, bounds.best, bounds.high)
    )


def test_the_day_is_the_one_that_a_second_voice_reaches():
    view = view_of(
        strike("a", "2031-01-10"),
        strike("b", "2031-02-01", source="monitor"),
        strike("c", "2031-02-03", source="gazette"),
    )
    answer = first(view)
    # Wire alone says 10 January, the monitor 1 February.
    assert days(answer.judged) == ("2031-02-01", "2031-02-01", "2031-02-01")
    assert days(answer.found) == ("2031-01-10", "2031-02-01", "2031-02-03")
    assert "Border Wire alone puts one on 10 January 2031" in answer.says


def test_a_month_leaves_the_day_open():
    view = view_of(strike("a", "2031-02-05"), strike("b", "2031-02-01", until="2031-03-01", source="monitor"))
    # The wire: the 5th. The monitor: some day of February. Second of each limit: 5 to 28 February.
    assert days(first(view).judged) == ("2031-02-05", None, "2031-02-28")


def test_one_voice_alone_is_too_little():
    answer = first(view_of(strike("a", "2031-02-05"), strike("b", "2031-02-05", source="gazette", origin="wire")))
    assert days(answer.judged) == ("2031-02-05",) * 3
    assert "only one independent voice, Border Wire" in answer.short


def test_only_reports_that_may_be_the_earliest_are_evidence():
    view = view_of(strike("a", "2031-02-05"), strike("late", "2031-04-05"), strike("b", "2031-02-06", source="monitor"))
    assert first(view).evidence == ("a", "b")


def test_one_of_two_perpetrators_dates_nothing():
    view = view_of(
        strike("a", "2031-01-05", actor="empire|crown"),
        strike("b", "2031-02-06", source="monitor"),
        strike("c", "2031-02-06", source="gazette"),
    )
    assert days(first(view).found)[0] == "2031-02-06"


def test_the_claimants_word_alone_gives_no_day():
    answer = first(view_of(strike("a", "2031-02-05", source="writer")), Apart(sources=("writer",)))
    assert not answer.found.known
    assert answer.claimant_only == ("a",)


def test_where_nobody_tells_of_it_nothing_is_measured():
    with pytest.raises(NotMeasurable, match="no report tells of air strikes by the Empire"):
        first(view_of(report("a", "2031-02-05", "battle")))


def test_a_status_can_be_asked_for():
    view = view_of(
        report("a", "2031-02-05", "capture", place="alder", holder="crown", status="takes"),
        report("b", "2031-02-06", "capture", place="alder", holder="crown", status="takes", source="monitor"),
        report("c", "2031-01-01", "control", place="alder", holder="crown", status="holds"),
    )
    asked = measures.question({"measure": "first", "of": {"status": "takes", "holder": "crown", "place": "alder"}})
    assert days(measures.answer(asked, view, Prepared()).judged)[0] == "2031-02-06"
