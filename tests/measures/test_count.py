"""count: every source's own figure, a floor where nothing is complete, exact where a list is."""

from dataclasses import replace

import pytest

from tests.measures.by_hand import STRIKE_FRAME, day, report, strike, view_of
from zenobia import measures
from zenobia.measures import Apart, Prepared
from zenobia.measures.counting import best_chain
from zenobia.terms import Frame, NotMeasurable

ASKED = {"measure": "count", "of": {"type": "air-strike", "actor": "empire", "from": "2031-02-01", "to": "2031-03-01"}}


def count(view, apart=None, **keys):
    asked = measures.question(measures.merged(ASKED, keys))
    return measures.answer(asked.model_copy(update={"apart": apart or Apart()}), view, Prepared())


def limits(bounds):
    return bounds.low, bounds.best, bounds.high


def raids(id, when, until, low=None, *, source="wire", **fields):
    return strike(id, when, until=until, source=source, unit="raid", count_low=low, **fields)


def test_reports_without_a_list_show_at_least():
    view = view_of(
        raids("a", "2031-02-01", "2031-02-15", 900), raids("b", "2031-02-01", "2031-02-15", 700, source="monitor")
    )
    answer = count(view, unit="raid")
    # Every voice's own figure lies in what is shown; two voices reach 700.
    assert limits(answer.found) == (700, None, None)
    assert limits(answer.judged) == (700, None, None)
    assert {f.source: f.found.low for f in answer.by_source} == {"wire": 900, "monitor": 700}


def test_one_low_voice_widens_what_is_shown_and_decides_nothing():
    view = view_of(
        raids("a", "2031-02-01", "2031-02-15", 900),
        raids("b", "2031-02-01", "2031-02-15", 700, source="monitor"),
        raids("c", "2031-02-01", "2031-02-02", 3, source="gazette"),
    )
    answer = count(view, unit="raid")
    assert answer.found.low == 3
    assert answer.judged.low == 700


def test_one_voice_alone_is_too_little_to_go_by():
    answer = count(view_of(raids("a", "2031-02-01", "2031-02-15", 900)), unit="raid")
    assert answer.found.low == 900
    assert "only one independent voice" in answer.short


def test_voices_are_counted_by_origin_and_unnamed_origins_of_compilations_together():
    passed = raids("a", "2031-02-01", "2031-02-15", 900, source="gazette", origin="wire")
    view = view_of(
        passed,
        raids("b", "2031-02-01", "2031-02-15", 900),
        raids("c", "2031-02-01", "2031-02-15", 800, source="lexicon"),
        raids("d", "2031-02-01", "2031-02-15", 800, source="almanac"),
    )
    assert {f.source for f in count(view, unit="raid").by_source} == {"wire", "unknown"}


def test_a_daily_figure_inside_a_total_is_not_added_to_it():
    view = view_of(raids("total", "2031-02-01", "2031-02-15", 900), raids("daily", "2031-02-03", "2031-02-04", 60))
    assert count(view, unit="raid").by_source[0].found.low == 900


def test_figures_that_follow_each_other_are_added():
    view = view_of(raids("a", "2031-02-01", "2031-02-08", 300), raids("b", "2031-02-08", "2031-02-15", 250))
    assert count(view, unit="raid").by_source[0].found.low == 550


@pytest.mark.parametrize(
    ("periods", "most"),
    [
        # 5 + 4 beats the 7 that overlaps both.
        ([(0, 3, 5), (2, 6, 7), (5, 9, 4)], 9),
        ([(0, 3, 5), (2, 6, 10), (5, 9, 4)], 10),
        ([], 0),
    ],
)
def test_the_best_chain_of_periods_is_found(periods, most):
    first, after, values = (list(column) for column in zip(*periods, strict=True)) if periods else ([], [], [])
    assert best_chain(first, after, values) == most


def test_a_figure_for_an_area_holds_those_for_its_places():
    view = view_of(
        raids("wide", "2031-02-01", "2031-02-15", 40, place=None, area="northern-front"),
        raids("a", "2031-02-01", "2031-02-15", 30, place="alder"),
        raids("b", "2031-02-01", "2031-02-15", 20, place="birch"),
    )
    # 30 + 20 at the places, 40 for the area that holds them: at least 50, never 90.
    assert count(view, unit="raid").by_source[0].found.low == 50


def test_parts_are_in_their_total():
    view = view_of(
        raids("total", "2031-02-01", "2031-02-15", 900),
        raids("part", "2031-02-15", "2031-02-16", 60, part_of="total"),
    )
    assert count(view, unit="raid").by_source[0].found.low == 900


