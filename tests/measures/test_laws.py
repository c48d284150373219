"""Laws that hold whatever is in the record."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.measures.by_hand import STRIKE_FRAME, held, strike, view_of
from zenobia import measures
from zenobia.measures import Prepared
from zenobia.record import table_of
from zenobia.terms import NotMeasurable, Report

# No deadline: how long one example takes says more of the machine than of the law.
few = settings(max_examples=40, deadline=None)

VOICES = ("wire", "monitor", "gazette", "league-press", "lexicon")
DAYS = [f"2031-02-{n:02}" for n in range(1, 29)]

rows = st.lists(
    st.tuples(
        st.sampled_from(DAYS),
        st.sampled_from(["alder", "birch", "cedar", None]),
        st.sampled_from(VOICES),
        st.sampled_from(["empire", "crown", "empire|crown"]),
        st.integers(0, 500),
    ),
    min_size=1,
    max_size=25,
)


def strikes(drawn, unit="raid", source=None):
    return [
        strike(f"r{n:02}", when, place, source=source or voice, actor=actor, unit=unit, count=count)
        for n, (when, place, voice, actor, count) in enumerate(drawn)
    ]


def ask(raw, view, prepared=None):
    try:
        return measures.answer(measures.question(raw), view, prepared or Prepared())
    except NotMeasurable:
        return None


COUNT = {"measure": "count", "of": {"type": "air-strike", "actor": "empire"}, "unit": "raid"}
FIRST = {"measure": "first", "of": {"type": "air-strike", "actor": "empire"}}
SHARE = {"measure": "share", "of": {"type": "air-strike", "actor": "empire"}, "where": {"not": "guard"}}
CHANCES = held(alder={"league": 0.8, "guard": 0.2}, birch={"guard": 0.6, "crown": 0.4})


@few
@given(rows)
def test_what_is_shown_holds_every_single_sources_own_figure(drawn):
    answer = ask(COUNT, view_of(*strikes(drawn)))
    for figure in answer.by_source if answer else ():
        assert answer.found.low <= figure.found.low
        assert answer.found.high is None or figure.found.high <= answer.found.high


@few
@given(rows)
def test_no_voice_puts_the_first_day_outside_what_is_shown(drawn):
    answer = ask(FIRST, view_of(*strikes(drawn)))
    for figure in answer.by_source if answer else ():
        assert answer.found.low <= figure.found.low <= figure.found.high <= answer.found.high


@few
@given(rows, st.randoms())
def test_the_order_of_reports_does_not_matter(drawn, shuffler):
    reports = strikes(drawn, "incident", "strikes")
    mixed = list(reports)
    shuffler.shuffle(mixed)
    for raw in (COUNT, FIRST, SHARE):
        one = ask(raw, view_of(*reports, frames=(STRIKE_FRAME,)), CHANCES)
        other = ask(raw, _unsorted(mixed), CHANCES)
        assert (one and one.to_json()) == (other and other.to_json())


def _unsorted(reports):
    """A view whose reports do not even come by id."""
    view = view_of(frames=(STRIKE_FRAME,))
    return replace(view, reports=table_of(Report, reports))


@few
@given(rows)
def test_low_best_and_high_are_in_order_and_a_share_lies_between_none_and_all(drawn):
    answer = ask(SHARE, view_of(*strikes(drawn, "incident", "strikes"), frames=(STRIKE_FRAME,)), CHANCES)
    if answer is not None:
        known = [x for x in (answer.found.low, answer.found.best, answer.found.high) if x is not None]
        assert known == sorted(known)
        assert 0 <= known[0] <= known[-1] <= 1


@few
@given(rows)
def test_a_share_and_its_opposite_are_mirrored(drawn):
    view = view_of(*strikes(drawn, "incident", "strikes"), frames=(STRIKE_FRAME,))
    one = ask(SHARE, view, CHANCES)
    other = ask(measures.merged(SHARE, {"where": {"is": "guard"}}), view, CHANCES)
    if one is not None and other is not None and one.found.best is not None:
        assert abs(one.found.best + other.found.best - 1) < 1e-9
        # The draws of "not the Guard" and of "the Guard" are not the same draws: equal up to their noise.
        assert one.found.low <= 1 - other.found.low + 1e-9


@few
@given(rows)
def test_without_a_list_there_is_never_a_share_nor_a_zero(drawn):
    view = view_of(*strikes(drawn, "incident"))
    assert ask(SHARE, view, CHANCES) is None
    answer = ask({**COUNT, "unit": "incident"}, view)
    assert answer is None or answer.found.high is None


@few
@given(rows, st.integers(0, 500))
def test_one_more_voice_that_agrees_never_lowers_the_floor_that_counts(drawn, count):
    reports = strikes(drawn)
    before = ask(COUNT, view_of(*reports))
    agreeing = strike("z", "2031-02-10", "alder", source="strikes", origin="gazette-2", unit="raid", count=count)
    after = ask(COUNT, view_of(*reports, agreeing))
    if before is not None and before.voices >= 2 and after is not None:
        assert after.judged.low >= before.judged.low


@few
@given(rows, st.permutations(["crown", "league", "guard"]))
def test_relabelling_the_parties_relabels_the_answers(drawn, names):
    renamed = dict(zip(("crown", "league", "guard"), names, strict=True))
    reports = strikes([(w, p, v, "empire", c) for w, p, v, _, c in drawn], "incident", "strikes")
    view = view_of(*reports, frames=(STRIKE_FRAME,), affiliations=())
    told = {"alder": {"league": 0.8, "guard": 0.2}, "birch": {"guard": 0.6, "crown": 0.4}}
    other = {place: {renamed[h]: c for h, c in held_by.items()} for place, held_by in told.items()}
    one = ask({**SHARE, "where": {"is": "guard"}}, view, held(**told))
    two = ask({**SHARE, "where": {"is": renamed["guard"]}}, view, held(**other))
    assert one.found == two.found
