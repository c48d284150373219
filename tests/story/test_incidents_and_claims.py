"""Incidents may count where a case asks for it; claims are judged without them."""

from __future__ import annotations

import pytest

from zenobia import control, measures, pipeline


@pytest.fixture
def asked(valley, monkeypatch):
    """The valley, whose case.toml asks for incidents; and whether each estimate that is made may heed them."""
    with open(valley / "case.toml", "a", encoding="utf-8") as setting:
        setting.write("\n[control]\nincidents = true\n")
    made, estimate = [], control.estimate

    def noted(view, events=None):
        made.append(view.setting.incidents)
        return estimate(view, events)

    monkeypatch.setattr(control, "estimate", noted)
    return pipeline.open_case(valley), made


def test_a_place_on_a_day_may_be_told_with_incidents(asked):
    case, made = asked
    case.control_all("2031-06-01")
    assert made == [True]


def test_a_claim_is_answered_without_incidents(asked):
    case, made = asked
    view = case.known()
    question = measures.question({"measure": "held", "place": "alder", "holder": "crown", "on": "2031-06-01"})
    case.prepare(view, measures.needs(question, view))
    assert made == [False]
