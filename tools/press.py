"""An invented press: sources with sides who report a known truth, badly, so that estimates can be scored.

Everything here is invented and seeded. The sources differ in where they look, how late they hear, whom
they stand with, how long they deny a loss, how often they claim a town too early or for nothing, and
whom they copy. No part of it follows the estimator: reports come from stories about sources, not
from tables of chances.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zenobia.engine import DuckEngine
from zenobia.record import View, table_of
from zenobia.terms import Actor, Affiliation, Area, Document, Frame, Place, Report, Setting, Source, day_of

__all__ = ["CONTESTED", "Press", "Telling", "Truth", "report", "view_of"]

Codes = npt.NDArray[np.int8]
CONTESTED = "contested"


@dataclass(frozen=True)
class Truth:
    """Who held what: ``held`` (places, days) holds positions in ``holders``, or their number if contested."""

    places: tuple[str, ...]
    first: int
    holders: tuple[str, ...]
    held: Codes
    positions: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Press:
    """Who reports, and how badly.

    ``loud`` is how often a source of a side speaks beside one of no side; ``false`` and ``deny`` scale
    its claims of towns that were not taken and the days for which it denies a loss. ``even``: each place is
    worth as much attention as any other, whatever happens there, beside each source's own beats; else all
    write more of places where something happens. ``fights`` and ``news`` scale how much of the fighting is
    seen and how many changes of hands are told as such.
    """

    partisans: int = 4
    independents: int = 4
    copiers: int = 3
    reports_per_place: float = 60.0
    loud: float = 1.0
    false: float = 1.0
    deny: float = 1.0
    error: float = 0.04
    late: float = 2.0
    even: bool = False
    fights: float = 1.0
    news: float = 1.0


@dataclass(frozen=True, order=True)
class Telling:
    """One report: who says, of which place and day, when, what."""

    published: int
    source: str
    place: int
    day: int
    status: str
    holder: str
    origin: str = ""


@dataclass(frozen=True)
class _Reporter:
    name: str
    side: int
    interest: npt.NDArray[np.float64]
    speed: float
    error: float
    sees_fighting: float
    news: float
    pace: float


def report(truth: Truth, press: Press, seed: int) -> tuple[list[Source], list[Telling]]:
    """The sources, and all that they say of a truth; the same for the same seed."""
    rng = np.random.default_rng(seed)
    reporters = _reporters(truth, press, rng)
    told = [t for r in reporters for t in (*_rounds(truth, press, r, rng), *_news(truth, press, r, rng))]
    for k in range(press.copiers):
        told += _copies(f"copier-{k}", [r.name for r in reporters], told, truth, rng)
    sources = [
        Source(id=r.name, name=r.name, stands_with=truth.holders[r.side] if r.side >= 0 else None) for r in reporters
    ]
    sources += [Source(id=f"copier-{k}", name=f"copier-{k}") for k in range(press.copiers)]
    return sources, sorted(set(told))


def _reporters(truth: Truth, press: Press, rng: np.random.Generator) -> list[_Reporter]:
    sides = [s for s in range(len(truth.holders)) for _ in range(press.partisans)] + [-1] * press.independents
    made = []
    for n, side in enumerate(sides):
        interest = _interest(truth, press, rng)
        made.append(
            _Reporter(
                name=f"{truth.holders[side] if side >= 0 else 'free'}-{n}",
                side=side,
                interest=interest / interest.sum(),
                speed=press.late * rng.uniform(0.4, 1.8),
                error=press.error * rng.uniform(0.4, 2.0),
                sees_fighting=press.fights * (rng.uniform(0.35, 0.9) if side < 0 else rng.uniform(0.15, 0.5)),
                news=press.news * rng.uniform(0.2, 0.7),
                pace=rng.lognormal(0, 0.6) * (press.loud if side >= 0 else 1.0),
            )
        )
    return made


def _interest(truth: Truth, press: Press, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """How much each place draws one source: by what happens there, unless even, and by beats of its own."""
    if press.even:
        return np.asarray(rng.gamma(2.0, size=len(truth.places)) + 0.02)
    moving = (np.diff(truth.held, axis=1) != 0).sum(axis=1)
    fought = (truth.held == len(truth.holders)).mean(axis=1)
    return np.asarray((0.4 + 1.5 * np.minimum(moving, 4) + 4 * fought) * rng.gamma(0.7, size=len(truth.places)))


def _share_of(press: Press, truth: Truth, who: _Reporter) -> float:
    return (
        press.reports_per_place
        * len(truth.places)
        / (press.partisans * len(truth.holders) + press.independents)
        * who.pace
    )


def _rounds(truth: Truth, press: Press, who: _Reporter, rng: np.random.Generator) -> Iterator[Telling]:
    """Who holds what, day by day, as this source sees it or would have it."""
    days = truth.held.shape[1]
    n = int(rng.poisson(0.8 * _share_of(press, truth, who)))
    place = rng.choice(len(truth.places), size=n, p=who.interest)
    day = rng.integers(0, days, size=n)
    for p, d in zip(place, day, strict=True):
        heard = max(0, int(d) - int(rng.exponential(who.speed)))
        seen = _seen(truth, who, int(truth.held[p, heard]), rng)
        seen = _denied(truth, press, who, int(p), heard, seen, rng)
        published = int(d) + int(rng.exponential(1.0))
        yield _telling(truth, who.name, int(p), int(d), published, seen)


def _seen(truth: Truth, who: _Reporter, state: int, rng: np.random.Generator) -> int:
    """What the source takes the state to be: mistakes, and fighting that it does not see or mention."""
    holders = len(truth.holders)
    if state == holders and rng.random() > who.sees_fighting:
        return who.side if who.side >= 0 else int(rng.integers(holders))
    if rng.random() < who.error:
        return int(rng.integers(holders + 1))
    return state


def _denied(truth: Truth, press: Press, who: _Reporter, p: int, day: int, seen: int, rng: np.random.Generator) -> int:
    """A source of a side goes on saying that its own hold what they lost, for some weeks."""
    if who.side < 0 or seen == who.side:
        return seen
    lately = truth.held[p, max(0, day - int(25 * press.deny)) : day + 1]
    lost = (lately == who.side).any()
    return who.side if rng.random() < (0.65 if lost else 0.06) * min(1.5, press.deny) else seen


def _telling(truth: Truth, source: str, p: int, d: int, published: int, state: int) -> Telling:
    if state == len(truth.holders):
        return Telling(published, source, p, d, "contests", "")
    return Telling(published, source, p, d, "holds", truth.holders[state])


def _news(truth: Truth, press: Press, who: _Reporter, rng: np.random.Generator) -> Iterator[Telling]:
    """Towns taken and lost: told late by some, early by the side that takes them, and sometimes of nothing."""
    days = truth.held.shape[1]
    for p, d in zip(*np.nonzero(np.diff(truth.held, axis=1)), strict=True):
        day, into, out = int(d) + 1, int(truth.held[p, d + 1]), int(truth.held[p, d])
        own = into == who.side and who.side >= 0
        if into < len(truth.holders) and rng.random() < who.news * (1.3 if own else 0.3 if out == who.side else 0.8):
            slip = (
                -int(rng.geometric(0.25))
                if own and rng.random() < 0.3
                else int(rng.integers(0, 3) * (rng.random() < 0.5))
            )
            stated = min(max(day + slip, 0), days - 1)
            published = stated + int(rng.exponential(who.speed / 2))
            yield Telling(published, who.name, int(p), stated, "takes", truth.holders[into])
        elif out < len(truth.holders) and out != who.side and rng.random() < 0.15 * who.news:
            yield Telling(day + int(rng.exponential(2)), who.name, int(p), day, "loses", truth.holders[out])
    if who.side >= 0:
        yield from _boasts(truth, press, who, rng)


def _boasts(truth: Truth, press: Press, who: _Reporter, rng: np.random.Generator) -> Iterator[Telling]:
    """Claims of towns that its side never took."""
    n = int(rng.poisson(0.02 * press.false * _share_of(press, truth, who)))
    for p in rng.choice(len(truth.places), size=n, p=who.interest):
        day = int(rng.integers(0, truth.held.shape[1]))
        if truth.held[p, day] != who.side:
            yield Telling(day + int(rng.exponential(1)), who.name, int(p), day, "takes", truth.holders[who.side])


def _copies(
    name: str, names: Sequence[str], told: list[Telling], truth: Truth, rng: np.random.Generator
) -> list[Telling]:
    """A source that mostly passes on what one or two others said, a few days later, without saying so."""
    followed = set(rng.choice(names, size=2, replace=False))
    pool = [t for t in told if t.source in followed]
    picked = [t for t in pool if rng.random() < 0.5]
    return [Telling(t.published + int(rng.integers(0, 4)), name, t.place, t.day, t.status, t.holder) for t in picked]


def view_of(truth: Truth, sources: list[Source], told: list[Telling], *, known: int | None = None) -> View:
    """The reports as a view of a record, as any case would come."""
    last = truth.first + truth.held.shape[1]
    kept = [t for t in told if known is None or truth.first + t.published <= known]
    reports = [
        Report(
            id=f"r{n:07d}",
            source=t.source,
            origin=t.origin or None,
            published=day_of(truth.first + t.published),
            type="control",
            date=day_of(truth.first + t.day),
            date_to=day_of(truth.first + t.day + 1),
            place=truth.places[t.place],
            status=t.status,
            holder=t.holder or None,
        )
        for n, t in enumerate(kept)
    ]
    places = [
        Place(id=p, name=p, lat=truth.positions.get(p, (None, None))[0], lon=truth.positions.get(p, (None, None))[1])
        for p in truth.places
    ]
    rows = {
        "sources": table_of(Source, sources),
        "actors": table_of(Actor, [Actor(id=h, name=h) for h in truth.holders]),
        "places": table_of(Place, places),
        "affiliations": table_of(Affiliation, []),
        "coverage": table_of(Frame, []),
        "documents": table_of(Document, []),
        "areas": table_of(Area, []),
    }
    setting = Setting(id="made", title="made", start=day_of(truth.first), end=day_of(last), holders=truth.holders)
    return View(
        known=None if known is None else day_of(known),
        record="sha256:made",
        setting=setting,
        reports=table_of(Report, reports),
        tables=rows,
        engine=DuckEngine(),
    )
