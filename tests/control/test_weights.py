"""What a word is worth: who says it, how often it was said, and what news says of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from zenobia.control import dates, echoes, witnesses
from zenobia.control.reading import gather
from zenobia.record import View

Made = Callable[..., View]

D = date(2020, 2, 1)
STATES = ("reds", "blues", "greens", "contested")


def holds(source: str, days: int, holder: str = "reds", **more: object) -> dict[str, object]:
    return {"source": source, "date": D + timedelta(days=days), "status": "holds", "holder": holder, **more}


def weights(view: View, camps: list[int], declared: list[tuple[int, int]] = []) -> list[float]:  # noqa: B006
    evidence = gather(view)
    known = np.zeros((len(evidence.witnesses), len(evidence.witnesses)), dtype=bool)
    for follower, leader in declared:
        known[follower, leader] = True
    return [round(float(w), 4) for w in echoes.weigh(evidence, np.array(camps), known)]


def test_a_voice_that_repeats_itself_adds_a_half_then_a_third(made: Made) -> None:
    view = made([holds("wire", 0), holds("wire", 5), holds("wire", 10)])
    # 1, 1 / (1 + 1), 1 / (1 + 2)
    assert weights(view, [-1]) == [1.0, 0.5, 0.3333]


def test_what_was_said_more_than_a_month_ago_is_fresh_again(made: Made) -> None:
    assert weights(made([holds("wire", 0), holds("wire", 31)]), [-1]) == [1.0, 1.0]


def test_another_of_the_same_side_adds_half_and_one_of_no_side_all(made: Made) -> None:
    # witnesses: a, b (both of side 0), c (of none)
    view = made([holds("a", 0), holds("b", 1), holds("c", 2)])
    assert weights(view, [0, 0, -1]) == [1.0, 0.5, 1.0]


def test_a_declared_copy_adds_nothing(made: Made) -> None:
    view = made([holds("a", 0), holds("b", 0, published=D + timedelta(days=2))])
    assert weights(view, [-1, -1], declared=[(1, 0)]) == [1.0, 0.0]


def test_a_source_that_mostly_repeats_another_is_found_out(made: Made) -> None:
    places = [f"p{n}" for n in range(8)]
    told = [holds("a", n, place=p) for n, p in enumerate(places)]
    later = [holds("b", n, place=p, published=D + timedelta(days=n + 1)) for n, p in enumerate(places[:6])]
    own = [holds("b", 20, place=p) for p in places[6:]]
    found = weights(made([*told, *later, *own], places=places), [-1, -1])
    # b has 6 of its 8 statements from a: those count 1 - 6/8.
    assert sorted(found) == [0.25] * 6 + [1.0] * 10


def test_tables_are_chances_and_mirror_between_camps(made: Made) -> None:
    view = made([holds("a", 0), holds("b", 1, "blues"), holds("c", 2)], holders=STATES[:3])
    stands = witnesses.stances(gather(view), ["reds", "blues", None])
    tables = witnesses.start_tables(stands, [None, None, None])
    np.testing.assert_allclose(tables.sum(axis=2), 1.0, atol=1e-15)
    swapped = [1, 0, 2, 3]
    np.testing.assert_allclose(tables[0], tables[1][np.ix_(swapped, swapped)], atol=1e-15)


def test_saying_that_the_enemy_holds_a_place_weighs_more_than_saying_so_of_ones_own(made: Made) -> None:
    stands = witnesses.stances(gather(made([holds("a", 0)])), ["reds"])
    table = witnesses.start_tables(stands, [None])[0]
    # States reds, blues, contested: own word 0.93 / 0.18, admission 0.62 / 0.02.
    assert table[0, 0] / table[1, 0] < table[1, 1] / table[0, 1]


def test_a_better_letter_makes_fewer_errors(made: Made) -> None:
    stands = witnesses.stances(gather(made([holds("a", 0)])), [None])
    right = [witnesses.start_tables(stands, [letter])[0, 0, 0] for letter in ("A", "C", "E")]
    # C: 0.90 right. A: 0.90 / (0.90 + 0.4 * 0.10) = 0.957. E: 0.90 / (0.90 + 2.2 * 0.10) = 0.804.
    assert right == pytest.approx([0.957, 0.900, 0.804], abs=5e-4)


def test_a_source_with_many_errors_is_found_out_and_one_report_changes_little(made: Made) -> None:
    evidence = gather(made([holds("liar", 0), holds("new", 1)]))
    stands = witnesses.stances(evidence, [None, None])
    counts = np.zeros((2, 3, 3))
    counts[0, 0] = [10, 190, 0]
    counts[1, 0] = [0, 1, 0]
    learned = witnesses.learn(counts, stands, [None, None])
    # The liar's own 200 reports outweigh the pooled table, which is worth 20.
    assert learned[0, 0, 1] > 0.9
    assert learned[1, 0, 1] < learned[0, 0, 1]


def test_news_is_closest_on_its_day_and_a_late_change_stays_possible() -> None:
    near = dates.closeness(np.array([-4, 0, 3, 10]))
    assert near[1] == 1.0
    # exp(-4 / 1.2) = .036; exp(-3 / 1.2) = .082; ten days on, the tail for early claims: .04.
    np.testing.assert_allclose(near[[0, 2, 3]], [0.036, 0.082, 0.04], atol=5e-4)


def test_ten_days_of_news_weigh_what_one_day_does(made: Made) -> None:
    taken = {"source": "wire", "type": "capture", "holder": "reds", "date": D + timedelta(days=20)}
    day = gather(made([taken]))
    week = gather(made([{**taken, "date_to": D + timedelta(days=30)}]))
    totals = [dates.windows(e.news, 0).closeness.sum() for e in (day, week)]
    assert totals[0] == pytest.approx(totals[1], abs=1e-12)


def test_news_that_mostly_comes_to_nothing_raises_little(made: Made) -> None:
    rows = [{"source": "wire", "type": "capture", "holder": "reds", "date": D + timedelta(days=n)} for n in range(9)]
    news = gather(made(rows)).news
    says = np.tile([True, False, False], (9, 1))
    group, rate = np.full(9, -1), np.full(9, 1 / 1000)
    true = dates.strengths(news, group, says, np.full(9, 0.9), rate)
    idle = dates.strengths(news, group, says, np.full(9, 0.001), rate)
    assert true.max() == 1000.0  # at the most that one piece may raise
    boast = dates.strengths(news, np.zeros(9, dtype=int), says, np.full(9, 0.9), rate)
    assert boast.max() == 150.0  # ... and less if the side that gains tells it
    # (0.009 + .5) / (8.991 + 1) = .0509 odds, times 1000 days, over a window that weighs 2.57
    assert idle[0] == pytest.approx(0.0509 * 1000 / dates.closeness(np.arange(-4, 11)).sum(), rel=1e-3)
