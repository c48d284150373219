"""Forecasts that are due, as a page shows them: every place in order, what came of it, and the scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zenobia.publish.wording import calendar, chance, counted, listed
from zenobia.terms import Bounds, Place

__all__ = ["ForetoldPlace", "Round", "Score", "in_words"]


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
    """How near a way of telling chances came, over the places of which anything was heard; lower is better."""

    model: str
    brier: float
    log: float


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
        scores: the forecast's own first, then those that it is held against.
    """

    issued: date
    days: int
    before: str
    after: str
    claims: tuple[str, ...]
    reports: int
    newest: date | None
    places: tuple[ForetoldPlace, ...]
    scores: tuple[Score, ...]

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
        f"{words} {beside(told.scores)} Places that change hands are spoken of more than others, and the forecasts of"
        " one day hang together, so such a score says little by itself."
    )


def beside(scores: Sequence[Score]) -> str:
    """How the first of some scores compares with the others: nearer by both, by one, or by none."""
    own, *others = scores
    nearer = {other.model: (own.brier < other.brier) + (own.log < other.log) for other in others}
    ways = {2: "It came nearer than", 1: "Nearer by one score and not by the other than", 0: "It came no nearer than"}
    found = [(way, [model for model in nearer if nearer[model] == n]) for n, way in ways.items()]
    return " ".join(f"{way} {listed(models)}." for way, models in found if models)
