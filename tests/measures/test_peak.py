"""peak: whether a series was largest before a day."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from tests.measures.by_hand import STRIKE_FRAME, Believed, day, report, strike, view_of
from tests.measures.changes import CHANGES_FRAME, capture, control
from zenobia import measures
from zenobia.measures import Apart, Prepared
from zenobia.terms import InputError, NotMeasurable

HELD = {"measure": "peak", "holder": "league", "from": "2031-01-01", "to": "2031-07-01", "before": "2031-04-01"}
AREA = {
    "measure": "peak",
    "series": {"type": "control", "holder": "league", "unit": "km2"},
    "from": "2031-01-01",
    "to": "2031-07-01",
    "before": "2031-04-01",
}
STRIKES = {
    "measure": "peak",
    "series": {"type": "air-strike", "actor": "empire"},
    "from": "2031-01-01",
    "to": "2031-07-01",
    "before": "2031-04-01",
}
# The League has three places to March, two from then on.
SHRINKING = control(
    alder=[("2000-01-01", "league")],
    birch=[("2000-01-01", "league")],
    cedar=[("2000-01-01", "league"), ("2031-03-05", "crown")],
)
# It has one, and from May on two.
GROWING = control(alder=[("2000-01-01", "league")], birch=[("2000-01-01", "crown"), ("2031-05-01", "league")])
TOLD = (
    capture("a", "2031-03-05", "cedar", "crown", source="almanac"),
    report("b", "2031-02-05", "control", place="alder", holder="league", status="holds", source="monitor"),
)


def ask(raw, view, prepared=None, apart=None, **keys):
    asked = measures.question(measures.merged(raw, keys))
    return measures.answer(asked.model_copy(update={"apart": apart or Apart()}), view, prepared or Prepared())


def limits(bounds):
    return bounds.low, bounds.best, bounds.high


def area(id, when, km2, source="monitor", **fields):
    return report(id, when, "control", source=source, holder="league", status="holds", count=km2, unit="km2", **fields)


def test_a_holder_that_shrank_was_largest_before():
    answer = ask(HELD, view_of(*TOLD, frames=(CHANGES_FRAME,)), SHRINKING)
    assert limits(answer.judged) == (1, 1, 1)
    assert answer.frame == "the list of Almanac"
    assert answer.short is None


def test_a_holder_that_grew_was_not():
    assert limits(ask(HELD, view_of(*TOLD, frames=(CHANGES_FRAME,)), GROWING).judged) == (0, 0, 0)


def test_as_many_before_as_after_leaves_it_open():
    steady = control(alder=[("2000-01-01", "league")])
    assert limits(ask(HELD, view_of(*TOLD), steady).judged) == (0, None, 1)


def test_half_of_the_draws_give_a_chance_of_one_half():
    @dataclass
    class Doubtful(Believed):
        """In every other draw the League has Birch in May as well."""

        def draws(self, place, start, end, n, seed):
            paths = super().draws(place, start, end, n, seed)
            paths = paths.copy()
            if place == "birch":
                paths[::2, np.arange(start, end) >= 22400] = self.states.index("league")
            return paths

    told = Doubtful(
        {
            "alder": [("2000-01-01", {"league": 1.0}), ("2031-03-05", {"crown": 1.0})],
            "birch": [("2000-01-01", {"crown": 1.0})],
        }
    )
    answer = ask(HELD, view_of(*TOLD), Prepared(control=told, draws=4))
    # Day 22400 is 1 May 2031. One place before in all draws; afterwards one in draws 0 and 2, none in 1 and 3.
    assert limits(answer.judged) == (0.5, None, 1.0)


def test_without_a_list_of_changes_no_verdict_rests_on_it():
    answer = ask(HELD, view_of(*TOLD), SHRINKING)
    assert "a list of captures counted in places" in answer.short


def test_words_of_one_side_alone_are_too_little():
    own = capture("a", "2031-03-05", "cedar", "crown", source="crown-agency")
    answer = ask(HELD, view_of(own, frames=(CHANGES_FRAME,)), SHRINKING)
    assert "only sources on the side of the Crown" in answer.short


def test_days_that_are_not_known_yet_may_hold_more():
    with pytest.raises(NotMeasurable, match="nothing is known yet of the days from 1 April 2031 on"):
        ask(HELD, view_of(*TOLD, known=CHANGES_FRAME.start.replace(month=3)), SHRINKING)


def test_people_need_a_population():
    with pytest.raises(NotMeasurable, match="population"):
        ask({**HELD, "of": "people"}, view_of(*TOLD), SHRINKING)


def test_a_published_series_is_read_as_it_stands():
    view = view_of(area("a", "2031-02-01", 900), area("b", "2031-03-01", 950), area("c", "2031-06-01", 700))
    answer = ask(AREA, view, sources={"only": ["monitor"]})
    # 950 on 1 March is the largest of three.
    assert limits(answer.judged) == (1, 1, 1)
    assert (
        "Valley Monitor has 3 dated figures and none for 92 days between 1 March 2031 and 1 June 2031" in answer.notes
    )


def test_two_sources_figures_are_two_series():
    view = view_of(
        area("a", "2031-02-01", 900), area("b", "2031-06-01", 700),
        area("c", "2031-02-01", 100, "wire"), area("d", "2031-06-01", 300, "wire"),
    )  # fmt: skip
    # The monitor's shrank, the wire's grew: open.
    assert limits(ask(AREA, view).judged) == (0, None, 1)


def test_one_voices_series_decides_only_where_it_is_asked_for():
    view = view_of(area("a", "2031-02-01", 900), area("b", "2031-06-01", 700))
    assert "only one independent voice, Valley Monitor" in ask(AREA, view).short
    assert ask(AREA, view, sources={"only": ["monitor"]}).short is None


def test_a_series_that_ends_before_the_day_says_nothing_of_it():
    with pytest.raises(NotMeasurable, match="both before 1 April 2031 and after"):
        ask(AREA, view_of(area("a", "2031-02-01", 900), area("b", "2031-03-01", 700)))


def test_the_claimants_own_series_is_set_apart():
    view = view_of(area("a", "2031-02-01", 900, "writer"), area("b", "2031-06-01", 700, "writer"))
    answer = ask(AREA, view, apart=Apart(sources=("writer",)))
    assert not answer.found.known
    assert answer.claimant_only == ("a", "b")


def test_activity_by_month_needs_a_list():
    with pytest.raises(NotMeasurable, match="a month that nobody told of is not a quiet one"):
        ask(STRIKES, view_of(strike("a", "2031-02-01"), strike("b", "2031-02-02")))


def test_a_list_tells_its_busiest_month():
    strikes = [
        strike(f"r{n}", when, source="strikes") for n, when in enumerate(["2031-02-01", "2031-02-09", "2031-05-09"])
    ]
    answer = ask(STRIKES, view_of(*strikes, frames=(STRIKE_FRAME,)))
    # February two, May one.
    assert limits(answer.judged) == (1, 1, 1)


def test_a_month_that_the_day_falls_in_is_early_only_in_the_high():
    strikes = [
        strike(f"r{n}", when, source="strikes") for n, when in enumerate(["2031-04-03", "2031-04-09", "2031-05-09"])
    ]
    answer = ask(STRIKES, view_of(*strikes, frames=(STRIKE_FRAME,)), before="2031-04-15")
    assert limits(answer.judged) == (0, None, 1)


def test_the_day_must_lie_in_the_period():
    with pytest.raises(InputError, match="a day outside the period"):
        measures.question({**HELD, "before": "2031-08-01"})


def test_a_list_that_ends_two_days_after_the_day_shows_no_peak():
    months = [strike(f"s{n}", f"2031-03-{n:02}", source="strikes") for n in range(1, 6)]
    later = [strike(f"t{n}", f"2031-04-{n:02}", source="strikes") for n in range(1, 29)]
    early = view_of(*months, *later, frames=(STRIKE_FRAME,), known=day("2031-04-03"))
    with pytest.raises(NotMeasurable, match="no list covers"):
        ask(STRIKES, early)
    assert limits(ask(STRIKES, view_of(*months, *later, frames=(STRIKE_FRAME,))).judged) == (0, 0, 0)


def test_a_figure_for_a_stretch_in_which_the_day_falls_may_be_of_either_side():
    figures = (
        area("a", "2031-01-01", 100),
        area("b", "2031-03-15", 300, until="2031-05-15"),
        area("c", "2031-06-01", 50),
    )
    assert limits(ask(AREA, view_of(*figures)).judged) == (0, None, 1)


def test_the_months_of_a_list_that_cannot_see_some_ground_show_no_peak():
    blind = replace(STRIKE_FRAME, misses=("guard",))
    view = view_of(*(strike(f"s{n}", "2031-02-03", source="strikes") for n in range(3)), frames=(blind,))
    answer = ask(STRIKES, view)
    assert limits(answer.found) == (0, None, 1)
    assert "mostly cannot see what happened on ground of the Guard" in answer.says


def test_the_months_of_a_list_that_sees_all_decide_beside_one_that_does_not():
    blind = replace(STRIKE_FRAME, source="almanac", misses=("guard",))
    rows = [strike(f"s{n}", "2031-02-03", source="strikes") for n in range(3)]
    rows += [strike("b", "2031-05-03", source="almanac")]
    assert limits(ask(STRIKES, view_of(*rows, frames=(STRIKE_FRAME, blind))).judged) == (1, 1, 1)


def test_by_topic_no_list_has_a_busiest_month():
    view = view_of(strike("s", "2031-02-03", source="strikes", topic="dams"), frames=(STRIKE_FRAME,))
    with pytest.raises(NotMeasurable, match="no list here is whole by topic"):
        ask({**STRIKES, "series": {**STRIKES["series"], "topic": "dams"}}, view)
