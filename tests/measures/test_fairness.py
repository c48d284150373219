"""What may not decide: copies, strangers, outlets of the side that gains, lists that cannot be read, silence."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.measures.by_hand import AFFILIATIONS, PLACES, SOURCES, STRIKE_FRAME, day, held, report, strike, view_of
from zenobia import measures
from zenobia.measures import Apart, Prepared
from zenobia.measures.counting import floor_of
from zenobia.measures.ground import city_of
from zenobia.measures.holding import thin
from zenobia.measures.selection import heard, select
from zenobia.measures.sheet import YES, Sheet
from zenobia.measures.voices import voices_of
from zenobia.terms import Affiliation, NotMeasurable, Place, Source

IN_ALDER = {
    "measure": "count",
    "of": {"type": "air-strike", "place": "alder", "from": "2031-02-01", "to": "2031-03-01"},
}


def ask(raw, view, prepared=None, apart=None):
    asked = measures.question(raw).model_copy(update={"apart": apart or Apart()})
    return measures.answer(asked, view, prepared or Prepared())


def listed(id, when="2031-02-05", place="alder", **fields):
    return strike(id, when, place, source="strikes", **fields)


# --- copies are one voice -------------------------------------------------------------------------


def test_ten_papers_that_copy_one_wire_are_one_voice():
    papers = [Source(id=f"p{n}", name=f"Paper {n}", kind="outlet", copies_from=("wire",)) for n in range(10)]
    reports = [strike(f"r{n}", "2031-02-01", source=f"p{n}") for n in range(10)]
    view = view_of(*reports, strike("w", "2031-02-01"), sources=(*SOURCES, *papers))
    assert voices_of(view, [f"r{n}" for n in range(10)] + ["w"]) == ("wire",)


def test_copying_is_followed_to_its_end_and_from_two_is_nobodys_copy():
    more = (
        Source(id="a", name="A", copies_from=("b",)),
        Source(id="b", name="B", copies_from=("wire",)),
        Source(id="two", name="Two", copies_from=("wire", "monitor")),
        Source(id="x", name="X", copies_from=("y",)),
        Source(id="y", name="Y", copies_from=("x",)),
        Source(id="l", name="L", copies_from=("lexicon",)),
    )
    view = view_of(*(strike(s.id, "2031-02-01", source=s.id) for s in more), sources=(*SOURCES, *more))
    assert {s.id: voices_of(view, [s.id])[0] for s in more} == {
        "a": "wire", "b": "wire", "two": "two", "x": "x", "y": "x", "l": "unknown",
    }  # fmt: skip


# --- a list and its own imprecise rows ------------------------------------------------------------


@pytest.mark.parametrize(
    ("unclear", "why"),
    [
        (listed("u", place=None, area="North", where_precision="admin1"), "no closer than a district"),
        (listed("u", place=None), "says no place"),
        (listed("u", when=None), "says no date"),
    ],
)
def test_a_list_that_holds_what_may_be_meant_proves_no_zero(unclear, why):
    elsewhere = listed("c", place="cedar")
    clear = ask(IN_ALDER, view_of(elsewhere, frames=(STRIKE_FRAME,)))
    assert (clear.found.low, clear.found.high) == (0, 0)
    answer = ask(IN_ALDER, view_of(elsewhere, unclear, frames=(STRIKE_FRAME,)))
    assert (answer.found.low, answer.found.best, answer.found.high) == (0, 0, 1)
    assert answer.evidence == ("u",)
    assert why in answer.says
    assert answer.left_out == ()


def test_what_surely_lies_elsewhere_or_was_published_before_leaves_the_zero_alone():
    south = listed("s", place=None, area="South", where_precision="admin1")
    before = listed("b", when=None, published="2031-01-20")
    answer = ask(IN_ALDER, view_of(south, before, frames=(STRIKE_FRAME,)))
    assert (answer.found.low, answer.found.high) == (0, 0)


def test_a_share_counts_what_may_be_meant_against_in_the_low_and_for_in_the_high():
    raw = {"measure": "share", "of": IN_ALDER["of"], "where": {"is": "crown"}}
    rows = [listed("a"), listed("u", place=None)]
    answer = ask(raw, view_of(*rows, frames=(STRIKE_FRAME,)), held(alder={"crown": 1.0}))
    # One of one, or one of two.
    assert (answer.found.low, answer.found.best, answer.found.high) == (0.5, 1.0, 1.0)
    assert answer.evidence == ("a", "u")


def test_one_incident_is_singular():
    raw = {"measure": "share", "of": IN_ALDER["of"], "where": {"is": "crown"}}
    assert "of the 1 incident of" in ask(raw, view_of(listed("a"), frames=(STRIKE_FRAME,)), held(alder={})).says


def test_a_list_whose_rows_are_the_claimants_own_says_so():
    raw = {"measure": "share", "of": IN_ALDER["of"], "where": {"is": "crown"}}
    with pytest.raises(NotMeasurable, match="own word"):
        ask(raw, view_of(listed("a"), frames=(STRIKE_FRAME,)), held(alder={}), Apart(sources=("strikes",)))


# --- what was known then --------------------------------------------------------------------------


def test_in_a_view_of_the_past_a_list_covers_nothing_after_it_last_published():
    rows = [listed("a", "2031-01-05", "cedar"), listed("b", "2031-06-05", "cedar", published="2031-06-06")]
    now = view_of(*rows, frames=(STRIKE_FRAME,))
    assert ask(IN_ALDER, now).found.high == 0
    with pytest.raises(NotMeasurable, match="not a count of none"):
        ask(IN_ALDER, view_of(*rows, frames=(STRIKE_FRAME,), known=day("2031-04-01")))


# --- sides ----------------------------------------------------------------------------------------

TURNED = (
    *AFFILIATIONS,
    Affiliation(actor="guard-north", role="part_of", of="crown", end=dt.date(2031, 2, 1)),
    Affiliation(actor="guard-north", role="part_of", of="league", start=dt.date(2031, 2, 1)),
)
NORTH = (*SOURCES, Source(id="north", name="North Radio", kind="outlet", stands_with="guard-north"))


def radio(when):
    return view_of(report("r", when, place="alder", source="north"), affiliations=TURNED, sources=NORTH)


def test_an_outlet_that_changed_sides_is_judged_by_the_day_on_which_it_spoke():
    early, late = radio("2031-01-15"), radio("2031-03-15")
    assert (thin(early, [0], "crown").why is None, thin(early, [0], "league").why is None) == (False, True)
    assert (thin(late, [0], "crown").why is None, thin(late, [0], "league").why is None) == (True, False)


def test_leaving_out_a_side_leaves_out_who_ever_stood_on_it():
    raw = {"measure": "count", "of": {"type": "air-strike"}}
    named = {v.name: v.patch for v in measures.question(raw).variations(radio("2031-01-15"))}
    for side in ("the Crown", "the League"):
        assert "north" in named[f"without sources on the side of {side}"]["sources"]["without"]


def test_an_origin_that_nobody_lists_is_not_somebody_who_takes_no_side():
    view = view_of(report("r", "2031-02-01", origin="a man in the street"))
    assert "nobody knows whose side" in thin(view, [0], "crown").why
    both = view_of(report("r", "2031-02-01", origin="a man in the street"), report("s", "2031-02-01"))
    assert thin(both, [0, 1], "crown").why is None


def test_where_no_striker_is_named_the_side_of_everybody_who_struck_is_not_heard_on_who_was_hit():
    raw = {"measure": "share", "of": {"type": "air-strike"}, "where": {"is": "guard"}}
    needs = measures.needs(measures.question(raw), view_of(strike("a", "2031-02-01")))
    # The Empire struck, and backs the Crown.
    assert {"empire-staff", "crown-agency"} <= needs.without_sources
    assert "league-press" not in needs.without_sources


def test_what_is_stated_of_a_target_goes_by_the_ties_of_the_day():
    raw = {"measure": "share", "of": {"type": "air-strike"}, "where": {"target": "as_stated", "is": "league"}}
    rows = [listed("a", "2031-01-15", target="guard-north"), listed("b", "2031-03-15", target="guard-north")]
    answer = ask(raw, view_of(*rows, frames=(STRIKE_FRAME,), affiliations=TURNED))
    assert (answer.found.best, answer.for_, answer.against) == (0.5, ("b",), ("a",))


@pytest.mark.parametrize("rule", [{"only": ["wire"]}, {"stands_with": ["crown"]}, {"without": ["wire"]}])
def test_the_view_is_narrowed_to_those_whom_the_question_hears(rule):
    view = view_of(
        strike("own", "2031-02-01"),
        strike("passes-on", "2031-02-01", origin="crown-agency"),
        strike("passed-on", "2031-02-01", source="crown-agency", origin="wire"),
        strike("agency", "2031-02-01", source="crown-agency"),
        strike("other", "2031-02-01", source="monitor"),
    )
    asked = measures.question(
        {"measure": "held", "place": "alder", "holder": "crown", "on": "2031-02-01", "sources": rule}
    )
    needs = measures.needs(asked, view)
    narrowed = view.narrowed(label="x", sources=needs.only_sources, without_sources=needs.without_sources)
    sheet = Sheet.of(view)
    assert set(narrowed.column("id")) == set(sheet.ids[heard(view, asked.sources) == YES])


# --- cities and names -----------------------------------------------------------------------------


def test_a_figure_for_a_city_holds_those_for_its_neighbourhoods():
    def raised(id, lat, kind, admin2="Old"):
        return Place(id=id, name=id, lat=lat, lon=11.0, admin1="North", admin2=admin2, kind=kind)

    places = (
        raised("city", 46.0, "city"),
        raised("east", 46.03, "neighbourhood"),
        raised("west", 45.97, "neighbourhood"),
        raised("far", 46.5, "neighbourhood"),
        raised("other", 46.01, "neighbourhood", "New"),
    )
    rows = [strike(p.id, "2031-02-01", p.id) for p in places]
    view = view_of(*rows)
    view.__dict__["places"] = {p.id: p for p in (*PLACES, *places)}
    cities = city_of(view)
    assert cities == {"east": "city", "west": "city"}
    sheet = Sheet.of(view)
    at = select(view, measures.Of.model_validate({"type": "air-strike"})).sure
    figures = {"city": 30.0, "east": 10.0, "west": 5.0, "far": 1.0, "other": 2.0}
    values = sheet.numbers("lat")[at] * 0
    values[:] = [figures[str(sheet.ids[row])] for row in at]
    # The city's 30 hold the 15 of its neighbourhoods; what is too far or in another district is beside it.
    assert floor_of(sheet, at, values, cities) == 33
    values[:] = [{**figures, "city": 12.0}[str(sheet.ids[row])] for row in at]
    assert floor_of(sheet, at, values, cities) == 18


def test_a_question_may_use_names():
    raw = {"measure": "held", "place": "ALDER", "holder": "The Crown", "on": "2031-02-01"}
    told = ask(raw, view_of(), held(alder={"crown": 0.9}))
    assert (told.asked["place"], told.asked["holder"], told.found.best) == ("alder", "crown", 0.9)
    inside = {"measure": "count", "of": {"within_km": {"of": "Alder", "km": 5}, "actor": "the Empire"}}
    counted = ask({**inside, "sources": {"only": ["Border Wire"]}}, view_of(strike("a", "2031-02-01")))
    assert counted.evidence == ("a",)


# --- chances --------------------------------------------------------------------------------------

ON = {"measure": "held", "place": "alder", "holder": "crown", "on": "2031-03-01"}


def test_a_chance_has_no_limits_of_its_own_and_a_verdict_compares_the_chance():
    view = view_of(report("a", "2031-02-20", "control", place="alder", status="holds", holder="crown"))
    answer = ask(ON, view, held(alder={"crown": 0.9}))
    assert (answer.found.low, answer.found.best, answer.found.high) == (None, 0.9, None)
    assert (answer.judged.low, answer.judged.best, answer.judged.high) == (0.9, 0.9, 0.9)


def test_where_the_evidence_is_old_the_answer_says_so_and_not_that_there_is_none():
    class Older(type(held(alder={"crown": 0.9}).control)):
        def at(self, place, on):
            return replace(super().at(place, on), last_evidence=day("2030-11-01"))

    control = Older({"alder": [("2000-01-01", {"crown": 0.9})]})
    view = view_of(report("a", "2030-11-01", "control", place="alder", status="holds", holder="crown"))
    answer = ask(ON, view, Prepared(control=control))
    assert "no independent voice within 60 days says so; last evidence 1 November 2030" in answer.says
    assert "within 60 days of it" in answer.short


def test_a_duration_lists_what_speaks_against_it():
    raw = {"measure": "duration", "place": "alder", "holder": "crown", "from": "2031-02-01", "to": "2031-03-01"}
    rows = [
        report("has", "2031-02-05", "control", place="alder", status="holds", holder="crown"),
        report("not", "2031-02-10", "control", place="alder", status="holds", holder="league", source="monitor"),
        report("fight", "2031-02-11", "battle", place="alder", status="contests", holder="league"),
    ]
    answer = ask(raw, view_of(*rows), held(alder={"crown": 0.9, "league": 0.1}))
    assert (answer.for_, answer.against, answer.agreeing) == (("has",), ("not",), ("has",))
