"""Whatever a file holds: every feed reads it or refuses it in plain words, and no row is lost."""

import csv
import io
import json
import string
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sources.one_file import ENGINE, accounted, captured, read, rows
from zenobia.sources import FEEDS, feed_for, look_at, merged
from zenobia.sources.acled import Acled
from zenobia.sources.acled_deleted import AcledDeleted
from zenobia.sources.carter import Carter
from zenobia.sources.control_polygons import ControlPolygons
from zenobia.sources.control_table import ControlTable
from zenobia.sources.gdelt import _COLUMNS as GDELT_COLUMNS
from zenobia.sources.gdelt import Gdelt
from zenobia.sources.ged import Ged
from zenobia.sources.geonames import _COLUMNS as GEONAMES_COLUMNS
from zenobia.sources.geonames import GeoNames
from zenobia.sources.mapped import Mapped
from zenobia.sources.viina import Viina
from zenobia.terms import InputError

NAME = "2031-03-01.csv"
LENIENT = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=LENIENT)
THOROUGH = settings(max_examples=1_500, deadline=None, suppress_health_check=LENIENT)

MAPS = {"date": "%d/%m/%Y|%Y-%m-%d:when", "place": "where", "lat": "lat", "lon": "lon", "deaths_best": "dead"}
# Feed, its columns (none: tab-separated without a header), its options.
TABLES = [
    (Acled(), ("event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "inter1", "actor2", "inter2",
               "latitude", "longitude", "time_precision", "geo_precision", "fatalities", "timestamp"), {}, {}),
    (AcledDeleted(), ("event_id_cnty", "deleted_timestamp"), {}, {}),
    (Ged(), ("id", "type_of_violence", "side_a", "side_b", "latitude", "longitude", "date_start", "date_end", "best",
             "low", "where_prec", "date_prec", "where_coordinates", "country"), {}, {}),
    (ControlTable(), ("Name", "Population", "Held by", "As of", "update", "Lat", "Lon"), {}, {}),
    (Carter(), ("Name", "Lat Long / MGRS Grid", "Controlled By", "Controlled By (Previous)"), {}, {}),
    (Mapped(), ("when", "where", "lat", "lon", "dead"), MAPS, {"type": "battle"}),
]  # fmt: skip
TABBED = [(GeoNames(), GEONAMES_COLUMNS), (Gdelt(), GDELT_COLUMNS)]

# What real files hold, and what should never stand in one.
ODD = st.sampled_from(
    ["", "None", "NaN", "0", "-1", "1e999", "9" * 400, "2031-03-01", "31/12/2031", "13/13/2031", "20310301",
     "1 March 2031", "34.5", "95", "34°33'", "36&#176;30&#39;N", "37SCA2918107804", "34.5 38.2",
     "2031-01-01;Reds,2031-02-01;Blues", ";,;", "Contested", "Battles", "Armed clash", "تدمر",
     "'; DROP TABLE reports; --", "=cmd|' /C calc'!A0", chr(0x202E) + "abc", "a|b", "\ufeff",
     "\u2028", "💥", "P", "PPL", "AIRB", "ADM1", "S"]
)  # fmt: skip
PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\t\x00"), max_size=12)
CELL = ODD | PLAIN


def table_of(columns, lines):
    out = io.StringIO()
    csv.writer(out).writerows([columns, *lines])
    return out.getvalue()


def full(lines):
    """How many lines hold something: whether a byte order mark or a rare blank is something, readers may differ."""
    surely = sum(any(cell.strip().strip("\ufeff") for cell in line) for line in lines)
    return range(surely, sum(any(line) for line in lines) + 1)


def lines_of(width):
    return st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8)


