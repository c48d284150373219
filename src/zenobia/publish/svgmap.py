"""A map of control on a day, drawn here as one SVG that says by itself what it is and what it rests on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape
from shapely.geometry import Point, Polygon, box
from shapely.ops import polylabel

from zenobia.publish.basemap import Country, Frame, countries, frontiers, provinces
from zenobia.publish.fronts import draw_contacts
from zenobia.publish.labels import Box, Label, Placed, arrange, text_width
from zenobia.publish.maplegend import draw_legend
from zenobia.publish.mapscene import SURE, MapPlace, MapScene, area_around, is_stale
from zenobia.publish.marks import FAINT, INK, PAPER, mark, ring
from zenobia.publish.numbers import Holder
from zenobia.publish.palette import Style, look_of
from zenobia.publish.wording import anchor, calendar, chance, plain

__all__ = ["MapPlace", "MapScene", "area_around", "draw_map"]

WIDTH = 720.0
HEAD = 58.0
FONT = "system-ui,'Segoe UI','Noto Sans','Noto Sans Arabic','Geeza Pro',Tahoma,sans-serif"
LAND, ABROAD, SEA, LINE = "#fbf9f4", "#ece8df", "#d6e3ea", "#8f8a80"
HALO = f'paint-order="stroke" stroke="{LAND}" stroke-width="3" stroke-linejoin="round" font-weight="600"'
MOST_SPOKEN = 80
STANDING_OFF = 16  # so many of the foremost names may stand off their mark, with a line to it
ATTRIBUTION = "Made with Natural Earth: de facto borders, for orientation; no position on any dispute."


def draw_map(scene: MapScene) -> Markup:
    """The map as SVG text: the same scene always gives the same bytes, and nothing in it is loaded.

    Shape and colour say who most likely held a place, size how sure that is; contested is hatched, no
    recent evidence hollow with a dot, claimed by one's own side alone a dashed outline. Title,
    description, legend, scale, as-of date, moment of knowledge, record hash and attribution are inside.
    """
    frame = Frame(area=scene.area, width=WIDTH)
    look = look_of(scene.holders)
    legend, legend_height = draw_legend(scene, look, HEAD + frame.height + 22, WIDTH)
    height = HEAD + frame.height + legend_height + (91 if scene.sources else 74)
    parts = [
        opening(scene, height),
        definitions(scene.id, frame),
        f'<rect width="{WIDTH:.0f}" height="{height:.0f}" fill="{PAPER}"/>',
        heading(scene),
        f'<g transform="translate(0 {HEAD:.0f})">',
        ground(scene.id, frame, scene.shown),
        draw_places(scene, frame, look),
        scale_bar(frame),
        f'<rect width="{WIDTH:.0f}" height="{frame.height:.1f}" fill="none" stroke="{LINE}"/>',
        "</g>",
        legend,
        footing(scene, height),
        "</svg>",
    ]
    return Markup("\n".join(part for part in parts if part))


def opening(scene: MapScene, height: float) -> str:
    title, words = anchor("title", scene.id), anchor("desc", scene.id)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img"'
        f' aria-labelledby="{title} {words}" font-family="{escape(FONT)}" fill="{INK}">\n'
        f'<title id="{title}">{scene.title} on {calendar(scene.on)}</title>\n'
        f'<desc id="{words}">{text(description(scene))}</desc>'
    )


def description(scene: MapScene) -> str:
    """The map in words, for readers who hear it: one phrase a place, or how many where there are too many to hear."""
    if len(scene.shown) > MOST_SPOKEN:
        counts = Counter(called(p.leader, scene.holders) for p in scene.shown if p.leader and p.told)
        held = ", ".join(f"{holder} {n}" for holder, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
        return f"{len(scene.shown)} places; most likely held, by reports of their own: {held}. The table has each."
    return "; ".join(spoken(place, scene) for place in scene.shown) + "."


def spoken(place: MapPlace, scene: MapScene) -> str:
    if place.leader is None:
        return f"{place.name}: no report"
    words = f"{called(place.leader, scene.holders)}, chance {chance(place.held_by[place.leader])}"
    if not place.told:
        return f"{place.name}: no report of its own; by its neighbours {words}"
    words = f"{place.name}: {words}"
    if place.besieged_by:
        words += f", besieged by {called(place.besieged_by, scene.holders)}"
    heard = calendar(place.last_evidence) if place.last_evidence else "none of its own"
    return f"{words}, last evidence {heard}"


def called(holder: str, holders: Iterable[Holder]) -> str:
    return next((h.name for h in holders if h.id == holder), holder)


def text(words: str) -> str:
    """Data as SVG text: hostile characters made visible, markup escaped."""
    return str(escape(plain(words)))


def definitions(id: str, frame: Frame) -> str:
    hatch, stripes, clip = (anchor(kind, id) for kind in ("hatch", "stripes", "clip"))
    return (
        "<defs>"
        f'<clipPath id="{clip}"><rect width="{WIDTH:.0f}" height="{frame.height:.1f}"/></clipPath>'
        f'<pattern id="{hatch}" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="4" height="4" fill="{PAPER}"/><rect width="2" height="4" fill="{INK}"/></pattern>'
        f'<pattern id="{stripes}" width="4" height="4" patternUnits="userSpaceOnUse">'
        f'<rect width="4" height="4" fill="{PAPER}"/><rect width="4" height="2" fill="{FAINT}"/></pattern>'
        "</defs>"
    )


def heading(scene: MapScene) -> str:
    return (
        f'<text x="0" y="24" font-size="20" font-weight="700">{scene.title}, {calendar(scene.on)}</text>\n'
        f'<text x="0" y="45" font-size="13" fill="{FAINT}">{knowledge(scene.known)}</text>'
    )


def knowledge(known: date | None) -> str:
    """The moment of knowledge in words."""
    if known is None:
        return "As known from everything in the record"
    return f"As known on {calendar(known)}: only what had been published by then"


def ground(id: str, frame: Frame, places: Sequence[MapPlace]) -> str:
    """Sea, land, provinces, borders, and the names of countries."""
    land, inner, borders = backdrop(frame)
    return (
        f'<g clip-path="url(#{anchor("clip", id)})">'
        f'<rect width="{WIDTH:.0f}" height="{frame.height:.1f}" fill="{SEA}"/>'
        f'<path d="{land}" fill="{ABROAD}"/>\n'
        f'<path d="{home(frame, places)}" fill="{LAND}"/>\n'
        f'<path d="{inner}" fill="none" stroke="#cfc8ba" stroke-width="0.8"/>\n'
        f'<path d="{borders}" fill="none" stroke="{LINE}" stroke-width="1.5"/></g>'
    )


@lru_cache(maxsize=32)
def backdrop(frame: Frame) -> tuple[str, str, str]:
    """Path data of land, provinces and borders: the same for all maps of one frame."""
    return (
        frame.land(ring for country in nearby(frame) for ring in country.rings),
        frame.lines(ring for province in provinces() for ring in province.rings),
        frame.lines(frontiers()),
    )


def draw_places(scene: MapScene, frame: Frame, look: Mapping[str, Style]) -> str:
    """Symbols, the least important underneath, then labels where they fit."""
    zoom = scene.zoom
    spots = [(place, *frame.place(place.lon, place.lat)) for place in scene.shown]
    symbols = [symbol(place, x, y, scene, look, zoom) for place, x, y in reversed(spots)]
    leaders = {place.id: (x, y, place.leader or "") for place, x, y in spots}
    facing = [(leaders[a], leaders[b]) for a, b in scene.facing if a in leaders and b in leaders]
    lines = draw_contacts([(here[:2], there[:2], (here[2], there[2])) for here, there in facing], look)
    labels = [label_of(*spot, zoom, stands_off=i < STANDING_OFF) for i, spot in enumerate(spots)]
    placed = arrange(labels, taken_by(spots, frame, zoom), room(frame))
    names = f"<g {HALO}>{''.join(map(draw_label, placed))}</g>" if placed else ""
    return "\n".join([lines, *symbols, names, *country_names(frame, placed, spots)])


def home(frame: Frame, places: Iterable[MapPlace]) -> str:
    """Path data of the country that most of the places lie in, so that it can stand out."""
    spots = [Point(place.lon, place.lat) for place in places]
    counts = {c: sum(Polygon(r).contains(p) for r in c.rings if len(r) > 3 for p in spots) for c in nearby(frame)}
    most = max(counts, key=lambda country: counts[country], default=None)
    return frame.land(most.rings) if most and counts[most] else ""


def nearby(frame: Frame) -> list[Country]:
    return [country for country in countries() if any(frame.meets(ring) for ring in country.rings)]


def taken_by(spots: Iterable[tuple[MapPlace, float, float]], frame: Frame, zoom: float) -> list[Box]:
    """Where no label may go: on any symbol, or on the scale bar."""
    boxes = [around(x, y, reach(place, zoom)) for place, x, y in spots]
    return [*boxes, Box(left=0, top=frame.height - 44, right=frame.width / 6 + 32, bottom=frame.height)]


def around(x: float, y: float, reach: float) -> Box:
    return Box(left=x - reach, top=y - reach, right=x + reach, bottom=y + reach)


def room(frame: Frame) -> Box:
    return Box(left=4, top=4, right=frame.width - 4, bottom=frame.height - 4)


def radius(place: MapPlace, zoom: float) -> float:
    """How large a symbol is: large is sure, small is not, smallest has no report of its own."""
    if place.leader is None:
        return 3.0 * zoom
    if not place.told:
        return 3.6 * zoom
    return zoom * (7.5 if place.held_by[place.leader] >= SURE else 5.0)


def reach(place: MapPlace, zoom: float) -> float:
    """How far from its middle a symbol covers the map, with the ring of a siege."""
    return radius(place, zoom) + (6 if place.besieged_by else 1)


def label_of(place: MapPlace, x: float, y: float, zoom: float, *, stands_off: bool) -> Label:
    size = 14.0 if (place.population or 0) >= 100_000 else 12.5
    return Label(
        id=place.id,
        x=x,
        y=y,
        name=plain(place.name),
        name_ar=plain(place.name_ar) if place.name_ar else None,
        reach=reach(place, zoom) + 2,
        size=size,
        stands_off=stands_off and place.told,
    )


def symbol(place: MapPlace, x: float, y: float, scene: MapScene, look: Mapping[str, Style], zoom: float) -> str:
    """One place's mark, with a tooltip in words."""
    size, stale = radius(place, zoom), is_stale(scene.on, place.last_evidence, scene.stale_after)
    guessed = place.leader is not None and not place.told
    drawn = mark(place.leader, x, y, size, scene.id, look, stale=stale, claimed=place.claimed_only, guessed=guessed)
    if place.besieged_by:
        drawn = ring(x, y, size + 4, look.get(place.besieged_by)) + drawn
    return f"<g><title>{text(named(place, scene))}</title>{drawn}</g>" if place.told else drawn


