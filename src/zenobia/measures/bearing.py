"""Which reports can bear on an answer, by their kind; a question is asked of a view that holds these and no others.

So an answer holds for as long as they stay as they are: it cannot hang on a report that it was never shown. What is
left out is left out by its kind alone, so that nothing has to be worked out before; what is kept may still not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from zenobia.measures.sheet import YES, Sheet

if TYPE_CHECKING:
    from zenobia.measures.question import SourcesRule
    from zenobia.record import View

__all__ = ["EVERYTHING", "NONE", "OF_CONTROL", "Kinds", "bearing"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Kinds:
    """The kinds of reports that can bear on an answer.

    Attributes:
        types: report types; ``None`` for all there are.
        control: as well, whatever says something of who holds a place.
        topics: as well, whatever has a topic, since a topic that nobody speaks of is answered with the nearest.
    """

    types: frozenset[str] | None = None
    control: bool = False
    topics: bool = False

    def and_types(self, types: Sequence[str]) -> Kinds:
        """These and some types; without any named that is everything."""
        if self.types is None or not types:
            return EVERYTHING
        return replace(self, types=self.types | {*types})


EVERYTHING = Kinds()
NONE = Kinds(types=frozenset())
# Lists of changes of hands are of these types; a status says who holds a place under any type.
OF_CONTROL = Kinds(types=frozenset({"capture", "withdrawal", "control"}), control=True)

_SEEN: WeakKeyDictionary[View, dict[Kinds, View]] = WeakKeyDictionary()


def bearing(view: View, kinds: Kinds, rule: SourcesRule) -> View:
    """A view of the reports that can bear on an answer, and of nothing else.

    Args:
        rule: whose word is heard; where it names somebody whom the record does not list, all reports are kept, since
            only they can say who that is.
    """
    unlisted = any(name not in view.sources for name in (*rule.only, *rule.without))
    wanted = EVERYTHING if unlisted else kinds
    seen = _SEEN.setdefault(view, {})
    if wanted not in seen:
        seen[wanted] = view.confined(_kept(view, wanted))
    return seen[wanted]


def _kept(view: View, kinds: Kinds) -> Flags:
    sheet = Sheet.of(view)
    if kinds.types is None:
        return np.ones(len(sheet), dtype=np.bool_)
    types = kinds.types
    keep = sheet.by_word("type", lambda word: YES if word in types else 0) == YES
    for column, wanted in (("status", kinds.control), ("topic", kinds.topics)):
        if wanted:
            keep |= sheet.coded(column)[1] >= 0
    return np.asarray(keep | _parts(sheet, keep), dtype=np.bool_)


def _parts(sheet: Sheet, keep: Flags) -> Flags:
    """The parts of published totals among some rows: a part may be of another type than its total."""
    words, codes = sheet.coded("part_of")
    totals = {str(report) for report in sheet.ids[keep]} if words else set()
    return np.array([*(word in totals for word in words), False], dtype=np.bool_)[codes]
