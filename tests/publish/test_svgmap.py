"""The map: what each mark says, both scripts, nothing loaded, the same bytes each time."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zenobia.publish import Holder, MapPlace, MapScene, area_around, draw_map
from zenobia.publish.labels import Box, Label, arrange
from zenobia.publish.palette import colour_in, look_of, styles

DAY = date(2016, 3, 20)
RECORD = "sha256:" + "0123456789abcdef" * 4
HOLDERS = (Holder(id="government", name="Government"), Holder(id="isis", name="Islamic State"))


def place(id: str = "palmyra", **changes: Any) -> MapPlace:
    fields: dict[str, Any] = {
        "id": id,
        "name": "Palmyra",
        "name_ar": "تدمر",
        "lat": 34.56,
        "lon": 38.28,
        "basis": "reports",
        "held_by": {"isis": 0.97, "government": 0.03},
        "last_evidence": date(2016, 3, 18),
    }
    return MapPlace(**(fields | changes))


def scene(*places: MapPlace, **changes: Any) -> MapScene:
    area = area_around(34.56, 38.28, 100)
    made = MapScene(id="m", on=DAY, places=places or (place(),), holders=HOLDERS, area=area, record=RECORD)
    return replace(made, **changes)


def words(svg: str) -> list[str]:
    return [text for node in ElementTree.fromstring(svg).iter() if (text := (node.text or "").strip())]


def test_a_place_is_named_in_both_scripts_each_in_its_direction() -> None:
    drawn = draw_map(scene())
    assert {"Palmyra", "تدمر"} <= set(words(drawn))
    arabic = next(n for n in ElementTree.fromstring(drawn).iter() if n.text == "تدمر")
    assert arabic.get("direction") == "rtl"
    assert arabic.get("lang") == "ar"


def test_the_same_scene_gives_the_same_bytes_whatever_the_order_of_places() -> None:
    places = [place("a", lat=34.2), place("b", lat=34.7), place("c", lon=38.6)]
    assert draw_map(scene(*places)) == draw_map(scene(*reversed(places)))


def test_the_image_says_by_itself_what_it_is() -> None:
    said = " ".join(words(draw_map(scene(known=date(2016, 4, 1)))))
    for part in ("20 March 2016", "known: 2016-04-01", RECORD, "Natural Earth", "km"):
        assert part in said


def test_a_screen_reader_hears_every_place() -> None:
    root = ElementTree.fromstring(draw_map(scene(place(besieged_by="government"))))
    spoken = root.find("{http://www.w3.org/2000/svg}desc")
    assert spoken is not None
    assert spoken.text == ("Palmyra: Islamic State, chance 0.97, besieged by Government, last evidence 18 March 2016.")
    assert root.get("role") == "img"


def test_holders_differ_in_shape_and_not_only_in_colour() -> None:
    looks = styles([f"holder {i}" for i in range(8)])
    assert len({look.shape for look in looks.values()}) == 8
    assert len({look.colour for look in looks.values()}) == 8


def test_more_holders_than_colours_still_all_look_different() -> None:
    looks = styles([f"holder {i}" for i in range(30)])
    assert len({(look.shape, look.colour) for look in looks.values()}) == 30


@pytest.mark.parametrize(
    ("changes", "legend"),
    [
        ({"held_by": {"contested": 0.9}}, "contested: enemies hold parts of it"),
        ({"held_by": {"shared": 0.9}}, "shared"),
        ({"last_evidence": date(2015, 12, 1)}, "hollow: no evidence for 90 days"),
        ({"last_evidence": None}, "hollow: no evidence for 90 days"),
        ({"claimed_only": True}, "dashed: claimed by its holder's side only"),
        ({"held_by": {}, "basis": "none"}, "no report"),
        ({"basis": "neighbours"}, "grey outline: no report of its own, the shape is what its neighbours suggest"),
        ({"held_by": {"isis": 0.6}}, "small: chance under 0.9"),
        ({"besieged_by": "isis"}, "besieged, in the besieger's colour"),
    ],
)
def test_a_state_of_knowledge_has_a_mark_of_its_own(changes: dict[str, Any], legend: str) -> None:
    assert legend in words(draw_map(scene(place(**changes))))
    assert legend not in words(draw_map(scene()))
    assert draw_map(scene(place(**changes))) != draw_map(scene())


def test_what_only_neighbours_suggest_never_has_a_holders_colour() -> None:
    colours = {look.colour for look in styles(["government", "isis"]).values()}
    drawn = draw_map(scene(place(basis="neighbours")))
    assert not [colour for colour in colours if colour in drawn]
    assert "no report of its own; by its neighbours Islamic State, chance 0.97" in drawn


def test_neighbours_that_face_each_other_are_joined_by_a_line() -> None:
    two = (place("a", lon=38.1), place("b", lon=38.3, held_by={"government": 1.0}))
    plain, front = draw_map(scene(*two)), draw_map(scene(*two, facing=[("a", "b")], within=15.0))
    assert "Who faced whom, 20 March 2016" in words(front)
    assert "neighbours, at most 15 km apart, with different holders and no third place between" in words(front)
    assert "neighbours, at most" not in " ".join(words(plain))


def test_evidence_of_exactly_ninety_days_ago_is_still_recent() -> None:
    at_the_limit, a_day_older = date(2015, 12, 21), date(2015, 12, 20)  # 31 - 21 + 31 + 29 + 20 = 90
    assert "hollow: no evidence for 90 days" not in words(draw_map(scene(place(last_evidence=at_the_limit))))
    assert "hollow: no evidence for 90 days" in words(draw_map(scene(place(last_evidence=a_day_older))))


def test_contested_is_hatched_at_45_degrees() -> None:
    drawn = draw_map(scene(place(held_by={"contested": 1.0})))
    assert 'patternTransform="rotate(45)"' in drawn
    assert 'fill="url(#hatch-m)"' in drawn


def test_places_outside_the_frame_are_left_out() -> None:
    assert "Far" not in " ".join(words(draw_map(scene(place(), place("far", name="Far", lon=45.0)))))


def test_two_maps_of_one_page_share_no_name() -> None:
    ids = [
        {node.get("id") for node in ElementTree.fromstring(draw_map(scene(id=name))).iter() if node.get("id")}
        for name in ("map-1", "map-2")
    ]
    assert ids[0]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize(
    "attack",
    ["</text><script>alert(1)</script>", '"><image href="http://x/">', "a\u202eb", "\x00\x1b[31m", "]]>&lt;<!--"],
)
def test_a_hostile_name_stays_text(attack: str) -> None:
    hostile = scene(place(name=attack, name_ar=attack), record=attack, holders=(Holder(id="isis", name=attack),))
    root = ElementTree.fromstring(draw_map(hostile))  # well-formed, whatever came in
    tags = {node.tag.rpartition("}")[2] for node in root.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "clipPath", "pattern", "rect", "g", "path", "text", "circle"}
    assert "\u202e" not in draw_map(hostile)


def test_nothing_in_a_map_is_loaded() -> None:
    root = ElementTree.fromstring(draw_map(scene()))
    for node in root.iter():
        for name, value in node.attrib.items():
            assert "href" not in name
            assert "url(" not in value or value.startswith("url(#")


positions = st.tuples(st.floats(0, 700), st.floats(0, 500))


@settings(max_examples=60, deadline=None)
@given(st.lists(positions, max_size=25))
def test_labels_never_cover_each_other_or_leave_the_frame(spots: list[tuple[float, float]]) -> None:
    frame = Box(left=0, top=0, right=700, bottom=500)
    labels = [
        Label(id=str(i), x=x, y=y, name="Al-Qaryatayn", name_ar="القريتين", reach=8) for i, (x, y) in enumerate(spots)
    ]
    placed = arrange(labels, [], frame)
    assert all(p.box.within(frame) for p in placed)
    assert not any(p.box.meets(q.box) for i, p in enumerate(placed) for q in placed[:i])


def test_the_larger_town_is_labelled_where_only_one_name_fits() -> None:
    twins = [place("small", name="Small", population=100), place("large", name="Large", population=9000)]
    crowd = [place(f"p{i}", name="x", name_ar=None, population=1, lat=34.56 + i / 400, lon=38.28) for i in range(-9, 9)]
    assert "Large" in words(draw_map(scene(*twins, *crowd)))


def test_a_holder_may_bring_its_own_colour_and_keeps_its_shape() -> None:
    holders = [
        Holder(id="government", name="G", colour=colour_in("wikipedia", "government")),
        Holder(id="isis", name="I"),
    ]
    look = look_of(holders)
    assert look["government"].colour == "#c62828"
    assert look["government"].shape == styles(["government"])["government"].shape
    assert look["isis"] == styles(["government", "isis"])["isis"]


def test_the_safe_palette_brings_no_colour_of_its_own() -> None:
    assert colour_in("safe", "government") is None
