"""share: only a list can say it; what cannot be told counts against in the low and for in the high."""

from dataclasses import replace

import pytest

from tests.measures.by_hand import STRIKE_FRAME, Believed, day, held, strike, view_of
from zenobia import measures
from zenobia.measures import Apart, Prepared
from zenobia.terms import Frame, InputError, NotMeasurable

ASKED = {
    "measure": "share",
    "of": {"type": "air-strike", "actor": "empire", "from": "2031-02-01", "to": "2031-03-01"},
    "where": {"target": "held_by", "not": "guard"},
}


def share(view, prepared=None, apart=None, **keys):
    asked = measures.question(measures.merged(ASKED, keys))
    return measures.answer(asked.model_copy(update={"apart": apart or Apart()}), view, prepared or Prepared())


def limits(bounds):
    return tuple(None if x is None else round(x, 6) for x in (bounds.low, bounds.best, bounds.high))


def listed(*strikes, **fields):
    return view_of(*strikes, frames=(STRIKE_FRAME,), **fields)


def on_list(id, when, place="alder", **fields):
    return strike(id, when, place, source="strikes", **fields)


def test_without_a_list_there_is_no_share_and_the_missing_list_is_named():
    view = view_of(strike("a", "2031-02-01"), strike("b", "2031-02-02", "cedar"))
    with pytest.raises(
        NotMeasurable, match="a list of air strikes counted in incidents .* 1 February 2031 to 28 February"
    ):
        share(view, held(alder={"guard": 1.0}, cedar={"crown": 1.0}))


def test_certain_holders_give_an_exact_share():
    view = listed(on_list("a", "2031-02-01"), on_list("b", "2031-02-02"), on_list("c", "2031-02-03", "cedar"))
    answer = share(view, held(alder={"league": 1.0}, cedar={"guard": 1.0}))
    # Two of three fell on what the Guard does not hold.
    assert limits(answer.found) == (0.666667, 0.666667, 0.666667)
    assert answer.found.unit == "share of incidents"
    assert answer.found.meaning == "credible90"
    assert (answer.for_, answer.against) == (("a", "b"), ("c",))


def test_a_place_of_which_nobody_knows_counts_against_in_the_low_and_for_in_the_high():
    view = listed(on_list("a", "2031-02-01"), on_list("b", "2031-02-02", "birch"), on_list("c", "2031-02-03", "cedar"))
    answer = share(view, held(alder={"league": 1.0}, cedar={"guard": 1.0}))
    # Birch is unknown: 1 of 3 to 2 of 3; among those that can be told 1 of 2.
    assert limits(answer.found) == (0.333333, 0.5, 0.666667)
    assert "cannot be told" in answer.notes[1]


def test_a_contested_place_is_neither_unless_it_is_asked_for():
    view = listed(on_list("a", "2031-02-01"), on_list("b", "2031-02-02", "birch"))
    prepared = held(alder={"league": 1.0}, birch={"contested": 1.0})
    assert limits(share(view, prepared).found) == (0.5, 1.0, 1.0)
    assert limits(share(view, prepared, where={"is": "contested"}).found) == (0.5, 0.5, 0.5)


def test_one_of_two_perpetrators_counts_in_the_high_and_never_in_the_low():
    view = listed(on_list("a", "2031-02-01", "cedar"), on_list("b", "2031-02-02", actor="empire|crown"))
    answer = share(view, held(alder={"league": 1.0}, cedar={"guard": 1.0}))
    # Without b none of 1; with b 1 of 2.
    assert limits(answer.found) == (0, 0, 0.5)


def test_a_row_that_counts_many_weighs_as_many():
    view = listed(on_list("a", "2031-02-01", count=3, unit="incident"), on_list("c", "2031-02-03", "cedar"))
    assert limits(share(view, held(alder={"league": 1.0}, cedar={"guard": 1.0})).found) == (0.75, 0.75, 0.75)


def test_a_chance_widens_the_interval_and_keeps_its_mean():
    view = listed(*(on_list(f"a{n}", f"2031-02-{n:02}", "alder") for n in range(1, 11)))
    answer = share(view, held(alder={"league": 0.7, "guard": 0.3}))
    # All ten fell on one place: either all of them count or none does.
    assert limits(answer.found) == (0, 0.7, 1)


