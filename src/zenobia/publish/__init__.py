"""Briefings, maps and what leaves the house: pages in which every number leads back to its evidence."""

from zenobia.publish.added import added_lines
from zenobia.publish.brief import write_brief
from zenobia.publish.differences import learned_lines, recorded_lines
from zenobia.publish.exports import EXPORTS, FORMATS, claims_table, write_table
from zenobia.publish.numbers import Evidence, Held, Holder, Numbers, Spell, Stamp
from zenobia.publish.svgmap import MapPlace, MapScene, area_around, draw_map
from zenobia.publish.terminal import control_table, measure_lines, plain, refusals, verdict_table, version_lines

__all__ = [
    "EXPORTS",
    "FORMATS",
    "Evidence",
    "Held",
    "Holder",
    "MapPlace",
    "MapScene",
    "Numbers",
    "Spell",
    "Stamp",
    "added_lines",
    "area_around",
    "claims_table",
    "control_table",
    "draw_map",
    "learned_lines",
    "measure_lines",
    "plain",
    "recorded_lines",
    "refusals",
    "verdict_table",
    "version_lines",
    "write_brief",
    "write_table",
]
