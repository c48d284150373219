"""Sources that speak otherwise from a day on."""

from collections.abc import Callable
from datetime import date, timedelta
from math import gamma, log
from typing import Any

import numpy as np
import pytest

from zenobia import control
from zenobia.control import turning
from zenobia.record import View
from zenobia.terms import day_number

Made = Callable[..., View]
FIRST = date(2020, 1, 1)

EXPECTED = 10 * np.array([[0.9, 0.1], [0.1, 0.9]])


def told(*said: int) -> np.ndarray:
    """Statements of a place that is in the first state: how often each said which."""
    made = np.zeros((len(said), 2, 2))
    made[np.arange(len(said)), 0, list(said)] = 1.0
    return made


def test_one_that_begins_to_deny_has_turned() -> None:
    day = np.arange(40)
    # One of the days tried among 40 statements, from the 4th to the 36th, two apart: the 20th is one of these.
    assert turning.turn(day, told(*[0] * 20, *[1] * 20), EXPECTED) == 20


def test_one_that_speaks_as_ever_has_not() -> None:
    assert turning.turn(np.arange(40), told(*[0, 0, 0, 1] * 10), EXPECTED) is None


def test_one_that_said_all_on_one_day_has_not() -> None:
    assert turning.turn(np.zeros(40, dtype=int), told(*[0] * 20, *[1] * 20), EXPECTED) is None


def test_likelihood_is_that_of_a_table_in_doubt() -> None:
    # Three times the first and once the second, of 9 and 1 expected: B(12, 2) / B(9, 1), the other row unseen.
    chance = gamma(12) * gamma(2) / gamma(14) / (gamma(9) * gamma(1) / gamma(10))
    assert turning._fit(np.array([[3.0, 1.0], [0.0, 0.0]]), EXPECTED) == pytest.approx(log(chance))


TOWNS = tuple(f"town-{k}" for k in range(8))
EVER = dict.fromkeys(range(0, 180, 12), "reds")
TURNED = {day: "reds" if day < 90 else "blues" for day in EVER}


def talk(source: str, later: int, says: dict[int, str]) -> list[dict[str, Any]]:
    """The same of every town, on days so much later than these."""
    return [
        {
            "source": source,
            "date": FIRST + timedelta(days=day + later),
            "status": "holds",
            "holder": holder,
            "place": town,
        }
        for day, holder in says.items()
        for town in TOWNS
    ]


def estimated(made: Made, says: dict[int, str]) -> control.Control:
    """Two that say all along that the reds hold every town, and one of whom it is asked."""
    rows = [*talk("wire", 0, EVER), *talk("monitor", 1, EVER), *talk("turncoat", 2, says)]
    return control.estimate(made(rows, places=TOWNS))


def test_a_source_that_turned_is_judged_twice(made: Made) -> None:
    worth = [w for w in estimated(made, TURNED).worth() if w.source == "turncoat"]
    # Before it turned as good as others; after, it says what is not so.
    assert len(worth) == 2
    assert worth[0].own > 5 > worth[1].own


def test_who_does_not_turn_is_judged_once(made: Made) -> None:
    assert len(estimated(made, EVER).worth()) == 3


def test_a_source_that_turned_is_another_from_that_day_on(made: Made) -> None:
    estimate = estimated(made, TURNED)
    learned, plain = estimate._fitted.evidence.statements, estimate._evidence.statements
    later = learned.witness != plain.witness
    # 7 of its 15 days lie past the 90th day: the 96th, told two days later, is the first.
    assert np.unique(plain.day[later]).tolist() == [day_number(FIRST) + day for day in range(98, 171, 12)]
