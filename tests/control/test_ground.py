"""Ground between places: cells, whose they are in joint histories, and how much of it each holder had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from shapely.geometry import MultiPolygon, box, mapping, shape

from zenobia import control
from zenobia.control.cells import Cells, laid
from zenobia.control.courses import Courses
from zenobia.control.ground import EVIDENCE_DAYS, NOBODY, Ground, Scene, belongs, held_km2
from zenobia.record import View, table_of
from zenobia.terms import Area, InputError, Place, day_number

Made = Callable[..., View]

START = date(2020, 1, 1)
STATES = ("reds", "blues", "contested")


def on(days: int) -> int:
    return day_number(START) + days


def row(place: str, days: int, holder: str, source: str = "wire") -> dict[str, Any]:
    return {
        "place": place,
        "source": source,
        "date": START + timedelta(days=days),
        "status": "holds",
        "holder": holder,
    }


def often_of(place: str, holder: str, *days: int) -> list[dict[str, Any]]:
    """Said by three who take no side, so that there is little doubt."""
    return [row(place, day, holder, source) for day in days for source in ("wire", "monitor", "scholar")]


def a_row_of_cells(*km2: float) -> Cells:
    """Cells in a row, each with an edge of 2 km to the next."""
    n = len(km2)
    return Cells(
        ids=tuple(f"cell-{k}" for k in range(n)),
        resolution=7,
        spot=np.zeros((n, 2)),
        km2=np.array(km2),
        pairs=np.array([(k, k + 1) for k in range(n - 1)]).reshape(-1, 2),
        edge_km=np.full(n - 1, 2.0),
    )


def ground_with(cells: Cells, near: list[list[int]], km: list[list[float]], **more: Any) -> Ground:
    """Two places, tal and wadi, of which somebody spoke on day 100 and 200, within reach of every cell."""
    return Ground(
        cells=cells,
        places=("tal", "wadi"),
        near=np.array(near),
        km=np.array(km, dtype=float),
        close=np.array([(c, p) for c in range(len(cells.ids)) for p in (0, 1)]),
        heard=np.array([(0, 100), (1, 200)]),
        **more,
    )


def scene_of(ground: Ground, own: npt.ArrayLike, states: list[list[int]]) -> Scene:
    """Places with one state from day 0 on: ``states`` (places, histories)."""
    drawn = np.array(states, dtype=np.int8)
    courses = Courses(np.arange(drawn.size + 1), np.zeros(drawn.size, dtype=np.int32), drawn.ravel())
    told: Any = SimpleNamespace(states=STATES, holders=STATES[:2], voices_changed=lambda place: [])
    return Scene(told, ground, np.array(own), courses)


FOUR = a_row_of_cells(10, 20, 30, 40)
BETWEEN = ground_with(FOUR, [[0, 1], [0, 1], [1, 0], [1, 0]], [[1, 7], [2, 4], [3, 3], [1, 9]])


def test_a_cell_is_with_a_place_by_its_distance() -> None:
    # 2 km and 4 km: the nearer is 2 ** 2.5 = 5.657 times as likely, 5.657 / 6.657 = .8498. As far: one half each.
    assert BETWEEN.chances[1] == pytest.approx([0.8498, 0.1502], abs=1e-4)
    assert BETWEEN.chances[2] == pytest.approx([0.5, 0.5])


def test_what_is_nearer_than_a_place_is_wide_counts_as_one_km() -> None:
    # .2 km counts as 1, beside 10 km: 10 ** 2.5 = 316.2, and 316.2 / 317.2 = .9968.
    ground = ground_with(a_row_of_cells(10), [[0, 1]], [[0.2, 10]])
    assert ground.chances[0] == pytest.approx([0.9968, 0.0032], abs=1e-4)


def test_places_are_drawn_as_often_as_they_are_likely() -> None:
    own = belongs(BETWEEN, 20_000, 1)
    # Five standard errors of a share of 20,000 draws: 5 * .5 / sqrt(20000) = .018.
    assert (own == 0).mean(axis=1) == pytest.approx(
        [BETWEEN.chances[c][BETWEEN.near[c] == 0][0] for c in range(4)], abs=0.018
    )


def test_the_ground_of_a_place_grows_and_shrinks_as_a_whole() -> None:
    # In the row tal is ever farther off: where a cell is with tal, so are all before it.
    own = belongs(BETWEEN, 500, 1)
    assert ((own == 0)[:-1] >= (own == 0)[1:]).all()


def test_more_histories_begin_with_the_same_ones() -> None:
    np.testing.assert_array_equal(belongs(BETWEEN, 50, 1), belongs(BETWEEN, 200, 1)[:, :50])


def test_ground_is_counted_in_each_history() -> None:
    # One history: the first two cells are with tal (reds), the last two with wadi (blues): 10 + 20 and 30 + 40 km2.
    scene = scene_of(BETWEEN, [[0], [0], [1], [1]], [[0], [1]])
    (held,) = held_km2(scene, [210])
    assert [held.km2[state].best for state in STATES] == [30, 70, 0]
    assert held.nobody == 0


def test_bounds_of_ground_are_those_of_the_histories() -> None:
    # Twenty histories; in eighteen the third cell is with wadi, in two with tal: the reds have 30 km2, or 60.
    own = np.repeat([[0], [0], [1], [1]], 20, axis=1)
    own[2, :2] = 0
    (held,) = held_km2(scene_of(BETWEEN, own, [[0] * 20, [1] * 20]), [210])
    assert (held.km2["reds"].low, held.km2["reds"].best, held.km2["reds"].high) == (30, 30, 60)


def test_ground_is_nobodys_until_somebody_speaks_and_a_year_after() -> None:
    only_tal = ground_with(a_row_of_cells(10), [[0, 1]], [[1, 9]])
    only_tal = replace(only_tal, close=np.array([(0, 0)]))
    days = np.array([99, 100, 99 + EVIDENCE_DAYS, 100 + EVIDENCE_DAYS])
    assert only_tal.recent(days).tolist() == [[False, True, True, False]]


def test_any_place_within_reach_makes_ground_somebodys() -> None:
    # Tal is spoken of on day 100, wadi on day 200: up to day 200 + 365 - 1.
    days = np.array([100, 100 + EVIDENCE_DAYS, 199 + EVIDENCE_DAYS, 200 + EVIDENCE_DAYS])
    assert BETWEEN.recent(days)[0].tolist() == [True, True, True, False]


def test_in_every_history_all_ground_is_somebodys_or_nobodys() -> None:
    rng = np.random.default_rng(5)
    ground = replace(BETWEEN, close=np.array([(0, 0), (1, 0), (2, 1), (3, 1)]))
    scene = scene_of(ground, belongs(ground, 60, 2), rng.integers(0, 3, (2, 60)).tolist())
    for day in (50, 150, 250, 500, 600):
        held = scene.held(day)
        sums = sum(FOUR.km2 @ (held == k) for k in (NOBODY, 0, 1, 2))
        np.testing.assert_allclose(sums, 100.0)


def test_holders_with_each_others_names_have_each_others_ground() -> None:
    rng = np.random.default_rng(6)
    states = rng.integers(0, 3, (2, 60))
    own = belongs(BETWEEN, 60, 2)
    (before,) = held_km2(scene_of(BETWEEN, own, states.tolist()), [210])
    (after,) = held_km2(scene_of(BETWEEN, own, np.array([1, 0, 2])[states].tolist()), [210])
    assert [before.km2[s] for s in ("reds", "blues", "contested")] == [
        after.km2[s] for s in ("blues", "reds", "contested")
    ]


def test_of_two_places_as_near_the_larger_comes_first(made: Made) -> None:
    places = [
        Place(id="tal", name="tal", kind="village", lat=35.0, lon=38.0, population=10),
        Place(id="wadi", name="wadi", kind="town", lat=35.0, lon=38.2, population=900),
    ]
    view = made([row("tal", 5, "reds"), row("wadi", 5, "blues")], places=places)
    middle = a_row_of_cells(10)._replace(spot=np.array([[35.0, 38.1]]))
    ground = control.ground_of(control.estimate(view), view.places, middle)
    assert ground is not None
    assert ground.near[0].tolist() == [1, 0]
    # A tenth of a degree of longitude at 35 degrees north: .1 * 111.195 * cos(35 deg) = 9.11 km.
    assert ground.km[0] == pytest.approx([9.11, 9.11], abs=0.01)


def test_a_neighbourhood_has_no_ground_beside_its_city(made: Made) -> None:
    places = [
        Place(id="tal", name="tal", kind="city", lat=35.0, lon=38.0),
        Place(id="hara", name="hara", kind="neighbourhood", lat=35.01, lon=38.0),
        Place(id="wadi", name="wadi", kind="village"),
    ]
    view = made([row(p.id, 5, "reds") for p in places], places=places)
    ground = control.ground_of(control.estimate(view), view.places, a_row_of_cells(10))
    assert ground is not None
    assert ground.places == ("tal",)  # wadi has no position


# --- cells --------------------------------------------------------------------------------------


def test_cells_together_are_as_large_as_the_area_they_are_cut_from() -> None:
    # A box on a sphere of 6,371.007 km: R**2 * (pi / 180) * (sin 36 - sin 35 degrees) = 10,079.7 km2 a degree.
    area = 6371.0072**2 * np.radians(1) * (np.sin(np.radians(36)) - np.sin(np.radians(35)))
    for resolution in (5, 6, 7):
        assert laid(box(38, 35, 39, 36), resolution).km2.sum() == pytest.approx(area, rel=2e-4)


def test_a_province_has_fine_cells_and_a_country_coarser_ones() -> None:
    assert control.cells_of(box(38, 35, 39, 36)).resolution == 7
    assert control.cells_of(box(35.5, 32.2, 42.5, 37.4)).resolution == 6
    assert control.cells_of(box(22, 44, 40, 52)).resolution == 5


def test_neighbouring_cells_are_told_once_with_the_edge_between_them() -> None:
    cells = laid(box(38, 35, 38.3, 35.3), 6)
    assert (cells.pairs[:, 0] < cells.pairs[:, 1]).all()
    assert len({tuple(pair) for pair in cells.pairs.tolist()}) == len(cells.pairs)
    assert cells.edge_km == pytest.approx(control.edge_of(6), rel=0.2)


@pytest.mark.parametrize("degrees", [0, 17, 30, 45, 71, 90])
def test_a_straight_line_is_about_as_long_as_the_edges_stand_for(degrees: int) -> None:
    # A line through the middle of a box, 60 km of it in a circle: 9 % too short to 5 % too long, by direction.
    cells = laid(box(38, 35, 39, 36), 7)
    north, east = ((cells.spot - [35.5, 38.5]) * [111.195, 111.195 * np.cos(np.radians(35.5))]).T
    turn = np.radians(degrees)
    left = north * np.cos(turn) - east * np.sin(turn) > 0
    parted = left[cells.pairs[:, 0]] != left[cells.pairs[:, 1]]
    near = np.hypot(north, east)[cells.pairs[:, 0]] < 30
    assert cells.edge_km[parted & near].sum() == pytest.approx(60, rel=0.12)


def with_areas(view: View, *areas: Area) -> View:
    return replace(view, tables={**view.tables, "areas": table_of(Area, areas)})


def test_the_ground_of_a_case_is_its_country_where_it_draws_one(made: Made) -> None:
    country = Area(id="land", name="land", kind="country", geometry=mapping(box(38, 35, 38.5, 35.5)))
    view = with_areas(made([]), country)
    assert control.outline_of(view).bounds == (38, 35, 38.5, 35.5)


def test_else_it_is_the_box_of_the_case_and_else_that_of_its_places(made: Made) -> None:
    view = made([], places=[Place(id="tal", name="tal", lat=35.0, lon=38.0)])
    boxed = replace(view, setting=replace(view.setting, area=(37.0, 34.0, 39.0, 36.0)))
    assert control.outline_of(boxed).bounds == (37, 34, 39, 36)
    # .36 degrees round the only place.
    assert control.outline_of(view).bounds == pytest.approx((37.64, 34.64, 38.36, 35.36))


def test_an_area_that_is_not_there_or_has_no_ground_is_refused(made: Made) -> None:
    line = {"type": "LineString", "coordinates": [[38, 35], [39, 35]]}
    view = with_areas(made([]), Area(id="road", name="road", geometry=line))
    with pytest.raises(InputError, match="no such area"):
        control.outline_of(view, "raod")
    with pytest.raises(InputError, match="an area without ground"):
        control.outline_of(view, "road")


def spherical(west: float, south: float, east: float, north: float) -> float:
    """Square kilometres of a box in degrees on a sphere of 6,371.007 km."""
    high, low = np.sin(np.radians([north, south]))
    return float(6371.0072**2 * np.radians(east - west) * (high - low))


def test_a_cell_that_two_islands_touch_is_there_once() -> None:
    # Each about 1 km2, 100 m apart; a cell has 5 km2.
    islands = MultiPolygon([box(36, 34, 36.01, 34.01), box(36.011, 34, 36.02, 34.01)])
    cells = laid(islands, 7)
    assert len(set(cells.ids)) == len(cells.ids)
    assert cells.km2.sum() == pytest.approx(2 * spherical(36, 34, 36.01, 34.01), rel=0.1)


def test_ground_on_both_sides_of_the_antimeridian_is_one() -> None:
    cells = laid(MultiPolygon([box(179.7, -18, 180, -17.7), box(-180, -18, -179.7, -17.7)]), 6)
    assert cells.km2.sum() == pytest.approx(spherical(179.7, -18, 180.3, -17.7), rel=2e-4)
    east = cells.spot[:, 1] > 0
    assert (east[cells.pairs[:, 0]] != east[cells.pairs[:, 1]]).any()


def test_a_band_across_the_antimeridian_is_cut_there() -> None:
    cells = laid(MultiPolygon([box(179.9, -18, 180, -17.9), box(-180, -18, -179.9, -17.9)]), 6)
    drawn = shape(control.polygon_of(cells.ids))
    assert drawn.geom_type == "MultiPolygon"
    assert drawn.is_valid
    assert drawn.bounds[0] == -180
    assert drawn.bounds[2] == 180
    assert all(part.bounds[2] - part.bounds[0] < 1 for part in drawn.geoms)


@pytest.mark.parametrize(
    ("wide", "resolution"), [((-100, -10, 100, 10), 1), ((-180, -90, 180, 90), 1), ((-180, 80, 180, 90), 4)]
)
def test_ground_wider_than_half_the_globe_is_not_the_other_half(wide: Any, resolution: int) -> None:
    assert laid(box(*wide), resolution).km2.sum() == pytest.approx(spherical(*wide), rel=5e-3)


def test_a_country_drawn_as_a_point_is_no_ground(made: Made) -> None:
    view = made([], places=[Place(id="tal", name="tal", lat=35.0, lon=38.0)])
    country = Area(id="land", name="land", kind="country", geometry={"type": "Point", "coordinates": [38, 35]})
    assert control.outline_of(with_areas(view, country)) == control.outline_of(view)


def test_parts_of_an_area_that_overlap_count_once(made: Made) -> None:
    # 38 to 38.2 and 38.1 to 38.3 degrees east: .3 by .1 degrees together.
    twice = [mapping(box(38, 35, 38.2, 35.1)), mapping(box(38.1, 35, 38.3, 35.1))]
    area = Area(id="land", name="land", geometry={"type": "GeometryCollection", "geometries": twice})
    outline = control.outline_of(with_areas(made([]), area), "land")
    assert outline.area == pytest.approx(0.03)
    assert laid(outline, 7).km2.sum() == pytest.approx(spherical(38, 35, 38.3, 35.1), rel=1e-3)


def test_heights_in_an_outline_are_left_out(made: Made) -> None:
    corners = [[lon, lat, 600.0] for lon, lat in box(38, 35, 38.2, 35.1).exterior.coords]
    area = Area(id="land", name="land", geometry={"type": "Polygon", "coordinates": [corners]})
    outline = control.outline_of(with_areas(made([]), area), "land")
    assert laid(outline, 7).km2.sum() == pytest.approx(spherical(38, 35, 38.2, 35.1), rel=1e-3)


def test_the_box_round_places_stays_on_the_globe(made: Made) -> None:
    view = made([], places=[Place(id="tal", name="tal", lat=-15.0, lon=179.9)])
    assert control.outline_of(view).bounds == pytest.approx((179.54, -15.36, 180, -14.64))


def test_a_case_that_lies_nowhere_has_no_ground(made: Made) -> None:
    with pytest.raises(InputError, match="nothing says where this case is"):
        control.outline_of(made([]))