def test_independent_places_narrow_it():
    one = share(
        listed(*(on_list(f"a{n}", f"2031-02-{n:02}") for n in range(1, 10))), held(alder={"league": 0.5, "guard": 0.5})
    )
    names = ("alder", "birch", "cedar")
    three = share(
        listed(*(on_list(f"a{n}", f"2031-02-{n:02}", names[n % 3]) for n in range(1, 10))),
        held(**{name: {"league": 0.5, "guard": 0.5} for name in names}),
    )
    # One place: 0 to 1. Three: all three fail together once in eight, more than the 5 % in each tail.
    assert limits(one.found) == (0, 0.5, 1)
    assert limits(three.found) == (0, 0.5, 1)


def test_the_holder_is_that_of_the_day():
    view = listed(on_list("a", "2031-02-01"), on_list("b", "2031-02-20"))
    change = Believed({"alder": [("2000-01-01", {"league": 1.0}), ("2031-02-10", {"guard": 1.0})]})
    assert limits(share(view, Prepared(control=change)).found) == (0.5, 0.5, 0.5)


def test_a_month_stands_for_days_spread_over_it():
    view = listed(on_list("a", "2031-02-01", until="2031-03-01"))
    change = Believed({"alder": [("2000-01-01", {"league": 1.0}), ("2031-02-15", {"guard": 1.0})]})
    # Seen on 1, 8, 14 or 15, 21 and 28 February: the 15th changes hands.
    assert share(view, Prepared(control=change)).found.best == pytest.approx(0.5, abs=0.11)


def test_the_estimate_that_is_asked_for_owes_nothing_to_strikes_or_to_the_strikers_side():
    view = listed(on_list("a", "2031-02-01"))
    needs = measures.needs(measures.question(ASKED), view)
    assert needs.name == "targets"
    assert needs.without_types == {"air-strike", "shelling"}
    # The Empire backs the Crown.
    assert needs.without_sources == {"empire-staff", "crown-agency"}


def test_what_sources_say_was_hit_is_a_share_of_its_own():
    view = listed(
        on_list("a", "2031-02-01", target="league"),
        on_list("b", "2031-02-02", target="guard"),
        on_list("c", "2031-02-03"),
    )
    answer = share(view, where={"target": "as_stated"})
    assert limits(answer.found) == (0.333333, 0.5, 0.666667)
    assert answer.found.meaning == "reported"
    asked = measures.question(measures.merged(ASKED, {"target": "as_stated"}))
    assert measures.needs(asked, view) == measures.NOTHING


def test_ground_narrows_what_counts_and_not_what_is_counted():
    view = listed(on_list("a", "2031-02-01"), on_list("c", "2031-02-03", "cedar"))
    prepared = held(alder={"league": 1.0}, cedar={"league": 1.0})
    assert limits(share(view, prepared, where={"admin1": ["North"]}).found) == (0.5, 0.5, 0.5)


def test_a_report_known_only_to_a_province_has_no_known_holder():
    view = listed(on_list("a", "2031-02-01", where_precision="admin1"), on_list("c", "2031-02-03", "cedar"))
    assert limits(share(view, held(alder={"league": 1.0}, cedar={"league": 1.0})).found) == (0.5, 1.0, 1.0)


def test_a_list_of_part_of_the_period_shows_its_share_and_decides_nothing():
    part = Frame(source="strikes", type="air-strike", area="valley", start=day("2031-02-01"), end=day("2031-02-11"))
    view = view_of(on_list("a", "2031-02-01"), frames=(part,))
    answer = share(view, held(alder={"league": 1.0}))
    assert limits(answer.found) == (1, 1, 1)
    assert "does not cover 11 February 2031 to 28 February 2031" in answer.short


def total(id, count, **fields):
    return strike(
        id,
        "2031-02-01",
        None,
        until="2031-03-01",
        source="gazette",
        area="valley",
        unit="location",
        count=count,
        **fields,
    )


def part(id, high, holder, **fields):
    return total(id, None, count_high=high, part_of="t", holder=holder, status="holds", **fields)


