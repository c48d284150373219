"""Fitting: how places change hands and what each source's word is worth, learned together.

Expectation and maximisation over statements alone, without news; then one last sweep with it. News
that may speak while the model learns teaches itself: every boast makes changes likelier, and changes
make boasts credible. Only where most reports are news it speaks from the start, softly: such a record
holds places because they changed hands, and their silence between says little.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control import chain as chains
from zenobia.control import dates, echoes, fields, lives, nearby, witnesses
from zenobia.control.chain import Chain, Knots, Messages
from zenobia.control.evidence import Evidence
from zenobia.control.voices import originals_of
from zenobia.control.witnesses import Stance
from zenobia.record import View
from zenobia.terms import CONTESTED, SHARED

__all__ = ["Fitted", "fit", "normalised"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ROUNDS = 6
# Rounds more once the ground round places is heard.
_MORE_ROUNDS = 2
_ENOUGH = 1e-4

# Before anything is learned: the rate per day at which a holder loses a place, as often to fighting
# inside it as to another holder; how much sooner a place stops being contested or shared; and how
# many place-days this is worth beside the evidence. Worth much, since most places never change
# hands: a rate learned from the few that do would leave all the others in doubt. How long places stay contested
# is learned sooner, since few days are.
LEAVE = 1 / 2000
BRIEF = 8.0
WORTH_DAYS = 100_000.0
WORTH_DAYS_BETWEEN = 5_000.0
# From this share of all reports on, news speaks while the model learns: so often as likely does it make a change on
# its day, told by the side that gains and by anybody else.
_MOSTLY_NEWS = 0.5
_SOFT_BOAST, _SOFT_OTHER = 3.0, 30.0
# How many places the start for who holds what is worth.
_WORTH_PLACES = 4.0

# Days after the last day of output on which the model can still be asked.
BEYOND = 1000
_NONE: Ints = np.zeros(0, dtype=np.int64)


class Fitted(NamedTuple):
    """The model after fitting, and the sweep that goes with it.

    ``table`` holds the moves of 0, 1, 2... days; ``tables`` (witnesses, K, K) what each says in each
    state; ``weight`` (n,) of each statement and ``knot_of`` (n,) its knot; ``origin`` the first day;
    ``window`` (w,) the days that news bears on, ``window_knot`` (w,) their knots, ``strength`` (m,) of
    each piece; ``told`` (P,) which places reports speak of, ``unlike`` the share of places that are not as the ground
    round them is, and ``everywhere`` (S,) what holds of places in general on the first day of all.
    """

    chain: Chain
    knots: Knots
    table: Floats
    messages: Messages
    tables: Floats
    weight: Floats
    knot_of: Ints
    origin: int
    window: dates.Window
    window_knot: Ints
    strength: Floats
    lives: lives.Lives
    told: npt.NDArray[np.bool_]
    unlike: float
    everywhere: Floats


class _Ground(NamedTuple):
    """What does not change while the model learns."""

    evidence: Evidence
    camps: Ints
    stands: tuple[Stance, ...]
    letters: list[str | None]
    weight: Floats
    tested: npt.NDArray[np.bool_]
    knots: Knots
    knot_of: Ints
    told: npt.NDArray[np.bool_]
    near: nearby.Round
    lives: lives.Lives
    km: float
    pull: Floats
    unlike: float
    speaking: Floats
    origin: int
    after: int
    longest: int


def fit(view: View, evidence: Evidence, start: int, end: int) -> Fitted:
    """Learn the chain and the tables from the reports alone; then hear the ground round each place, and the news.

    Args:
        start, end: the days of output, closed-open; the crossing table reaches ``BEYOND`` days past them.
    """
    ground = _ground(view, evidence, start, end)
    plain = _learn(ground)
    if len(ground.near.place):
        ground, plain = _with_surroundings(ground, plain)
    return _with_news(ground, plain) if len(evidence.news.place) else plain


def normalised(weights: Floats) -> Floats:
    """Rows that sum to one; a row without any weight stays so."""
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(weights / np.where(total > 0, total, 1.0))


def _ground(view: View, evidence: Evidence, start: int, end: int) -> _Ground:
    named = [view.sources.get(w) for w in evidence.witnesses]
    camps = [view.camp_of(w) for w in evidence.witnesses]
    numbers = np.array([evidence.states.index(c) if c in evidence.states else -1 for c in camps], dtype=np.int64)
    originals = [originals_of(view.sources, w) for w in evidence.witnesses]
    declared = np.array([[w in known for w in evidence.witnesses] for known in originals])
    origin = min(start, int(evidence.statements.day.min()))
    told = np.bincount(evidence.statements.place, minlength=len(evidence.places)) > 0
    living = lives.lives_of(view, evidence.states)
    knots, knot_of, _ = _lay(evidence, origin, living, _NONE)
    weight = echoes.weigh(evidence, numbers, declared)
    return _Ground(
        evidence=evidence,
        camps=numbers,
        stands=witnesses.stances(evidence, camps),
        letters=[s.reliability if s else None for s in named],
        weight=weight,
        tested=witnesses.tested(evidence, weight),
        knots=knots,
        knot_of=knot_of,
        told=told,
        near=nearby.around(view, evidence.places, told),
        lives=living,
        km=nearby.USUAL_KM,
        pull=np.zeros((1, len(evidence.states))),
        unlike=0.0,
        speaking=_speaking(evidence, numbers),
        origin=origin,
        after=max(int(knots.day.max()) + 1, end),
        longest=max(int(knots.day.max()) + 1, end) - origin + BEYOND,
    )


def _lay(evidence: Evidence, origin: int, living: lives.Lives, looks: Ints) -> tuple[Knots, Ints, Ints]:
    """Knots on the first day of all, on days with statements, round days with news, and on days of looks.

    A day with news has the day before it as a knot too, so that its move is one day's; and so has one on which a
    holder appears or ends, at every place. On a day of ``looks`` every place has a knot.

    Returns:
        the knots; the knot of each statement (n,); that of each place on each day of looks (P * t,).
    """
    said, window = evidence.statements, dates.windows(evidence.news, origin)
    last = max(int(said.day.max()), int(window.day.max(initial=origin)), int(looks.max(initial=origin)))
    turns = living.turning(origin, last + 1)
    first, states = len(evidence.places), len(evidence.states)
    every, common = np.arange(first), np.concatenate([turns - 1, turns, looks])
    place = np.concatenate([every, said.place, window.place, window.place, np.repeat(every, len(common))])
    day = np.concatenate([np.full(first, origin), said.day, window.day, window.day - 1, np.tile(common, first)])
    span = int(day.max()) - origin + 1
    keys, at = np.unique(place * span + (day - origin), return_inverse=True)
    when = keys % span + origin
    begin = np.searchsorted(keys // span, np.arange(first + 1))
    gap = np.diff(when, prepend=origin)
    gap[begin[:-1]] = 0
    knots = Knots(
        day=when,
        begin=begin,
        gap=gap,
        likelihood=np.ones((len(keys), states)),
        news=np.full(len(keys), -1, dtype=np.int64),
        tilt=np.ones((0, states, states)),
    )
    of_common = at[len(at) - first * len(common) :].reshape(first, len(common))
    return _with_endings(knots, living), at[first : first + len(said.day)], of_common[:, 2 * len(turns) :].ravel()


def _with_endings(knots: Knots, living: lives.Lives) -> Knots:
    """Marks the moves of the days on which holders end; what they are depends on the chain."""
    days = lives.endings(living)
    at = np.searchsorted(days, knots.day)
    found = (at < len(days)) & (knots.gap == 1)
    found[found] = days[at[found]] == knots.day[found]
    states = knots.likelihood.shape[1]
    return knots._replace(news=np.where(found, at, -1), tilt=np.ones((len(days), states, states)))


def _learn(ground: _Ground) -> Fitted:
    """Expectation and maximisation from the start, until the fit no longer gains, or for so many rounds."""
    tables = witnesses.start_tables(ground.stands, ground.letters)
    return _learn_on(ground, _sweep(ground, _start_chain(ground.evidence), tables), ROUNDS)


def _learn_on(ground: _Ground, fitted: Fitted, rounds: int) -> Fitted:
    before = -np.inf
    for _ in range(rounds):
        if fitted.messages.fit - before < _ENOUGH * len(ground.weight):
            break
        before = fitted.messages.fit
        held = normalised(fitted.messages.forward * fitted.messages.backward)
        counts = witnesses.expected_sayings(
            ground.evidence, fitted.tables, ground.weight * ground.tested, held[ground.knot_of]
        )
        chain = _learn_chain(ground, fitted, held)
        fitted = _sweep(ground, chain, witnesses.learn(counts, ground.stands, ground.letters))
    return fitted


def _sweep(ground: _Ground, chain: Chain, tables: Floats) -> Fitted:
    ends = lives.successions(ground.lives, chain.step)
    knots = ground.knots._replace(likelihood=_likelihood(ground, tables), tilt=ends)
    if ground.speaking.any():
        knots = _heard(ground, knots, ground.speaking).knots
    table = chains.powers(chain.step, ground.longest)
    messages = chains.sweep(chain, knots, table)
    return Fitted(
        chain=chain,
        knots=knots,
        table=table,
        messages=messages,
        tables=tables,
        weight=ground.weight,
        knot_of=ground.knot_of,
        origin=ground.origin,
        window=dates.Window(_NONE, _NONE, _NONE, np.zeros(0)),
        window_knot=_NONE,
        strength=np.zeros(0),
        lives=ground.lives,
        told=ground.told,
        unlike=ground.unlike,
        everywhere=_everywhere(ground, normalised(messages.forward * messages.backward)[knots.begin[:-1]]),
    )


def _likelihood(ground: _Ground, tables: Floats) -> Floats:
    """Likelihood of all that is said at each knot, (n, K), up to a factor a knot."""
    said, size = ground.evidence.statements, len(ground.knots.day)
    logs = witnesses.log_chances(tables, ground.evidence.sayings)[said.witness, said.says]
    logs *= ground.weight[:, None]
    total = np.stack([np.bincount(ground.knot_of, logs[:, k], size) for k in range(logs.shape[1])], axis=1)
    possible = lives.alive(ground.lives, ground.knots.day)
    return _up_to_a_factor(np.where(possible, total + ground.pull, -np.inf))


def _speaking(evidence: Evidence, camps: Ints) -> Floats:
    """How strongly news speaks while the model learns, (m,): not at all where most reports are of another kind."""
    news, report = evidence.news, evidence.statements.report
    share = len(np.unique(report[news.statement])) / max(1, len(np.unique(report)))
    if share <= _MOSTLY_NEWS:
        return np.zeros(len(news.place))
    camp, says = camps[news.witness], evidence.sayings[news.says]
    boast = (camp >= 0) & says[np.arange(len(camp)), np.maximum(camp, 0)]
    return np.where(boast, _SOFT_BOAST, _SOFT_OTHER)


def _up_to_a_factor(logs: Floats) -> Floats:
    return np.asarray(np.exp(logs - logs.max(axis=1, keepdims=True)))


def _learn_chain(ground: _Ground, fitted: Fitted, held: Floats) -> Chain:
    moves = chains.expected_moves(fitted.knots, fitted.messages, fitted.table, fitted.chain.step)
    worth = np.where(_between(ground.evidence), WORTH_DAYS_BETWEEN, WORTH_DAYS)[:, None]
    rates = (moves + worth * _prior_rates(ground.evidence)) / (moves.sum(axis=1, keepdims=True) + worth)
    # A place is never taken to change hands more seldom than at the start: else every change is explained away.
    rates = np.maximum(rates, _prior_rates(ground.evidence))
    np.fill_diagonal(rates, 0.0)
    return Chain(start=_start(ground, held[fitted.knots.begin[:-1]]), step=_step(rates))


def _start(ground: _Ground, first: Floats) -> Floats:
    """Chances of the first day of all from those that are believed of it, (P, S), each place by those round it."""
    return nearby.start_around(ground.near, nearby.weights(ground.near, ground.km), first, _everywhere(ground, first))


def _everywhere(ground: _Ground, first: Floats) -> Floats:
    """What holds of places in general on the first day of all, (S,)."""
    everywhere = first[ground.told].sum(axis=0) + _WORTH_PLACES * _shares(ground.evidence)
    return np.asarray(everywhere / everywhere.sum())


def _start_chain(evidence: Evidence) -> Chain:
    start = np.tile(_shares(evidence), (len(evidence.places), 1))
    return Chain(start=start, step=_step(_prior_rates(evidence)))


def _step(rates: Floats) -> Floats:
    step = rates.copy()
    np.fill_diagonal(step, 1 - rates.sum(axis=1))
    return step


def _prior_rates(evidence: Evidence) -> Floats:
    """Daily rates of move before anything is learned, shape (K, K); no diagonal."""
    between = _between(evidence)
    toward = np.tile(_shares(evidence), (len(evidence.states), 1))
    np.fill_diagonal(toward, 0.0)
    toward[:, between] = 0.0
    toward = normalised(toward)
    toward[np.ix_(~between, between)] = 1.0
    brief = np.where(between, BRIEF, 1.0)
    return np.asarray(LEAVE * brief[:, None] * normalised(toward))


def _shares(evidence: Evidence) -> Floats:
    """How often each state is spoken of, every place counting once; none is ruled out.

    A place is spoken of most while it is fought over, so what lies between holders counts for less.
    """
    said = evidence.statements
    plain = evidence.sayings / evidence.sayings.sum(axis=1, keepdims=True)
    spoken = np.zeros((len(evidence.places), len(evidence.states)))
    np.add.at(spoken, said.place, said.weight[:, None] * plain[said.says])
    share = (normalised(spoken).sum(axis=0) + 0.5) / np.where(_between(evidence), BRIEF, 1.0)
    return np.asarray(share / share.sum())


def _between(evidence: Evidence) -> npt.NDArray[np.bool_]:
    """Which states lie between holders."""
    return np.array([state in (CONTESTED, SHARED) for state in evidence.states])


def _with_surroundings(ground: _Ground, plain: Fitted) -> tuple[_Ground, Fitted]:
    """The same model, learned on, with a knot on every day on which each place looks at the ground round it."""
    looks = fields.looks(ground.origin, ground.after, len(ground.told), len(ground.knot_of))
    knots, knot_of, look_of = _lay(ground.evidence, ground.origin, ground.lives, looks)
    laid = ground._replace(knots=knots, knot_of=knot_of)
    heard = knots._replace(likelihood=_likelihood(laid, plain.tables), tilt=plain.knots.tilt)
    laid = laid._replace(knots=heard)
    held = _held_on(plain, len(ground.told), looks)
    ground_tells = _strongest(laid, plain, looks, look_of, held)
    laid = laid._replace(pull=ground_tells.pull, km=ground_tells.km, unlike=ground_tells.unlike)
    start = _start(laid, held[:, 0])
    return laid, _learn_on(laid, _sweep(laid, plain.chain._replace(start=start), plain.tables), _MORE_ROUNDS)


class _Chosen(NamedTuple):
    """How far the ground round places reaches, its log weight at every knot, and the share of places unlike it."""

    km: float
    pull: Floats
    unlike: float


def _strongest(ground: _Ground, plain: Fitted, looks: Ints, look_of: Ints, held: Floats) -> _Chosen:
    """The reach and strength under which the ground round places foretells their reports best."""
    places, rows, part = fields.part_of(ground.knots, ground.told)
    logs, starts = [], []
    for km in fields.REACHES:
        mean, trusted = nearby.mean_around(ground.near, nearby.weights(ground.near, km), held)
        log = np.zeros_like(ground.knots.likelihood)
        log[look_of] = fields.pull(looks, mean, trusted, _between(ground.evidence)).reshape(-1, log.shape[1])
        logs.append(log)
        starts.append(_start(ground._replace(km=km), held[:, 0])[places])
    ways = [(reach, strength) for reach in range(len(logs)) for strength in fields.STRENGTHS]
    pulled = [strength * logs[reach][rows] for reach, strength in ways]
    start = [starts[reach] for reach, _ in ways]
    # And once as if there were no ground round them.
    anywhere = np.tile(_everywhere(ground, held[:, 0]), (len(places), 1))
    found = fields.foretold(
        np.stack([*start, anywhere]), plain.chain.step, part, plain.table, np.stack([*pulled, 0 * pulled[0]])
    )
    best = int(found[:-1].sum(axis=1).argmax())
    reach, strength = ways[best]
    return _Chosen(fields.REACHES[reach], strength * logs[reach], fields.unlike(found[best], found[-1]))


def _held_on(plain: Fitted, places: int, days: Ints) -> Floats:
    """Chances of every place on some days, shape (P, t, S)."""
    where, on = np.repeat(np.arange(places), len(days)), np.tile(days, places)
    forward, backward = chains.between(plain.knots, plain.messages, plain.table, where, on)
    return normalised(forward * backward).reshape(places, len(days), -1)


def _with_news(ground: _Ground, learned: Fitted) -> Fitted:
    """The same model, with what news says of the days of change, judged by the model without it."""
    news = ground.evidence.news
    plain = _sweep(ground._replace(speaking=np.zeros(0)), learned.chain, learned.tables)
    says = ground.evidence.sayings[news.says]
    strength = dates.strengths(news, ground.camps[news.witness], says, _rise(ground, plain), _rate(ground, plain))
    heard = _heard(ground, plain.knots, strength)
    return plain._replace(
        knots=heard.knots,
        messages=chains.sweep(plain.chain, heard.knots, plain.table),
        window=heard.window,
        window_knot=heard.at,
        strength=strength,
    )


class _Heard(NamedTuple):
    """Knots with the news on their moves; the days that it bears on, and the knot of each."""

    knots: Knots
    window: dates.Window
    at: Ints


def _heard(ground: _Ground, knots: Knots, strength: Floats) -> _Heard:
    news = ground.evidence.news
    window = dates.windows(news, ground.origin)
    at = chains.last_knot(knots, window.place, window.day)
    says = ground.evidence.sayings[news.says]
    told, tilt = dates.tilt(news, says, window, strength, ground.weight[news.statement], at)
    before = np.flatnonzero(knots.news[told] >= 0)
    tilt[before] *= knots.tilt[knots.news[told[before]]]
    marked = knots.news.copy()
    marked[told] = len(knots.tilt) + np.arange(len(told))
    return _Heard(knots._replace(news=marked, tilt=np.concatenate([knots.tilt, tilt])), window, at)


def _rise(ground: _Ground, plain: Fitted) -> Floats:
    """By how much the chance of what news says rose in the weeks round it, judged without it, (m,)."""
    news = ground.evidence.news
    last = ground.origin + len(plain.table) - 1
    held = []
    for day in (np.maximum(news.first - dates.MARGIN, ground.origin), np.minimum(news.last + dates.MARGIN, last)):
        forward, backward = chains.between(plain.knots, plain.messages, plain.table, news.place, day)
        held.append((normalised(forward * backward) * ground.evidence.sayings[news.says]).sum(axis=1))
    return np.asarray(np.clip(held[1] - held[0], 0.0, 1.0))


def _rate(ground: _Ground, plain: Fitted) -> Floats:
    """How often per day a place makes the kind of move that each piece of news tells of, (m,)."""
    news = ground.evidence.news
    moves = chains.expected_moves(plain.knots, plain.messages, plain.table, plain.chain.step)
    moves += 1.0 / len(moves)
    days = moves.sum()
    np.fill_diagonal(moves, 0.0)
    into = (moves.sum(axis=0) * ground.evidence.sayings[news.says]).sum(axis=1)
    out = moves.sum(axis=1)[np.maximum(news.leaving, 0)]
    return np.asarray(np.where(news.leaving < 0, into, out) / days)
