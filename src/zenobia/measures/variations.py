"""Fair ways to ask the same question again that several measures share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from zenobia.measures.question import Ground, Of, Precision, Question, SourcesRule, Taking, Variation, Where
from zenobia.measures.voices import sides_ever
from zenobia.measures.wording import actor_name

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = [
    "bloc_variations",
    "cut_offs",
    "groupings",
    "margins",
    "period_and_ground",
    "precision_floor",
    "put_together",
]

_MARGIN = 0.2
_WEEK = dt.timedelta(days=7)


def bloc_variations(view: View, asked: Question, rule: SourcesRule) -> Iterator[Variation]:
    """Without one bloc of sources at a time; the unaligned are a bloc too.

    A question that names whose word it wants (``only``) is not asked without it.
    """
    if rule.only:
        return
    blocs: dict[str | None, list[str]] = {}
    for source in sorted(view.sources):
        # One that changed sides goes with each of them, and is on no side only if it never was on any.
        ever = sides_ever(view, view.sources[source].stands_with)
        for side in ever - {None} or {None}:
            blocs.setdefault(side, []).append(source)
    for bloc, members in sorted(blocs.items(), key=lambda item: (item[0] is None, item[0] or "")):
        left = sorted({*rule.without, *members})
        if set(left) - set(rule.without) and len(left) < len(view.sources):
            side = "that stand with no side" if bloc is None else f"on the side of {actor_name(view, bloc)}"
            yield Variation(f"without sources {side}", {"sources": {"without": left}})


def precision_floor(precision: Precision | None) -> Iterator[Variation]:
    """Only what stands at an exact place."""
    if precision != "exact":
        yield Variation("precision=exact", {"precision": "exact"})


def margins(ground: Ground, key: str) -> Iterator[Variation]:
    """A circle a fifth smaller and a fifth larger."""
    if ground.within_km is None:
        return
    for factor in (1 - _MARGIN, 1 + _MARGIN):
        km = round(ground.within_km.km * factor, 3)
        yield Variation(f"within {km:g} km", {key: {"within_km": {"of": ground.within_km.of, "km": km}}})


def groupings(view: View, where: Where) -> Iterator[Variation]:
    """Holders that are allied with those that are named, put with them or taken from them."""
    key = next((k for k, words in (("is", where.is_), ("not", where.not_), ("any_of", where.any_of)) if words), None)
    if key is None:
        return
    for left, right in sorted(_allied(view)):
        named = set(where.holders)
        if len(named & {left, right}) == 1:
            grown = sorted(named | {left, right})
            together = f"{actor_name(view, left)} and {actor_name(view, right)} as one"
            yield Variation(together, {"where": {"any_of" if key == "is" else key: grown}})


def _allied(view: View) -> set[tuple[str, str]]:
    """Pairs of holders of the case that a tie binds."""
    rows = view.table("affiliations").select(["actor", "of"]).to_pylist()
    pairs = {tuple(sorted((row["actor"], row["of"]))) for row in rows}
    return {(a, b) for a, b in pairs if a != b and a in view.setting.holders and b in view.setting.holders}


def cut_offs(of: Of) -> Iterator[Variation]:
    """The period begun a week later or ended a week earlier, where it is longer than a month."""
    if of.start is None or of.end is None or (of.end - of.start).days <= 31:
        return
    later, earlier = of.start + _WEEK, of.end - _WEEK
    yield Variation(f"from={later.isoformat()}", {"of": {"from": later}})
    yield Variation(f"to={earlier.isoformat()}", {"of": {"to": earlier}})


def put_together(view: View, change: Taking) -> Iterator[Variation]:
    """Allied holders as one side of a change of hands, where one of them is named and the other on no side."""
    for key, side, other in (("from", change.before, change.after), ("to", change.after, change.before)):
        for left, right in sorted(_allied(view)):
            if len(set(side) & {left, right}) == 1 and not set(other) & {left, right}:
                together = f"{actor_name(view, left)} and {actor_name(view, right)} as one"
                yield Variation(f"{key} {together}", {"change": {key: sorted({*side, left, right})}})


def period_and_ground(ground: Ground, start: dt.date, end: dt.date) -> Iterator[Variation]:
    """Margins and cut-offs of a question whose ground and period stand at its top."""
    of = Of.model_validate({"from": start, "to": end})
    for variation in (*margins(ground, "of"), *cut_offs(of)):
        yield Variation(variation.name, variation.patch["of"])