def test_units_are_never_added():
    view = view_of(
        raids("a", "2031-02-01", "2031-02-15", 900),
        strike("s", "2031-02-02", until="2031-02-03", unit="sortie", count=50),
        strike("i", "2031-02-04"),
    )
    answer = count(view, unit="raid")
    assert answer.found.low == 900
    assert dict(answer.left_out) == {
        "s": "counts in sorties, not in raids; units are never added",
        "i": "counts in incidents, not in raids; units are never added",
    }


def test_one_of_two_perpetrators_counts_in_no_floor():
    view = view_of(raids("a", "2031-02-01", "2031-02-15", 800, source="monitor", actor="empire|crown"))
    answer = count(view, unit="raid")
    assert limits(answer.found) == (0, None, None)
    assert answer.left_out[0][0] == "a"
    assert "nobody surely counts" in answer.says


def test_a_list_that_covers_the_question_counts_exactly():
    view = view_of(
        strike("a", "2031-02-01", source="strikes"),
        strike("b", "2031-02-02", source="strikes", actor="empire|crown"),
        strike("c", "2031-03-02", source="strikes"),
        frames=(STRIKE_FRAME,),
    )
    answer = count(view)
    # a surely; b perhaps; c lies outside the period.
    assert limits(answer.found) == (1, 1, 2)
    assert answer.frame == "the list of Strike Archive"
    assert "misses strikes that nobody filmed" in answer.notes[0]


def test_a_list_can_show_a_zero():
    view = view_of(strike("c", "2031-05-02", source="strikes"), frames=(STRIKE_FRAME,))
    assert limits(count(view).found) == (0, 0, 0)


def test_nothing_shows_a_zero_without_a_list():
    with pytest.raises(NotMeasurable, match="not a count of none; a list of air strikes counted in incidents"):
        count(view_of(strike("c", "2031-05-02")))


def test_a_list_that_was_not_out_yet_shows_no_zero():
    view = view_of(
        strike("c", "2031-05-02", source="strikes", published="2031-07-10"),
        frames=(STRIKE_FRAME,),
        known=day("2031-06-01"),
    )
    with pytest.raises(NotMeasurable):
        count(view)


def test_a_list_of_part_of_the_period_shows_at_least():
    part = Frame(source="strikes", type="air-strike", area="valley", start=day("2031-02-10"), end=day("2031-07-01"))
    view = view_of(strike("a", "2031-02-11", source="strikes"), strike("b", "2031-02-12"), frames=(part,))
    answer = count(view)
    assert answer.frame is None
    assert limits(answer.found) == (1, None, None)


def test_two_lists_that_follow_each_other_cover_together():
    frames = tuple(
        Frame(source="strikes", type="air-strike", start=day(a), end=day(b))
        for a, b in (("2031-01-01", "2031-02-10"), ("2031-02-10", "2031-07-01"))
    )
    view = view_of(strike("a", "2031-02-11", source="strikes"), frames=frames)
    assert limits(count(view).found) == (1, 1, 1)


def test_a_total_published_for_just_what_is_asked_is_its_own_list():
    total = strike("t", "2031-02-01", "alder", until="2031-03-01", unit="sortie", count=500, source="empire-staff")
    other = strike("u", "2031-02-01", "alder", until="2031-03-01", unit="sortie", count=480, source="monitor")
    answer = count(view_of(total, other), unit="sortie", of={"place": "alder"})
    assert limits(answer.found) == (480, None, 500)
    assert [f.bloc for f in answer.by_source] == ["crown", None]


def test_a_question_that_names_whose_count_it_wants_takes_that_word():
    view = view_of(
        raids("a", "2031-02-01", "2031-02-15", 900), raids("b", "2031-02-01", "2031-02-15", 700, source="monitor")
    )
    answer = count(view, unit="raid", sources={"only": ["wire"]})
    assert answer.short is None
    assert answer.judged.low == 900


def test_the_claimants_count_is_set_apart():
    view = view_of(raids("a", "2031-02-01", "2031-02-15", 900, source="writer", origin="monitor"))
    answer = count(view, Apart(sources=("writer",)), unit="raid")
    assert answer.evidence == ()
    assert answer.claimant_only == ("a",)
    assert not answer.found.known


def test_ground_that_the_list_does_not_cover_is_not_counted_by_it():
    north = Frame(source="strikes", type="air-strike", area="northern-front")
    view = view_of(strike("a", "2031-02-11", "alder", source="strikes"), frames=(north,))
    assert limits(count(view, of={"place": "alder"}).found) == (1, 1, 1)
    with pytest.raises(NotMeasurable):
        count(view, of={"place": "cedar"})


def test_a_report_without_a_figure_in_another_unit_than_incidents_tells_of_at_least_one():
    view = view_of(*(report(s, "2031-02-02", actor="empire", unit="raid", source=s) for s in ("wire", "monitor")))
    assert count(view, unit="raid").judged.low == 1


