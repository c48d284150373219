"""Published totals and their parts: "64 locations, at most 15 of them in areas held by ISIS"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from zenobia.measures.belonging import belongs, parents
from zenobia.measures.counting import counts
from zenobia.measures.frames import Total
from zenobia.measures.question import Where
from zenobia.measures.sheet import Sheet
from zenobia.measures.wording import plural
from zenobia.terms import Bounds

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["basis", "share_of_parts"]


def basis(view: View, total: Total, targets: Sequence[str]) -> tuple[int, ...]:
    """The rows that add up to what is asked of a total: its own, or those of its parts that hit the targets asked for.

    Its own where no target is asked for, or where it is itself a total of just those. Empty where the parts do not
    say: one may be of another target too, or a target asked for has no part.

    >>> # 4,408 dead, 1,492 of them rebels and 1,183 of ISIS: asked for these two, the two parts.
    """
    sheet, ties = Sheet.of(view), parents(view)
    if not targets or _of_just(sheet.word("target", total.row), targets, ties):
        return (total.row,)
    told = [(row, word) for row in total.parts if (word := sheet.word("target", row)) is not None]
    rows = tuple(row for row, word in told if _inside(word, targets, ties))
    unsure = any(row not in rows and _may_be_inside(word, targets, ties) for row, word in told)
    named = all(any(_inside(name, word.split("|"), ties) for row, word in told if row in rows) for name in targets)
    return rows if named and not unsure else ()


def share_of_parts(
    view: View, total: Total, where: Where, unit: str, among: Sequence[int] | None = None
) -> Bounds | None:
    """The share of a published total that lies inside ``where``, from the parts that were published.

    What is in no part is in none of the holders that the parts name, and may be anybody else's.
    Of a whole that is only "at least" so many any part may be next to nothing: the low is 0.
    ``None`` where the parts do not say what is asked: holders and ground at once, or neither.

    Args:
        among: rows of the parts that alone are asked about (`basis`); without, the whole total.

    >>> # 64 in all, at most 15 held by ISIS: not ISIS is at least 49/64 = .766 and at most all.
    """
    if where.names_holders and not where.anywhere:
        return None
    sheet = Sheet.of(view)
    named = _named(view, sheet, total, where)
    if named is None:
        return None
    rows, maybe, complete = named
    of = [total.row] if among is None else list(among)
    if of != [total.row]:
        rows, maybe = ([row for row in told if row in of] for told in (rows, maybe))
    whole = counts(sheet, np.array(of, dtype=np.intp), unit)
    part = counts(sheet, np.array(rows, dtype=np.intp), unit)
    perhaps = counts(sheet, np.array(maybe, dtype=np.intp), unit)
    whole_low, whole_high = float(whole.low.sum()), float(whole.high.sum())
    if not whole_low > 0:
        return None
    # An open high is NaN: no figure is above it, and the share has no lower limit.
    low = float(part.low.sum()) / whole_high if whole_high > 0 else 0.0
    high = float(part.high.sum() + perhaps.high.sum()) / whole_low if complete else 1.0
    best = float(part.best.sum() / whole.best.sum()) if complete and not maybe else float("nan")
    low, high = min(low, 1.0), 1.0 if np.isnan(high) else min(high, 1.0)
    if where.not_:
        low, best, high = 1 - high, 1 - best, 1 - low
    return Bounds(
        low=low,
        best=None if np.isnan(best) else best,
        high=high,
        unit=f"share of {plural(unit)}",
        meaning="reported",
    )


def _named(view: View, sheet: Sheet, total: Total, where: Where) -> tuple[list[int], list[int], bool] | None:
    """The rows of the parts inside what is named, of those that may be, and whether parts were published for all of it.

    A part of "the League or the Crown" may be the League's: nobody says how it divides.
    """
    column = "area" if not where.names_holders else "holder" if where.target == "held_by" else "target"
    wanted: tuple[str, ...] = where.holders or (*where.admin1, *where.area)
    if not wanted or where.place or where.within_km:
        return None
    ties = parents(view)
    told = [(row, sheet.word(column, row)) for row in total.parts]
    rows = [row for row, word in told if word is not None and _inside(word, wanted, ties)]
    covered = all(any(_inside(name, tuple(word.split("|")), ties) for _, word in told if word) for name in wanted)
    maybe = [row for row, word in told if word and row not in rows and _may_be_inside(word, wanted, ties)]
    return (rows, maybe, covered) if rows or covered else None


def _of_just(word: str | None, targets: Sequence[str], ties: object) -> bool:
    """Whether a total's own target is all that is asked for and nothing else."""
    if word is None or not _inside(word, targets, ties):
        return False
    return all(_inside(name, word.split("|"), ties) for name in targets)


def _inside(word: str, wanted: Iterable[str], ties: object) -> bool:
    folded = tuple(w.casefold() for w in wanted)
    if word.casefold() in folded:
        return True
    return all(belongs(actor, tuple(wanted), ties, None) for actor in word.split("|"))  # type: ignore[arg-type]


def _may_be_inside(word: str, wanted: Iterable[str], ties: object) -> bool:
    return any(_inside(actor, wanted, ties) for actor in word.split("|"))
