"""What the control estimate is measured with: the scores, the other methods, and the hold-outs."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pytest

from tools import bench_control, eval_rivals, eval_scores
from tools.eval_case import Changed, changes, found
from tools.eval_holdout import blocks, unmentioned
from tools.eval_rivals import Said
from tools.press import Press, Telling, Truth, report, view_of
from zenobia.record import table_of
from zenobia.terms import Report, Source, day_number

HOLDERS = ("reds", "blues")


def war(held: list[list[int]]) -> Truth:
    spots = {f"town-{n}": (35.0 + 0.1 * n, 36.0) for n in range(len(held))}
    return Truth(tuple(spots), 18_000, HOLDERS, np.array(held, dtype=np.int8), spots)


def test_scores_are_those_worked_out_by_hand() -> None:
    truth = war([[0, 0, 1, 1]])
    said = np.array([[[0.8, 0.1, 0.1], [0.8, 0.1, 0.1], [0.5, 0.4, 0.1], [0.1, 0.8, 0.1]]])
    s = eval_scores.score(said, truth)
    assert s.accuracy == 75  # the third day leads to the wrong holder
    # three days: .2**2 + 2 * .1**2 = .06; the third: .5**2 + .6**2 + .1**2 = .62; (3 * .06 + .62) / 4
    assert s.brier == pytest.approx(0.2)
    assert s.log == pytest.approx(-(3 * np.log(0.8) + np.log(0.4)) / 4)
    assert s.dated == 100  # said a day late
    assert s.spurious == 0


def test_a_set_holds_as_many_states_as_nine_tenths_need() -> None:
    truth = war([[0, 0, 2]])
    said = np.array([[[0.95, 0.03, 0.02], [0.2, 0.75, 0.05], [0.6, 0.35, 0.05]]])
    # sizes 1, 2 (.75 + .2) and 2 (.6 + .35); the third state lies outside the last one
    assert eval_scores.sets(said, truth) == pytest.approx((2 / 3, 5 / 3))


def test_reliability_counts_every_chance_and_what_came_of_it() -> None:
    count, said, came = eval_scores.reliability(np.array([[[0.7, 0.25, 0.05], [0.72, 0.08, 0.2]]]), war([[0, 2]]))
    assert count.tolist() == [2, 0, 2, 0, 0, 0, 0, 2, 0, 0]
    assert said[7] == pytest.approx(1.42)
    assert came.tolist() == [0, 0, 1, 0, 0, 0, 0, 1, 0, 0]


def test_hindsight_makes_a_rule_as_sure_as_it_is_right() -> None:
    # right three days in four: best is .75 on what it says, so (1 - s) + s / 2 = .75 at s = .5
    said = np.eye(2)[[[0, 0, 0, 0]]]
    assert eval_scores.forgiving(said, np.array([[0, 0, 0, 1]]))[0, 0, 0] == pytest.approx(0.75)


def test_dawid_skene_learns_whom_not_to_believe() -> None:
    """Two are right, one always says the opposite: where only the liar speaks, the opposite is believed."""
    rows = []
    for place in range(40):
        state = place % 2
        rows += [(place, 3, source, state) for source in (0, 1) if place < 38]
        rows.append((place, 4, 2, 1 - state))
    held = eval_rivals.dawid_skene(Said(*np.array(rows).T), 40, 30, 2)
    assert held[38, 0].argmax() == 0
    assert held[39, 0].argmax() == 1


def test_a_month_without_a_vote_takes_the_month_before() -> None:
    rows = [(place, 3, source, place % 2) for place in range(10) for source in (0, 1)]
    held = eval_rivals.dawid_skene(Said(*np.array(rows).T), 10, 90, 2)
    assert np.allclose(held[:, 80], held[:, 3])


def test_the_dense_pass_is_the_sum_over_all_histories() -> None:
    dice = np.random.default_rng(3)
    likelihood, start = dice.random((1, 4, 3)), np.array([0.5, 0.3, 0.2])
    step = dice.dirichlet(np.ones(3), size=3)
    weight = np.zeros((4, 3))
    for path in itertools.product(range(3), repeat=4):  # all 81
        chance = start[path[0]] * np.prod([step[a, b] for a, b in itertools.pairwise(path)])
        chance *= np.prod([likelihood[0, day, state] for day, state in enumerate(path)])
        weight[np.arange(4), path] += chance
    held = eval_rivals._forward_backward(likelihood, step, start)
    assert np.allclose(held[0], weight / weight.sum(axis=1, keepdims=True), atol=1e-14)


def test_an_even_press_writes_as_much_of_quiet_places() -> None:
    held = [[0] * 100 for _ in range(20)] + [[0] * 40 + [2] * 20 + [1] * 40 for _ in range(20)]
    shares = {}
    for even in (False, True):
        _, told = report(war(held), Press(reports_per_place=100, even=even), 5)
        shares[even] = np.mean([t.place < 20 for t in told])
    assert shares[False] < 0.4
    assert 0.4 < shares[True] < 0.6


def test_hidden_places_and_blocks_are_scored_by_every_method() -> None:
    truth = war([[n % 2] * 60 + [(n // 3) % 2] * 60 for n in range(30)])
    sources, told = report(truth, Press(reports_per_place=20, even=True), 5)
    for lines in (unmentioned(truth, sources, told, 1), blocks(truth, sources, told, 1)):
        figures = {line.method: list(line.figures.values()) for line in lines}
        assert "zenobia" in figures
        assert len(figures) >= 3
        assert np.isfinite(list(figures.values())).all()


def test_a_change_is_documented_where_two_documents_with_two_voices_date_it() -> None:
    def told(n: int, source: str, document: str, day: dt.date, origin: str | None = None) -> Report:
        after = day + dt.timedelta(days=1)
        return Report(
            id=f"r{n}", source=source, origin=origin, document=document, published=after, type="capture",
            status="takes", date=day, date_to=after, date_precision="day", place="town-0", holder="blues",
        )  # fmt: skip

    may, june, july = dt.date(2020, 5, 1), dt.date(2020, 6, 1), dt.date(2020, 7, 1)
    rows = [
        told(1, "wire", "a", may),
        told(2, "paper", "b", may),
        told(3, "radio", "c", may + dt.timedelta(days=1)),  # the day after belongs to the same change
        told(4, "wire", "d", june),
        told(5, "paper", "e", june, origin="wire"),  # two documents, one voice
        told(6, "wire", "f", july),
        told(7, "paper", "f", july),  # two voices, one document
    ]
    sources = [Source(id=name, name=name) for name in ("wire", "paper", "radio")]
    view = replace(view_of(war([[0] * 10]), sources, []), reports=table_of(Report, rows))
    assert changes(view) == [
        Changed("town-0", "blues", day_number(may), frozenset("abc"), frozenset({"wire", "paper", "radio"}))
    ]


def test_a_change_is_found_on_the_day_the_taker_comes_to_lead() -> None:
    class Estimate:
        places, states = ("elm",), HOLDERS

        def chances(self, places: list[str], days: np.ndarray) -> np.ndarray:
            taken = np.where(days >= 102, 0.9, 0.2)
            return np.stack([1 - taken, taken], axis=1)

    told = found(Estimate(), Changed("elm", "blues", 100, frozenset("ab"), frozenset("ab")))  # type: ignore[arg-type]
    assert (told.before, told.after, told.off) == (0.2, 0.9, 2)
    assert told.seen


@pytest.mark.long
@pytest.mark.parametrize("peer", ["numba", "hmmlearn"])
def test_the_peers_of_the_benchmark_come_to_the_same_chances(peer: str) -> None:
    pytest.importorskip(peer, reason=f"{peer} is not installed")
    asked = bench_control.Problem(5, 40, 60)
    _, ours = bench_control.STEPS["zenobia"](asked)
    _, theirs = bench_control.STEPS[peer](asked)
    assert theirs == pytest.approx(ours, rel=1e-12)


def test_a_report_keeps_its_day_and_source_as_a_number() -> None:
    told = [Telling(9, "b", 0, 8, "loses", "reds"), Telling(3, "a", 0, 2, "contests", "")]
    said = eval_rivals.read(war([[0] * 10]), told)
    assert [column.tolist() for column in said] == [[0, 0], [2, 8], [0, 1], [2, 1]]
