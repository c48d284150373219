"""held and duration: what a control estimate says, with the reports for and against and whose they are."""

from datetime import date

import pytest

from tests.measures.by_hand import Believed, Change, day, held, report, view_of
from zenobia import measures
from zenobia.measures import Apart, Prepared
from zenobia.terms import InputError, NotMeasurable, day_number

ON = {"measure": "held", "place": "alder", "holder": "crown", "on": "2031-03-01"}
CHANGE = {
    "measure": "held",
    "place": "alder",
    "change": {"from": "league", "to": "crown"},
    "from": "2031-01-15",
    "to": "2031-03-15",
}
TAKEN = Believed(
    {"alder": [("2000-01-01", {"league": 1.0}), ("2031-02-10", {"crown": 1.0})]},
    changed=Change(0.97, *(day_number(day(d)) for d in ("2031-02-09", "2031-02-10", "2031-02-12"))),
)


def said(id, when, status, holder, source="wire", type="control", **fields):
    return report(id, when, type, place="alder", status=status, holder=holder, source=source, **fields)


def ask(raw, view, prepared, apart=None):
    asked = measures.question(raw).model_copy(update={"apart": apart or Apart()})
    return measures.answer(asked, view, prepared)


def test_the_chance_comes_from_the_estimate():
    view = view_of(said("a", "2031-02-20", "holds", "crown"))
    answer = ask(ON, view, held(alder={"crown": 0.93, "league": 0.07}))
    assert answer.found.best == pytest.approx(0.93)
    assert answer.found.unit == "chance"


def test_reports_are_listed_for_and_against_within_the_spell_of_the_day():
    view = view_of(
        said("before", "2031-02-05", "holds", "league"),
        said("took", "2031-02-10", "takes", "crown", type="capture"),
        said("militia", "2031-02-20", "holds", "crown-militia"),
        said("rumour", "2031-02-25", "holds", "league", source="league-press"),
        said("fight", "2031-02-26", "contests", "league", source="monitor"),
        said("lost", "2031-02-27", "loses", "crown", source="gazette"),
    )
    answer = ask(ON, view, Prepared(control=TAKEN))
    # What is said of the days before the change says nothing against the days after it.
    assert answer.for_ == ("militia", "took")
    assert answer.against == ("fight", "lost", "rumour")


def test_what_came_about_later_says_nothing_against_a_day():
    view = view_of(
        said("a", "2031-02-20", "holds", "crown"),
        said("later", "2031-03-05", "contests", "league"),
        said("still", "2031-03-10", "holds", "crown", source="monitor"),
        said("month", "2031-02-15", "takes", "league", until="2031-03-15"),
    )
    answer = ask(ON, view, Prepared(control=TAKEN))
    assert (answer.for_, answer.against) == (("a", "still"), ())


def test_the_side_that_gains_cannot_decide_alone():
    view = view_of(said("a", "2031-02-20", "holds", "crown", source="crown-agency"))
    answer = ask(ON, view, held(alder={"crown": 0.95, "league": 0.05}))
    assert "only Crown Agency says so, which stands with the Crown" in answer.short
    other = view_of(said("a", "2031-02-20", "holds", "crown", source="league-press"))
    assert ask(ON, other, held(alder={"crown": 0.95, "league": 0.05})).short is None


def test_what_the_state_agency_says_through_a_newspaper_is_still_its_word():
    view = view_of(said("a", "2031-02-20", "holds", "crown", source="gazette", origin="crown-agency"))
    assert ask(ON, view, held(alder={"crown": 0.95, "league": 0.05})).short is not None


def test_a_place_without_basis_cannot_be_told():
    with pytest.raises(NotMeasurable, match="no independent report says who held Alder"):
        ask(ON, view_of(), held(cedar={"crown": 1.0}))


