"""Columns of texts and numbers as codes: whole columns are compared, counted and ordered at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.record import View

__all__ = ["NOTHING", "Texts", "distinct", "number", "packed", "ranks", "texts", "used_of"]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# The code of no text.
NOTHING = -1
# Numbers packed from several columns stay below this.
_LARGEST = 2**62


class Texts(NamedTuple):
    """A column of texts: the distinct ones, and for each report which of them; -1 for none."""

    values: list[str]
    code: Ints

    def at(self, row: int) -> str | None:
        """The text of one report."""
        code = int(self.code[row])
        return self.values[code] if code >= 0 else None

    def among(self, wanted: Sequence[str]) -> Flags:
        """Which reports have one of these texts."""
        chosen = np.array([*(value in wanted for value in self.values), False])
        return np.asarray(chosen[self.code], dtype=bool)


def texts(view: View, name: str) -> Texts:
    """A column of the reports, coded; the texts in order."""
    column = view.reports.column(name).combine_chunks().dictionary_encode()
    values = column.dictionary.to_pylist()
    order = sorted(range(len(values)), key=values.__getitem__)
    place = np.empty(len(values) + 1, dtype=np.int64)
    place[order] = np.arange(len(values))
    place[-1] = NOTHING
    code = column.indices.fill_null(len(values)).to_numpy(zero_copy_only=False).astype(np.int64)
    return Texts([values[k] for k in order], place[code])


def distinct(columns: Sequence[Ints]) -> tuple[Ints, Ints]:
    """The first row of each distinct combination of columns, and which combination each row is."""
    _, at, which = np.unique(packed(columns), return_index=True, return_inverse=True)
    return at, which.ravel()


def packed(columns: Sequence[Ints]) -> Ints:
    """One number a row that orders, and tells apart, as the columns do, the first of them foremost."""
    one = np.zeros(len(columns[0]), dtype=np.int64)
    size = 1
    for column in columns:
        low = int(column.min(initial=0))
        span = int(column.max(initial=0)) - low + 1
        if size * span > _LARGEST:
            _, one = np.unique(one, return_inverse=True)
            one, size = one.ravel(), len(one)
        one = one * span + (column - low)
        size *= span
    return one


def number(numbers: dict[Any, int], value: Any) -> int:
    """The number of a value, the next one if it is new."""
    return numbers.setdefault(value, len(numbers))


def ranks(numbers: dict[Any, int]) -> Ints:
    """For each number, where what it stands for comes in order."""
    rank = np.zeros(len(numbers), dtype=np.int64)
    rank[[numbers[value] for value in sorted(numbers)]] = np.arange(len(numbers))
    return rank


def used_of(values: list[Any], code: Ints) -> tuple[list[Any], Ints]:
    """What is left of some values in order, and the codes of the rows in these."""
    used = sorted({values[k] for k in np.unique(code)})
    at = {value: k for k, value in enumerate(used)}
    return used, np.array([at.get(value, NOTHING) for value in values], dtype=np.int64)[code]
