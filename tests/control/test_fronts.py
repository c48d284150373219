"""Fronts: how long they are in each history, where they may run, and when who faces whom changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from shapely.geometry import box

from tests.control.test_ground import a_row_of_cells, often_of, on
from zenobia import control
from zenobia.control.cells import Cells, laid
from zenobia.control.courses import Courses
from zenobia.control.fronts import Stretches, lengths, paired, stretches
from zenobia.control.ground import Ground, Scene
from zenobia.record import View
from zenobia.terms import Place

Made = Callable[..., View]

STATES = ("reds", "blues", "greens", "contested")
R, B, G, C = range(4)


def scene_of(cells: Cells, own: npt.ArrayLike, draws: int = 1) -> Scene:
    """Cells, and the place that each of them is with in every history."""
    places = np.array(own).reshape(-1, 1)
    n = int(places.max()) + 1
    ground = Ground(
        cells=cells,
        places=tuple(f"p{k}" for k in range(n)),
        near=places,
        km=np.ones(places.shape),
        close=np.array([(c, 0) for c in range(len(cells.ids))]),
        heard=np.array([(0, 0)]),
    )
    told: Any = SimpleNamespace(states=STATES, holders=STATES[:3], voices_changed=lambda place: [])
    return Scene(told, ground, np.repeat(places, draws, axis=1), Courses(*(np.zeros(0, dtype=np.int64),) * 3))


def fronts_of(cells: Cells, held: list[int], own: npt.ArrayLike | None = None) -> dict[tuple[str, str], float]:
    """How long each front is in one history, by who faces whom."""
    scene = scene_of(cells, range(len(held)) if own is None else own)
    found = stretches(scene, np.array(held, dtype=np.int8)[:, None], np.zeros(1, dtype=np.int64))
    return {paired(STATES, p): float(lengths(found, p, 1)[0]) for p in np.unique(found.pair).tolist()}


FOUR = a_row_of_cells(1, 1, 1, 1)
# A cell in the middle of three others.
STAR = FOUR._replace(pairs=np.array([(0, 1), (0, 2), (0, 3)]))


def test_a_front_is_the_edge_between_cells_of_different_holders() -> None:
    assert fronts_of(FOUR, [R, R, B, B]) == {("reds", "blues"): 2.0}


def test_the_two_sides_are_told_in_the_order_of_the_case() -> None:
    assert fronts_of(FOUR, [G, G, G, R]) == {("reds", "greens"): 2.0}


def test_both_sides_of_contested_ground_count_half() -> None:
    # reds | contested | contested | blues, of two places that touch: 2 km / 2 on either side.
    assert fronts_of(FOUR, [R, C, C, B]) == {("reds", "blues"): 2.0}


def test_contested_ground_within_the_ground_of_one_holder_is_no_front() -> None:
    assert fronts_of(FOUR, [R, C, C, R]) == {}


def test_contested_ground_between_three_is_shared_among_them() -> None:
    # Each of the three edges counts half, 1 km, and half of that for each of the two others beyond: .5 + .5 a pair.
    found = fronts_of(STAR, [C, R, B, G])
    assert found == {("reds", "blues"): 1.0, ("reds", "greens"): 1.0, ("blues", "greens"): 1.0}


def test_ground_that_nobody_speaks_of_faces_nobody() -> None:
    assert fronts_of(FOUR, [R, -1, B, B]) == {}


def test_contested_ground_lies_on_the_front_between_the_holders_round_it() -> None:
    scene = scene_of(FOUR, [0, 1, 1, 2])
    found = stretches(scene, np.array([[R], [C], [C], [B]], dtype=np.int8), np.zeros(1, dtype=np.int64))
    assert np.unique(found.cell[found.pair == R * 4 + B]).tolist() == [0, 1, 2, 3]


def test_holders_with_each_others_names_have_the_same_fronts() -> None:
    cells = laid(box(38, 35, 38.4, 35.4), 6)
    rng = np.random.default_rng(3)
    own = rng.integers(0, 9, len(cells.ids))
    renamed = np.array([G, R, B, C])
    for _ in range(10):
        held = rng.integers(0, 4, 9)[own]
        before, after = fronts_of(cells, held.tolist(), own), fronts_of(cells, renamed[held].tolist(), own)
        names = {STATES[k]: STATES[renamed[k]] for k in range(4)}
        expected = {frozenset(names[side] for side in pair): km for pair, km in before.items()}
        assert {frozenset(pair): km for pair, km in after.items()} == pytest.approx(expected)


def test_fronts_are_as_long_as_the_edges_that_part_holders() -> None:
    cells = laid(box(38, 35, 38.4, 35.4), 6)
    rng = np.random.default_rng(4)
    held = rng.integers(0, 3, len(cells.ids))
    parted = held[cells.pairs[:, 0]] != held[cells.pairs[:, 1]]
    assert sum(fronts_of(cells, held.tolist()).values()) == pytest.approx(cells.edge_km[parted].sum())


def test_histories_do_not_mix() -> None:
    scene = scene_of(FOUR, range(4), draws=2)
    held = np.array([[R, R], [R, C], [B, C], [B, R]], dtype=np.int8)
    found: Stretches = stretches(scene, held, np.arange(2))
    assert lengths(found, R * 4 + B, 2).tolist() == [2.0, 0.0]


# --- from reports -------------------------------------------------------------------------------

START = date(2020, 1, 1)
# Two towns 20 km apart. Both are with the reds until wadi passes to the blues on day 45.
TOWNS = [
    Place(id="tal", name="tal", kind="town", lat=35.0, lon=38.0),
    Place(id="wadi", name="wadi", kind="town", lat=35.0, lon=38.22),
]
TAKEN = [
    *often_of("tal", "reds", 5, 20, 40, 50, 70, 85),
    *often_of("wadi", "reds", 5, 20, 40),
    *[
        {"place": "wadi", "source": s, "date": START + timedelta(days=45), "status": "takes", "holder": "blues",
         "target": "reds"}
        for s in ("wire", "monitor")
    ],
    *often_of("wadi", "blues", 50, 70, 85),
]  # fmt: skip
MONTHS = [on(0), on(31), on(60)]


def scene_from(made: Made, reports: list[dict[str, Any]]) -> Scene:
    view = made(reports, places=TOWNS)
    estimate = control.estimate(view)
    ground = control.ground_of(estimate, view.places, laid(box(37.9, 34.9, 38.32, 35.1), 7))
    assert ground is not None
    return control.set_out(estimate, ground, on(0), on(90))


def test_a_front_is_a_band_with_a_length_and_a_chance(made: Made) -> None:
    scene = scene_from(made, TAKEN)
    before, after = (list(control.facings(scene, [on(day)])) for day in (20, 70))
    assert before == []
    (front,) = after
    assert (front.one, front.other) == ("reds", "blues")
    assert front.chance > 0.95
    # The box is .2 degrees, 22 km, from south to north, and the border runs through it between the two towns.
    assert front.km.low is not None
    assert front.km.low > 15
    assert all(chance >= control.IN_BAND for chance in front.cells.values())
    assert 0 < front.km2 < scene.ground.cells.km2.sum()


def test_the_day_on_which_two_come_to_face_each_other_is_that_of_the_change(made: Made) -> None:
    (turn,) = control.turns(scene_from(made, TAKEN), MONTHS)
    assert (turn.one, turn.other, turn.meets) == ("reds", "blues", True)
    assert turn.chance > 0.9
    assert on(40) < turn.low <= turn.best <= turn.high <= on(50)
    assert abs(turn.best - on(45)) <= 1


def test_a_front_that_goes_is_told_as_well(made: Made) -> None:
    # Tal is with the reds until day 65 at least, and with the blues from day 72.
    kept = [r for r in TAKEN if r["place"] == "wadi" or r["date"] <= START + timedelta(50)]
    gone = [*kept, *often_of("tal", "reds", 65), *often_of("tal", "blues", 72, 74, 76, 80, 85)]
    found = control.turns(scene_from(made, gone), [*MONTHS, on(85)])
    assert [turn.meets for turn in found] == [True, False]
    assert on(65) < found[1].best <= on(72)


def test_what_is_asked_first_does_not_move_the_day(made: Made) -> None:
    scene = scene_from(made, TAKEN)
    weekly = control.turns(scene, list(range(on(0), on(90), 7)))
    assert [(t.best, t.meets) for t in weekly] == [(t.best, t.meets) for t in control.turns(scene, MONTHS)]


def test_the_same_record_gives_the_same_fronts(made: Made) -> None:
    one, other = (list(control.facings(scene_from(made, TAKEN), MONTHS)) for _ in range(2))
    assert one == other


def test_wholly_other_voices_along_a_front_are_marked(made: Made) -> None:
    others = [{**r, "source": f"new-{r['source']}"} if r["date"] >= START + timedelta(50) else r for r in TAKEN]
    scene = scene_from(made, others)
    marked = {f.day: f.voices_changed for f in control.facings(scene, [on(47), on(60), on(80)])}
    # Tal and wadi are both told of by others from day 50 on.
    assert marked == {on(47): None, on(60): 2, on(80): 0}
