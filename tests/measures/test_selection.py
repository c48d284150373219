"""Which reports a question is about."""

import pytest

from tests.measures.by_hand import SOURCES, day, report, strike, view_of
from zenobia.measures import Apart, Of, SourcesRule
from zenobia.measures.selection import select
from zenobia.terms import Affiliation, InputError, Source


def of(**keys):
    return Of.model_validate(keys)


def sure(view, question, **rules):
    found = select(view, question, **rules)
    return set(found.sheet.named(found.sure))


def possible(view, question, **rules):
    found = select(view, question, **rules)
    return set(found.sheet.named(found.possible)) - set(found.sheet.named(found.sure))


def test_an_actor_is_matched_with_all_that_is_part_of_it():
    view = view_of(strike("a", "2031-02-01", actor="crown-militia"), strike("b", "2031-02-01", actor="league"))
    assert sure(view, of(actor="crown")) == {"a"}


def test_a_backer_is_not_part_of_the_one_it_backs():
    view = view_of(strike("a", "2031-02-01", actor="empire"))
    assert sure(view, of(actor="crown")) == set()


def test_one_of_two_perpetrators_may_match_and_surely_matches_where_both_are_asked():
    view = view_of(strike("a", "2031-02-01", actor="empire|crown"))
    assert sure(view, of(actor="empire")) == set()
    assert possible(view, of(actor="empire")) == {"a"}
    assert sure(view, of(actor="empire|crown")) == {"a"}


def test_an_affiliation_counts_on_its_days_only():
    ties = (Affiliation(actor="guard", role="part_of", of="crown", start=day("2031-03-01")),)
    view = view_of(
        strike("a", "2031-02-01", actor="guard"), strike("b", "2031-04-01", actor="guard"), affiliations=ties
    )
    assert sure(view, of(actor="crown")) == {"b"}


def test_a_month_that_lies_partly_in_the_period_may_match():
    month = strike("m", "2031-02-01", until="2031-03-01")
    view = view_of(strike("d", "2031-02-20"), month)
    assert sure(view, of(**{"from": "2031-02-15"})) == {"d"}
    assert possible(view, of(**{"from": "2031-02-15"})) == {"m"}
    assert sure(view, of(**{"from": "2031-02-01", "to": "2031-03-01"})) == {"d", "m"}


def test_a_report_without_a_date_is_left_out_of_a_period_with_its_reason():
    view = view_of(strike("a", None))
    found = select(view, of(**{"from": "2031-02-01"}))
    assert found.left_out == (("a", "says no date"),)


def test_what_fails_in_two_things_is_simply_not_meant():
    view = view_of(strike("a", None, actor="league"))
    assert select(view, of(actor="empire", **{"from": "2031-02-01"})).left_out == ()


@pytest.mark.parametrize("precision", ["admin2", "admin1", "country", "unknown"])
def test_the_middle_of_a_district_is_never_inside_a_place_or_a_radius(precision):
    view = view_of(strike("a", "2031-02-01", where_precision=precision))
    for ground in (of(place="alder"), of(within_km={"of": "alder", "km": 50})):
        found = select(view, ground)
        assert len(found.possible) == 0
        assert [report for report, _ in found.left_out] == ["a"]


def test_near_a_place_may_be_the_place():
    view = view_of(strike("a", "2031-02-01", where_precision="near"))
    assert possible(view, of(place="alder")) == {"a"}


def test_an_error_radius_is_carried_into_a_circle():
    # Birch is 20 km from Alder. Near means within 25 km of Birch: 45 km at most from Alder, 0 at least.
    view = view_of(
        strike("exact", "2031-02-01", "birch"), strike("near", "2031-02-01", "birch", where_precision="near")
    )
    assert sure(view, of(within_km={"of": "alder", "km": 21})) == {"exact"}
    assert possible(view, of(within_km={"of": "alder", "km": 21})) == {"near"}
    assert sure(view, of(within_km={"of": "alder", "km": 46})) == {"exact", "near"}
    assert possible(view, of(within_km={"of": "cedar", "km": 20})) == set()


def test_a_district_holds_the_places_in_it_and_reports_that_name_only_the_district():
    view = view_of(
        strike("a", "2031-02-01", "alder"),
        strike("n", "2031-02-01", None, area="North", where_precision="admin1"),
        strike("c", "2031-02-01", "cedar"),
        strike("?", "2031-02-01", None),
    )
    found = select(view, of(admin1="north"))
    assert set(found.sheet.named(found.sure)) == {"a", "n"}
    assert found.left_out == (("?", "says no place"),)


