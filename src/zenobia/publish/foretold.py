"""Forecasts that are due, as a page shows them: every place in order, what came of it, and the scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zenobia.publish.wording import calendar, chance, counted, listed
from zenobia.terms import Bounds, Place

__all__ = ["ForetoldPlace", "Round", "Score", "Track", "in_words", "shown_with_limits", "together_in_words"]


@dataclass(frozen=True, kw_only=True)
class ForetoldPlace:
    """One place of a forecast.

    Attributes:
        rank: the likeliest is 1; places as likely share one.
        chance: that it passes in time. one_rate: the same at one rate for all places.
        came: the chance, by what is known now, that it did; ``None``: nobody has spoken of the place since.
        on: the likeliest day, where it most likely did.
    """

    place: Place
    rank: int
    chance: Bounds
    one_rate: float
    came: float | None
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Score:
    """How near a way of telling chances came, over the places of which anything was heard; lower is better.

    Attributes:
        brier, log: with limits where there are blocks enough.
        skill, log_skill: by what part the forecast's own score is better than this one; ``None`` of its own.
    """

    model: str
    brier: Bounds
    log: Bounds
    skill: Bounds | None = None
    log_skill: Bounds | None = None


@dataclass(frozen=True, kw_only=True)
class Track:
    """Some forecasts scored together.

    Attributes:
        scores: the forecasts' own first, then those that they are held against.
        heard: how many places of how many forecasts are scored.
        areas, months: how many areas and months of issue they lie in. least: how many are needed for limits.
    """

    scores: tuple[Score, ...] = ()
    heard: int = 0
    areas: int = 0
    months: int = 0
    least: int = 0

    @property
    def limited(self) -> bool:
        """Whether the scores have limits."""
        return max(self.areas, self.months) >= self.least


@dataclass(frozen=True, kw_only=True)
class Round:
    """A forecast of every place of a holder, from what was known on one day.

    Attributes:
        issued: nothing published after this day went into it.
        days: how far it looks ahead.
        before, after: who would lose, and who would take.
        claims: ids of the claims that ask for it.
        reports: how many were known, the last of them published on ``newest``.
        places: the likeliest first.
        track: how it came off.
    """

    issued: date
    days: int
    before: str
    after: str
    claims: tuple[str, ...]
    reports: int
    newest: date | None
    places: tuple[ForetoldPlace, ...]
    track: Track = Track()

    @property
    def due(self) -> date:
        """The last day of which it speaks."""
        return self.issued + timedelta(days=self.days)

    @property
    def heard(self) -> Sequence[ForetoldPlace]:
        """Places of which anything was heard since: those that are scored."""
        return [row for row in self.places if row.came is not None]


def in_words(told: Round, before: str, after: str) -> str:
    """A forecast in one paragraph.

    Args:
        before, after: what the two holders are called.
    """
    first = [row for row in told.places if row.rank == 1]
    most = chance(first[0].chance.best or 0.0)
    likeliest = listed([row.place.name for row in first])
    words = (
        f"On {calendar(told.issued)} {before} most likely had {counted(len(told.places), 'place')}. The likeliest to"
        f" pass to {after} by {calendar(told.due)}: {likeliest}, with a chance of {most}."
    )
    if not told.heard:
        return f"{words} Nobody has spoken of any of them since, so nothing can be scored."
    passed = [f"{row.place.name} (number {row.rank})" for row in told.heard if (row.came or 0.0) >= 0.5]
    words += f" Of the {len(told.heard)} heard of since, {f'{listed(passed, 8)} did' if passed else 'none did'}."
    return (
        f"{words} {beside(told.track)} Places that change hands are spoken of more than others, and the forecasts of"
        " one day hang together, so such a score says little by itself."
    )


def together_in_words(track: Track) -> str:
    """All forecasts of a case in one paragraph."""
    months = "one month" if track.months == 1 else f"{track.months} months"
    return (
        f"{counted(track.heard, 'forecast')} of a place heard of since, issued in {months},"
        f" in {counted(track.areas, 'area')}. {beside(track)}"
    )


def shown_with_limits(figure: Bounds | None) -> str:
    """A score or a skill as a table shows it: 0.0846 (0.0120 to 0.1572)."""
    if figure is None or figure.best is None:
        return ""
    limits = "limits not known" if figure.low is None else f"{figure.low:.3f} to {figure.high:.3f}"
    return f"{figure.best:.3f} ({limits})"


def beside(track: Track) -> str:
    """How the first of some scores compares with the others: surely nearer, surely not, or not to be told."""
    others = track.scores[1:]
    if not track.limited:
        return (
            f"They lie in {counted(track.areas, 'area')} of 42 km: limits of a score need {track.least}, so nothing is"
            f" said of whether it came nearer than {listed([other.model for other in others])}."
        )
    ways = {
        1: "It came nearer than {}, by more than its areas differ among themselves.",
        -1: "It came less near than {}, by more than its areas differ among themselves.",
        0: "Whether it came nearer than {} cannot be told.",
    }
    found = [(words, [other.model for other in others if _surely(other) == way]) for way, words in ways.items()]
    return " ".join(words.format(listed(models)) for words, models in found if models)


def _surely(other: Score) -> int:
    """1: by both scores surely nearer than another; -1: surely less near; 0: neither."""
    skills = [skill for skill in (other.skill, other.log_skill) if skill is not None]
    if all(skill.low is not None and skill.low > 0 for skill in skills):
        return 1
    return -1 if all(skill.high is not None and skill.high < 0 for skill in skills) else 0
