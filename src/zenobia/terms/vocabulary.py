"""The closed lists of words that case files use; everything else in a case is open."""

from __future__ import annotations

from typing import Literal, get_args

__all__ = [
    "AFFILIATION_ROLES",
    "CONTESTED",
    "RELIABILITIES",
    "REPORT_TYPES",
    "SENSITIVITIES",
    "SHARED",
    "STATUSES",
    "UNITS",
    "WHERE_PRECISIONS",
    "Reliability",
    "ReportType",
    "Sensitivity",
    "Status",
    "Unit",
]

ReportType = Literal[
    "battle",
    "air-strike",
    "shelling",
    "explosion",
    "attack-on-civilians",
    "capture",
    "withdrawal",
    "siege",
    "ceasefire",
    "evacuation",
    "mobilisation",
    "formation",
    "statement",
    "control",
    "other",
]
Status = Literal["holds", "takes", "loses", "contests", "besieges", "shares"]
Unit = Literal[
    "raid",
    "sortie",
    "strike",
    "munition",
    "target",
    "position",
    "location",
    "incident",
    "death",
    "fighter",
    "person",
    "place",
    "km2",
]
Sensitivity = Literal["public", "restricted", "secret"]
Reliability = Literal["A", "B", "C", "D", "E", "F"]

REPORT_TYPES: tuple[str, ...] = get_args(ReportType)
STATUSES: tuple[str, ...] = get_args(Status)
UNITS: tuple[str, ...] = get_args(Unit)
SENSITIVITIES: tuple[str, ...] = get_args(Sensitivity)
RELIABILITIES: tuple[str, ...] = get_args(Reliability)
AFFILIATION_ROLES = ("part_of", "backed_by", "allied_with")

# From the most to the least precise: a floor on precision is a position in this list.
WHERE_PRECISIONS = ("exact", "near", "admin2", "admin1", "country", "unknown")

CONTESTED = "contested"
SHARED = "shared"