def check_every_row_is_accounted_for(feed, columns, maps, sets, folder, lines):
    reading = read(feed, folder, NAME, table_of(columns, lines), maps=maps, sets=sets)
    if isinstance(feed, Carter):  # a row becomes several spells
        told = {row for (row,) in [*rows(reading.reference, "row"), *rows(reading.rejected, "row")]}
        assert len(told) in full(lines)
    else:
        assert accounted(reading) in full(lines)
    assert all(rule and fix for rule, fix in rows(reading.rejected, "rule", "fix"))
    assert all(json.loads(cells) for (cells,) in rows(reading.rejected, "cells"))


@pytest.mark.parametrize(("feed", "columns", "maps", "sets"), TABLES, ids=lambda v: getattr(v, "kind", ""))
def test_every_row_of_a_table_is_read_or_rejected(feed, columns, maps, sets, tmp_path):
    @QUICK
    @given(lines_of(len(columns)))
    def run(lines):
        check_every_row_is_accounted_for(feed, columns, maps, sets, tmp_path, lines)

    run()


@pytest.mark.long
@pytest.mark.parametrize(("feed", "columns", "maps", "sets"), TABLES, ids=lambda v: getattr(v, "kind", ""))
def test_every_row_of_very_many_tables_is_read_or_rejected(feed, columns, maps, sets, tmp_path):
    @THOROUGH
    @given(lines_of(len(columns)))
    def run(lines):
        check_every_row_is_accounted_for(feed, columns, maps, sets, tmp_path, lines)

    run()


def check_tabbed(feed, columns, folder, lines):
    text = "\n".join("\t".join(line) for line in lines) + "\n"
    reading = read(feed, folder, NAME, text)
    left_out = sum(int(n) for trap, n in rows(reading.doubts, "trap", "value") if trap == "left out")
    assert accounted(reading) + left_out in full(lines)


@pytest.mark.parametrize(("feed", "columns"), TABBED, ids=lambda v: getattr(v, "kind", ""))
def test_every_line_of_a_tabbed_file_is_read_rejected_or_counted(feed, columns, tmp_path):
    @QUICK
    @given(st.lists(st.lists(CELL, min_size=len(columns) - 1, max_size=len(columns)), min_size=1, max_size=6))
    def run(lines):
        check_tabbed(feed, columns, tmp_path, lines)

    run()


@pytest.mark.long
@pytest.mark.parametrize(("feed", "columns"), TABBED, ids=lambda v: getattr(v, "kind", ""))
def test_every_line_of_very_many_tabbed_files_is_read_rejected_or_counted(feed, columns, tmp_path):
    @THOROUGH
    @given(st.lists(st.lists(CELL, min_size=len(columns) - 1, max_size=len(columns)), min_size=1, max_size=6))
    def run(lines):
        check_tabbed(feed, columns, tmp_path, lines)

    run()


# --- maps ------------------------------------------------------------------------------------------

NUMBER = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-400, 400) | st.none() | PLAIN
LINE = st.lists(st.lists(NUMBER, max_size=3), max_size=6)
GEOMETRY = st.none() | st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Polygon", "MultiPolygon", "Point", "GeometryCollection", "", "polygon"]) | PLAIN,
        "coordinates": st.lists(LINE, max_size=3) | st.lists(st.lists(LINE, max_size=2), max_size=2) | NUMBER,
    }
)
FEATURE = st.none() | st.fixed_dictionaries(
    {
        "type": st.just("Feature"),
        "properties": st.none() | st.dictionaries(PLAIN, NUMBER, max_size=2),
        "geometry": GEOMETRY,
    }
)


def check_map(folder, features):
    text = json.dumps({"type": "FeatureCollection", "features": features})
    reading = read(ControlPolygons(), folder, "20310301.geojson", text, sets={"holder": "reds"})
    assert accounted(reading) == len(features)


@QUICK
@given(st.lists(FEATURE, min_size=1, max_size=4))
def test_every_feature_of_a_map_is_read_or_rejected(tmp_path, features):
    check_map(tmp_path, features)


@pytest.mark.long
@THOROUGH
@given(st.lists(FEATURE, min_size=1, max_size=4))
def test_every_feature_of_very_many_maps_is_read_or_rejected(tmp_path, features):
    check_map(tmp_path, features)