def named(place: MapPlace, scene: MapScene) -> str:
    """A place and who most likely held it, for the hand that points at its mark; the rest stands in the table."""
    return spoken(place, scene).partition(", last evidence")[0]


def draw_label(placed: Placed) -> str:
    """The Latin name with the Arabic one beneath, each set in its own direction."""
    label, box = placed.label, placed.box
    x = {"left": box.left, "middle": (box.left + box.right) / 2, "right": box.right}[placed.align]
    anchors = {"left": ("start", "end"), "middle": ("middle", "middle"), "right": ("end", "start")}
    ltr, rtl = anchors[placed.align]
    first = box.top + label.size * 0.95
    drawn = (
        f'<text x="{x:.1f}" y="{first:.1f}" font-size="{label.size}" text-anchor="{ltr}">{escape(label.name)}</text>'
    )
    if placed.led:
        (near_x, near_y), line = placed.nearest, f'stroke="{FAINT}" stroke-width="0.9"'
        drawn = f'<path d="M{label.x:.1f} {label.y:.1f}L{near_x:.1f} {near_y:.1f}" fill="none" {line}/>' + drawn
    if not label.name_ar:
        return drawn
    return drawn + (
        f'<text x="{x:.1f}" y="{first + label.size * 1.2:.1f}" font-size="{label.size}" lang="ar" direction="rtl"'
        f' unicode-bidi="isolate" text-anchor="{rtl}" font-weight="400">{escape(label.name_ar)}</text>'
    )


