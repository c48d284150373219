"""A row of coverage.csv: whose list it is, and on whose ground it cannot see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zenobia.case.rows import noun_from
from zenobia.record import Sides
from zenobia.terms import Frame, InputError, Setting, did_you_mean

__all__ = ["frame_from"]


def frame_from(cells: Mapping[str, str], setting: Setting, nouns: Mapping[str, Mapping[str, Any]]) -> Frame:
    """A frame of a source that is listed, whose gaps are on the ground of parties that hold some.

    Args:
        cells: the row as typed.
        setting: what case.toml says; its holders.
        nouns: sources, actors and affiliations that are already read.

    Raises:
        InputError: a cell cannot be read, the source or a missed actor is not known, or the actor holds no ground.
    """
    frame = noun_from(Frame, cells)
    if frame.source not in nouns["sources"]:
        raise InputError(
            "unknown source",
            column="source",
            value=frame.source,
            expected="a source of sources.csv",
            fix=did_you_mean(frame.source, nouns["sources"]) or "add it there, or correct the spelling",
        )
    sides = Sides(holders=setting.holders, affiliations=nouns["affiliations"].values())
    for actor in frame.misses:
        _check_missed(actor, setting, nouns["actors"], sides)
    return frame


def _check_missed(actor: str, setting: Setting, actors: Mapping[str, Any], sides: Sides) -> None:
    if actor not in actors:
        raise InputError(
            "unknown actor",
            column="misses",
            value=actor,
            expected="the id of an actor in actors.csv, or several with a vertical bar between them",
            fix=did_you_mean(actor, actors) or "add the actor to actors.csv, or correct the spelling",
        )
    if setting.holders and not (sides.holders_of(actor) or sides.holders_under(actor)):
        raise InputError(
            "an actor that holds no ground",
            column="misses",
            value=actor,
            expected=f"a holder of this case, or who is part of one: {', '.join(setting.holders)}",
            fix="name the holder on whose ground the list cannot see",
        )
