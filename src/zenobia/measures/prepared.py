"""What a question needs done beforehand, and what it is handed: estimates of control.

Rooms do not import each other: the pipeline reads `Needs`, makes the estimate and hands over
`Prepared`. The protocols below are all that a measure knows of a control estimate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from zenobia.terms import ControlEstimate

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["NOTHING", "ChangeLike", "ControlLike", "CoursesLike", "Needs", "Prepared"]


@dataclass(frozen=True)
class Needs:
    """An estimate of control from some of the reports only; equal needs share one estimate.

    Attributes:
        name: ``nothing``; ``control`` for who held what; ``targets`` for who held what was struck,
            from reports that are neither strikes nor by the striker's side.
        without_types: report types to leave out.
        without_sources: sources to leave out, also where another one passes on their word.
        only_sources: if not ``None``, the only sources to hear.
        without_documents: documents that are no evidence here: the one that makes the claim.
        known: hear only what had been published by this day, where that is earlier than the view's own.
    """

    name: Literal["nothing", "control", "targets"]
    without_types: frozenset[str] = frozenset()
    without_sources: frozenset[str] = frozenset()
    only_sources: frozenset[str] | None = None
    without_documents: frozenset[str] = frozenset()
    known: dt.date | None = None

    @property
    def label(self) -> str:
        """One text for one need, to name the narrowed view by; empty where nothing is left out."""
        parts = {
            "without types": self.without_types,
            "without sources": self.without_sources,
            "without documents": self.without_documents,
        }
        told = [f"{name} {','.join(sorted(words))}" for name, words in parts.items() if words]
        if self.only_sources is not None:
            told.append(f"only sources {','.join(sorted(self.only_sources))}")
        return "; ".join(told)


NOTHING = Needs("nothing")


class ChangeLike(Protocol):
    """A change of hands: the chance that it happened in the window, and its day (5, 50, 95 %)."""

    @property
    def chance(self) -> float: ...
    @property
    def low(self) -> Any: ...
    @property
    def best(self) -> Any: ...
    @property
    def high(self) -> Any: ...


class CoursesLike(Protocol):
    """Joint histories as runs of one state: those of draw k of place p are begin[p * n + k] to begin[p * n + k + 1].

    ``day`` is the first day of each run, rising within a draw, the first perhaps before what was asked;
    ``state`` its position in the states.
    """

    @property
    def begin(self) -> npt.NDArray[np.int64]: ...
    @property
    def day(self) -> npt.NDArray[np.int32]: ...
    @property
    def state(self) -> npt.NDArray[np.int8]: ...


class ControlLike(Protocol):
    """Who held each place on each day, as far as measures ask. Days are numbers since 1970-01-01.

    ``chances`` are NaN without basis, and on a day that may not be told. Courses of a window end with what may be told:
    from there each stays as it was.
    """

    @property
    def states(self) -> tuple[str, ...]: ...
    @property
    def places(self) -> tuple[str, ...]: ...
    def at(self, place: str, day: int) -> ControlEstimate: ...
    def chances(self, places: Sequence[str], days: npt.NDArray[Any]) -> npt.NDArray[np.float64]: ...
    def change(self, place: str, before: str, after: str, start: int, end: int) -> ChangeLike: ...
    def draws(self, place: str, start: int, end: int, n: int, seed: int) -> npt.NDArray[np.int8]: ...
    def courses(self, places: Sequence[str], start: int, end: int, n: int, seed: int) -> CoursesLike: ...


@dataclass(frozen=True)
class Prepared:
    """What the pipeline hands to a question.

    Attributes:
        control: the estimate that `Needs` asked for; ``None`` if it asked for nothing.
        view: the record as the need asked for it, where that is not the view that is asked.
        draws: how many draws a credible interval rests on.
        seed: where chance starts; the same seed gives the same answer.
    """

    control: ControlLike | None = None
    view: View | None = None
    draws: int = 2000
    seed: int = 1
