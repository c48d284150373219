"""Battles, shelling and strikes: what they say, and that they are heeded only where they help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from math import log
from typing import Any

import numpy as np
import pytest

from zenobia import control
from zenobia.control import chain, heeding, incidents
from zenobia.control.chain import Chain, Knots
from zenobia.control.incidents import Incidents
from zenobia.control.laying import with_days
from zenobia.control.reading import gather
from zenobia.record import View
from zenobia.terms import Place, Source, day_number

Made = Callable[..., View]
D = date(2020, 2, 10)
SAID = {"source": "wire", "date": D, "status": "holds", "holder": "reds"}
RAID = {"source": "paper", "type": "air-strike", "date": D, "actor": "blues"}
STRIKE = 2 * incidents.KINDS.index("air-strike")


def read(made: Made, *rows: dict[str, Any], **more: Any) -> Incidents:
    view = made([SAID, *rows], **more)
    return incidents.gather_incidents(view, gather(view))


def heeding_view(view: View) -> View:
    return replace(view, setting=replace(view.setting, incidents=True))


# --- what is read --------------------------------------------------------------------------


def test_an_incident_is_read_by_who_acted(made: Made) -> None:
    found = read(made, {**RAID, "target": "reds"})
    assert (found.kind.tolist(), found.named.tolist()) == ([STRIKE], [1])


def test_where_nobody_says_who_acted_it_is_read_by_who_was_hit(made: Made) -> None:
    found = read(made, {**RAID, "actor": None, "target": "reds"})
    assert (found.kind.tolist(), found.named.tolist()) == ([STRIKE + 1], [0])


@pytest.mark.parametrize(
    "other",
    [
        {"actor": None},
        {"actor": "nobody"},
        {"actor": "blues|reds"},
        {"status": "contests"},
        {"type": "explosion"},
        {"place": "wadi"},
        {"where_precision": "admin2"},
        {"date_precision": "month"},
        {"date_to": date(2020, 3, 1)},
    ],
)
def test_what_names_no_side_no_day_or_no_place_that_is_spoken_of_is_no_incident(
    made: Made, other: dict[str, Any]
) -> None:
    assert not len(read(made, {**RAID, **other}).place)


def test_what_two_tell_of_one_place_and_day_counts_once(made: Made) -> None:
    assert len(read(made, RAID, {**RAID, "source": "radio", "actor": None}).place) == 1


def test_where_those_who_tell_of_it_name_different_sides_it_names_none(made: Made) -> None:
    assert not len(read(made, RAID, {**RAID, "source": "radio", "actor": "reds"}).place)


def test_what_repeats_within_a_month_weighs_less(made: Made) -> None:
    days = (0, 10, 20, 60)
    # None before, one (1 / 3), two (1 / 5); the last comes 40 days after the one before it.
    found = read(made, *({**RAID, "date": D + timedelta(days=n)} for n in days))
    assert found.weight.tolist() == pytest.approx([1, 1 / 3, 1 / 5, 1])


# --- what it says --------------------------------------------------------------------------


def strikes(*named: int) -> Incidents:
    nothing = np.zeros(len(named), dtype=np.int64)
    return Incidents(nothing, nothing, nothing + STRIKE, np.array(named), np.ones(len(named)), nothing, 2)


def test_the_table_of_a_kind_is_worked_out_by_hand() -> None:
    # 30 by blues where reds hold, 10 by reds where blues hold. Usual: reds 10.5 of 41, blues 30.5; worth 20.
    held = np.repeat([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], [30, 10], axis=0)
    table = incidents.tables(strikes(*[1] * 30, *[0] * 10), held)[STRIKE]
    usual = np.array([10.5, 30.5]) / 41
    by_hand = [[20 * usual[0] / 50, (30 + 20 * usual[1]) / 50], [(10 + 20 * usual[0]) / 30, 20 * usual[1] / 30]]
    np.testing.assert_allclose(table, [*by_hand, usual])


def test_an_incident_says_the_logs_of_its_table_less_their_mean() -> None:
    table = np.full((6, 3, 2), 0.5)
    table[STRIKE] = [[0.2, 0.8], [0.8, 0.2], [0.4, 0.6]]
    mean = (log(0.8) + log(0.2) + log(0.6)) / 3
    said = incidents.says(strikes(1), table)
    np.testing.assert_allclose(said, [[log(0.8) - mean, log(0.2) - mean, log(0.6) - mean]])


def test_a_side_that_alone_has_aircraft_says_nothing_by_striking() -> None:
    held = np.repeat([[0.9, 0.1, 0.0], [0.1, 0.9, 0.0]], 50, axis=0)
    found = strikes(*[1] * 100)
    assert np.abs(incidents.says(found, incidents.tables(found, held))).max() < 0.01


def test_one_incident_is_not_believed_beyond_ten_to_one() -> None:
    table = np.full((6, 3, 2), 0.5)
    table[STRIKE] = [[0.001, 0.999], [0.999, 0.001], [0.5, 0.5]]
    assert incidents.says(strikes(1), table).min() == pytest.approx(-log(10))


# --- whether it is heeded ------------------------------------------------------------------


def test_a_gain_beyond_doubt_is_taken() -> None:
    # 8 in all; error sqrt(8 * 1) = 2.8, of which two are 5.7.
    assert heeding.chosen(np.array([[0.0] * 8, [0.5] * 8, [1.0] * 8, [0.9] * 8])) == 2


def test_a_gain_of_one_place_is_not() -> None:
    # 8 in all, but the error is 8 too.
    assert heeding.chosen(np.array([[0.0, 0.0], [8.0, 0.0], [4.0, 0.0], [2.0, 0.0]])) == 0


def test_a_small_gain_is_not() -> None:
    assert heeding.chosen(np.array([[0.0] * 100, [0.04] * 100, [0.0] * 100, [0.0] * 100])) == 0


def fought(made: Made, telling: float, seed: int = 1) -> View:
    """40 places that change hands once; three wires that err once in five; strikes by whoever does not hold a place
    ("telling" of them) or by anybody."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for place in range(40):
        turn, first = int(rng.integers(100, 300)), int(rng.integers(2))
        for day in range(0, 400, 20):
            holder = first if day < turn else 1 - first
            said = holder if rng.random() < 0.8 else 1 - holder
            rows.append(_row(place, day, rng, source=f"wire-{rng.integers(3)}", status="holds", holder=_NAME[said]))
            by = 1 - holder if rng.random() < telling else int(rng.integers(2))
            rows.append(_row(place, day, rng, source="paper", type="air-strike", actor=_NAME[by]))
    places = [Place(id=f"p{n:02d}", name=f"p{n:02d}") for n in range(40)]
    view = made(
        [{"id": f"r{n:04d}", **row} for n, row in enumerate(rows)],
        sources=[Source(id="paper", name="paper")],
        places=places,
        period=(date(2020, 1, 1), date(2021, 2, 4)),
    )
    return heeding_view(view)