def test_a_named_area_holds_the_points_in_it_and_what_says_it_is_there():
    view = view_of(
        strike("a", "2031-02-01", "alder"),
        strike("c", "2031-02-01", "cedar"),
        strike("f", "2031-02-01", None, area="northern-front"),
        strike("p", "2031-02-01", None, lat=46.0, lon=11.2),
    )
    assert sure(view, of(area="northern-front")) == {"a", "f", "p"}


def test_the_whole_ground_of_the_case_holds_everything_but_a_point_beyond_it():
    view = view_of(
        strike("in", "2031-02-01", None, area="North", where_precision="admin1"),
        strike("none", "2031-02-01", None),
        strike("out", "2031-02-01", None, lat=40.0, lon=11.0),
    )
    assert sure(view, of(area="valley")) == {"in", "none"}


def test_a_floor_on_precision_leaves_out_what_is_less_precise():
    view = view_of(strike("a", "2031-02-01"), strike("b", "2031-02-01", where_precision="near"))
    assert sure(view, of(), precision="exact") == {"a"}
    assert sure(view, of(), precision="near") == {"a", "b"}


def test_a_report_goes_with_its_source_and_with_its_origin():
    view = view_of(
        strike("own", "2031-02-01", source="crown-agency"),
        strike("passed", "2031-02-01", source="wire", origin="crown-agency"),
        strike("wire", "2031-02-01", source="wire"),
    )
    without = SourcesRule.model_validate({"without": "crown-agency"})
    assert sure(view, of(), sources=without) == {"wire"}
    only = SourcesRule.model_validate({"only": ["crown-agency"]})
    assert sure(view, of(), sources=only) == {"own", "passed"}


def test_a_side_is_heard_by_the_voice_and_left_out_by_source_and_origin():
    view = view_of(
        strike("own", "2031-02-01", source="crown-agency"),
        strike("empire", "2031-02-01", source="empire-staff"),
        strike("passed", "2031-02-01", source="crown-agency", origin="wire"),
        strike("wire", "2031-02-01", source="wire"),
    )
    # The Empire backs the Crown: its staff stands on the Crown's side.
    assert sure(view, of(), sources=SourcesRule.model_validate({"stands_with": "crown"})) == {"own", "empire"}
    assert sure(view, of(), sources=SourcesRule.model_validate({"stands_with_not": "crown"})) == {"wire"}


def test_the_claimants_own_word_is_set_apart_by_source_origin_and_document():
    view = view_of(
        strike("s", "2031-02-01", source="writer"),
        strike("o", "2031-02-01", source="wire", origin="writer"),
        strike("d", "2031-02-01", source="wire", document="essay"),
        strike("w", "2031-02-01", source="wire"),
    )
    found = select(view, of(), apart=Apart(sources=("writer",), documents=("essay",)))
    assert set(found.sheet.named(found.sure)) == {"w"}
    assert found.claimant_only == ("d", "o", "s")


@pytest.mark.parametrize(
    ("keys", "near"),
    [({"actor": "empyre"}, "empire"), ({"place": "aldar"}, "alder"), ({"area": "northern-frontt"}, "northern-front")],
)
def test_a_name_that_the_record_does_not_hold_is_refused_with_the_nearest(keys, near):
    with pytest.raises(InputError) as wrong:
        select(view_of(strike("a", "2031-02-01")), of(**keys))
    assert near in str(wrong.value)


@pytest.mark.parametrize(("rule", "near"), [({"only": "wyre"}, "wire"), ({"stands_with_not": "crwn"}, "crown")])
def test_a_rule_on_nobody_is_refused(rule, near):
    with pytest.raises(InputError, match=near):
        select(view_of(strike("a", "2031-02-01")), of(), sources=SourcesRule.model_validate(rule))


def test_a_source_that_the_record_does_not_list_stands_with_nobody():
    view = view_of(report("a", "2031-02-01", source="stranger"), sources=(*SOURCES, Source(id="x", name="X")))
    assert sure(view, of(), sources=SourcesRule.model_validate({"stands_with_not": "crown"})) == {"a"}
