"""share: of what a list holds, the part that lies inside ``where``. Only a list can say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from zenobia.measures.answer import Answer, Figure
from zenobia.measures.bearing import NONE, Kinds
from zenobia.measures.counting import counts
from zenobia.measures.drawing import drawn_sums
from zenobia.measures.frames import (
    Cover,
    Total,
    covers,
    missing_list,
    rows_of,
    totals,
    unclear_rows,
    units_with_a_frame,
)
from zenobia.measures.parts import basis, share_of_parts
from zenobia.measures.prepared import Needs, Prepared
from zenobia.measures.question import OF_KEYS, Of, Precision, Question, Variation, Where
from zenobia.measures.selection import Selection, select
from zenobia.measures.targets import Inside, inside, target_needs
from zenobia.measures.unseen import deciding, missing_from, opened, share_words, unseen_words
from zenobia.measures.variations import bloc_variations, cut_offs, groupings, margins, precision_floor
from zenobia.measures.voices import bloc_of
from zenobia.measures.wording import actor_name, between, figure, kind_asked, listing, number, plural
from zenobia.measures.wording import ground as ground_words
from zenobia.terms import Bounds, InputError, NotMeasurable
from zenobia.terms.vocabulary import Unit

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Share"]

Rows = npt.NDArray[np.intp]


class Share(Question):
    """What part of the reports of a list lies inside ``where``: low, best, high.

    Low counts what cannot be told (no known holder, one of two perpetrators, a month that lies partly
    outside) as outside or as not there, high as inside; the best is over what can be told.
    """

    measure: Literal["share"] = "share"
    of: Of
    where: Where
    unit: Unit = "incident"
    precision: Precision | None = None

    shortcuts: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(OF_KEYS, "of"),
        **dict.fromkeys(("is", "not", "any_of"), "where"),
    }

    @property
    def kinds(self) -> Kinds:
        """Reports of the types that are asked about."""
        return NONE.and_types(self.of.type)

    def needs(self, view: View) -> Needs:
        """For targets by holder, a control estimate that owes nothing to the strikes or the striker."""
        return target_needs(view, self.of, self.where, self.sources, self.apart)

    def answer(self, view: View, prepared: Prepared) -> Answer:
        """The share in every list that covers the question; without one, what list is missing."""
        if not self.of.type:
            raise InputError("a share needs to know of what", column="of.type", fix="add `type:` under `of`")
        selection = select(view, self.of, sources=self.sources, precision=self.precision, apart=self.apart)
        found = [*_from_lists(self, view, selection, prepared), *_from_totals(self, view, selection)]
        if not found:
            raise NotMeasurable(_nothing(self, view, claimant=bool(selection.claimant_only)))
        whole = [one for one in found if not one.missing]
        return _answer(self, view, selection, whole or found, prepared)

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        what = f"{kind_asked(self.of)}{_by(view, self.of)}{ground_words(view, self.of)}"
        when = f" {between(self.of.start, self.of.end)}" if self.of.start or self.of.end else ""
        return f"share of the {plural(self.unit)} of {what}{when} that {_inside_words(view, self.where, self.unit)}"

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Other units that have a list, the other target rule, blocs left out, precision, margins, cut-offs."""
        return tuple(_variations(self, view))


def _nothing(asked: Share, view: View, claimant: bool) -> str:
    lists = [cover for cover in covers(view, asked.of, asked.unit) if cover.whole]
    names = listing(cover.name(view) for cover in lists)
    if lists and claimant:
        return f"what {names} holds of it is the claimant's own word; a list of somebody else's would settle it"
    if lists:
        return f"{names} holds none of what is asked, and there is no share of nothing"
    return f"no list covers what is asked; {missing_list(view, asked.of, asked.unit)} would settle it"


@dataclass(frozen=True)
class _Found:
    """What one list or total comes to.

    ``seen`` is the share of what stands on it, ``bounds`` that of all: wider where the list cannot see all.
    """

    source: str
    name: str
    seen: Bounds
    bounds: Bounds
    total: float
    rows: tuple[str, ...]
    inside: tuple[str, ...]
    outside: tuple[str, ...]
    missing: str
    notes: tuple[str, ...]
    unseen: str = ""


def _from_lists(asked: Share, view: View, selection: Selection, prepared: Prepared) -> Iterator[_Found]:
    each = ((cover, rows_of(view, selection, cover)) for cover in covers(view, asked.of, asked.unit))
    found = [_from_list(asked, view, selection, cover, rows, prepared) for cover, rows in each if len(rows)]
    yield from deciding((one, one.bounds, not (one.unseen or one.missing)) for one in found)