def test_a_published_total_and_its_part_are_a_list_of_their_own():
    view = view_of(total("t", 64), part("p", 15, "guard"))
    answer = share(view, unit="location")
    # At most 15 of 64 were the Guard's: not the Guard's 49/64 = .765625 at least.
    assert limits(answer.found) == (0.765625, None, 1)
    assert answer.evidence == ("p", "t")
    assert answer.short is None


def test_a_published_total_says_nothing_of_holders_that_no_part_names():
    view = view_of(total("t", 64), part("p", 15, "guard"))
    with pytest.raises(NotMeasurable):
        share(view, unit="location", where={"is": "league"})
    # At most 15 the Guard's, the rest may be the League's or not.
    assert limits(share(view, unit="location", where={"not": ["guard", "league"]}).found) == (0, None, 1)


def test_a_published_total_for_three_weeks_does_not_cover_a_month():
    view = view_of(total("t", 64), part("p", 15, "guard"))
    answer = share(view, unit="location", of={"to": "2031-03-15"})
    assert limits(answer.found) == (0.765625, None, 1)
    assert "1 March 2031 to 14 March 2031" in answer.short


def test_a_list_that_holds_none_of_it_has_no_share():
    with pytest.raises(NotMeasurable, match="no share of nothing"):
        share(listed(on_list("a", "2031-05-01")), held(alder={"league": 1.0}))


def test_the_claimants_own_rows_are_set_apart():
    view = listed(on_list("a", "2031-02-01"), on_list("b", "2031-02-02", "cedar", origin="writer"))
    answer = share(view, held(alder={"guard": 1.0}, cedar={"league": 1.0}), Apart(sources=("writer",)))
    assert limits(answer.found) == (0, 0, 0)
    assert answer.claimant_only == ("b",)


def test_a_holder_that_the_case_does_not_have_is_refused():
    with pytest.raises(InputError, match="did you mean"):
        share(listed(on_list("a", "2031-02-01")), held(alder={"guard": 1.0}), where={"not": "gard"})


def test_a_share_of_nothing_in_particular_is_refused():
    with pytest.raises(InputError, match="of what"):
        share(listed(on_list("a", "2031-02-01")), held(alder={"guard": 1.0}), of={"type": None})


def test_the_json_is_that_of_the_interface():
    view = listed(on_list("a", "2031-02-01"))
    told = share(view, held(alder={"league": 1.0})).to_json()
    assert {"measure", "asked", "frame", "found", "evidence", "left_out", "known"} <= set(told)
    assert told["measure"] == "share"
    assert told["found"] == {"low": 1, "best": 1, "high": 1, "unit": "share of incidents", "meaning": "credible90"}


def test_a_part_of_one_of_several_may_be_any_of_theirs():
    view = view_of(total("t", 100), part("p", 25, "guard"), part("q", 35, "crown|league"))
    # Up to 35 were the Crown's or the League's; how many of them the League's nobody says.
    assert limits(share(view, unit="location", where={"is": "league"}).found) == (0, None, 0.35)
    assert share(view, unit="location", where={"is": None, "any_of": ["crown", "league"]}).found.high == 0.35


def dead(id, count, target=None, **fields):
    return replace(total(id, count, **fields), unit="death", target=target)


def of_the_fighters(*parts):
    view = view_of(dead("t", 100), *(dead(f"p{n}", count, who, part_of="t") for n, (count, who) in enumerate(parts)))
    fighters = {"of": {"target": ["guard", "league"]}, "where": {"target": "as_stated", "not": None, "is": "league"}}
    return share(view, unit="death", **fighters)


def test_of_a_total_those_parts_alone_may_be_asked_about_that_hit_some_targets():
    answer = of_the_fighters((20, "guard"), (40, "league"), (40, "crown"))
    # 100 dead, 60 of them of the Guard or the League: 40 / 60 = .666667 are of the League.
    assert limits(answer.found) == (0.666667, 0.666667, 0.666667)
    assert "of the 60 deaths of air strikes by" in answer.says