def test_two_voices_that_reach_more_than_a_list_take_its_ceiling_away():
    listed = strike("l", "2031-02-01", source="strikes")
    others = (strike(f"{s}{n}", f"2031-02-0{n}", source=s) for s in ("wire", "monitor") for n in (1, 2, 3))
    answer = count(view_of(listed, *others, frames=(STRIKE_FRAME,)))
    # On the list 1; the wire and the monitor know of 3 each.
    assert limits(answer.judged) == (1, None, None)


def test_deaths_stand_beside_another_count_and_can_be_asked_for():
    battle = report("a", "2031-02-10", type="battle", place="alder", deaths_low=3, deaths_best=4, deaths_high=6)
    strikes = raids("b", "2031-02-10", "2031-02-11", 20, deaths_best=2)
    view = view_of(battle, strikes)
    dead = count(view, of={"type": None, "actor": None}, unit="death")
    # Two reports of one voice: 3 at Alder at the least; the raids' 2 are stated with the raids.
    assert {r for f in dead.by_source for r in f.reports} == {"a", "b"}
    assert count(view, unit="raid").evidence == ("b",)


def test_a_report_of_dead_is_not_counted_as_more_than_one_incident():
    view = view_of(report("a", "2031-02-10", type="battle", place="alder", deaths_best=40))
    assert count(view, of={"type": "battle", "actor": None}, unit="incident").found.low == 1


def test_a_list_that_cannot_see_some_ground_is_a_floor_and_proves_no_zero():
    blind = replace(STRIKE_FRAME, misses=("guard",))
    kept = strike("k", "2031-05-01", source="strikes")
    none, one = (
        count(view_of(kept, *more, frames=(blind,))) for more in ((), (strike("s", "2031-02-03", source="strikes"),))
    )
    assert (limits(none.judged), limits(one.judged)) == ((0, None, None), (1, None, None))
    assert "mostly cannot see what happened on ground of the Guard, so there may be more" in none.says


def test_a_list_that_is_asked_for_by_name_counts_what_stands_on_it():
    blind = replace(STRIKE_FRAME, misses=("guard",))
    view = view_of(strike("s", "2031-02-03", source="strikes"), frames=(blind,))
    assert limits(count(view, sources={"only": ["strikes"]}).judged) == (1, 1, 1)


BLIND_ALMANAC = replace(STRIKE_FRAME, source="almanac", misses=("guard",))


def two_lists(sighted, blind):
    """So many on a list that sees all of the ground, so many on one that does not."""
    rows = [strike(f"s{n}", f"2031-02-{n + 1:02}", source="strikes") for n in range(sighted)]
    rows += [strike(f"b{n}", f"2031-02-{n + 1:02}", source="almanac") for n in range(blind)]
    return count(view_of(*rows, frames=(STRIKE_FRAME, BLIND_ALMANAC)))


def test_beside_a_list_that_sees_all_one_that_does_not_decides_nothing():
    # 5 on the one, at least 3 on the other: 5.
    answer = two_lists(5, 3)
    assert (limits(answer.judged), limits(answer.found)) == ((5, 5, 5), (5, 5, 5))
    assert answer.says.endswith("so a list that sees that ground too decides")


def test_a_list_that_holds_more_than_one_that_sees_all_stays_beside_it():
    # 5 on the one, at least 7 on the other: one of them is wrong, and nobody knows which.
    assert limits(two_lists(5, 7).judged) == (5, None, None)


@pytest.mark.parametrize("reports", [(), (strike("s", "2031-02-03", source="strikes", topic="oil"),)])
def test_by_topic_no_list_shows_a_zero(reports):
    kept = strike("k", "2031-05-01", source="strikes", topic="dams")
    untold = strike("u", "2031-02-07", source="strikes")
    view = view_of(kept, untold, *reports, frames=(STRIKE_FRAME,))
    with pytest.raises(NotMeasurable, match="no list here is whole by topic"):
        count(view, of={"topic": "dams"})


def test_by_topic_a_list_shows_at_least():
    view = view_of(
        strike("a", "2031-02-03", source="strikes", topic="dams"),
        strike("b", "2031-02-07", source="strikes"),
        frames=(STRIKE_FRAME,),
    )
    answer = count(view, of={"topic": "dams"})
    assert (limits(answer.judged), answer.frame) == ((1, None, None), None)


def test_by_topic_a_published_total_is_no_list_of_its_own():
    whole = {"until": "2031-03-01", "source": "gazette", "area": "valley", "count": 9, "topic": "dams|oil"}
    view = view_of(strike("t", "2031-02-01", None, unit="raid", **whole))
    answer = count(view, of={"topic": "dams"}, unit="raid")
    assert (answer.judged.high, answer.frame) == (None, None)
