"""Forecasts of a case once they are due: every place that was asked about, in order, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Protocol

import pyarrow.compute as pc

from zenobia import claims, control, measures, publish
from zenobia.record import Record, View
from zenobia.terms import NotMeasurable, day_number, day_of

__all__ = ["Asked", "rounds", "rounds_table", "scores_table", "together"]

_DRAWS = 2000


class Asked(Protocol):
    """What is asked of an open case (`zenobia.pipeline.OpenCase`)."""

    @property
    def record(self) -> Record: ...
    def claims_asked(self, ids: Iterable[str] | None = None) -> list[claims.Claim]: ...
    def known(self, day: str | date | None = None) -> View: ...
    def estimate(self, view: View | None = None) -> control.Control: ...
    def prepare(self, view: View, needs: measures.Needs) -> measures.Prepared: ...


def rounds(asked: Asked, view: View, before: date) -> tuple[publish.Round, ...]:
    """The forecasts that claims of the case ask for, each with all places of the loser, oldest first.

    Nothing published after the day of issue goes into a forecast; what came of it is by the whole view.

    Args:
        before: only what was due before this day.
    """
    wanted: dict[tuple[date, str, str, int], tuple[measures.Forecast, list[str]]] = {}
    for claim in asked.claims_asked():
        for question in _questions(claim):
            key = (question.issued, question.before, question.after, question.days)
            ids = wanted.setdefault(key, (question, []))[1]
            ids += [] if claim.id in ids else [claim.id]
    due = [found for key, found in sorted(wanted.items()) if key[0] + timedelta(days=key[3]) < before]
    made = (_round(asked, view, question, ids) for question, ids in due)
    return tuple(one for one in made if one is not None)


def rounds_table(told: Sequence[publish.Round]) -> list[dict[str, object]]:
    """A row for each place of each forecast."""
    return [
        {
            "issued": one.issued.isoformat(),
            "days": one.days,
            "from": one.before,
            "to": one.after,
            "rank": row.rank,
            "place": row.place.id,
            "chance": row.chance.best,
            "chance_low": row.chance.low,
            "chance_high": row.chance.high,
            "one_rate": row.one_rate,
            "came": row.came,
            "came_on": row.on.isoformat() if row.on else None,
        }
        for one in told
        for row in one.places
    ]


def together(told: Sequence[publish.Round]) -> publish.Track:
    """The forecasts of all rounds scored as one."""
    return _track([(one.issued, row) for one in told for row in one.heard])


def scores_table(told: Sequence[publish.Round]) -> list[dict[str, object]]:
    """A row for each way of telling chances: in each forecast, and in all of them together."""
    rows = [row for one in told for row in _scored_rows(one.track, one)]
    return rows + (list(_scored_rows(together(told), None)) if len(told) > 1 else [])


def _scored_rows(track: publish.Track, one: publish.Round | None) -> Iterator[dict[str, object]]:
    for score in track.scores:
        figures = {"brier": score.brier, "log": score.log, "skill": score.skill, "log_skill": score.log_skill}
        yield {
            "issued": one.issued.isoformat() if one else None,
            "days": one.days if one else None,
            "from": one.before if one else None,
            "to": one.after if one else None,
            "model": score.model,
            "heard": track.heard,
            "areas": track.areas,
            "months": track.months,
            **{
                f"{name}{end}": getattr(bounds, side) if bounds else None
                for name, bounds in figures.items()
                for end, side in (("", "best"), ("_low", "low"), ("_high", "high"))
            },
        }


def _questions(claim: claims.Claim) -> Iterator[measures.Forecast]:
    """What a claim asks of the days ahead, in its own words and beside them."""
    asked = [*(posed.question for posed in claim.posed()), *(question for _, question in claim.asked_beside())]
    yield from (question for question in asked if isinstance(question, measures.Forecast))


def _round(asked: Asked, view: View, question: measures.Forecast, ids: Sequence[str]) -> publish.Round | None:
    try:
        told = measures.round_of(question, view, asked.prepare(view, measures.needs(question, view)))
    except NotMeasurable:
        return None
    then, now = asked.known(question.issued), asked.estimate(control.unheeding(view))
    places = tuple(_place(view, now, question, row) for row in told)
    return publish.Round(
        issued=question.issued,
        days=question.days,
        before=question.before,
        after=question.after,
        claims=tuple(ids),
        reports=then.reports.num_rows,
        newest=pc.max(then.reports["published"]).as_py(),
        places=places,
        track=_track([(question.issued, row) for row in places if row.came is not None]),
    )


def _track(heard: Sequence[tuple[date, publish.ForetoldPlace]]) -> publish.Track:
    """Places of which something was heard since, with the day of issue: what was told of them against what came."""
    if not heard:
        return publish.Track()
    came = [row.came or 0.0 for _, row in heard]
    areas = [measures.area_of(row.place.id, row.place.lat, row.place.lon) for _, row in heard]
    months = [issued.isoformat()[:7] for issued, _ in heard]
    own, *others = (
        ("this forecast", [row.chance.best or 0.0 for _, row in heard]),
        ("one rate for all places", [row.one_rate for _, row in heard]),
        ("no change", [0.0] * len(heard)),
    )
    blocks = (areas, months)
    return publish.Track(
        scores=tuple(
            publish.Score(
                model=model,
                brier=measures.score_within("brier", said, came, *blocks),
                log=measures.score_within("log", said, came, *blocks),
                skill=None if model == own[0] else measures.skill_within("brier", own[1], said, came, *blocks),
                log_skill=None if model == own[0] else measures.skill_within("log", own[1], said, came, *blocks),
            )
            for model, said in (own, *others)
        ),
        heard=len(heard),
        areas=len(set(areas)),
        months=len(set(months)),
        least=measures.LEAST_BLOCKS,
    )


def _place(
    view: View, now: control.Control, question: measures.Forecast, row: measures.Foretold
) -> publish.ForetoldPlace:
    """A place with what came of it: the chance that it passed in time; ``None`` where nobody has spoken of it since."""
    first, after = day_number(question.issued) + 1, day_number(question.issued) + question.days + 1
    last = now.at(row.place, now.after - 1).last_evidence
    passed = now.change(row.place, question.before, question.after, first, after, n=_DRAWS)
    heard = last is not None and last > question.issued
    likely = heard and passed.chance >= 0.5 and passed.best is not None
    return publish.ForetoldPlace(
        place=view.place(row.place),
        rank=row.rank,
        chance=row.chance,
        one_rate=row.one_rate,
        came=min(1.0, passed.chance) if heard else None,
        on=day_of(passed.best) if likely and passed.best is not None else None,
    )
