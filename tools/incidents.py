"""Invented reports of fights and fire: battles, shelling and air strikes at the places of a known truth.

Where they happen and who tells of them follows stories about wars and reporters, not the estimator: guns reach the
towns behind a front, a fight is told of the next village, some tell late, and nobody says who fired. `WARS` has
several, from one in which fire tells who holds what to some in which it misleads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tools.press import Truth
from zenobia.record import View, table_of
from zenobia.terms import Report, Source, day_of

__all__ = ["KINDS", "WARS", "Incident", "War", "incidents", "told_of", "zones"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

KINDS = ("battle", "shelling", "air-strike")
# How far from the enemy a place is: fought over; about to change hands or just after; within reach of rifles, of
# guns, of aircraft alone.
ZONES = ("fought", "turning", "near", "far", "deep")
_TURNING_DAYS, _NEAR_KM, _FAR_KM = 7, 15.0, 40.0
_KM_PER_DEGREE = 111.2
_NEIGHBOURS = 5
# For so long a side tells of fire on what it lost.
_DENIED_DAYS = 40

Rates = tuple[float, float, float, float, float]


@dataclass(frozen=True)
class War:
    """How often what happens where, a day, by kind and zone; and how it is told.

    ``enemy``: how often it is the holder's enemy that acts, by kind (fought over: either). ``named`` and ``hit``: how
    often the report says who acted, and who was hit. ``elsewhere``: told of a place near by; ``later``: dated some
    days late; ``wrong``: laid to the wrong side; ``tellers``: how many tell of one incident on average.
    ``blame``: how often a source of a side lays what it tells of to the other side, whoever it was. ``fired``: share
    of places at which fire is told of where it comes from, not where it hits. ``denied``: how often a day each source
    of a side tells of enemy fire on a place that this side lost in the last weeks, as if it were still its own.
    ``after``: how it is in the second half.
    """

    battle: Rates
    shelling: Rates
    strike: Rates
    enemy: tuple[float, float, float] = (0.75, 0.85, 0.95)
    named: float = 0.6
    hit: float = 0.4
    elsewhere: float = 0.12
    later: float = 0.25
    wrong: float = 0.05
    tellers: float = 1.5
    often: float = 1.0
    blame: float = 0.0
    fired: float = 0.0
    denied: float = 0.0
    after: War | None = None

    @property
    def rates(self) -> tuple[Rates, Rates, Rates]:
        """The rates by kind."""
        return self.battle, self.shelling, self.strike


_SPOT = War(
    battle=(0.20, 0.25, 0.03, 0.004, 0.0005),
    shelling=(0.25, 0.20, 0.10, 0.02, 0.001),
    strike=(0.10, 0.12, 0.04, 0.02, 0.004),
)
_CHANCE = War((0.015,) * 5, (0.025,) * 5, (0.01,) * 5, enemy=(0.5, 0.5, 0.5))
# Nobody gets to where the fighting is; what is told happens far behind, and each side lays it to the other.
_REAR = War(
    battle=(0.004, 0.004, 0.004, 0.008, 0.012),
    shelling=(0.005, 0.005, 0.01, 0.02, 0.02),
    strike=(0.004, 0.004, 0.01, 0.03, 0.04),
    enemy=(0.4, 0.4, 0.4),
    wrong=0.3,
)
WARS = {
    # Fights are where troops of both sides are.
    "at the spot": _SPOT,
    # As much is told of any place near the front, fought over or not.
    "along the front": replace(
        _SPOT,
        battle=(0.10, 0.12, 0.10, 0.005, 0.0005),
        shelling=(0.15, 0.15, 0.15, 0.03, 0.001),
        strike=(0.06, 0.06, 0.06, 0.03, 0.004),
    ),
    # Anywhere, by anybody.
    "by chance": _CHANCE,
    "behind the lines": _REAR,
    # Who stands with a side lays every third shot to the other, wherever it fell.
    "laid to the other side": replace(_SPOT, blame=0.35),
    # At half of the places fire is told of where it comes from.
    "told where it is fired": replace(_SPOT, fired=0.5),
    # As by chance; and whoever lost a place goes on telling how it is shelled, which nobody else sees.
    "lost and still shelled": replace(_CHANCE, denied=0.1),
    # First as at the spot, from the middle on as behind the lines, and told of where it comes from.
    "turning round": replace(_SPOT, after=replace(_REAR, fired=0.8)),
}


@dataclass(frozen=True, order=True)
class Incident:
    """One report of one incident: who says when that who did what where, to whom; -1: not said."""

    published: int
    source: str
    place: int
    day: int
    kind: str
    actor: int
    target: int


def zones(truth: Truth) -> npt.NDArray[np.int8]:
    """The zone of each place and day, (places, days)."""
    held, holders = truth.held, len(truth.holders)
    away = _apart(truth)
    near = np.full(held.shape, np.inf)
    for day in range(held.shape[1]):
        state = held[:, day]
        # Whoever is fought over has the enemy in it.
        enemy = (state[:, None] != state[None, :]) | (state[None, :] == holders)
        np.fill_diagonal(enemy, False)
        near[:, day] = np.where(enemy, away, np.inf).min(axis=1)
    zone = np.where(near <= _NEAR_KM, 2, np.where(near <= _FAR_KM, 3, 4))
    for place, day in zip(*np.nonzero(np.diff(held, axis=1)), strict=True):
        low = max(0, int(day) + 1 - _TURNING_DAYS)
        zone[place, low : int(day) + 1 + _TURNING_DAYS] = 1
    zone[held == holders] = 0
    return zone.astype(np.int8)


def _apart(truth: Truth) -> Floats:
    spots = np.array([truth.positions.get(place, (np.nan, np.nan)) for place in truth.places])
    spots[:, 1] *= np.cos(np.radians(np.nanmean(spots[:, 0])))
    away = np.hypot(*np.moveaxis(spots[:, None] - spots[None], 2, 0)) * _KM_PER_DEGREE
    return np.asarray(np.nan_to_num(away, nan=1e6))


def incidents(truth: Truth, war: War, sources: Sequence[Source], seed: int) -> list[Incident]:
    """All that is told of fights and fire; the same for the same seed."""
    rng = np.random.default_rng([seed, 5])
    zone, nearest = zones(truth), np.argsort(_apart(truth), axis=1, kind="stable")[:, 1 : _NEIGHBOURS + 1]
    # How much is heard of each place, whatever happens there; and which tell of fire that goes out.
    heard, firing = rng.gamma(1.0, size=len(truth.places)), rng.random(len(truth.places))
    half = zone.shape[1] // 2
    told: list[Incident] = []
    for nth, kind in enumerate(KINDS):
        rate = np.array(war.rates[nth])[zone]
        if war.after is not None:
            rate[:, half:] = np.array(war.after.rates[nth])[zone[:, half:]]
        happened = rng.poisson(war.often * rate * heard[:, None])
        for place, day in zip(*np.nonzero(happened), strict=True):
            then = war.after if war.after is not None and day >= half else war
            for _ in range(int(happened[place, day])):
                who = _who(truth, then, nth, int(place), int(day), bool(firing[place] < then.fired), rng)
                told += _told(truth, then, sources, kind, int(place), int(day), who, nearest, rng)
    return sorted({*told, *_denied(truth, war, sources, rng)})


def _denied(truth: Truth, war: War, sources: Sequence[Source], rng: np.random.Generator) -> Iterator[Incident]:
    """Fire that nobody saw, on places that are lost."""
    for source in sources if war.denied else ():
        if source.stands_with is None:
            continue
        side = truth.holders.index(source.stands_with)
        had = truth.held == side
        lately = np.zeros_like(had)
        for back in range(1, _DENIED_DAYS + 1):
            lately[:, back:] |= had[:, :-back]
        lost = lately & ~had & (truth.held < len(truth.holders))
        for place, day in zip(*np.nonzero(lost & (rng.random(had.shape) < war.denied)), strict=True):
            by = int(truth.held[place, day])
            yield Incident(int(day) + 1, source.id, int(place), int(day), "shelling", by, side)


def _who(
    truth: Truth, war: War, nth: int, place: int, day: int, firing: bool, rng: np.random.Generator
) -> tuple[int, int]:
    """Who acts and who is hit."""
    holders, state = len(truth.holders), int(truth.held[place, day])
    others = [h for h in range(holders) if h != state]
    by_enemy = (rng.random() < war.enemy[nth]) != firing
    actor = int(rng.choice(others)) if by_enemy or state == holders else state
    hit = state if actor != state and state < holders else int(rng.choice([h for h in range(holders) if h != actor]))
    return actor, hit


def _told(
    truth: Truth,
    war: War,
    sources: Sequence[Source],
    kind: str,
    place: int,
    day: int,
    who: tuple[int, int],
    nearest: Ints,
    rng: np.random.Generator,
) -> Iterator[Incident]:
    """The reports of one incident."""
    for k in rng.choice(len(sources), size=min(len(sources), rng.poisson(war.tellers)), replace=False):
        actor, hit = who[::-1] if rng.random() < war.wrong else who
        side = sources[k].stands_with
        if side is not None and rng.random() < war.blame:
            hit = truth.holders.index(side)
            actor = int(rng.choice([h for h in range(len(truth.holders)) if h != hit]))
        where = int(rng.choice(nearest[place])) if rng.random() < war.elsewhere else place
        slip = int(rng.geometric(0.4)) if rng.random() < war.later else 0
        stated = min(day + slip, truth.held.shape[1] - 1)
        yield Incident(
            published=stated + int(rng.exponential(1.5)),
            source=sources[k].id,
            place=where,
            day=stated,
            kind=kind,
            actor=actor if rng.random() < war.named else -1,
            target=hit if rng.random() < war.hit else -1,
        )


def told_of(view: View, truth: Truth, told: Sequence[Incident]) -> View:
    """The view of a press, with incidents as further reports that may be heeded."""
    name = dict(enumerate(truth.holders))
    rows = [
        Report(
            id=f"x{n:07d}",
            source=t.source,
            published=day_of(truth.first + t.published),
            type=t.kind,
            date=day_of(truth.first + t.day),
            date_to=day_of(truth.first + t.day + 1),
            place=truth.places[t.place],
            actor=name.get(t.actor),
            target=name.get(t.target),
        )
        for n, t in enumerate(told)
    ]
    setting = replace(view.setting, incidents=True)
    return replace(view, setting=setting, reports=pa.concat_tables([view.reports, table_of(Report, rows)]), _columns={})