def country_names(frame: Frame, placed: Iterable[Placed], spots: Iterable[tuple[MapPlace, float, float]]) -> list[str]:
    """Names of countries, faint, where their land has room for them and nothing else stands."""
    taken = [p.box for p in placed] + [around(x, y, 10) for _, x, y in spots]
    names = []
    for country in nearby(frame):
        name = country.name.upper()
        spot = roomiest(frame, country, text_width(name, 12) * 0.75)
        if spot is not None and not any(spot.meets(other) for other in taken):
            names.append(
                f'<text x="{(spot.left + spot.right) / 2:.1f}" y="{spot.bottom - 4:.1f}" font-size="12"'
                f' letter-spacing="2.5" text-anchor="middle" fill="#7d786d">{escape(name)}</text>'
            )
    return names


def roomiest(frame: Frame, country: Country, half: float) -> Box | None:
    """A box for a name at the spot of a country, as far as it shows, that lies deepest inside its land."""
    window = box(0, 0, frame.width, frame.height)
    rings = [[frame.place(lon, lat) for lon, lat in ring] for ring in country.rings if frame.meets(ring)]
    shown = [Polygon(ring).buffer(0).intersection(window) for ring in rings if len(ring) > 3]
    pieces = [part for land in shown for part in getattr(land, "geoms", [land]) if part.area > half * 30]
    if not pieces:
        return None
    middle = polylabel(max(pieces, key=lambda piece: piece.area), tolerance=2)
    spot = Box(left=middle.x - half, top=middle.y - 8, right=middle.x + half, bottom=middle.y + 8)
    fits = any(piece.contains(box(spot.left, spot.top, spot.right, spot.bottom)) for piece in pieces)
    return spot if fits else None