@pytest.mark.parametrize(
    "parts", [[(40, "league"), (60, "crown")], [(40, "league"), (20, "guard"), (40, "guard|crown")]]
)
def test_where_the_parts_do_not_say_how_many_those_were_there_is_no_share(parts):
    with pytest.raises(NotMeasurable):
        of_the_fighters(*parts)


def test_deaths_instead_of_places_are_another_question_and_no_variation():
    lists = (STRIKE_FRAME, replace(STRIKE_FRAME, unit="strike"), replace(STRIKE_FRAME, unit="death"))
    view = view_of(on_list("a", "2031-02-01"), frames=lists)

    def tried(unit):
        return {v.name for v in measures.question({**ASKED, "unit": unit}).variations(view) if "unit=" in v.name}

    assert tried("incident") == {"unit=strike"}
    assert tried("death") == set()


BLIND = replace(STRIKE_FRAME, misses=("guard",))
THREE = (on_list("a", "2031-02-01"), on_list("b", "2031-02-02"), on_list("c", "2031-02-03", "cedar"))
TWO_TO_ONE = held(alder={"league": 1.0}, cedar={"guard": 1.0})


@pytest.mark.parametrize(
    ("where", "bounds"),
    [
        # Two of three fell on what the Guard does not hold. Any number more may have fallen on what it holds.
        ({"not": "guard"}, (0, None, 0.666667)),
        ({"is": "league"}, (0, None, 0.666667)),
        ({"is": "guard"}, (0.333333, None, 1)),
        ({"any_of": ["guard", "crown"]}, (0.333333, None, 1)),
        # In the South and held by the Guard: more may lie there, and more of the Guard's elsewhere.
        ({"is": "guard", "admin1": "South"}, (0, None, 1)),
        # Outside whatever ground is named: what is the Guard's is none of it.
        ({"not": "guard", "admin1": "North"}, (0, None, 0.666667)),
        # Where those on the Guard's ground lie, and what was said to be hit, nobody knows.
        ({"not": None, "admin1": "North"}, (0, None, 1)),
        ({"target": "as_stated", "is": "league"}, (0, None, 1)),
    ],
)
def test_of_a_list_that_cannot_see_some_ground_the_limit_stays_that_the_missing_ones_cannot_break(where, bounds):
    answer = share(view_of(*THREE, frames=(BLIND,)), TWO_TO_ONE, where=where)
    assert limits(answer.found) == bounds


def test_what_a_list_cannot_see_is_said_in_one_plain_sentence():
    says = share(view_of(*THREE, frames=(BLIND,)), TWO_TO_ONE).says
    assert says.startswith("67 per cent of the 3 incidents")
    assert says.endswith(
        "by its own words the list of Strike Archive mostly cannot see what happened on ground of the Guard,"
        " so of all incidents the share may be smaller"
    )


def test_who_is_part_of_a_holder_is_missed_with_it():
    view = view_of(*THREE, frames=(replace(STRIKE_FRAME, misses=("crown-militia",)),))
    assert limits(share(view, TWO_TO_ONE, where={"is": "crown"}).found) == (0, None, 1)


def test_a_list_that_is_asked_for_by_name_is_asked_of_what_stands_on_it():
    answer = share(view_of(*THREE, frames=(BLIND,)), TWO_TO_ONE, sources={"only": ["strikes"]})
    assert limits(answer.found) == (0.666667, 0.666667, 0.666667)
    assert any("so the share is one of what stands on it, and of no more" in note for note in answer.notes)


def test_a_row_of_coverage_without_a_gap_decides_for_its_own_ground():
    south = replace(STRIKE_FRAME, area="South")
    view = view_of(*THREE, frames=(BLIND, south))
    whole, there = (share(view, TWO_TO_ONE, of=of, where={"is": "league"}).found for of in ({}, {"admin1": "South"}))
    assert (whole.high, there.high) == (pytest.approx(2 / 3), 0)
    assert (whole.low, there.best) == (0, 0)


