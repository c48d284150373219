"""Coarsening is a fixed grid: no chance is in it, so nothing can be averaged away."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from zenobia.publish.grid import cell_km, coarse

LATS = st.floats(-79.9, 79.9)
LONS = st.floats(-179.9, 179.9)
KMS = st.sampled_from([1.0, 2.0, 5.0, 10.0, 30.0, 100.0])


def km_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    (a, b), (c, d) = ((math.radians(x) for x in point) for point in (one, other))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(h))


def test_a_wish_for_ten_kilometres_gets_cells_of_sixteen() -> None:
    assert [cell_km(km) for km in (0, 0.5, 1, 3, 8, 10, 16)] == [0, 1, 1, 4, 8, 16, 16]


def test_a_point_worked_by_hand() -> None:
    # 8 km are 8 / 111.195 = .0719457 degrees of latitude. (34.5624 + 90) / .0719457 = 1731.34: row 1731, its
    # middle 1731.5 * .0719457 - 90 = 34.574. The band ends at 40 degrees: .0719457 / cos 40 = .0939184 of
    # longitude. (38.28402 + 180) / .0939184 = 2324.19: column 2324, its middle 2324.5 * .0939184 - 180 = 38.313.
    assert coarse(34.5624, 38.28402, 8) == (34.574, 38.313)


@given(lat=LATS, lon=LONS, km=KMS)
def test_releasing_a_point_again_and_again_gives_the_same_cell(lat: float, lon: float, km: float) -> None:
    # The mean of any number of releases is the middle of the cell, not the point.
    assert len({coarse(lat, lon, km) for _ in range(5)}) == 1


@given(lat=LATS, lon=LONS, km=KMS, north=st.floats(-1, 1), east=st.floats(-1, 1))
def test_whoever_stands_in_the_same_cell_is_told_alike(
    lat: float, lon: float, km: float, north: float, east: float
) -> None:
    # A point four tenths of a cell from its middle is still in it. Cells at the edge of a band may be cut.
    middle = coarse(lat, lon, km)
    moved = middle[0] + north * 0.4 * cell_km(km) / 111.195, middle[1] + east * 0.4 * cell_km(km) / 111.195
    if len({abs(at) // 10 for at in (lat, middle[0], moved[0])}) == 1:
        assert coarse(*moved, km) == middle


@given(lat=LATS, lon=LONS, km=KMS)
def test_a_cell_reaches_no_farther_than_its_corners(lat: float, lon: float, km: float) -> None:
    # Half the diagonal of a cell: .71 of its side where bands are narrowest; cells widen by at most cos 70 / cos 80
    # = 1.97 towards the other edge of the last band, which makes 1.1 of its side, and rounding adds 0.1 km.
    assert km_between((lat, lon), coarse(lat, lon, km)) <= 1.11 * cell_km(km) + 0.1


@given(lat=LATS, lon=LONS)
def test_coarser_cells_are_made_of_whole_finer_ones(lat: float, lon: float) -> None:
    # Two releases of other exactness tell no more than the finer alone: whatever the finer cell, one coarser.
    fine = coarse(lat, lon, 1)
    if abs(fine[0]) // 10 == abs(lat) // 10:
        assert coarse(*fine, 16) == coarse(lat, lon, 16)


def test_without_kilometres_a_point_stays_as_it_is() -> None:
    assert coarse(34.5624, 38.28402, 0) == (34.5624, 38.28402)
