"""The reports of a view as arrays of codes, so that a filter over 20,000 reports costs microseconds.

A filter gives every report a level: YES, MAYBE (it may match: one of two perpetrators, a month that
lies partly in the period), NO, or one of the levels below NO that say why it cannot be judged.
Several filters together take the lowest level.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["COARSE", "MAYBE", "NO", "NO_DAY", "UNDATED", "UNPLACED", "WHY", "YES", "Levels", "Sheet", "lowest"]

Levels = npt.NDArray[np.int8]

YES, MAYBE, NO, COARSE, UNPLACED, UNDATED = 2, 1, 0, -1, -2, -3
WHY = {
    COARSE: "known only to a district, a province or the country, so never inside a place or a radius",
    UNPLACED: "says no place",
    UNDATED: "says no date",
}

# As views write a missing day.
NO_DAY = -(2**31)

_SHEETS: WeakKeyDictionary[View, Sheet] = WeakKeyDictionary()


class Sheet:
    """The reports of one view, coded once. All arrays have shape (reports,), in order of id."""

    def __init__(self, view: View) -> None:
        self._reports = view.reports
        self._column = view.column
        self._coded: dict[str, tuple[list[str], npt.NDArray[np.int32]]] = {}
        self._kept: dict[Hashable, Levels] = {}

    @classmethod
    def of(cls, view: View) -> Sheet:
        """The sheet of a view, made on first use and kept as long as the view."""
        sheet = _SHEETS.get(view)
        if sheet is None:
            sheet = _SHEETS[view] = cls(view)
        return sheet

    def __len__(self) -> int:
        return int(self._reports.num_rows)

    @cached_property
    def ids(self) -> npt.NDArray[Any]:
        """The ids of the reports."""
        return self._column("id")

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Where each report stands."""
        return {str(report): row for row, report in enumerate(self.ids)}

    def named(self, rows: Iterable[int] | npt.NDArray[Any]) -> tuple[str, ...]:
        """The ids of some rows, sorted."""
        chosen = rows if isinstance(rows, np.ndarray) else np.array(list(rows), dtype=np.intp)
        return tuple(sorted(self.ids[chosen].tolist()))

    def numbers(self, name: str) -> npt.NDArray[Any]:
        """A column of numbers or days."""
        return self._column(name)

    def word(self, name: str, row: int) -> str | None:
        """One cell of a column of words."""
        words, codes = self.coded(name)
        return words[codes[row]] if codes[row] >= 0 else None

    def coded(self, name: str) -> tuple[list[str], npt.NDArray[np.int32]]:
        """A column of words as (distinct words, code of each report); -1 where it is not stated."""
        if name not in self._coded:
            column = self._reports.column(name).combine_chunks().dictionary_encode()
            codes = np.asarray(pc.fill_null(column.indices, -1), dtype=np.int32)
            self._coded[name] = (column.dictionary.to_pylist(), codes)
        return self._coded[name]

    def by_word(self, name: str, level: Callable[[str], int], missing: int = NO) -> Levels:
        """Levels that depend on one word only: judged once for each distinct word."""
        words, codes = self.coded(name)
        table = np.array([*(level(word) for word in words), missing], dtype=np.int8)
        return table[codes]

    def kept(self, key: Hashable, make: Callable[[], Levels]) -> Levels:
        """Levels that were worked out before, or are now: most questions share most filters."""
        if key not in self._kept:
            made = make()
            made.setflags(write=False)
            self._kept[key] = made
        return self._kept[key]


def lowest(size: int, levels: Iterable[Levels]) -> Levels:
    """Several filters together: NO where any says no, else the lowest; so what is left out misses one thing only."""
    together = np.full(size, YES, dtype=np.int8)
    refused = np.zeros(size, dtype=bool)
    for level in levels:
        np.minimum(together, level, out=together)
        refused |= level == NO
    together[refused] = NO
    return together
