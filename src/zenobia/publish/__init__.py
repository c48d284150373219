"""Briefings, maps and what leaves the house: pages in which every number leads back to its evidence."""

from zenobia.publish.added import added_lines
from zenobia.publish.brief import Brief, set_brief, write_brief
from zenobia.publish.claimreview import claim_reviews, write_reviews
from zenobia.publish.differences import learned_lines, recorded_lines
from zenobia.publish.exports import (
    EXPORTS,
    FORMATS,
    GEO,
    claims_table,
    format_of,
    refuse_terminal,
    table_bytes,
    write_filled,
    write_table,
)
from zenobia.publish.foretold import ForetoldPlace, Round, Score, Track
from zenobia.publish.ftm import entities, write_entities
from zenobia.publish.holdings import compared_table, fronts_shown, totals_shown, warned_in_all, warning_lines
from zenobia.publish.leaks import Secrets, refuse_leaks
from zenobia.publish.located import points_of
from zenobia.publish.numbers import (
    Course,
    Evidence,
    Held,
    Holder,
    Numbers,
    Passing,
    Run,
    Saying,
    Spell,
    Stamp,
    Tallies,
    Tally,
    Turn,
)
from zenobia.publish.palette import colour_in
from zenobia.publish.pictures import Picture, course_picture, map_picture
from zenobia.publish.pinned import Moved, Pinned, read_pinned
from zenobia.publish.policy import Policy, read_policy, rules_in_words
from zenobia.publish.progress import shown_progress
from zenobia.publish.release import Release, Withheld, release, told_in_lines
from zenobia.publish.rocrate import Crate, Part, write_crate
from zenobia.publish.site import Told, make_site, put_down_site
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
    "GEO",
    "Brief",
    "Course",
    "Crate",
    "Evidence",
    "ForetoldPlace",
    "Held",
    "Holder",
    "MapPlace",
    "MapScene",
    "Moved",
    "Numbers",
    "Part",
    "Passing",
    "Picture",
    "Pinned",
    "Policy",
    "Release",
    "Round",
    "Run",
    "Saying",
    "Score",
    "Secrets",
    "Spell",
    "Stamp",
    "Tallies",
    "Tally",
    "Told",
    "Track",
    "Turn",
    "Withheld",
    "added_lines",
    "area_around",
    "claim_reviews",
    "claims_table",
    "colour_in",
    "compared_table",
    "control_table",
    "course_picture",
    "draw_map",
    "entities",
    "format_of",
    "fronts_shown",
    "learned_lines",
    "make_site",
    "map_picture",
    "measure_lines",
    "plain",
    "points_of",
    "put_down_site",
    "read_pinned",
    "read_policy",
    "recorded_lines",
    "refusals",
    "refuse_leaks",
    "refuse_terminal",
    "release",
    "rules_in_words",
    "set_brief",
    "shown_progress",
    "table_bytes",
    "told_in_lines",
    "totals_shown",
    "two_days_table",
    "verdict_table",
    "version_lines",
    "warned_in_all",
    "warning_lines",
    "write_brief",
    "write_crate",
    "write_entities",
    "write_filled",
    "write_reviews",
    "write_table",
]