SQUARE = st.tuples(st.floats(-170, 170), st.floats(-80, 80), st.floats(0.01, 5)).map(
    lambda s: [[s[0], s[1]], [s[0] + s[2], s[1]], [s[0] + s[2], s[1] + s[2]], [s[0], s[1] + s[2]], [s[0], s[1]]]
)


@QUICK
@given(SQUARE, st.permutations(range(4)))
def test_a_mended_polygon_is_valid_and_no_larger_than_what_its_corners_span(tmp_path, corners, order):
    import shapely

    ring = [corners[i] for i in order]
    text = json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    reading = read(ControlPolygons(), tmp_path, "20310301.geojson", text, sets={"holder": "reds"})
    ((wkb,),) = rows(reading.reference, "geometry")
    area = shapely.from_wkb(wkb)
    assert area.is_valid
    assert area.area <= shapely.Polygon(corners).area * (1 + 1e-9)


# --- bytes -----------------------------------------------------------------------------------------

HEADERS = [b"", *(",".join(columns).encode() for _, columns, _, _ in TABLES), b"\xef\xbb\xbf", b"\xff\xfe",
           b"PK\x03\x04", b"\x1f\x8b\x08", b'{"type": "FeatureCollection", "features": [']  # fmt: skip
ENDINGS = [".csv", ".tsv", ".xlsx", ".zip", ".csv.gz", ".geojson", ".txt"]
NAMES = [f"2031-03-01{ending}" for ending in ENDINGS]
BYTES = st.tuples(st.sampled_from(HEADERS), st.sampled_from([b"", b"\n"]), st.binary(max_size=200)).map(b"".join)


def check_bytes(folder, raw, name, feed):
    maps = {"date": "#1"} if isinstance(feed, Mapped) else {}
    sets = {"type": "battle"} if isinstance(feed, Mapped) else {}
    file = captured(folder, name, raw, maps, sets)
    with suppress(InputError):
        feed_for(look_at(file.path, name), FEEDS)
    with suppress(InputError):
        merged(feed.read(file, ENGINE.sql), name)


FEEDS_OF_THIS_KIND = [feed for feed, *_ in (*TABLES, *TABBED)] + [ControlPolygons(), Viina()]


@pytest.mark.parametrize("feed", FEEDS_OF_THIS_KIND, ids=lambda feed: feed.kind)
def test_any_bytes_are_read_or_refused_in_plain_words(feed, tmp_path):
    @QUICK
    @given(BYTES, st.sampled_from(NAMES))
    def run(raw, name):
        check_bytes(tmp_path, raw, name, feed)

    run()


@pytest.mark.long
@pytest.mark.parametrize("feed", FEEDS_OF_THIS_KIND, ids=lambda feed: feed.kind)
def test_very_many_bytes_are_read_or_refused_in_plain_words(feed, tmp_path):
    @THOROUGH
    @given(BYTES, st.sampled_from(NAMES))
    def run(raw, name):
        check_bytes(tmp_path, raw, name, feed)

    run()


@pytest.mark.parametrize("feed", FEEDS_OF_THIS_KIND, ids=lambda feed: feed.kind)
def test_the_same_bytes_are_always_read_alike(feed, tmp_path):
    columns = next((c for f, c, *_ in (*TABLES, *TABBED) if f is feed), ("geonameid", "date", "status"))
    lines = [[string.ascii_letters[(r * 7 + c) % 52] for c in range(len(columns))] for r in range(20)]
    maps, sets = next(((m, s) for f, _, m, s in TABLES if f is feed), ({}, {}))
    text = table_of(columns, lines) if feed not in [f for f, _ in TABBED] else "\n".join("\t".join(x) for x in lines)
    if isinstance(feed, ControlPolygons):
        text = '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}'
        sets = {"holder": "reds"}
    first, second = (read(feed, tmp_path, NAME, text, maps=maps, sets=sets) for _ in range(2))
    assert first == second
