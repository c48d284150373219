"""Control maps: polygons of one class or one for each holder, as a reference series."""

import datetime as dt
import json

import pytest
import shapely

from tests.sources.one_file import read, rows, rules, sureness, traps
from zenobia.sources.control_polygons import ControlPolygons
from zenobia.terms import InputError

FEED = ControlPolygons()
SQUARE = [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]
# A bow tie: its lines cross at (1, 1), and each of its two triangles is 2 * 1 / 2 = 1 square degree.
BOW_TIE = [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]


def feature(coordinates, kind="Polygon", **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def control_map(tmp_path, *features, name="20310301.geojson", maps=None, **sets):
    text = json.dumps({"type": "FeatureCollection", "features": features})
    return read(FEED, tmp_path, name, text, maps=maps, sets=sets)


def areas(reading):
    return [shapely.from_wkb(wkb).area if wkb else None for (wkb,) in rows(reading.reference, "geometry")]


def test_a_map_is_recognised_by_its_polygons(tmp_path):
    collection = {"type": "FeatureCollection", "features": [feature(SQUARE)]}
    assert sureness(FEED, tmp_path, "a.geojson", json.dumps(collection)) == 0.9
    assert sureness(FEED, tmp_path, "b.json", '{"type": "table", "rows": []}') == 0


def test_polygons_of_one_class_belong_to_whom_the_user_says_and_the_rest_to_another(tmp_path):
    reading = control_map(tmp_path, feature(SQUARE), holder="reds", rest="blues")
    wanted = ("date", "date_to", "holder", "status", "key")
    day = dt.date(2031, 3, 1)
    assert rows(reading.reference, *wanted) == [
        (day, dt.date(2031, 3, 2), "reds", "holds", "2031-03-01/reds/1"),
        (day, dt.date(2031, 3, 2), "blues", "holds", "2031-03-01/rest"),
    ]
    assert areas(reading) == [4.0, None]  # the rest is what lies outside, in the case's area


def test_polygons_of_many_classes_are_named_by_a_property(tmp_path):
    features = [feature(SQUARE, side="Reds"), feature(SQUARE, side="Contested"), feature(SQUARE, side="Unknown")]
    reading = control_map(tmp_path, *features)
    assert rows(reading.reference, "holder", "status") == [("Reds", "holds"), (None, "contests"), (None, None)]


def test_the_user_may_say_which_property_and_what_its_words_mean(tmp_path):
    reading = control_map(
        tmp_path, feature(SQUARE, zone="A", name="North"), maps={"holder": "zone"}, **{"holder:A": "reds"}
    )
    assert rows(reading.reference, "holder") == [("reds",)]


def test_a_polygon_whose_lines_cross_is_mended_and_told(tmp_path):
    reading = control_map(tmp_path, feature(BOW_TIE), holder="reds")
    assert areas(reading) == [2.0]
    assert traps(reading) == [(1, "invalid polygon", "fault")]
    assert "Self-intersection" in rows(reading.doubts, "value")[0][0]


@pytest.mark.parametrize(
    "broken",
    [
        feature([1, 2], "Point"),
        feature([[0, 0], [1, 1]], "LineString"),
        feature([[[0, 0], [1, 1]]]),
        feature([]),
        feature([[["a", "b"]]]),
        feature([[[0, 0], [400, 0], [400, 2], [0, 2], [0, 0]]]),
        feature([[[0, 0], [1, 0], [2, 0], [0, 0]]]),  # flat: no inside
        {"type": "Feature", "properties": {}, "geometry": None},
        {"type": "Feature"},
        None,
        7,
    ],
)
def test_a_feature_that_is_no_area_on_the_globe_is_rejected_and_the_others_stay(tmp_path, broken):
    reading = control_map(tmp_path, broken, feature(SQUARE), holder="reds")
    assert [row for row, _, _ in rules(reading)] == [1]
    assert areas(reading) == [4.0]


def test_a_polygon_that_names_nobody_is_rejected(tmp_path):
    assert rules(control_map(tmp_path, feature(SQUARE, colour="red"))) == [(1, "holder", "colour")]


def test_heights_are_left_out(tmp_path):
    flat = control_map(tmp_path, feature([[[*point, 100] for point in SQUARE[0]]]), holder="reds")
    assert areas(flat) == [4.0]


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', "{}", '{"type": "FeatureCollection"}', "[" * 100_000])
def test_a_file_that_is_no_map_is_refused(tmp_path, text):
    with pytest.raises(InputError):
        read(FEED, tmp_path, "20310301.geojson", text, sets={"holder": "reds"})


def test_a_map_in_another_projection_is_refused(tmp_path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    text = json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature(SQUARE)]})
    with pytest.raises(InputError, match="another projection"):
        read(FEED, tmp_path, "20310301.geojson", text, sets={"holder": "reds"})


def test_fifty_real_maps_are_read(real_data, tmp_path):
    files = sorted((real_data / "deepstate_ukraine").glob("*.geojson"))
    held = [read(FEED, tmp_path, f.name, f.read_bytes(), sets={"holder": "russia", "rest": "ukraine"}) for f in files]
    assert [(r.reference.num_rows, r.rejected.num_rows) for r in held] == [(2, 0)] * 50
    # The occupied area grows from 12.97 to 13.49 square degrees in the year.
    assert [round(areas(r)[0], 2) for r in (held[0], held[-1])] == [12.97, 13.49]
