"""The ground: degrees become pixels, shapes are cut to the frame, the shipped geodata is what it says."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

import pytest
from shapely.geometry import Point, Polygon

from zenobia.publish.basemap import Frame, clipped, countries, provinces, runs_within

ASSETS = Path(str(files("zenobia") / "assets"))


def test_a_frame_puts_its_north_west_corner_at_the_origin() -> None:
    frame = Frame(area=(36.0, 33.0, 38.0, 35.0), width=500)
    assert frame.place(36.0, 35.0) == (0.0, 0.0)
    assert frame.place(38.0, 33.0) == pytest.approx((500.0, frame.height))


def test_a_kilometre_is_as_long_upwards_as_sideways() -> None:
    # At 60 degrees north a degree of longitude is half as long as one of latitude.
    frame = Frame(area=(10.0, 59.0, 14.0, 61.0), width=400)
    assert frame.height == pytest.approx(400)  # 4 x .5 = 2 degrees' worth both ways


def test_a_ring_that_reaches_out_of_the_box_is_cut_at_its_edge() -> None:
    square = [(-1.0, 0.0), (1.0, 0.0), (1.0, 1.0), (-1.0, 1.0)]
    assert sorted(clipped(square, (0.0, -5.0, 5.0, 5.0))) == [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]


def test_a_long_straight_border_whose_ends_lie_outside_is_still_drawn() -> None:
    assert list(runs_within(((-10.0, 1.0), (10.0, 1.0)), (0.0, 0.0, 2.0, 2.0))) == [[(-10.0, 1.0), (10.0, 1.0)]]


def test_palmyra_lies_in_syria_and_in_homs() -> None:
    palmyra = Point(38.28, 34.56)
    assert [c.name for c in countries() if any(Polygon(r).contains(palmyra) for r in c.rings if len(r) > 3)] == [
        "Syria"
    ]
    assert [(p.name, p.name_ar) for p in provinces() if any(Polygon(r).contains(palmyra) for r in p.rings)] == [
        ("Homs", "حمص")
    ]


def test_the_gazetteer_names_nearly_every_syrian_place_in_arabic() -> None:
    with (ASSETS / "gazetteer.csv").open(encoding="utf-8", newline="") as file:
        syria = [row for row in csv.DictReader(file) if row["country"] == "SY"]
    assert len(syria) == 308
    assert sum(bool(row["name_ar"]) for row in syria) == 306
    assert {row["geonameid"]: row for row in syria}["163808"]["name_ar"] == "تدمر"


def test_an_unknown_population_is_empty_and_never_zero() -> None:
    with (ASSETS / "gazetteer.csv").open(encoding="utf-8", newline="") as file:
        assert "0" not in {row["population"] for row in csv.DictReader(file)}


def test_the_geodata_is_small_and_says_where_it_comes_from() -> None:
    shipped = [path for path in ASSETS.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in shipped) < 1_500_000
    words = (ASSETS / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert all(path.name in words for path in shipped if path.suffix != ".md")
    assert all(maker in words for maker in ("Natural Earth", "GeoNames", "CC BY 4.0"))
