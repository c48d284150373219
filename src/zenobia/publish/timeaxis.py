"""Time laid along a figure: where a day falls, and the months and years written under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import escape

from zenobia.publish.marks import FAINT
from zenobia.publish.wording import MONTHS, plain

__all__ = ["TimeAxis", "fitted", "months"]

GRID = "#e4e0d6"
ROOM = 26.0  # pixels that the name of a month needs


@dataclass(frozen=True, kw_only=True)
class TimeAxis:
    """A window of days, closed-open, over a stretch of pixels."""

    start: date
    end: date
    left: float
    width: float

    @property
    def right(self) -> float:
        return self.left + self.width

    def at(self, day: date) -> float:
        """Where a day begins; days outside of the window fall on its edges."""
        share = (day - self.start).days / max(1, (self.end - self.start).days)
        return self.left + self.width * min(1.0, max(0.0, share))

    def grid(self, top: float, bottom: float) -> str:
        """Faint lines where months begin, or years where months would crowd."""
        strokes = "".join(f"M{self.at(day):.1f} {top:.1f}V{bottom:.1f}" for day, _ in self._ticks())
        return f'<path d="{strokes}" stroke="{GRID}" fill="none"/>' if strokes else ""

    def written(self, y: float) -> str:
        """The names of months, the year under the first one of each."""
        return "".join(
            f'<text x="{self.at(day) + 2:.1f}" y="{y + 12 * (i > 0):.1f}" font-size="11" fill="{FAINT}">{word}</text>'
            for day, words in self._ticks()
            for i, word in enumerate(words)
            if word and self.at(day) + 24 < self.right + 8
        )

    def _ticks(self) -> Iterator[tuple[date, tuple[str, str]]]:
        firsts = [day for day in months(self.start, self.end) if day.day == 1]
        every = next((n for n in (1, 3, 12) if self.width * n / max(1, len(firsts)) >= ROOM), 12)
        chosen = [day for day in firsts if (day.month - 1) % every == 0]
        for i, day in enumerate(chosen):
            fresh = i == 0 or day.year != chosen[i - 1].year
            yield day, ((str(day.year), "") if every == 12 else (MONTHS[day.month - 1][:3], str(day.year) * fresh))


def months(start: date, end: date) -> Iterator[date]:
    """The first day of a window and of each month in it."""
    day = start
    while day < end:
        yield day
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def fitted(text: str, letters: int) -> str:
    """A name as SVG text, cut with an ellipsis where there is no room for the whole of it."""
    words = plain(text)
    return str(escape(words if len(words) <= letters else words[: letters - 1].rstrip() + "…"))
