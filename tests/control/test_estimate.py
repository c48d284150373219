"""The face: who held a place on a day, how surely, by whose word."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from zenobia import control
from zenobia.control import chain, dates
from zenobia.control.witnesses import log_chances
from zenobia.record import View
from zenobia.terms import Actor, Affiliation, InputError, NotFound, Place, Source, day_number

Made = Callable[..., View]

START = date(2020, 1, 1)


def on(days: int) -> int:
    """The day number of so many days into the case."""
    return day_number(START) + days


def row(source: str, days: int, status: str, holder: str | None = None, **more: Any) -> dict[str, Any]:
    return {"source": source, "date": START + timedelta(days=days), "status": status, "holder": holder, **more}


# A town that the reds hold, that is fought over from day 40 and that the blues take on day 45.
TAKEN = [
    row("wire", 2, "holds", "reds"),
    row("monitor", 20, "holds", "reds"),
    row("wire", 38, "holds", "reds"),
    row("monitor", 41, "contests"),
    row("wire", 45, "takes", "blues"),
    row("monitor", 45, "takes", "blues"),
    row("wire", 60, "holds", "blues"),
    row("monitor", 80, "holds", "blues"),
]


def test_a_town_changes_hands(made: Made) -> None:
    estimate = control.estimate(made(TAKEN))
    assert estimate.states == ("reds", "blues", "contested")
    assert [estimate.at("tal", on(d)).leader for d in (0, 30, 44, 45, 90)][:2] == ["reds", "reds"]
    assert estimate.at("tal", on(45)).held_by["blues"] > 0.9
    assert estimate.at("tal", on(85)).held_by["blues"] > 0.9


def test_the_chances_of_a_day_sum_to_one(made: Made) -> None:
    estimate = control.estimate(made(TAKEN))
    for day in (0, 41, 45, 90, 2000):
        assert sum(estimate.at("tal", on(day)).held_by.values()) == pytest.approx(1, abs=1e-9)


def test_a_place_that_nobody_speaks_of_has_no_basis_and_no_rows(made: Made) -> None:
    estimate = control.estimate(made(TAKEN))
    silent = estimate.at("wadi", on(10))
    assert (silent.basis, silent.held_by, silent.last_evidence) == ("none", {}, None)
    assert np.isnan(estimate.chances(["wadi"], np.array([on(10)]))).all()
    assert set(estimate.daily(None, None)["place"].to_pylist()) == {"tal"}


def test_a_case_without_evidence_has_empty_tables(made: Made) -> None:
    estimate = control.estimate(made([]))
    assert estimate.places == ()
    assert (estimate.daily().num_rows, estimate.spells().num_rows) == (0, 0)
    assert estimate.at("tal", on(0)).basis == "none"


def test_an_unknown_place_is_refused(made: Made) -> None:
    with pytest.raises(NotFound, match="no place 'tall'"):
        control.estimate(made(TAKEN)).at("tall", on(1))


def test_certainty_wanes_in_silence(made: Made) -> None:
    estimate = control.estimate(made([row("wire", 0, "holds", "reds")]))
    held = estimate.chances(["tal"] * 4, np.array([on(0), on(30), on(90), on(700)]))[:, 0]
    assert (np.diff(held) < 0).all()


def test_contested_and_shared_are_kept_apart(made: Made) -> None:
    rows = [row(f"s{n}", 10, "contests", place="tal") for n in range(4)]
    rows += [row(f"s{n}", 10, "shares", place="wadi") for n in range(4)]
    estimate = control.estimate(made(rows))
    assert estimate.at("tal", on(10)).leader == "contested"
    assert estimate.at("wadi", on(10)).leader == "shared"


def test_a_siege_stands_beside_the_holder_until_the_place_changes_hands(made: Made) -> None:
    estimate = control.estimate(made([*TAKEN, row("wire", 25, "besieges", "blues")]))
    assert [estimate.at("tal", on(d)).besieged_by for d in (24, 25, 35, 50)] == [None, "blues", "blues", None]
    assert estimate.at("tal", on(35)).leader == "reds"


def test_a_siege_with_a_stated_end_ends_then(made: Made) -> None:
    siege = row("wire", 10, "besieges", "blues", date_to=START + timedelta(days=20))
    estimate = control.estimate(made([siege, row("wire", 5, "holds", "reds")]))
    assert [estimate.at("tal", on(d)).besieged_by for d in (10, 19, 20)] == ["blues", "blues", None]


def test_the_last_evidence_is_the_last_stated_day_up_to_the_day(made: Made) -> None:
    estimate = control.estimate(made(TAKEN))
    seen = [estimate.at("tal", on(d)).last_evidence for d in (1, 2, 44, 90)]
    assert seen == [None, START + timedelta(2), START + timedelta(41), START + timedelta(80)]


def test_voices_are_origins_that_speak_for_who_leads(made: Made) -> None:
    rows = [
        row("wire", 10, "holds", "reds"),
        row("daily", 12, "holds", "reds", origin="wire"),
        row("monitor", 14, "holds", "reds"),
        row("blog", 15, "holds", "blues"),
    ]
    estimate = control.estimate(made(rows)).at("tal", on(14))
    assert (estimate.leader, estimate.voices) == ("reds", 2)


def test_the_evidence_of_a_day_is_what_moves_it(made: Made) -> None:
    estimate = control.estimate(made(TAKEN)).at("tal", on(46))
    assert {"r004", "r005"} <= set(estimate.evidence)
    assert list(estimate.evidence) == sorted(estimate.evidence)


def test_order_of_the_reports_does_not_show(made: Made) -> None:
    def tables(rows: list[dict[str, Any]]) -> tuple[Any, Any]:
        estimate = control.estimate(made(rows))
        return estimate.daily(), estimate.spells()

    named = [{**r, "id": f"x{n}"} for n, r in enumerate(TAKEN)]
    forward, backward = tables(named), tables(named[::-1])
    assert forward[0].equals(backward[0])
    assert forward[1].equals(backward[1])


def test_the_same_report_twice_changes_nothing(made: Made) -> None:
    once, twice = (control.estimate(made(rows)).daily() for rows in (TAKEN, [*TAKEN, TAKEN[4]]))
    assert once.equals(twice)


def test_a_fresh_report_for_a_state_raises_its_chance(made: Made) -> None:
    before = control.estimate(made(TAKEN)).at("tal", on(70)).held_by["blues"]
    more = [*TAKEN, row("paper", 70, "holds", "blues")]
    assert control.estimate(made(more)).at("tal", on(70)).held_by["blues"] > before


def test_daily_holds_every_day_of_the_case_and_sums_to_one(made: Made) -> None:
    daily = control.estimate(made(TAKEN)).daily()
    assert daily.column_names == ["place", "date", "holder", "chance"]
    assert daily.num_rows == 91 * 3  # 2020-01-01..2020-04-01 is 31 + 29 + 31 days, with three states each
    sums = daily.group_by(["place", "date"]).aggregate([("chance", "sum")])["chance_sum"].to_numpy()
    np.testing.assert_allclose(sums, 1.0, atol=1e-9)


def test_without_a_period_the_days_are_those_of_the_evidence(made: Made) -> None:
    estimate = control.estimate(made(TAKEN, period=(None, None)))
    assert (estimate.first, estimate.after) == (on(2), on(81))


def test_without_a_period_what_a_capture_says_of_the_days_before_it_begins_no_case(made: Made) -> None:
    told = [row("wire", 20, "takes", "reds"), row("monitor", 30, "holds", "reds")]
    assert control.estimate(made(told, period=(None, None))).first == on(20)


def test_spells_follow_one_another_and_cover_the_case(made: Made) -> None:
    spells = control.estimate(made(TAKEN)).spells().to_pylist()
    assert [s["holder"] for s in spells if s["holder"] != "contested"] == ["reds", "blues"]
    assert (spells[0]["from"], spells[-1]["to"]) == (START, date(2020, 4, 1))
    assert all(a["to"] == b["from"] for a, b in itertools.pairwise(spells))
    assert all(s["least"] <= s["chance"] for s in spells)


def test_a_change_is_dated_where_the_news_puts_it(made: Made) -> None:
    change = control.estimate(made(TAKEN)).change("tal", "reds", "blues", on(0), on(91))
    assert change.chance > 0.9
    assert change.best == on(45)
    assert change.low is not None
    assert change.high is not None
    assert on(38) < change.low <= on(45) <= change.high < on(60)


def test_a_change_that_did_not_happen_has_little_chance_and_none_no_day(made: Made) -> None:
    estimate = control.estimate(made(TAKEN))
    assert estimate.change("tal", "reds", "blues", on(60), on(91)).chance < 0.05
    assert estimate.change("tal", "reds", "blues", on(60), on(60)).best is None


def test_draws_are_seeded_and_agree_with_the_chances(made: Made) -> None:
    estimate = control.estimate(made(TAKEN))
    paths = estimate.draws("tal", on(0), on(91), 4000, seed=7)
    assert np.array_equal(paths, estimate.draws("tal", on(0), on(91), 4000, seed=7))
    assert not np.array_equal(paths, estimate.draws("tal", on(0), on(91), 4000, seed=8))
    shares = np.stack([(paths == k).mean(axis=0) for k in range(3)], axis=1)
    chances = estimate.chances(["tal"] * 91, np.arange(on(0), on(91)))
    # Four standard errors of a share of 4,000 draws: 4 * .5 / sqrt(4000) = .032.
    np.testing.assert_allclose(shares, chances, atol=0.032)


def test_a_place_without_basis_cannot_be_drawn(made: Made) -> None:
    with pytest.raises(InputError, match="no history"):
        control.estimate(made(TAKEN)).draws("wadi", on(0), on(5), 10, seed=1)


def test_why_is_what_taking_a_report_away_does(made: Made) -> None:
    estimate = control.estimate(made(TAKEN))
    telling = estimate.why("tal", on(80))
    weights = {w.report: w.log_odds for w in telling}
    # Both that told of the capture, and the only word after day 60: that the blues hold it.
    assert [(w.report, w.source) for w in telling[:3]] == [("r004", "wire"), ("r005", "monitor"), ("r007", "monitor")]
    assert weights["r007"] > 0
    # Who held it before it was taken matters little to who holds it weeks later.
    assert abs(weights["r000"]) < 0.2


WITH_A_PERIOD = [
    *TAKEN,
    row("paper", 44, "takes", "blues", target="reds"),
    row("blog", 30, "holds", "reds", date_to=START + timedelta(days=50)),
    row("daily", 46, "loses", "reds"),
]


@pytest.mark.parametrize("day", [10, 43, 45, 80])
def test_why_takes_back_all_that_a_report_says_news_included(made: Made, day: int) -> None:
    estimate = control.estimate(made(WITH_A_PERIOD))
    told = estimate.why("tal", on(day))
    assert len({w.report for w in told}) == len(told) == len(WITH_A_PERIOD)
    whole = swept_without(estimate, on(day), None)
    leader = int(whole.argmax())
    for weight in told:
        less = swept_without(estimate, on(day), weight.report)
        odds = [float(np.log(p[leader] / (1 - p[leader]))) for p in (whole, less)]
        assert weight.log_odds == pytest.approx(odds[0] - odds[1], abs=1e-9)


def swept_without(estimate: control.Control, day: int, report: str | None) -> np.ndarray[Any, Any]:
    """The chances of the one place on a day, swept anew over all its days with a report silenced."""
    fitted, evidence = estimate._fitted, estimate._evidence
    silent = estimate._view.column("id")[evidence.statements.report] == report
    weight = np.where(silent, 0.0, fitted.weight)
    says = log_chances(fitted.tables, evidence.sayings)[evidence.statements.witness, evidence.statements.says]
    likelihood = np.zeros_like(fitted.knots.likelihood)
    np.add.at(likelihood, fitted.knot_of, says * weight[:, None])
    news, window = evidence.news, fitted.window
    heard = dates.tilt(
        news, evidence.sayings[news.says], window, fitted.strength, weight[news.statement], fitted.window_knot
    )
    knots = fitted.knots._replace(likelihood=np.exp(likelihood), tilt=heard[1])
    messages = chain.sweep(fitted.chain, knots, fitted.table)
    forward, backward = chain.between(knots, messages, fitted.table, np.array([0]), np.array([day]))
    return np.asarray((forward * backward)[0] / (forward * backward)[0].sum())


def test_an_admission_moves_more_than_a_boast(made: Made) -> None:
    sources = [Source(id="red-tv", name="Red TV", stands_with="reds")]

    def chance(holder: str) -> float:
        view = made([row("red-tv", 10, "holds", holder)], sources=sources)
        return control.estimate(view).at("tal", on(10)).held_by[holder]

    assert chance("blues") > chance("reds")


def test_what_each_source_is_worth_is_told(made: Made) -> None:
    sources = [Source(id="red-tv", name="Red TV", stands_with="reds")]
    worth = {
        w.source: w
        for w in control.estimate(made([*TAKEN, row("red-tv", 9, "holds", "reds")], sources=sources)).worth()
    }
    assert worth["red-tv"].against > worth["red-tv"].own
    assert worth["wire"].against == worth["wire"].own


def test_five_holders_are_as_easy_as_two(made: Made) -> None:
    holders = ("reds", "blues", "greens", "greys", "blacks")
    rows = [row(f"s{k}", 10 * n, "holds", h) for n, h in enumerate(holders) for k in range(3)]
    estimate = control.estimate(made(rows, holders=holders))
    assert [estimate.at("tal", on(10 * n)).leader for n in range(5)] == list(holders)


@pytest.mark.parametrize("holders", [(), ("reds",)])
def test_a_case_with_one_holder_or_none_is_no_trouble(made: Made, holders: tuple[str, ...]) -> None:
    rows = [row("wire", 10, "holds", "reds"), row("wire", 20, "contests"), row("wire", 30, "takes", "reds")]
    held = control.estimate(made(rows, holders=holders)).at("tal", on(20)).held_by
    assert sum(held.values()) == pytest.approx(1, abs=1e-9)


def months(source: str, status: str, holder: str | None, *days: int) -> list[dict[str, Any]]:
    return [row(source, day, status, holder) for day in days]


CONTESTED_FOR_MONTHS = [
    *months("wire", "holds", "reds", 4),
    *months("monitor", "holds", "reds", 4),
    *months("wire", "contests", None, 40, 70, 100, 131, 161, 192, 222),
    *months("paper", "contests", None, 45, 75, 105, 136, 166, 197, 227),
    *(row(s, 253, "takes", "blues") for s in ("wire", "monitor", "paper")),
]


def test_a_change_is_seen_after_months_of_fighting(made: Made) -> None:
    estimate = control.estimate(made(CONTESTED_FOR_MONTHS, period=(START, date(2021, 1, 1))))
    change = estimate.change("tal", "reds", "blues", on(244), on(274))
    assert change.chance > 0.9
    assert change.best == on(253)
    assert estimate.change("tal", "blues", "reds", on(244), on(274)).chance < 0.05


def test_who_held_a_place_that_was_always_fought_over_is_not_taken_to_be_known(made: Made) -> None:
    fought = [r for r in CONTESTED_FOR_MONTHS if r["status"] != "holds"]
    rows = [*fought, *(row(s, 0, "contests") for s in ("a", "b", "c"))]
    estimate = control.estimate(made(rows, period=(START, date(2021, 1, 1))))
    assert 0.1 < estimate.change("tal", "reds", "blues", on(244), on(274)).chance < 0.9


def test_one_mistyped_year_changes_no_other_place(made: Made) -> None:
    slip = row("wire", 0, "holds", "blues", place="wadi") | {"date": date(1, 1, 1), "published": START}
    plain, with_slip = (control.estimate(made(rows)) for rows in (TAKEN, [*TAKEN, slip]))
    assert plain.daily().equals(with_slip.daily())
    assert with_slip.left_out == (("r008", "names a day more than ten years from the case"),)


EIGHT = tuple("abcdefgh")


@pytest.mark.parametrize("holders", [("reds",), ("reds", "blues"), EIGHT])
@pytest.mark.parametrize("status", ["holds", "takes", "loses"])
def test_three_hundred_that_contradict_each_other_leave_chances(
    made: Made, holders: tuple[str, ...], status: str
) -> None:
    rows = [row(f"s{n}", 10, status, holders[n % len(holders)]) for n in range(290)]
    rows += [row(f"s{n}", 10, "contests" if n % 2 else "shares") for n in range(10)]
    estimate = control.estimate(made(rows, holders=holders))
    days = np.arange(on(-400), on(1500), 7)
    held = estimate.chances(["tal"] * len(days), days)
    assert np.isfinite(held).all()
    np.testing.assert_allclose(held.sum(axis=1), 1.0, atol=1e-9)
    assert all(np.isfinite(w.log_odds) for w in estimate.why("tal", on(10)))
    assert np.isfinite(estimate.change("tal", holders[0], holders[-1], on(0), on(20)).chance)
    assert estimate.draws("tal", on(0), on(20), 50, seed=1).max() < len(estimate.states)


def test_all_that_the_same_source_ever_said_of_eight_holders_leaves_chances(made: Made) -> None:
    rows = [row("wire", n % 90, "takes", EIGHT[n % 8], target=EIGHT[(n + 3) % 8]) for n in range(300)]
    estimate = control.estimate(made(rows, holders=EIGHT))
    held = estimate.daily()["chance"].to_numpy()
    assert np.isfinite(held).all()
    np.testing.assert_allclose(held.reshape(-1, 9).sum(axis=1), 1.0, atol=1e-9)


def test_a_case_whose_every_report_is_left_out_has_no_basis(made: Made) -> None:
    estimate = control.estimate(made([row("wire", 3, "holds", "bandits")]))
    assert (estimate.places, estimate.daily().num_rows, len(estimate.left_out)) == ((), 0, 1)
    assert estimate.worth() == ()
    assert estimate.at("tal", on(0)).basis == "none"


def test_a_place_that_nobody_mentions_follows_those_round_it_and_is_marked_as_such(made: Made) -> None:
    spots = {"ford": (34.1, 37.0), "mill": (34.0, 37.0), "silent": (34.05, 37.0), "far": (60.0, 10.0)}
    places = [Place(id=name, name=name, lat=lat, lon=lon) for name, (lat, lon) in spots.items()]
    rows = [row("wire", days, "holds", "reds", place=town) for days in (2, 40, 80) for town in ("ford", "mill")]
    estimate = control.estimate(made(rows, places=places))
    silent = estimate.at("silent", on(50))
    assert (silent.basis, silent.voices, silent.evidence, silent.last_evidence) == ("neighbours", 0, (), None)
    assert 0.5 < silent.held_by["reds"] < estimate.at("mill", on(50)).held_by["reds"]
    assert estimate.at("far", on(50)).basis == "none"
    assert estimate.by_reports().places == ("ford", "mill")
    assert estimate.by_reports().spells()["place"].unique().to_pylist() == ["ford", "mill"]


def test_a_holder_holds_nothing_before_it_appears_and_nothing_after_it_has_ended(made: Made) -> None:
    actors = [
        Actor(id="reds", name="R"),
        Actor(id="blues", name="B", start=START + timedelta(days=30), end=START + timedelta(days=60)),
    ]
    told = ((10, "reds"), (40, "blues"), (50, "blues"), (58, "blues"), (80, "reds"))
    rows = [row(source, days, "holds", holder) for days, holder in told for source in ("wire", "monitor")]
    estimate = control.estimate(made(rows, actors=actors))
    held = estimate.chances(["tal"] * 4, np.array([on(29), on(30), on(59), on(60)]))[:, 1]
    assert held[0] == held[3] == 0
    assert held[1] > 0
    assert held[2] > 0.5


def test_what_a_holder_had_goes_to_whom_it_became_part_of(made: Made) -> None:
    """The greens go over into the blues on day 50: their town is the blues' from that day on, and not before."""
    merged = START + timedelta(days=50)
    actors = [Actor(id="reds", name="R"), Actor(id="blues", name="B"), Actor(id="greens", name="G", end=merged)]
    ties = [Affiliation(actor="greens", role="part_of", of="blues", start=merged)]
    rows = [row("wire", days, "holds", "greens") for days in (5, 20, 40, 70)]
    estimate = control.estimate(made(rows, actors=actors, affiliations=ties, holders=("reds", "blues", "greens")))
    before, after = estimate.at("tal", on(49)).held_by, estimate.at("tal", on(50)).held_by
    assert before["greens"] > 0.9
    assert after["greens"] == 0
    # What is said of the greens on day 70 is said of the blues.
    assert after["blues"] > 0.9


def test_who_names_the_parent_of_two_holders_leaves_open_which_of_them(made: Made) -> None:
    ties = [Affiliation(actor=child, role="part_of", of="opposition") for child in ("blues", "greens")]
    rows = [row("wire", days, "holds", "opposition") for days in (5, 20, 40)]
    estimate = control.estimate(made(rows, affiliations=ties, holders=("reds", "blues", "greens")))
    held = estimate.at("tal", on(20)).held_by
    assert estimate.left_out == ()
    assert held["reds"] < 0.1
    assert held["blues"] == pytest.approx(held["greens"], abs=0.01)