def _from_list(asked: Share, view: View, selection: Selection, cover: Cover, rows: Rows, prepared: Prepared) -> _Found:
    sheet = selection.sheet
    counted = counts(sheet, rows, asked.unit)
    placed = inside(view, sheet, rows, asked.where, prepared.control)
    sure = selection.levels[rows] == 2
    low, high = _limits(asked, sheet.coded("place")[1][rows], sheet.coded("place")[0], counted, placed, sure, prepared)
    weight = np.where(np.isnan(counted.best), counted.low, counted.best) * sure
    known = float((weight * (placed.yes + placed.no)).sum())
    best = None if known == 0 else float(np.clip((weight * placed.yes).sum() / known, low, high))
    notes = [*cover.rules, *_unknown_note(asked, view, weight, placed), *unclear_rows(selection.levels[rows].tolist())]
    if cover.misses and not cover.hides(asked.sources):
        so = "the share is one of what stands on it, and of no more"
        notes.append(unseen_words(view, cover.name(view), cover.misses, so))
    if np.isnan(counted.high).any():
        notes.append('a count given only as "at least" may be any larger one, which leaves the share open on its side')
    seen = Bounds(low=low, best=best, high=high, unit=f"share of {plural(asked.unit)}", meaning=_meaning(asked))
    hidden = missing_from(asked.where, cover.hides(asked.sources))
    return _Found(
        source=cover.source,
        name=cover.name(view),
        seen=seen,
        bounds=opened(seen, hidden),
        total=float(weight.sum()),
        rows=sheet.named(rows),
        inside=sheet.named(rows[placed.yes > 0.5]),
        outside=sheet.named(rows[placed.no > 0.5]),
        missing="" if cover.whole else cover.missing(),
        notes=tuple(notes),
        unseen=share_words(view, cover.name(view), cover.misses, hidden, plural(asked.unit)),
    )