_NAME = ("reds", "blues")


def _row(place: int, day: int, rng: np.random.Generator, **more: Any) -> dict[str, Any]:
    return {"place": f"p{place:02d}", "date": date(2020, 1, 1) + timedelta(days=day + int(rng.integers(20))), **more}


def test_strikes_by_whoever_does_not_hold_a_place_are_heeded(made: Made) -> None:
    assert control.estimate(fought(made, 0.9)).heeds_incidents


def test_strikes_by_anybody_are_not(made: Made) -> None:
    assert not any(control.estimate(fought(made, 0.0, seed)).heeds_incidents for seed in range(3))


def test_what_is_not_heeded_changes_no_byte(made: Made) -> None:
    view = fought(made, 0.0)
    assert control.estimate(view).daily().equals(control.estimate(control.unheeding(view)).daily())


def test_without_incidents_the_key_changes_no_byte(made: Made) -> None:
    view = made([SAID, {**SAID, "source": "radio", "holder": "blues", "date": date(2020, 3, 1)}])
    asked = heeding_view(view)
    assert control.estimate(asked).spells().equals(control.estimate(view).spells())


def test_without_the_key_nothing_is_heeded(made: Made) -> None:
    assert not control.estimate(control.unheeding(fought(made, 0.9))).heeds_incidents


def test_estimates_with_and_without_incidents_are_told_apart(made: Made) -> None:
    view = fought(made, 0.9)
    assert len({control.content_of(control.estimate(v)) for v in (view, control.unheeding(view))}) == 2


def test_unheeding_leaves_a_view_that_heeds_nothing_as_it_is(made: Made) -> None:
    view = made([SAID])
    assert control.unheeding(view) is view


def test_the_order_in_which_reports_come_changes_nothing(made: Made) -> None:
    view = fought(made, 0.9)
    turned = replace(view, reports=view.reports.take(list(reversed(range(view.reports.num_rows)))), _columns={})
    assert control.estimate(turned).daily().equals(control.estimate(view).daily())


# --- how it enters -------------------------------------------------------------------------


