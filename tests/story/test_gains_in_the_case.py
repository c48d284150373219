"""Gains, fronts and pace, asked of the built-in case with its own estimate of control."""

from datetime import date

import pytest

from zenobia import measures, pipeline
from zenobia.terms import NotMeasurable

GAINS = {
    "measure": "gains",
    "change": {"from": "isis", "to": "government"},
    "within_km": {"of": "palmyra", "km": 120},
    "from": "2016-03-01",
    "to": "2016-05-01",
}


@pytest.fixture(scope="module")
def palmyra(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case") / "palmyra"
    pipeline.demo(folder)
    return pipeline.open_case(folder)


def ask(case, raw, view=None):
    view = view or case.known()
    question = measures.resolved(measures.question(raw), view)
    return measures.answer(question, view, case.prepare(view, measures.needs(question, view)))


def test_palmyra_and_qaryatayn_are_among_the_gains_of_that_spring(palmyra):
    answer = ask(palmyra, GAINS)
    gained = next(note for note in answer.notes if note.startswith("gained: "))
    assert "Palmyra (27 March 2016)" in gained
    assert "al-Qaryatayn (3 April 2016)" in gained
    assert answer.found.low >= 2


def test_coded_reports_close_nothing_above(palmyra):
    assert ask(palmyra, GAINS).found.high is None


def test_the_side_that_gains_is_not_enough(palmyra):
    own = {**GAINS, "sources": {"stands_with": ["government"]}}
    assert ask(palmyra, own).found.low == 0


def test_the_gains_fall_with_the_reports_that_carry_them(palmyra):
    view, answer = palmyra.known(), ask(palmyra, GAINS)
    fewer = view.narrowed(label="without the reports of the gains", without_reports=frozenset(answer.for_))
    assert ask(palmyra, GAINS, fewer).found.low < answer.found.low


def test_before_it_was_told_palmyra_was_not_gained(palmyra):
    answer = ask(palmyra, GAINS, palmyra.known(date(2016, 3, 20)))
    assert not any("Palmyra (" in note for note in answer.notes)


def test_the_pace_of_strikes_needs_a_list(palmyra):
    raw = {
        "measure": "pace",
        "of": {"type": "battle"},
        "from": "2016-01-01",
        "at": "2016-03-07",
        "to": "2016-04-01",
    }
    with pytest.raises(NotMeasurable, match="a list of battles counted in incidents"):
        ask(palmyra, raw)


def test_a_front_names_who_faces_whom(palmyra):
    raw = {"measure": "front", "on": "2016-03-01", "between": ["isis", "government"], "km": 20}
    answer = ask(palmyra, raw)
    assert 0 <= answer.found.low <= answer.found.best <= answer.found.high <= 1
    assert "Islamic State and Syrian government" in answer.notes[0]