def test_the_estimate_that_is_asked_for_does_not_hear_the_claimant():
    asked = measures.question({**ON, "sources": {"without": ["gazette"]}})
    asked = asked.model_copy(update={"apart": Apart(sources=("writer",), documents=("essay",))})
    needs = measures.needs(asked, view_of())
    assert needs.without_sources == {"writer", "gazette"}
    assert needs.without_documents == {"essay"}
    assert needs.without_types == frozenset()


def test_the_claimants_report_is_listed_apart():
    view = view_of(
        said("a", "2031-02-20", "holds", "crown", source="writer"), said("b", "2031-02-21", "holds", "crown")
    )
    answer = ask(ON, view, held(alder={"crown": 0.95}), Apart(sources=("writer",)))
    assert answer.claimant_only == ("a",)
    assert answer.for_ == ("b",)


def test_a_change_has_a_day_and_a_chance():
    view = view_of(
        said("a", "2031-02-10", "takes", "crown", type="capture"),
        said("b", "2031-02-12", "takes", "crown", source="monitor", type="capture"),
        said("c", "2031-02-10", "loses", "league", source="league-press", type="withdrawal"),
    )
    answer = ask(CHANGE, view, Prepared(control=TAKEN))
    shown = [date.fromordinal(int(x)).isoformat() for x in (answer.found.low, answer.found.best, answer.found.high)]
    assert shown == ["2031-02-09", "2031-02-10", "2031-02-12"]
    assert answer.happened == 0.97
    assert "2 voices say 10 February 2031 and Valley Monitor says 12 February 2031" in answer.says
    assert {f.source: f.reports for f in answer.by_source} == {
        "wire": ("a",),
        "monitor": ("b",),
        "league-press": ("c",),
    }


def test_a_change_that_only_the_gaining_side_tells_of_is_too_thin():
    view = view_of(said("a", "2031-02-10", "takes", "crown", source="crown-agency", type="capture"))
    assert "the side that gains" in ask(CHANGE, view, Prepared(control=TAKEN)).short


def test_a_window_ends_with_what_is_known():
    asked = []

    class Listening(Believed):
        def change(self, place, before, after, start, end):
            asked.append((start, end))
            return Change(0.0, None, None, None)

    view = view_of(said("a", "2031-02-10", "holds", "league"), known=day("2031-02-20"))
    ask(CHANGE, view, Prepared(control=Listening(TAKEN.history)))
    assert asked == [(day_number(day("2031-01-15")), day_number(day("2031-02-21")))]


def test_a_duration_is_counted_over_joint_histories():
    view = view_of(said("a", "2031-02-10", "takes", "crown", type="capture"))
    raw = {"measure": "duration", "place": "alder", "holder": "crown", "from": "2031-02-01", "to": "2031-03-01"}
    answer = ask(raw, view, Prepared(control=TAKEN))
    # 10 to 28 February.
    assert (answer.found.low, answer.found.best, answer.found.high) == (19, 19, 19)
    assert (answer.draws, answer.seed) == (2000, 1)
    months = ask({**raw, "unit": "month"}, view, Prepared(control=TAKEN))
    assert months.found.best == pytest.approx(19 / 30.4375)


def test_a_holder_that_no_report_speaks_of_held_it_for_no_time():
    raw = {"measure": "duration", "place": "alder", "holder": "guard", "from": "2031-02-01", "to": "2031-03-01"}
    assert ask(raw, view_of(), Prepared(control=TAKEN)).found.high == 0


@pytest.mark.parametrize(
    "raw", [{**ON, "holder": "crwn"}, {**ON, "place": "aldr"}, {**CHANGE, "change": {"from": "x", "to": "crown"}}]
)
def test_names_that_the_case_does_not_have_are_refused(raw):
    with pytest.raises(InputError):
        ask(raw, view_of(), Prepared(control=TAKEN))


def test_a_window_of_centuries_is_refused():
    raw = {"measure": "duration", "place": "alder", "holder": "crown", "from": "0001", "to": "9000"}
    with pytest.raises(InputError, match="too long"):
        ask(raw, view_of(), Prepared(control=TAKEN))