def _limits(
    asked: Share,
    codes: npt.NDArray[Any],
    words: list[str],
    counted: Any,
    placed: Inside,
    sure: npt.NDArray[np.bool_],
    prepared: Prepared,
) -> tuple[float, float]:
    """The 5th percentile of the share with all doubt held against it, the 95th with all doubt for it.

    A count that is only "at least" so many may be any number: where such a one lies outside the low is 0, where one
    lies inside the high is 1.
    """
    least = np.where(np.isnan(counted.low), 0.0, counted.low) * sure
    most = np.where(np.isnan(counted.high), counted.low, counted.high)
    weights = np.stack([least, most, np.isnan(counted.high)], axis=1)
    by_chance = asked.where.names_holders and asked.where.target == "held_by"
    draws = prepared.draws if by_chance else 1

    def sums(chance: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return drawn_sums(codes, words, chance, weights, draws, prepared.seed)

    against, in_favour = sums(placed.yes), sums(1 - placed.no)
    low = _ratio(against[:, 0], against[:, 0] + most.sum() - against[:, 1], empty=0.0)
    high = _ratio(in_favour[:, 1], in_favour[:, 1] + least.sum() - in_favour[:, 0], empty=1.0)
    low[against[:, 2] < weights[:, 2].sum()] = 0.0
    high[in_favour[:, 2] > 0] = 1.0
    return float(np.quantile(low, 0.05)), float(np.quantile(high, 0.95))


def _ratio(part: npt.NDArray[Any], whole: npt.NDArray[Any], empty: float) -> npt.NDArray[np.float64]:
    safe = np.where(whole > 0, whole, 1.0)
    return np.where(whole > 0, np.clip(part / safe, 0.0, 1.0), empty)


def _unknown_note(asked: Share, view: View, weight: npt.NDArray[np.float64], placed: Inside) -> Iterator[str]:
    open_weight = float((weight * (1 - placed.yes - placed.no)).sum())
    if open_weight >= 0.5 and weight.sum() > 0:
        yield (
            f"of {number(float(weight.sum()))} {plural(asked.unit)} about {number(open_weight)} cannot be told"
            " (no known holder, contested, or no exact place): they count against in the low, for in the high"
        )


def _from_totals(asked: Share, view: View, selection: Selection) -> Iterator[_Found]:
    # A total may be one of all targets; whether it or some of its parts are asked about is seen afterwards.
    of_all = asked.of.model_copy(update={"target": ()})
    for total in totals(view, of_all, asked.unit, asked, divided=True):
        among = basis(view, total, asked.of.target)
        bounds = share_of_parts(view, total, asked.where, asked.unit, among) if among else None
        if bounds is not None:
            yield _from_total(asked, view, selection, total, among, bounds)


def _from_total(
    asked: Share, view: View, selection: Selection, total: Total, among: tuple[int, ...], bounds: Bounds
) -> _Found:
    sheet = selection.sheet
    rows = sheet.named([total.row, *total.parts])
    counted = counts(sheet, np.array(among), asked.unit)
    notes = ["who held what was hit is here the publisher's own reading"]
    if np.isnan(counted.high).any():
        notes.append('some of what it is a share of is given only as "at least", so the share has no lower limit')
    return _Found(
        source=total.source,
        name=total.name(view),
        seen=bounds,
        bounds=bounds,
        total=float(counted.low.sum()),
        rows=rows,
        inside=(),
        outside=(),
        missing="" if total.whole else total.missing(),
        notes=tuple(notes),
    )


def _answer(asked: Share, view: View, selection: Selection, found: list[_Found], prepared: Prepared) -> Answer:
    bounds = _together([one.bounds for one in found])
    missing = next((one.missing for one in found if one.missing), "")
    names = listing(one.name for one in found)
    counted = {report for one in found for report in one.rows}
    drawn = any(one.bounds.meaning == "credible90" for one in found)
    return Answer(
        measure="share",
        asked=asked.asked(),
        frame=names,
        found=bounds,
        judged=bounds,
        evidence=_union(one.rows for one in found),
        says=_says(asked, view, found, _together([one.seen for one in found])),
        for_=_union(one.inside for one in found),
        against=_union(one.outside for one in found),
        claimant_only=selection.claimant_only,
        left_out=tuple(one for one in selection.left_out if one[0] not in counted),
        by_source=tuple(_figure(view, one) for one in found),
        notes=tuple(dict.fromkeys(f"{one.name}: {note}" for one in found for note in one.notes)),
        voices=len(found),
        short=_short(asked, view, names, missing) if missing else None,
        settle=_settle(found),
        known=view.known,
        draws=prepared.draws if drawn else None,
        seed=prepared.seed if drawn else None,
    )


def _settle(found: list[_Found]) -> str:
    if any(one.unseen for one in found):
        return "a list that sees that ground too would settle it"
    return "who held the places that are not told, or another list of the same, would narrow it"


def _figure(view: View, one: _Found) -> Figure:
    return Figure(
        source=one.source,
        name=one.name,
        bloc=bloc_of(view, one.source),
        found=one.bounds,
        reports=one.rows,
        frame=one.name,
    )


def _short(asked: Share, view: View, names: str, missing: str) -> str:
    return (
        f"{names} does not cover {missing}, and a share says nothing of what its list does not cover;"
        f" a list counted in {plural(asked.unit)} for those days too would settle it"
    )


def _together(each: list[Bounds]) -> Bounds:
    """The range over lists; several lists answer different questions, so they have no best in common."""
    if len(each) == 1:
        return each[0]
    low, high = [b.low for b in each], [b.high for b in each]
    return Bounds(
        low=None if None in low else min(x for x in low if x is not None),
        best=None,
        high=None if None in high else max(x for x in high if x is not None),
        unit=each[0].unit,
        meaning="credible90" if all(b.meaning == "credible90" for b in each) else "reported",
    )


def _meaning(asked: Share) -> Literal["reported", "credible90"]:
    by_holder = asked.where.names_holders and asked.where.target == "held_by"
    return "credible90" if by_holder else "reported"


def _says(asked: Share, view: View, found: list[_Found], bounds: Bounds) -> str:
    total = " and ".join(number(one.total) for one in found)
    each = plural(asked.unit, found[0].total if len(found) == 1 else None)
    what = f"{each} of {kind_asked(asked.of)}{_by(view, asked.of)}"
    best = f" (best reading {figure_of(bounds.best)})" if bounds.best is not None and bounds.low != bounds.high else ""
    names = listing(one.name for one in found)
    unseen = "".join(f"; {one.unseen}" for one in found if one.unseen)
    inside = _inside_words(view, asked.where, asked.unit)
    return f"{figure(bounds)}{best} of the {total} {what} in {names} {inside}{unseen}"


def figure_of(value: float) -> str:
    """A share alone, in per cent."""
    return figure(Bounds(low=value, best=value, high=value, unit="share", meaning="reported"))


def _inside_words(view: View, where: Where, unit: str) -> str:
    told = []
    if where.names_holders:
        names = listing((actor_name(view, h) for h in where.holders), "or")
        stated = "are said to be of" if unit == "death" else "are said to have been aimed at"
        verb = "fell on places" if where.target == "held_by" else stated
        held = "not held by " if where.not_ else "held by "
        told.append(f"{verb} {held}{names}" if where.target == "held_by" else f"{verb} {_other(where)}{names}")
    if not where.anywhere:
        told.append(ground_words(view, where).strip() if told else f"fell{ground_words(view, where)}")
    return ", ".join(told)


def _other(where: Where) -> str:
    return "others than " if where.not_ else ""


def _by(view: View, of: Of) -> str:
    by, on = (listing((actor_name(view, name) for name in names), "or") for names in (of.actor, of.target))
    return f"{f' by {by}' if by else ''}{f' that hit {on}' if on else ''}"


def _union(each: Any) -> tuple[str, ...]:
    return tuple(sorted({report for reports in each for report in reports}))


def _variations(asked: Share, view: View) -> Iterator[Variation]:
    for unit in units_with_a_frame(view, asked.of, asked):
        # Who died of it is another question than what was hit.
        if unit != asked.unit and "death" not in (unit, asked.unit):
            yield Variation(f"unit={unit}", {"unit": unit})
    if asked.where.names_holders:
        other = "as_stated" if asked.where.target == "held_by" else "held_by"
        yield Variation(f"target={other}", {"where": {"target": other}})
    yield from bloc_variations(view, asked, asked.sources)
    yield from precision_floor(asked.precision)
    yield from margins(asked.where, "where")
    yield from margins(asked.of, "of")
    yield from cut_offs(asked.of)
    yield from groupings(view, asked.where)
