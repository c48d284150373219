"""From a known truth, badly told: the estimate finds it again, and is as sure as it says."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from zenobia import control

Floats = npt.NDArray[np.float64]

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def told(press: ModuleType, war: Any) -> list[tuple[list[Any], control.Control]]:
    """For each seed, what twelve sources said and what the estimate made of it."""
    crew = press.Press(partisans=3, independents=3, copiers=3, reports_per_place=40.0, false=2.0)
    made = []
    for seed in SEEDS:
        sources, tellings = press.report(war, crew, seed)
        made.append((tellings, control.estimate(press.view_of(war, sources, tellings))))
    return made


def chances(estimate: control.Control, war: Any) -> Floats:
    days = np.arange(war.first, war.first + war.held.shape[1])
    flat = estimate.chances(list(np.repeat(war.places, len(days))), np.tile(days, len(war.places)))
    return flat.reshape(len(war.places), len(days), -1)


def log_loss(said: Floats, war: Any) -> float:
    right = np.take_along_axis(said, war.held[:, :, None].astype(int), axis=2)
    return float(-np.log(np.maximum(right, 1e-6)).mean())


def rule(tellings: list[Any], war: Any, days: int | None) -> Floats:
    """The last word (days=None), or shares of what was said in so many days, as sure as serves it best."""
    states = [*war.holders, ""]
    said = np.zeros((*war.held.shape, len(states)))
    for t in sorted(tellings, key=lambda t: (t.day, t.published, t.source)):
        if t.status == "loses":
            continue
        until = None if days is None else t.day + days
        if days is None:
            said[t.place, t.day :] = 0
        said[t.place, t.day : until, states.index(t.holder)] += 1
    said += said.sum(axis=2, keepdims=True) == 0
    said /= said.sum(axis=2, keepdims=True)
    mixes = [(1 - share) * said + share / len(states) for share in np.linspace(0.01, 0.6, 60)]
    return min(mixes, key=lambda mix: log_loss(mix, war))


def test_it_is_nearer_the_truth_than_the_last_report_or_a_majority(told: Any, war: Any) -> None:
    for tellings, estimate in told:
        ours = log_loss(chances(estimate, war), war)
        assert ours < 0.5 * log_loss(rule(tellings, war, None), war)
        assert ours < 0.5 * log_loss(rule(tellings, war, 30), war)


def test_it_is_as_often_right_as_it_is_sure(told: Any, war: Any) -> None:
    said = np.concatenate([chances(estimate, war) for _, estimate in told])
    right = said.argmax(axis=2) == np.tile(war.held, (len(SEEDS), 1))
    sure = said.max(axis=2)
    bins = np.minimum((sure * 10).astype(int), 9).ravel()
    gaps = np.abs(np.bincount(bins, sure.ravel(), 10) - np.bincount(bins, right.ravel(), 10))
    assert gaps.sum() / bins.size < 0.03


def test_windows_of_change_hold_the_true_day_nine_times_in_ten(told: Any, war: Any) -> None:
    inside = []
    for _, estimate in told:
        for place, row in zip(war.places, war.held, strict=True):
            if row[0] == row[-1]:
                continue
            day = war.first + int(np.argmax(row == row[-1]))
            change = estimate.change(place, war.holders[row[0]], war.holders[row[-1]], war.first, war.first + 300)
            if change.chance > 0.5:
                inside.append(change.low <= day <= change.high)
    assert len(inside) >= 30
    assert np.mean(inside) >= 0.9


def test_sources_that_take_sides_are_seen_to_admit_more_than_they_boast(told: Any) -> None:
    for _, estimate in told:
        sided = [w for w in estimate.worth() if w.stands_with and w.reports > 50]
        assert sided
        assert all(w.against > w.own for w in sided)


def test_with_few_reports_it_is_less_sure_and_still_right_about_that(press: ModuleType, war: Any) -> None:
    few = press.Press(partisans=3, independents=3, copiers=1, reports_per_place=5.0)
    sources, tellings = press.report(war, few, 1)
    estimate = control.estimate(press.view_of(war, sources, tellings))
    known = np.array([place in estimate.places for place in war.places])
    said = chances(estimate, war)[known]
    right = said.argmax(axis=2) == war.held[known]
    assert said.max(axis=2).mean() < 0.97
    assert abs(said.max(axis=2).mean() - right.mean()) < 0.06


def test_the_past_does_not_depend_on_what_was_published_later(press: ModuleType, war: Any) -> None:
    crew = press.Press(partisans=2, independents=2, reports_per_place=20.0)
    sources, tellings = press.report(war, crew, 4)
    early = [t for t in tellings if t.published <= 150]
    then = control.estimate(press.view_of(war, sources, tellings, known=war.first + 150)).daily()
    assert then.equals(control.estimate(press.view_of(war, sources, early)).daily())
