"""Hold-outs: places that nobody mentions, months that nobody reports, days that have not come yet.

Each takes reports away, estimates from the rest, and scores what was taken away. Rivals are as sure as
hindsight says; the estimate is as it comes, save where a line says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tools.eval_rivals import Said, dense, read, rules
from tools.eval_scores import chances, forgiving, log_loss, score, surest
from tools.eval_truth import some_of
from tools.press import Telling, Truth, view_of
from zenobia import control
from zenobia.terms import Source

__all__ = ["Line", "ahead", "as_known", "blocks", "unmentioned"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BLOCK_DAYS, AHEAD_DAYS, KNOWN_DAYS = 45, 60, 7
_SHARE = 0.2
_ISSUES = (0.3, 0.5, 0.7)
_KM_PER_DEGREE = 111.2


class Line(NamedTuple):
    """One line of a table: the method, and its figures by name."""

    method: str
    figures: dict[str, float]


def unmentioned(truth: Truth, sources: list[Source], told: Sequence[Telling], seed: int) -> Iterator[Line]:
    """A fifth of the places loses all its reports: who holds these, from the ground round them?"""
    hidden = np.random.default_rng([seed, 1]).random(len(truth.places)) < _SHARE
    kept = [t for t in told if not hidden[t.place]]
    estimate = control.estimate(view_of(truth, sources, kept))
    said, there = chances(estimate, truth), some_of(truth, hidden)
    guesses = {
        "the usual holder": forgiving(_usual(said, hidden), there.held),
        "leading holder of the nearest place told of": forgiving(_nearest(truth, said, hidden, kept), there.held),
        "zenobia": said[hidden],
    }
    for method, guess in guesses.items():
        s = score(guess, there)
        yield Line(method, {"accuracy %": s.accuracy, "log loss": s.log, "ECE": s.ece})


def _usual(said: Floats, hidden: Flags) -> Floats:
    """The state that leads most often where there are reports, everywhere."""
    most = np.bincount(said[~hidden].argmax(axis=2).ravel(), minlength=said.shape[2]).argmax()
    return np.tile(np.eye(said.shape[2])[most], (int(hidden.sum()), said.shape[1], 1))


def _nearest(truth: Truth, said: Floats, hidden: Flags, kept: Sequence[Telling]) -> Floats:
    """What leads at the nearest place with reports, day by day."""
    spots = np.array([truth.positions.get(p, (np.nan, np.nan)) for p in truth.places])
    spots[:, 1] *= np.cos(np.radians(np.nanmean(spots[:, 0])))
    mentioned = np.zeros(len(spots), dtype=bool)
    mentioned[[t.place for t in kept]] = True
    mentioned &= ~np.isnan(spots[:, 0])
    away = np.linalg.norm(spots[hidden][:, None] - spots[mentioned][None], axis=2) * _KM_PER_DEGREE
    nearest = np.flatnonzero(mentioned)[np.nan_to_num(away, nan=0.0).argmin(axis=1)]
    return np.asarray(np.eye(said.shape[2])[said[nearest].argmax(axis=2)])


def ahead(truth: Truth, sources: list[Source], told: Sequence[Telling]) -> Iterator[Line]:
    """Nothing published after a day is known: who holds what in the 60 days that follow?"""
    made: dict[str, list[Floats]] = {}
    held = []
    for share in _ISSUES:
        issue = int(share * truth.held.shape[1])
        days = slice(issue + 1, issue + 1 + AHEAD_DAYS)
        known = [t for t in told if t.published <= issue and t.day <= issue]
        view = view_of(truth, sources, known, known=truth.first + issue)
        said = chances(control.estimate(view), truth)
        last = rules(truth, known)["last report wins"]
        unchanged = np.repeat(said[:, issue : issue + 1], AHEAD_DAYS, axis=1)
        for method, guess in (
            ("last report wins", last[:, days]),
            ("what led that day, unchanged", np.eye(said.shape[2])[unchanged.argmax(axis=2)]),
            ("zenobia", said[:, days]),
        ):
            made.setdefault(method, []).append(guess)
        held.append(truth.held[:, days])
    yield from _compared(made, np.concatenate(held, axis=1))


def as_known(truth: Truth, sources: list[Source], told: Sequence[Telling]) -> Iterator[Line]:
    """On seven days through the period, from what had been published by then: who holds what that day?"""
    days = np.linspace(0, truth.held.shape[1] - 1, KNOWN_DAYS + 2).astype(int)[1:-1]
    made: dict[str, list[Floats]] = {}
    for day in days:
        known = [t for t in told if t.published <= day]
        today = replace(truth, first=truth.first + int(day), held=truth.held[:, day : day + 1])
        view = view_of(truth, sources, known, known=truth.first + int(day))
        made.setdefault("last report wins", []).append(_last(read(truth, known), truth, int(day)))
        made.setdefault("zenobia", []).append(chances(control.estimate(view), today))
    yield from _compared(made, truth.held[:, days])


def _last(said: Said, truth: Truth, day: int) -> Floats:
    """The last word on each place as of a day, (places, 1, states)."""
    states = len(truth.holders) + 1
    held = np.full((len(truth.places), states), np.nan)
    for place, when, _, state in zip(*said, strict=True):
        if when <= day:
            held[place] = np.eye(states)[state]
    held[np.isnan(held[:, 0])] = np.nanmean(held, axis=0)
    return held[:, None, :]


def _compared(made: dict[str, list[Floats]], held: npt.NDArray[np.int8]) -> Iterator[Line]:
    """Accuracy and log loss; all but the estimate as sure as hindsight says."""
    for method, parts in made.items():
        said = np.concatenate(parts, axis=1)
        said = said if method == "zenobia" else forgiving(said, held)
        right = 100 * float((said.argmax(axis=2) == held).mean())
        yield Line(method, {"accuracy %": right, "log loss": log_loss(surest(said, held))})


def blocks(truth: Truth, sources: list[Source], told: Sequence[Telling], seed: int) -> Iterator[Line]:
    """A fifth of all 45-day blocks of places loses its reports: what is the first thing each source said there?

    Only the first, since the reports of one source in one block repeat each other, and copies predict copies.
    """
    counted = -(-truth.held.shape[1] // BLOCK_DAYS)
    hidden = np.random.default_rng([seed, 2]).random((len(truth.places), counted)) < _SHARE
    kept = [t for t in told if not hidden[t.place, t.day // BLOCK_DAYS]]
    taken = read(truth, _first([t for t in told if hidden[t.place, t.day // BLOCK_DAYS]]))
    where = np.repeat(hidden, BLOCK_DAYS, axis=1)[:, : truth.held.shape[1]]
    made = rules(truth, kept)
    made["dense HMM, best fixed confusion"] = dense(read(truth, kept), truth)
    made["zenobia"] = chances(control.estimate(view_of(truth, sources, kept)), truth)
    for method, said in made.items():
        held = said[where][None]
        real = truth.held[where][None]
        heard = said[taken.place, taken.day][None]
        sure = surest(held if method == "zenobia" else forgiving(held, real), real)
        yield Line(
            method,
            {
                "log loss of what is told there": log_loss(
                    surest(forgiving(heard, taken.state[None]), taken.state[None])
                ),
                "log loss of the truth there": log_loss(sure),
            },
        )


def _first(told: Sequence[Telling]) -> list[Telling]:
    """The first report of each source on each place in each block."""
    first: dict[tuple[str, int, int], Telling] = {}
    for t in sorted(told, key=lambda t: (t.day, t.published)):
        first.setdefault((t.source, t.place, t.day // BLOCK_DAYS), t)
    return list(first.values())
