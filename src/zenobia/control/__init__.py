"""Control: who held each place on each day, and how sure that is.

`estimate` reads a view and answers through `Control`. The model is set out in docs/control.md.
"""

from zenobia.control.cells import cells_of, edge_of, has_ground, outline_of, polygon_of
from zenobia.control.content import bearing, content_of
from zenobia.control.counted import Between, Comparison, Total, compared, counted_places, totals
from zenobia.control.estimate import Control, estimate
from zenobia.control.facing import Turn, turns
from zenobia.control.fronts import IN_BAND, Facing, facings
from zenobia.control.ground import EVIDENCE_DAYS, REACH_KM, Held, Scene, ground_of, held_km2, set_out
from zenobia.control.incidents import unheeding
from zenobia.control.paths import Change
from zenobia.control.reasons import Weight
from zenobia.control.revised import Revision, revised
from zenobia.control.worth import Worth

__all__ = [
    "EVIDENCE_DAYS", "IN_BAND", "REACH_KM",
    "Between", "Change", "Comparison", "Control", "Facing", "Held", "Revision", "Scene", "Total", "Turn", "Weight",
    "Worth",
    "bearing", "cells_of", "compared", "content_of", "counted_places", "edge_of", "estimate", "facings", "ground_of",
    "has_ground", "held_km2", "outline_of", "polygon_of", "revised", "set_out", "totals", "turns",
    "unheeding",
]  # fmt: skip