def scale_bar(frame: Frame) -> str:
    """A bar of a round number of kilometres, about a sixth of the map wide."""
    wanted = frame.width / 6 / frame.pixels_per_km
    power = 10 ** math.floor(math.log10(wanted))
    km = max(step * power for step in (1, 2, 5) if step * power <= wanted)
    length, y = km * frame.pixels_per_km, frame.height - 16
    return (
        f'<rect x="8" y="{y - 22:.1f}" width="{length + 16:.1f}" height="32" fill="{PAPER}" fill-opacity="0.8"/>'
        f'<path d="M16 {y - 6:.1f}v6h{length:.1f}v-6" fill="none" stroke="{INK}" stroke-width="1.6"/>'
        f'<text x="{16 + length / 2:.1f}" y="{y - 8:.1f}" font-size="12" text-anchor="middle">{km:,.0f} km</text>'
    )


def footing(scene: MapScene, height: float) -> str:
    """As-of date, knowledge, record and attribution: an image that travels alone still says what it is."""
    known = scene.known.isoformat() if scene.known else "everything"
    lines = [
        f"As of {scene.on.isoformat()} · known: {known} · marks are places: nothing is said of the land between them",
        *([scene.sources] if scene.sources else []),
        f"Record {scene.record}",
        f"Zenobia · {ATTRIBUTION}",
    ]
    return "\n".join(
        f'<text x="0" y="{height - 8 - 17 * above:.1f}" font-size="11.5" fill="{FAINT}">{text(line)}</text>'
        for above, line in zip(range(len(lines) - 1, -1, -1), lines, strict=True)
    )