def test_a_heeded_strike_by_the_other_side_speaks_for_the_holder(made: Made) -> None:
    estimate = control.estimate(fought(made, 0.9))
    day = day_number(date(2020, 2, 1))
    for place in estimate.places[:10]:
        leader = max(estimate.at(place, day).held_by.items(), key=lambda held: held[1])[0]
        by = dict(zip(estimate._view.column("id"), estimate._view.column("actor"), strict=True))
        told = [(by[w.report], w.log_odds) for w in estimate.why(place, day) if by[w.report] is not None]
        assert told
        assert all((odds > 0) == (who != leader) for who, odds in told if abs(odds) > 1e-6)


def test_why_tells_what_falls_without_an_incident(made: Made) -> None:
    estimate = control.estimate(fought(made, 0.9))
    fitted, day, place = estimate._fitted, day_number(date(2020, 6, 1)), "p03"
    fire = fitted.fire
    assert fire is not None
    ids = estimate._view.column("id")[fire.found.report]
    for weight in (w for w in estimate.why(place, day) if w.report in ids):
        one = int(np.flatnonzero(ids == weight.report)[0])
        likelihood = fitted.knots.likelihood.copy()
        likelihood[fire.at[one]] *= np.exp(-fire.says[one])
        odds = []
        for knots in (fitted.knots, fitted.knots._replace(likelihood=likelihood)):
            messages = chain.sweep(fitted.chain, knots, fitted.table)
            asked = np.array([estimate._position[place]]), np.array([day])
            held = chain.believed(*chain.between(knots, messages, fitted.table, *asked))[0]
            leader = int(estimate.chances([place], np.array([day]))[0].argmax())
            odds.append(float(np.log(held[leader] / (1 - held[leader]))))
        assert weight.log_odds == pytest.approx(odds[0] - odds[1], abs=1e-9)


def test_a_knot_on_which_nothing_is_said_changes_no_chance() -> None:
    # One place: reds for sure on day 0, blues said on day 10; another without a word.
    step = np.array([[0.9, 0.1], [0.2, 0.8]])
    knots = Knots(
        day=np.array([0, 10, 0]),
        begin=np.array([0, 2, 3]),
        gap=np.array([0, 10, 0]),
        likelihood=np.array([[1.0, 0.0], [0.3, 0.7], [1.0, 1.0]]),
        news=np.full(3, -1),
        tilt=np.ones((0, 2, 2)),
        tempo=np.array([1, 0, 0]),
    )
    more, old, new = with_days(knots, np.array([0, 1, 0]), np.array([4, 7, 10]))
    assert (more.day.tolist(), more.gap.tolist(), old.tolist(), new.tolist()) == (
        [0, 4, 10, 0, 7],
        [0, 4, 6, 0, 7],
        [0, 2, 3],
        [1, 4, 2],
    )
    # The first place is slow from day 0 to day 10.
    steps = np.stack([step, (step + np.eye(2)) / 2])
    table, asked = chain.powers(steps, 10), (np.array([0, 0, 1]), np.array([2, 6, 9]))
    start = Chain(np.full((2, 2), 0.5), steps)
    held = [chain.between(k, chain.sweep(start, k, table), table, *asked) for k in (knots, more)]
    np.testing.assert_allclose(chain.believed(*held[0]), chain.believed(*held[1]), atol=1e-14)


# --- the hold-out --------------------------------------------------------------------------


def test_what_is_kept_aside_is_foretold_as_worked_out_by_hand() -> None:
    # One place and day, chances 1/2 each; kept aside: a word that is .8 and .4 likely. An incident is kept that makes
    # the first state three times likelier: 3/4 * .8 + 1/4 * .4 = .7 against .6.
    stage = heeding.Stage(
        chain=Chain(np.array([[0.5, 0.5]]), np.eye(2)[None]),
        knots=Knots(
            np.array([0]),
            np.array([0, 1]),
            np.array([0]),
            np.ones((1, 2)),
            np.array([-1]),
            np.ones((0, 2, 2)),
            np.array([0]),
        ),
        table=chain.powers(np.eye(2)[None], 1),
        said=np.log([[0.8, 0.4]]),
        knot_of=np.array([0]),
        voice=np.array([0]),
        rest=np.zeros((1, 2)),
        found=strikes(1),
        at=np.array([0]),
    )
    asked, none = np.array([0]), heeding._told(stage, np.array([False]))
    with_it = none + np.log([[3.0, 1.0]])
    told = [np.exp(heeding._foretold(stage, logs, asked))[0] for logs in (none, with_it)]
    assert told == pytest.approx([0.6, 0.7])
