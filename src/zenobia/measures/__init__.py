"""Measures: what can be asked of the record, each answered with bounds, evidence and what was left out.

A measure is a kind of `Question`; every kind has its own file and is listed here by name.

    question = measures.question({"measure": "held", "place": "palmyra", "holder": "isis", "on": "2016-03-20"})
    needs = question.needs(view)            # what the pipeline must estimate first
    answer = question.answer(view, prepared)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zenobia.measures.answer import Answer, Figure
from zenobia.measures.asking import MEASURES, ask_from_words, merged, question, tidied
from zenobia.measures.forecast import Forecast
from zenobia.measures.forecast_round import Foretold, round_of
from zenobia.measures.naming import resolved
from zenobia.measures.prepared import NOTHING, ChangeLike, ControlLike, Needs, Prepared
from zenobia.measures.question import Apart, Of, Question, SourcesRule, Variation, Where
from zenobia.measures.scoring import LEAST_BLOCKS, area_of, brier, log_score, score_within, skill_within
from zenobia.measures.validation import keys_below, keys_of, validated

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = [
    "LEAST_BLOCKS",
    "MEASURES",
    "NOTHING",
    "Answer",
    "Apart",
    "ChangeLike",
    "ControlLike",
    "Figure",
    "Forecast",
    "Foretold",
    "Needs",
    "Of",
    "Prepared",
    "Question",
    "SourcesRule",
    "Variation",
    "Where",
    "answer",
    "area_of",
    "ask_from_words",
    "brier",
    "keys_below",
    "keys_of",
    "log_score",
    "merged",
    "needs",
    "question",
    "resolved",
    "round_of",
    "score_within",
    "skill_within",
    "tidied",
    "validated",
]


def needs(asked: Question, view: View) -> Needs:
    """What must be estimated before a question can be answered."""
    return resolved(asked, view).needs(view)


def answer(asked: Question, view: View, prepared: Prepared) -> Answer:
    """Answer a question from a view and what was prepared for it.

    Raises:
        NotMeasurable: the record cannot answer; the message names what would settle it.
        InputError: the question names what the record does not hold.
    """
    return resolved(asked, view).answer(view, prepared)
