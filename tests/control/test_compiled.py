"""The loops in numpy and those compiled come to the same bits, and so does all that is published from them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.control.conftest import Made
from zenobia.control import estimate, fast, plain
from zenobia.control.chain import powers
from zenobia.control.courses import Courses
from zenobia.control.knots import Knots, Messages
from zenobia.terms import Place, day_number

compiled = pytest.importorskip("zenobia.control.compiled", reason="numba is not installed", exc_type=ImportError)

Floats = npt.NDArray[np.float64]

DAYS, TEMPOS = 300, 3
# Places and states: one alone, and more states than numpy adds up one after the other.
SIZES = [(1, 2), (2, 9), (40, 4), (300, 11)]


def _made(places: int, states: int) -> tuple[Floats, Knots, Floats]:
    """Chances on the first day, knots at random with news on some moves of one day, and the table of moves."""
    dice = np.random.default_rng(places + states)
    of_place = [np.unique([0, *dice.integers(1, DAYS, dice.integers(0, 40))]) for _ in range(places)]
    begin = np.concatenate([[0], np.cumsum([len(days) for days in of_place])])
    day = np.concatenate(of_place)
    gap = np.diff(day, prepend=0)
    gap[begin[:-1]] = 0
    knots = Knots(
        day=day,
        begin=begin,
        gap=gap,
        likelihood=np.exp(dice.normal(0, 3, (len(day), states))),
        news=np.where((gap == 1) & (dice.random(len(day)) < 0.7), dice.integers(0, 5, len(day)), -1),
        tilt=np.exp(dice.normal(0, 2, (5, states, states))),
        tempo=dice.integers(0, TEMPOS, len(day)),
    )
    step = 0.98 * np.eye(states) + 0.02 * dice.dirichlet(np.ones(states), (TEMPOS, states))
    return dice.dirichlet(np.ones(states), places), knots, powers(step, DAYS + 10)


@pytest.fixture(params=SIZES, ids=str)
def case(request: Any) -> tuple[Floats, Knots, Floats]:
    return _made(*request.param)


def _same(mine: Any, other: Any) -> None:
    for one, two in zip(mine, other, strict=True):
        np.testing.assert_array_equal(one, two)


def _messages(case: tuple[Floats, Knots, Floats]) -> Messages:
    return Messages(*plain.sweep(*case), 0.0)


def test_a_sweep_is_the_same(case: tuple[Floats, Knots, Floats]) -> None:
    _same(compiled.sweep(*case), plain.sweep(*case))


def test_what_is_reached_under_several_models_is_the_same(case: tuple[Floats, Knots, Floats]) -> None:
    start, knots, table = case
    said = np.stack([knots.likelihood, knots.likelihood**2, np.sqrt(knots.likelihood)])
    starts = np.stack([start, start, np.full_like(start, 1 / start.shape[1])])
    _same(compiled.reached(starts, said, knots, table), plain.reached(starts, said, knots, table))


def test_what_is_reached_is_what_a_sweep_reaches(case: tuple[Floats, Knots, Floats]) -> None:
    start, knots, table = case
    np.testing.assert_array_equal(
        plain.reached(start[None], knots.likelihood[None], knots, table)[0], plain.sweep(*case)[2]
    )


def test_any_day_between_knots_is_the_same(case: tuple[Floats, Knots, Floats]) -> None:
    start, knots, table = case
    dice = np.random.default_rng(1)
    asked = dice.integers(0, len(start), 500), dice.integers(0, DAYS + 5, 500)
    messages = _messages(case)
    _same(compiled.between(knots, messages, table, *asked), plain.between(knots, messages, table, *asked))


def test_days_in_order_are_as_days_by_themselves(case: tuple[Floats, Knots, Floats]) -> None:
    start, knots, table = case
    asked = np.repeat(np.arange(len(start)), DAYS), np.tile(np.arange(DAYS), len(start))
    messages = _messages(case)
    _same(compiled.between(knots, messages, table, *asked), plain.between(knots, messages, table, *asked))


def test_what_is_believed_is_the_same(case: tuple[Floats, Knots, Floats]) -> None:
    messages = _messages(case)
    messages.forward[0] = 0.0  # a row without any weight
    _same(compiled.believed(messages.forward, messages.backward), plain.believed(messages.forward, messages.backward))


@pytest.mark.parametrize("at_once", [plain.ENDS_AT_ONCE, 7])
def test_the_ends_of_gaps_are_the_same(
    case: tuple[Floats, Knots, Floats], at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for loops in (plain, compiled):
        monkeypatch.setattr(loops, "ENDS_AT_ONCE", at_once)
    _same(compiled.ends(case[1], _messages(case), TEMPOS), plain.ends(case[1], _messages(case), TEMPOS))


def test_what_lies_around_is_the_same() -> None:
    dice = np.random.default_rng(2)
    begin = np.concatenate([[0], np.cumsum(dice.integers(0, 24, 200))])
    other, weight, held = dice.integers(0, 200, begin[-1]), dice.random(begin[-1]), dice.random((200, 33))
    _same(compiled.around(begin, other, weight, held), plain.around(begin, other, weight, held))


def test_how_many_processors_there_are_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    case = _made(300, 4)
    alone = compiled.sweep(*case)
    monkeypatch.setattr(compiled, "_LEAST", 50)
    monkeypatch.setattr(compiled, "_processors", lambda: 7)
    _same(compiled.sweep(*case), alone)


def test_the_days_of_a_case_are_the_same_bytes(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    first = date(2020, 1, 1)
    reports = [
        {"date": first + timedelta(days=3 * n % 90), "source": f"s{n % 3}", "status": status, "holder": holder,
         "place": ("tal", "wadi", "jisr")[n % 3]}
        for n in range(60)
        for status, holder in [("takes" if n % 7 == 0 else "holds", ("reds", "blues")[n % 5 == 0])]
    ]  # fmt: skip

    def daily(wanted: str) -> Any:
        monkeypatch.setenv("ZENOBIA_FAST", wanted)
        return estimate(made(reports)).daily()

    assert daily("1").equals(daily("0"))


@pytest.mark.parametrize(("start", "end"), [(0, 90), (20, 21), (-400, 300), (89, 200)])
def test_joint_histories_are_the_same_bytes(made: Made, monkeypatch: pytest.MonkeyPatch, start: int, end: int) -> None:
    first = date(2020, 1, 1)
    reports = [
        {"date": first + timedelta(days=7 * n % 90), "source": f"s{n % 4}", "status": status,
         "holder": ("reds", "blues")[n // 9 % 2], "place": ("tal", "wadi", "jisr")[n % 3]}
        for n in range(48)
        for status in ["contests" if n % 6 == 0 else "holds"]
    ]  # fmt: skip
    places = [Place(id=name, name=name, lat=36.0, lon=37.0 + n) for n, name in enumerate(("jisr", "tal", "wadi"))]
    known, zero = estimate(made(reports, places=places)), day_number(first)
    # Whatever the days are believed to be, they pass at all tempos.
    fitted = known._fitted
    tempo = np.arange(len(fitted.knots.day)) % len(fitted.table)
    known.__dict__["_fitted"] = fitted._replace(knots=fitted.knots._replace(tempo=tempo))
    assert len(fitted.table) == 5

    def drawn(wanted: str) -> Courses:
        monkeypatch.setenv("ZENOBIA_FAST", wanted)
        return known._draw_courses(("jisr", "tal", "wadi"), zero + start, zero + end, 300, 7)

    fast_ones, plain_ones = drawn("1"), drawn("0")
    assert len(plain_ones.day) > 900  # some of the draws change
    for one, same in zip(fast_ones, plain_ones, strict=True):
        np.testing.assert_array_equal(one, same)
        assert one.dtype == same.dtype


def test_more_changes_than_there_is_room_for_are_all_there(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    following = pytest.importorskip("zenobia.control.compiled_courses")
    known = estimate(made([{"date": date(2020, 2, 1), "source": "s", "status": "holds", "holder": "reds"}]))
    monkeypatch.setenv("ZENOBIA_FAST", "1")
    asked = ("tal",), day_number(date(2020, 1, 1)), day_number(date(2021, 1, 1)), 200, 1
    whole = known._draw_courses(*asked)
    monkeypatch.setattr(following, "_ROOM", 0)
    np.testing.assert_array_equal(known._draw_courses(*asked).day, whole.day)


def test_compiled_loops_begin_where_they_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZENOBIA_FAST", raising=False)
    monkeypatch.setattr(fast, "_done", 0)
    assert fast.kernels(10) is plain
    assert fast.kernels(10_000_000) is compiled


@pytest.mark.parametrize(("wanted", "loops"), [("0", plain), ("1", compiled)])
def test_the_environment_decides_which_loops_run(wanted: str, loops: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZENOBIA_FAST", wanted)
    assert fast.kernels(10_000_000 if wanted == "0" else 1) is loops


def test_without_numba_the_loops_in_numpy_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZENOBIA_FAST", "1")
    monkeypatch.setattr(fast, "find_spec", lambda name: None)
    assert fast.kernels(10_000_000) is plain
