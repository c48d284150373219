"""Briefings, maps and what leaves the house: pages in which every number leads back to its evidence."""

from zenobia.publish.added import added_lines
from zenobia.publish.brief import write_brief
from zenobia.publish.claimreview import claim_reviews, write_reviews
from zenobia.publish.differences import learned_lines, recorded_lines
from zenobia.publish.exports import EXPORTS, FORMATS, claims_table, write_table
from zenobia.publish.numbers import (
    Course,
    Evidence,
    Held,
    Holder,
    Numbers,
    Saying,
    Spell,
    Stamp,
    Tallies,
    Tally,
    Turn,
)
from zenobia.publish.progress import shown_progress
from zenobia.publish.svgmap import MapPlace, MapScene, area_around, draw_map
from zenobia.publish.terminal import (
    control_table,
    measure_lines,
    plain,
    refusals,
    two_days_table,
    verdict_table,
    version_lines,
)

__all__ = [
    "EXPORTS",
    "FORMATS",
    "Course",
    "Evidence",
    "Held",
    "Holder",
    "MapPlace",
    "MapScene",
    "Numbers",
    "Saying",
    "Spell",
    "Stamp",
    "Tallies",
    "Tally",
    "Turn",
    "added_lines",
    "area_around",
    "claim_reviews",
    "claims_table",
    "control_table",
    "draw_map",
    "learned_lines",
    "measure_lines",
    "plain",
    "recorded_lines",
    "refusals",
    "shown_progress",
    "two_days_table",
    "verdict_table",
    "version_lines",
    "write_brief",
    "write_reviews",
    "write_table",
]
