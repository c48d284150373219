"""Fitting: how places change hands and what each source's word is worth, learned together.

Expectation and maximisation over statements alone, without news; then one last sweep with it. News
that may speak while the model learns teaches itself: every boast makes changes likelier, and changes
make boasts credible. Only where most reports are news it speaks from the start, softly: such a record
holds places because they changed hands, and their silence between says little.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control import chain as chains
from zenobia.control import dates, echoes, fields, grain, hearing, lives, nearby, rates, tempo, turning, witnesses
from zenobia.control.chain import Chain, Knots, Messages
from zenobia.control.evidence import Evidence
from zenobia.control.heeding import Heeded, Stage, heeded
from zenobia.control.incidents import Incidents
from zenobia.control.laying import lay, with_days
from zenobia.control.witnesses import Stance
from zenobia.record import View, originals_of

__all__ = ["Fitted", "fit"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ROUNDS = 3
# Rounds more once the ground round places is heard.
_MORE_ROUNDS = 1
_ENOUGH = 1e-4

# How many places the start for who holds what is worth.
_WORTH_PLACES = 4.0

# Days after the last day of output on which the model can still be asked.
BEYOND = 1000
_NONE: Ints = np.zeros(0, dtype=np.int64)


class Fitted(NamedTuple):
    """The model after fitting, and the sweep that goes with it.

    ``table`` holds the moves of 0, 1, 2... days at each tempo; ``tables`` (witnesses, K, K) what each says in each
    state; ``weight`` (n,) of each statement and ``knot_of`` (n,) its knot; ``origin`` the first day;
    ``window`` (w,) the days that news bears on, ``window_knot`` (w,) their knots, ``strength`` (m,) of
    each piece; ``evidence`` is what was learned from, sources that turned parted in two; ``told`` (P,) which places
    reports speak of, ``unlike`` the share of places that are not as the ground round them is, and ``everywhere`` (S,)
    what holds of places in general on the first day of all; ``fire`` the incidents that are heeded.
    """

    evidence: Evidence
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
    fire: Heeded | None


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
    nearness: Floats
    pull: Floats
    unlike: float
    softly: hearing.Bearing | None
    origin: int
    after: int
    longest: int
    fire: Heeded | None = None


def fit(view: View, evidence: Evidence, start: int, end: int, found: Incidents | None = None) -> Fitted:
    """Learn the chain and the tables from the reports alone; then hear the ground round each place, and the news.

    Args:
        start, end: the days of output, closed-open; the crossing table reaches ``BEYOND`` days past them.
        found: battles, shelling and strikes, heeded where they help; without, never.
    """
    camps = [view.camp_of(w) for w in evidence.witnesses]
    ground = _ground(view, evidence, start, end, camps)
    plain = _learn(ground)
    held = chains.believed(plain.messages.forward, plain.messages.backward)[plain.knot_of]
    turned = turning.parted(evidence, plain.weight, held, plain.tables)
    if turned.witnesses != evidence.witnesses:
        # Where a source stands that turned is for its word to show.
        camps = [*camps, *[None] * (len(turned.witnesses) - len(camps))]
        evidence, ground = turned, _ground(view, turned, start, end, camps)
        plain = _learn(ground)
    leaning = witnesses.leaning(_said(ground, plain), evidence.states, ground.stands)
    if (leaning >= 0).any():
        sides = [evidence.states[k] if k >= 0 else camp for k, camp in zip(leaning, camps, strict=True)]
        ground = _ground(view, evidence, start, end, sides)
        plain = _learn(ground)
    if len(ground.near.place):
        ground, plain = _with_surroundings(ground, plain)
    if found is not None and len(found.place):
        ground, plain = _with_incidents(ground, plain, found)
    return _with_news(ground, plain) if len(evidence.news.place) else plain


def _said(ground: _Ground, fitted: Fitted) -> Floats:
    """Expected number of times that each witness said each state in each state, (witnesses, K, K)."""
    held = chains.believed(fitted.messages.forward, fitted.messages.backward)
    weight = ground.weight * ground.tested
    return witnesses.expected_sayings(ground.evidence, fitted.tables, weight, held[ground.knot_of])


def _ground(view: View, evidence: Evidence, start: int, end: int, camps: Sequence[str | None]) -> _Ground:
    named = [view.sources.get(w) for w in evidence.witnesses]
    numbers = np.array([evidence.states.index(c) if c in evidence.states else -1 for c in camps], dtype=np.int64)
    originals = [originals_of(view.sources, w) for w in evidence.witnesses]
    declared = np.array([[w in known for w in evidence.witnesses] for known in originals])
    origin = min(start, int(evidence.statements.day.min()))
    told = np.bincount(evidence.statements.place, minlength=len(evidence.places)) > 0
    living = lives.lives_of(view, evidence.states)
    knots, knot_of, _ = lay(evidence, origin, living, _NONE)
    near = nearby.around(view, evidence.places, told)
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
        near=near,
        lives=living,
        nearness=nearby.weights(near, nearby.USUAL_KM),
        pull=np.zeros((1, len(evidence.states))),
        unlike=0.0,
        softly=_softly(evidence, numbers, origin, weight, knots),
        origin=origin,
        after=max(int(knots.day.max()) + 1, end),
        longest=max(int(knots.day.max()) + 1, end) - origin + BEYOND,
    )


def _softly(evidence: Evidence, camps: Ints, origin: int, weight: Floats, knots: Knots) -> hearing.Bearing | None:
    """What news puts on the moves while the model learns, if it speaks then."""
    speaking = hearing.softly(evidence, camps)
    return hearing.bearing(evidence, origin, weight, knots, speaking) if speaking.any() else None


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
        held = chains.believed(fitted.messages.forward, fitted.messages.backward)
        chain = _learn_chain(ground, fitted, held)
        fitted = _sweep(ground, chain, witnesses.learn(_said(ground, fitted), ground.stands, ground.letters))
    return fitted


def _sweep(ground: _Ground, chain: Chain, tables: Floats) -> Fitted:
    ends = lives.successions(ground.lives, chain.step[tempo.USUAL])
    knots = ground.knots._replace(likelihood=_likelihood(ground, tables), tilt=ends)
    if ground.softly is not None:
        knots = hearing.heard(knots, ground.softly).knots
    table = chains.powers(chain.step, ground.longest)
    messages = chains.sweep(chain, knots, table)
    return Fitted(
        evidence=ground.evidence,
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
        everywhere=_everywhere(ground, _believed_first(knots, messages)),
        fire=ground.fire,
    )


def _believed_first(knots: Knots, messages: Messages) -> Floats:
    """Chances of each place on the first day of all, (P, S)."""
    first = knots.begin[:-1]
    return chains.believed(messages.forward[first], messages.backward[first])


def _likelihood(ground: _Ground, tables: Floats) -> Floats:
    """Likelihood of all that is said at each knot, (n, K), up to a factor a knot."""
    size, logs = len(ground.knots.day), _logs(ground, tables)
    total = np.stack([np.bincount(ground.knot_of, logs[:, k], size) for k in range(logs.shape[1])], axis=1)
    possible = lives.alive(ground.lives, ground.knots.day)
    return _up_to_a_factor(np.where(possible, total + ground.pull, -np.inf))


def _logs(ground: _Ground, tables: Floats) -> Floats:
    """Log likelihood of each statement, (n, K)."""
    said = ground.evidence.statements
    logs = witnesses.log_chances(tables, ground.evidence.sayings)[said.witness, said.says]
    logs += witnesses.disputed(ground.evidence, rates.between_holders(ground.evidence))
    return np.asarray(logs * ground.weight[:, None])


def _up_to_a_factor(logs: Floats) -> Floats:
    return np.asarray(np.exp(logs - logs.max(axis=1, keepdims=True)))


def _learn_chain(ground: _Ground, fitted: Fitted, held: Floats) -> Chain:
    moves = chains.expected_moves(fitted.knots, fitted.messages, fitted.chain.step)
    step = tempo.steps(rates.learned(ground.evidence, moves), rates.between_holders(ground.evidence), len(moves))
    return Chain(start=_start(ground, held[fitted.knots.begin[:-1]]), step=step)


def _start(ground: _Ground, first: Floats) -> Floats:
    """Chances of the first day of all from those that are believed of it, (P, S), each place by those round it."""
    return nearby.start_around(ground.near, ground.nearness, first, _everywhere(ground, first))


def _everywhere(ground: _Ground, first: Floats) -> Floats:
    """What holds of places in general on the first day of all, (S,)."""
    everywhere = first[ground.told].sum(axis=0) + _WORTH_PLACES * rates.shares(ground.evidence)
    return np.asarray(everywhere / everywhere.sum())


def _start_chain(evidence: Evidence) -> Chain:
    start = np.tile(rates.shares(evidence), (len(evidence.places), 1))
    return Chain(start=start, step=tempo.steps(rates.prior(evidence), rates.between_holders(evidence), 1))


def _with_surroundings(ground: _Ground, plain: Fitted) -> tuple[_Ground, Fitted]:
    """The same model, learned on, with a knot on every day on which each place looks at the ground round it."""
    looks = fields.looks(ground.origin, ground.after, len(ground.told), len(ground.knot_of))
    knots, knot_of, look_of = lay(ground.evidence, ground.origin, ground.lives, looks)
    softly = _softly(ground.evidence, ground.camps, ground.origin, ground.weight, knots)
    laid = ground._replace(knots=knots, knot_of=knot_of, softly=softly)
    heard = knots._replace(likelihood=_likelihood(laid, plain.tables), tilt=plain.knots.tilt)
    laid = laid._replace(knots=heard)
    held = _held_on(plain, len(ground.told), looks)
    ground_tells = _strongest(laid, plain, looks, look_of, held)
    laid = laid._replace(pull=ground_tells.pull, nearness=ground_tells.nearness, unlike=ground_tells.unlike)
    laid = laid._replace(knots=tempo.kept(laid.knots, looks, tempo.kinds(laid.near, laid.nearness, held)))
    chain = Chain(_start(laid, held[:, 0]), tempo.steps(_rates(plain), rates.between_holders(ground.evidence)))
    return laid, _learn_on(laid, _sweep(laid, chain, plain.tables), _MORE_ROUNDS)


def _rates(fitted: Fitted) -> Floats:
    """Daily rates of move at the usual tempo, (S, S); no diagonal."""
    daily = fitted.chain.step[tempo.USUAL].copy()
    np.fill_diagonal(daily, 0.0)
    return np.asarray(daily)


def _with_incidents(ground: _Ground, plain: Fitted, found: Incidents) -> tuple[_Ground, Fitted]:
    """The same model with knots on the days of incidents, where these foretell what is said of control."""
    found = found.take((found.day >= ground.origin) & (found.day < ground.after))
    knots, old, at = with_days(plain.knots, found.place, found.day)
    pull = np.zeros((len(knots.day), len(ground.evidence.states)))
    pull[old] = ground.pull
    rest = np.where(lives.alive(ground.lives, knots.day), pull, -np.inf)
    said, knot_of = ground.evidence.statements, old[ground.knot_of]
    stage = Stage(plain.chain, knots, plain.table, _logs(ground, plain.tables), knot_of, said.voice, rest, found, at)
    fire = heeded(stage)
    if fire is None:
        return ground, plain
    np.add.at(pull, at, fire.says)
    knots, _, _ = with_days(ground.knots, found.place, found.day)
    softly = _softly(ground.evidence, ground.camps, ground.origin, ground.weight, knots)
    laid = ground._replace(knots=knots, knot_of=knot_of, pull=pull, softly=softly, fire=fire)
    return laid, _sweep(laid, plain.chain, plain.tables)


class _Chosen(NamedTuple):
    """How much each neighbour counts, their log weight at every knot, and the share of places unlike them."""

    nearness: Floats
    pull: Floats
    unlike: float


def _strongest(ground: _Ground, plain: Fitted, looks: Ints, look_of: Ints, held: Floats) -> _Chosen:
    """The reach and strength under which the ground round places foretells their reports best."""
    places, rows, part = fields.part_of(ground.knots, ground.told)
    between = rates.between_holders(ground.evidence)
    logs, starts = [], []
    across = grain.stretched(grain.grain(ground.near, held[:, :, ~between].mean(axis=1)))
    reaching = [nearby.weights(ground.near, km, across) for km in fields.REACHES]
    for nearness in reaching:
        mean, trusted = nearby.mean_around(ground.near, nearness, held)
        log = np.zeros_like(ground.knots.likelihood)
        log[look_of] = fields.pull(looks, mean, trusted, between).reshape(-1, log.shape[1])
        logs.append(log)
        starts.append(_start(ground._replace(nearness=nearness), held[:, 0])[places])
    ways = [(reach, strength) for reach in range(len(logs)) for strength in fields.STRENGTHS]
    pulled = [strength * logs[reach][rows] for reach, strength in ways]
    start = [starts[reach] for reach, _ in ways]
    # And once as if there were no ground round them.
    anywhere = np.tile(_everywhere(ground, held[:, 0]), (len(places), 1))
    found = fields.foretold(np.stack([*start, anywhere]), part, plain.table, np.stack([*pulled, 0 * pulled[0]]))
    before = np.array([-strength / fields.USUAL_STRENGTH for _, strength in ways])
    best = int((found[:-1].sum(axis=1) + before).argmax())
    reach, strength = ways[best]
    return _Chosen(reaching[reach], strength * logs[reach], fields.unlike(found[best], found[-1]))


def _held_on(plain: Fitted, places: int, days: Ints) -> Floats:
    """Chances of every place on some days, shape (P, t, S)."""
    where, on = np.repeat(np.arange(places), len(days)), np.tile(days, places)
    forward, backward = chains.between(plain.knots, plain.messages, plain.table, where, on)
    return chains.believed(forward, backward).reshape(places, len(days), -1)


def _with_news(ground: _Ground, learned: Fitted) -> Fitted:
    """The same model, with what news says of the days of change, judged by the model without it."""
    evidence, origin = ground.evidence, ground.origin
    plain = learned if ground.softly is None else _sweep(ground._replace(softly=None), learned.chain, learned.tables)
    judged = (plain.chain, plain.knots, plain.messages, plain.table)
    strength = hearing.strengths(evidence, ground.camps, *judged, origin)
    heard = hearing.heard(plain.knots, hearing.bearing(evidence, origin, ground.weight, plain.knots, strength))
    return plain._replace(
        knots=heard.knots,
        messages=chains.sweep(plain.chain, heard.knots, plain.table),
        window=heard.window,
        window_knot=heard.at,
        strength=strength,
    )
