"""gains: how many places passed from one side to another, and what may be said of it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.measures import by_hand
from tests.measures.by_hand import Believed, day, report, view_of
from tests.measures.changes import CHANGES_FRAME, capture, control
from tests.measures.doubt import doubtful
from zenobia import measures
from zenobia.measures import Apart, Prepared
from zenobia.record import NOUNS, table_of
from zenobia.terms import InputError, NotMeasurable, Place, Source

LONG_AGO = "2000-01-01"
GAINS = {"measure": "gains", "change": {"from": "league", "to": "crown"}, "from": "2031-01-01", "to": "2031-07-01"}
TWO = control(
    alder=[(LONG_AGO, "league"), ("2031-02-10", "crown")],
    birch=[(LONG_AGO, "league"), ("2031-03-10", "crown")],
    cedar=[(LONG_AGO, "league")],
)
TOLD = (capture("a", "2031-02-10", "alder"), capture("b", "2031-03-10", "birch", source="monitor"))


def ask(raw, view, prepared, apart=None):
    asked = measures.question(raw).model_copy(update={"apart": apart or Apart()})
    return measures.answer(asked, view, prepared)


def figures(answer):
    return answer.found.low, answer.found.best, answer.found.high


def test_without_a_list_it_is_at_least_so_many():
    answer = ask(GAINS, view_of(*TOLD), TWO)
    assert figures(answer) == (2, 2, None)
    assert (answer.frame, answer.judged) == (None, answer.found)
    assert answer.says.startswith("the Crown took at least 2 places from the League between 1 January 2031")
    assert "a list of captures counted in places" in answer.settle


def test_a_list_of_changes_closes_it_above():
    listed = report("l", "2031-02-10", "capture", place="alder", holder="crown", source="almanac", unit="place")
    answer = ask(GAINS, view_of(*TOLD, listed, frames=(CHANGES_FRAME,)), TWO)
    assert figures(answer) == (2, 2, 2)
    assert answer.frame == "the list of Almanac"


@pytest.mark.parametrize(
    "gap", [{"end": date(2031, 6, 1)}, {"area": "northern-front"}, {"unit": "incident"}, {"type": "battle"}]
)
def test_a_list_that_leaves_a_gap_closes_nothing(gap):
    listed = report("l", "2031-02-10", "capture", place="alder", holder="crown", source="almanac", unit="place")
    view = view_of(*TOLD, listed, frames=(replace(CHANGES_FRAME, **gap),))
    assert ask(GAINS, view, TWO).found.high is None


def test_the_claimants_own_list_closes_nothing():
    listed = report("l", "2031-02-10", "capture", place="alder", holder="crown", source="almanac", unit="place")
    view = view_of(*TOLD, listed, frames=(CHANGES_FRAME,))
    assert ask(GAINS, view, TWO, Apart(sources=("almanac",))).found.high is None


def test_limits_come_from_the_draws():
    # Alder surely, Birch in 60 of 100 draws: 1 place in 40 draws, 2 in 60.
    prepared = doubtful(
        alder=[(LONG_AGO, {"league": 1.0}), ("2031-02-10", {"crown": 1.0})],
        birch=[(LONG_AGO, {"league": 1.0}), ("2031-03-10", {"crown": 0.6, "league": 0.4})],
    )
    assert figures(ask(GAINS, view_of(*TOLD), prepared)) == (1, 2, None)


def test_the_word_of_the_side_that_gains_counts_in_the_high_alone():
    own = capture("b", "2031-03-10", "birch", source="crown-agency")
    listed = report("l", "2031-02-10", "capture", place="alder", holder="crown", source="almanac", unit="place")
    view = view_of(TOLD[0], own, listed, frames=(CHANGES_FRAME,))
    answer = ask(GAINS, view, TWO)
    assert figures(answer) == (1, 1, 2)
    assert any("only by the side that gains" in note and "Birch" in note for note in answer.notes)
    assert "b" not in answer.for_


def test_the_word_of_the_side_that_gains_alone_decides_nothing():
    own = [capture(r.id, "2031-02-10", r.place, source="crown-agency") for r in TOLD]
    answer = ask(GAINS, view_of(*own), TWO)
    assert figures(answer) == (0, 0, None)
    assert answer.says.startswith("nobody but the Crown tells of")


def test_the_claimants_word_is_set_apart():
    answer = ask(GAINS, view_of(*TOLD), TWO, Apart(sources=("monitor",)))
    assert figures(answer) == (1, 1, None)
    assert (answer.for_, answer.claimant_only) == (("a",), ("b",))


def test_a_gain_of_which_nobody_tells_is_in_no_low():
    assert figures(ask(GAINS, view_of(TOLD[0]), TWO)) == (1, 1, None)


def test_a_holding_is_enough_where_another_surely_held_it_before():
    since = report("h", "2031-05-01", "control", place="birch", holder="crown", status="holds", source="monitor")
    assert figures(ask(GAINS, view_of(TOLD[0], since), TWO)) == (2, 2, None)


def test_a_holding_alone_is_no_gain_where_it_may_always_have_been_so():
    since = report("h", "2031-05-01", "control", place="birch", holder="crown", status="holds", source="monitor")
    prepared = doubtful(birch=[(LONG_AGO, {"league": 0.2, "crown": 0.8}), ("2031-02-01", {"crown": 1.0})])
    assert figures(ask(GAINS, view_of(since), prepared)) == (0, 0, None)


def test_each_voice_has_its_own_floor():
    view = view_of(*TOLD, capture("c", "2031-02-11", "alder", source="monitor"), capture("d", "2031-02-12", "alder"))
    assert {f.source: f.found.low for f in ask(GAINS, view, TWO).by_source} == {"wire": 1, "monitor": 2}


def test_one_place_is_one_place_however_many_reports():
    many = [capture(f"a{n}", "2031-02-10", "alder", source=s) for n, s in enumerate(("wire", "monitor", "gazette"))]
    assert figures(ask(GAINS, view_of(*many), TWO)) == (1, 1, None)


def test_what_was_lost_again_is_said():
    lost = control(alder=[(LONG_AGO, "league"), ("2031-02-10", "crown"), ("2031-04-01", "league")])
    answer = ask(GAINS, view_of(TOLD[0]), lost)
    assert figures(answer) == (1, 1, None)
    assert "lost again before 1 July 2031: Alder" in answer.notes


def test_the_ground_narrows():
    assert figures(ask({**GAINS, "place": "alder"}, view_of(*TOLD), TWO)) == (1, 1, None)
    assert figures(ask({**GAINS, "within_km": {"of": "alder", "km": 25}}, view_of(*TOLD), TWO)) == (2, 2, None)
    assert figures(ask({**GAINS, "area": "northern-front"}, view_of(*TOLD), TWO)) == (2, 2, None)
    with pytest.raises(InputError, match="no area 'nowhere'"):
        ask({**GAINS, "area": "nowhere"}, view_of(*TOLD), TWO)


def peopled(*reports, **people):
    places = [replace(p, population=people.get(p.id)) for p in by_hand.PLACES]
    view = view_of(*reports)
    return replace(view, tables={**view.tables, "places": table_of(NOUNS["places"], places)})


def test_people_are_those_of_the_places():
    answer = ask({**GAINS, "unit": "person"}, peopled(*TOLD, alder=900, birch=100), TWO)
    assert figures(answer) == (1000, 1000, None)


def test_people_that_are_not_known_leave_it_open():
    answer = ask({**GAINS, "unit": "person"}, peopled(*TOLD, alder=900), TWO)
    assert figures(answer) == (900, None, None)
    assert "how many people live there is not known: Birch" in answer.notes


def test_a_neighbourhood_is_part_of_its_city_unless_it_is_named():
    places = (*by_hand.PLACES, Place(id="mill", name="Mill Quarter", kind="neighbourhood", lat=46.0, lon=11.01))
    view = view_of(TOLD[0], capture("m", "2031-02-10", "mill"))
    view = replace(view, tables={**view.tables, "places": table_of(NOUNS["places"], places)})
    taken = [(LONG_AGO, "league"), ("2031-02-10", "crown")]
    prepared = control(alder=taken, mill=taken)
    assert figures(ask(GAINS, view, prepared)) == (1, 1, None)
    assert figures(ask({**GAINS, "place": ["alder", "mill"]}, view, prepared)) == (2, 2, None)


def test_ground_between_places_is_not_measured():
    with pytest.raises(NotMeasurable, match="not the ground between them"):
        ask({**GAINS, "unit": "km2"}, view_of(*TOLD), TWO)


def test_variations_are_fair_ways_to_ask():
    raw = {**GAINS, "within_km": {"of": "alder", "km": 50}, "sources": {}}
    names = [v.name for v in measures.question(raw).variations(view_of(*TOLD))]
    assert {"within 40 km", "within 60 km", "from=2031-01-08", "to=2031-06-24"} < set(names)
    assert any(name.startswith("without sources") for name in names)
    for variation in measures.question(raw).variations(view_of(*TOLD)):
        measures.question(measures.merged(raw, variation.patch))


few = settings(max_examples=20, deadline=None)
DAYS = [f"2031-0{m}-{d:02}" for m in (2, 3, 4) for d in (1, 10, 20)]
HOLDERS = ("crown", "league", "guard")
turns = st.fixed_dictionaries(
    {
        place: st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from(HOLDERS)), max_size=4)
        for place in ("alder", "birch", "cedar")
    }
)
tellings = st.lists(
    st.tuples(
        st.sampled_from(DAYS),
        st.sampled_from(["alder", "birch", "cedar"]),
        st.sampled_from(["wire", "monitor", "crown-agency", "league-press"]),
        st.sampled_from(HOLDERS),
    ),
    max_size=8,
)


def history(drawn, renamed=None):
    renamed = renamed or {h: h for h in HOLDERS}
    return control(
        **{
            place: [(LONG_AGO, renamed["league"]), *((when, renamed[h]) for when, h in sorted(dict(told).items()))]
            for place, told in drawn.items()
        }
    )


def told_of(drawn, renamed=None):
    renamed = renamed or {h: h for h in HOLDERS}
    return [
        capture(f"r{n}", when, place, renamed[holder], source=source)
        for n, (when, place, source, holder) in enumerate(drawn)
    ]


@few
@given(turns, tellings)
def test_without_a_list_there_is_no_upper_bound(turned, told):
    assert ask(GAINS, view_of(*told_of(told)), history(turned)).found.high is None


@few
@given(turns, tellings, st.sampled_from(["alder", "birch", "cedar"]), st.sampled_from(DAYS))
def test_one_more_voice_that_agrees_never_weakens_it(turned, told, place, when):
    reports = told_of(told)
    more = [*reports, capture("z", when, place, "crown", source="gazette")]
    before, after = (ask(GAINS, view_of(*some), history(turned)) for some in (reports, more))
    assert after.judged.low >= before.judged.low
    assert set(before.for_) <= set(after.for_)


@few
@given(turns, tellings)
def test_what_the_taker_alone_says_never_raises_the_low(turned, told):
    others = [r for r in told_of(told) if r.source != "crown-agency"]
    own = [r for r in told_of(told) if r.source == "crown-agency"]
    without, with_it = (ask(GAINS, view_of(*some), history(turned)) for some in (others, [*others, *own]))
    assert with_it.judged.low == without.judged.low


@few
@given(turns, tellings, st.permutations(HOLDERS))
def test_relabelling_the_parties_relabels_the_answers(turned, told, names):
    renamed = dict(zip(HOLDERS, names, strict=True))
    sources = tuple(replace(s, stands_with=renamed.get(s.stands_with, s.stands_with)) for s in by_hand.SOURCES)
    one = ask(GAINS, view_of(*told_of(told), affiliations=()), history(turned))
    raw = {**GAINS, "change": {"from": renamed["league"], "to": renamed["crown"]}}
    other = ask(raw, view_of(*told_of(told, renamed), affiliations=(), sources=sources), history(turned, renamed))
    assert (one.found, one.for_, one.evidence) == (other.found, other.for_, other.evidence)


def test_a_view_of_an_earlier_day_says_nothing_of_later_gains():
    answer = ask(GAINS, view_of(*TOLD, known=day("2031-02-20")), TWO)
    assert figures(answer) == (1, 1, None)
    assert "between 1 January 2031 and 20 February 2031" in answer.says


# -- whose word backs a gain ---------------------------------------------------------------------

ONE = control(alder=[(LONG_AGO, "league"), ("2031-02-10", "crown")])


def one(**fields):
    return ask(GAINS, view_of(capture("a", "2031-02-10", "alder", **fields)), ONE)


def test_what_is_placed_to_a_province_tells_of_no_place():
    assert one().judged.low == 1
    assert one(where_precision="admin1").judged.low == 0


@pytest.mark.parametrize(("credibility", "low"), [(2, 1), (4, 0), (5, 0), (6, 1)])
def test_what_is_said_to_be_doubtful_backs_no_gain(credibility, low):
    assert one(credibility=credibility).judged.low == low


NESTED = ("crown", "league", "guard", "crown-militia")
MILITIA = Source(id="militia-press", name="Militia Press", kind="outlet", stands_with="crown-militia")


@pytest.mark.parametrize("source", ["crown-agency", "militia-press"])
@pytest.mark.parametrize("taker", ["crown", "crown-militia"])
def test_a_holder_and_one_that_is_part_of_it_speak_for_each_other(source, taker):
    told = capture("a", "2031-02-10", "alder", taker, source=source)
    view = view_of(told, setting=replace(by_hand.SETTING, holders=NESTED), sources=(*by_hand.SOURCES, MILITIA))
    history = {"alder": [(LONG_AGO, {"league": 1.0}), ("2031-02-10", {taker: 1.0})]}
    believed = Prepared(control=Believed(history, states=(*NESTED, "contested")), draws=5)
    assert ask({**GAINS, "change": {"from": "league", "to": taker}}, view, believed).judged.low == 0


@pytest.mark.parametrize(("source", "high"), [("league-press", None), ("crown-agency", 0), ("almanac", 0)])
def test_a_list_that_the_loser_keeps_of_itself_shows_no_end_of_its_losses(source, high):
    elsewhere = capture("other", "2031-01-10", "cedar", "guard", source=source)
    view = view_of(elsewhere, frames=(replace(CHANGES_FRAME, source=source),))
    assert ask(GAINS, view, control(alder=[(LONG_AGO, "league")])).judged.high == high


def test_a_gain_that_is_not_sure_is_not_called_at_least_none():
    says = one(source="crown-agency").says
    assert "at least 0" not in says
    assert says.endswith("; there may be some")


@pytest.mark.parametrize(
    ("missed", "closed"), [((), True), (("guard",), True), (("league",), False), (("crown",), False)]
)
def test_a_list_is_no_ceiling_where_it_cannot_see_the_ground_of_either_party(missed, closed):
    view = view_of(
        *TOLD, capture("n", "2031-03-20", "cedar", source="almanac"), frames=(replace(CHANGES_FRAME, misses=missed),)
    )
    assert (ask(GAINS, view, TWO).judged.high is not None) == closed


STRANGER = {"source": "gazette", "origin": "a traveller"}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([{"source": "crown-agency"}], "told of only by the side that gains, so"),
        ([STRANGER], "told of only by sources that the record does not list, whose side nobody knows, so"),
        (
            [{"source": "crown-agency"}, STRANGER],
            "told of only by the side that gains and by sources whose side nobody",
        ),
        ([{"credibility": 4}], "told of only in reports that are said to be doubtful, so"),
        ([{"source": "crown-agency"}, {"credibility": 4}], "told of only by the side that gains, so"),
    ],
)
def test_who_alone_tells_of_a_gain_is_said_as_it_is(told, words):
    reports = [capture(f"a{n}", "2031-02-10", "alder", **fields) for n, fields in enumerate(told)]
    assert any(note.startswith(words) for note in ask(GAINS, view_of(*reports), ONE).notes)


def test_a_strangers_word_is_not_the_takers():
    says = ask(GAINS, view_of(capture("a", "2031-02-10", "alder", **STRANGER)), ONE).says
    assert "nobody but the Crown" not in says
    assert "nobody whose side is known to be another's tells of a place" in says