@pytest.mark.parametrize(
    ("whose", "bounds"),
    [
        # 20 of the Guard's, at least 40 of the League's: 40 of 60 at least, but of the Guard's 20 of 60 at most.
        ("guard", (0, None, 0.333333)),
        # The League's are open themselves: the rule is the same, no lower limit.
        ("league", (0, None, 1)),
    ],
)
def test_a_share_of_parts_that_are_only_at_least_so_many_has_no_lower_limit(whose, bounds):
    open_part = replace(dead("q", None, "league", part_of="t"), count_low=40)
    view = view_of(dead("t", 100), dead("p", 20, "guard", part_of="t"), open_part)
    asked = {"of": {"target": ["guard", "league"]}, "where": {"target": "as_stated", "not": None, "is": whose}}
    answer = share(view, unit="death", **asked)
    assert limits(answer.found) == bounds
    assert any("no lower limit" in note for note in answer.notes)


def on_rebels(target, asked):
    """30 of 40 in the North, of a total of what hit somebody; asked of somebody."""
    parts = [replace(total(f"p{a}", n, part_of="t"), area=a) for a, n in (("North", 30), ("South", 10))]
    view = view_of(total("t", 40, target=target), *parts)
    return share(view, unit="location", of={"target": asked}, where={"not": None, "target": None, "admin1": "North"})


def test_a_total_of_just_the_target_asked_for_is_a_list_whatever_its_parts_tell():
    assert limits(on_rebels("league", "league").found) == (0.75, 0.75, 0.75)


@pytest.mark.parametrize(("target", "asked"), [("league", ["league", "guard"]), ("crown-militia", "crown")])
def test_a_total_of_less_than_the_targets_asked_for_is_none(target, asked):
    with pytest.raises(NotMeasurable):
        on_rebels(target, asked)


@pytest.mark.parametrize(
    ("place", "bounds"),
    [
        # Two of three on the list that sees all; none to all by the other.
        ("alder", (0.666667, 0.666667, 0.666667)),
        # None by the other, and what it misses is none either: the two cannot both be right.
        ("cedar", (0, None, 0.666667)),
    ],
)
def test_beside_a_list_that_sees_all_one_that_does_not_leaves_a_share_as_it_is(place, bounds):
    other = strike("d", "2031-02-04", place, source="almanac")
    frames = (STRIKE_FRAME, replace(BLIND, source="almanac"))
    assert limits(share(view_of(*THREE, other, frames=frames), TWO_TO_ONE, where={"is": "league"}).found) == bounds


def test_a_list_that_sees_all_of_a_part_of_the_period_leaves_one_that_covers_the_whole():
    short = replace(STRIKE_FRAME, end=day("2031-02-10"))
    blind = replace(BLIND, source="almanac")
    other = strike("d", "2031-02-04", "cedar", source="almanac")
    answer = share(view_of(*THREE, other, frames=(short, blind)), TWO_TO_ONE, where={"is": "guard"})
    assert answer.frame == "the list of Almanac"


def test_by_topic_no_list_has_a_share():
    rows = (replace(THREE[0], topic="dams"), *THREE[1:])
    with pytest.raises(NotMeasurable, match="no list here is whole by topic"):
        share(view_of(*rows, frames=(STRIKE_FRAME,)), TWO_TO_ONE, of={"topic": "dams"})


@pytest.mark.parametrize(
    ("open_one", "bounds"),
    [
        # 4 at Alder (not the Guard's), 6 at Cedar (the Guard's): 4 of 10. At least 4: of the share at most all.
        ("a", (0.4, 0.4, 1.0)),
        # At least 6 at Cedar: of the share at least nothing.
        ("b", (0.0, 0.4, 0.4)),
    ],
)
def test_a_list_with_a_count_that_is_only_at_least_so_many_leaves_the_share_open_on_its_side(open_one, bounds):
    def row(id, when, place, count):
        only = {"count_low": count} if id == open_one else {"count": count}
        return on_list(id, when, place, unit="raid", **only)

    view = view_of(
        row("a", "2031-02-01", "alder", 4),
        row("b", "2031-02-02", "cedar", 6),
        frames=(replace(STRIKE_FRAME, unit="raid"),),
    )
    answer = share(view, held(alder={"league": 1.0}, cedar={"guard": 1.0}), unit="raid")
    assert limits(answer.found) == bounds
    assert any("any larger one" in note for note in answer.notes)
