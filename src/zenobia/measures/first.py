"""first: the day of the earliest report that matches, by what it says happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from zenobia.measures.answer import Answer, Figure
from zenobia.measures.bearing import NONE, Kinds
from zenobia.measures.prepared import NOTHING, Needs, Prepared
from zenobia.measures.question import OF_KEYS, Of, Precision, Question, Variation
from zenobia.measures.selection import select
from zenobia.measures.sheet import NO_DAY, Sheet
from zenobia.measures.variations import bloc_variations, margins, precision_floor
from zenobia.measures.voices import bloc_of, by_voice
from zenobia.measures.wording import actor_name, day, kind_asked, listing, number, source_name
from zenobia.measures.wording import ground as ground_words
from zenobia.terms import Bounds, NotMeasurable, day_of

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["First"]


class First(Question):
    """The day on which something first happened.

    Each voice's earliest report is a day by which it had happened. The day is dated by the second of
    the voices: what one voice alone puts earlier is shown and decides nothing.
    """

    measure: Literal["first"] = "first"
    of: Of
    precision: Precision | None = None

    shortcuts: ClassVar[Mapping[str, str]] = dict.fromkeys(OF_KEYS, "of")

    @property
    def kinds(self) -> Kinds:
        """Reports of the types that are asked about."""
        return NONE.and_types(self.of.type)

    def needs(self, view: View) -> Needs:
        """Nothing."""
        return NOTHING

    def answer(self, view: View, prepared: Prepared) -> Answer:
        """The earliest day, with every voice's own."""
        selection = select(view, self.of, sources=self.sources, precision=self.precision, apart=self.apart)
        dated = [r for r in selection.sure if selection.sheet.numbers("date")[r] != NO_DAY]
        voices = by_voice(view, dated)
        if not voices and not selection.claimant_only:
            raise NotMeasurable(f"no report tells of {_what(self, view)}; a dated one would settle it")
        figures = tuple(_earliest(view, voice, rows) for voice, rows in voices.items())
        judged = _by_two(figures)
        return Answer(
            measure="first",
            asked=self.asked(),
            frame=None,
            found=_shown(figures, judged),
            judged=judged,
            evidence=tuple(sorted({report for figure in figures for report in figure.reports})),
            says=_says(self, view, figures, judged),
            claimant_only=selection.claimant_only,
            left_out=selection.left_out,
            by_source=figures,
            voices=len(figures),
            short=_short(figures),
            settle="reports dated to the day would narrow it",
            known=view.known,
        )

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        return f"day of the first of {_what(self, view)}"

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs left out, exact places only, margins of a circle."""
        exact = () if self.of.anywhere else tuple(precision_floor(self.precision))
        return (*bloc_variations(view, self, self.sources), *exact, *margins(self.of, "of"))


def _earliest(view: View, voice: str, rows: list[int]) -> Figure:
    """What one voice says first: the day, or the stretch that it leaves open.

    Only the reports that may be the earliest are named: those that begin before its earliest end.
    """
    sheet = Sheet.of(view)
    first = sheet.numbers("date")[rows].astype(np.int64)
    after = sheet.numbers("date_to")[rows].astype(np.int64)
    last = np.where(after == NO_DAY, first, after - 1)
    low, high = int(first.min()), int(last.min())
    return Figure(
        source=voice,
        name=source_name(view, voice),
        bloc=bloc_of(view, voice, rows),
        found=_dates(low, low if low == high else None, high),
        reports=sheet.named(np.array(rows)[first <= high]),
    )


def _by_two(figures: tuple[Figure, ...]) -> Bounds:
    """The day that two voices reach: the second smallest of each limit. One voice alone gives its own.

    >>> # 30 September, 30 September, and one alone in August: 30 September.
    """
    nth = min(1, len(figures) - 1)
    if nth < 0:
        return _ordinals(None, None, None)
    low = sorted(f.found.low for f in figures if f.found.low is not None)[nth]
    high = sorted(f.found.high for f in figures if f.found.high is not None)[nth]
    return _ordinals(low, low if low == high else None, high)


def _shown(figures: tuple[Figure, ...], judged: Bounds) -> Bounds:
    """From the earliest that any voice says to the latest of the voices' own first reports."""
    if not figures:
        return judged
    low = min(f.found.low for f in figures if f.found.low is not None)
    high = max(f.found.high for f in figures if f.found.high is not None)
    return _ordinals(low, judged.best, high)


def _short(figures: tuple[Figure, ...]) -> str | None:
    if len(figures) != 1:
        return None
    return f"only one independent voice, {figures[0].name}, says so; a second one would settle it"


def _says(asked: First, view: View, figures: tuple[Figure, ...], judged: Bounds) -> str:
    if judged.low is None or judged.high is None:
        return f"nobody but the claimant tells of {_what(asked, view)}"
    when = day(judged.low) if judged.low == judged.high else f"between {day(judged.low)} and {day(judged.high)}"
    heard = "one independent voice" if len(figures) == 1 else f"{number(len(figures))} independent voices"
    told = f"the first of {_what(asked, view)} in this record is dated {when} (by {heard})"
    early = [f for f in figures if f.found.high is not None and f.found.high < judged.low]
    if early and len(figures) > 1:
        told += f", though {listing(f'{f.name} alone puts one on {day(f.found.high or 0)}' for f in early)}"
    return told


def _what(asked: First, view: View) -> str:
    by = f" by {listing((actor_name(view, a) for a in asked.of.actor), 'or')}" if asked.of.actor else ""
    return f"{kind_asked(asked.of)}{by}{ground_words(view, asked.of)}"


def _dates(low: int, best: int | None, high: int) -> Bounds:
    return _ordinals(*(None if d is None else float(day_of(d).toordinal()) for d in (low, best, high)))


def _ordinals(low: float | None, best: float | None, high: float | None) -> Bounds:
    return Bounds(low=low, best=best, high=high, unit="date", meaning="reported")
