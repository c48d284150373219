"""rank: initiatives by size, and none without a list of all gains."""

import numpy as np
import pytest

from tests.measures.by_hand import view_of
from tests.measures.changes import CHANGES_FRAME, capture, control
from zenobia import measures
from zenobia.measures import Apart
from zenobia.measures.clusters import gathered
from zenobia.terms import NotFound, NotMeasurable

ASKED = {
    "measure": "rank",
    "change": {"from": "league", "to": "crown"},
    "from": "2031-01-01",
    "to": "2031-07-01",
    "initiative": "alder",
}
# Alder and Birch, 20 km apart, within a month; Cedar far off, later.
TAKEN = control(
    alder=[("2000-01-01", "league"), ("2031-02-10", "crown")],
    birch=[("2000-01-01", "league"), ("2031-03-05", "crown")],
    cedar=[("2000-01-01", "league"), ("2031-05-10", "crown")],
)
GAINS = (
    capture("a", "2031-02-10", "alder"),
    capture("b", "2031-03-05", "birch", source="almanac"),
    capture("c", "2031-05-10", "cedar", source="monitor"),
)


def rank(*reports, frames=(CHANGES_FRAME,), apart=None, prepared=TAKEN, **keys):
    asked = measures.question(measures.merged(ASKED, keys))
    view = view_of(*reports, frames=frames)
    return measures.answer(asked.model_copy(update={"apart": apart or Apart()}), view, prepared)


def limits(bounds):
    return bounds.low, bounds.best, bounds.high


def test_gains_near_in_space_and_time_are_one_initiative():
    answer = rank(*GAINS)
    # Alder and Birch together are two places, Cedar one.
    assert limits(answer.judged) == (1, 1, 1)
    assert answer.notes[1:3] == (
        "2 places, 10 February 2031 to 5 March 2031: Alder and Birch",
        "one place, 10 May 2031: Cedar",
    )
    assert answer.short is None


def test_the_smaller_one_is_second():
    assert limits(rank(*GAINS, initiative="cedar").judged) == (2, 2, 2)


def test_of_two_of_one_size_neither_is_surely_the_larger():
    # With 10 km each place stands alone: first to third.
    assert limits(rank(*GAINS, km=10).judged) == (1, None, 3)


def test_gains_far_apart_in_time_are_two():
    # 10 February to 5 March are 23 days.
    assert limits(rank(*GAINS, days=22).judged) == (1, None, 3)
    assert limits(rank(*GAINS, days=23).judged) == (1, 1, 1)


def test_without_a_list_there_is_no_rank_but_what_is_known_is_shown():
    answer = rank(*GAINS, frames=())
    assert not answer.found.known
    assert "a list of captures counted in places" in answer.short
    assert "2 places, 10 February 2031 to 5 March 2031: Alder and Birch" in answer.notes
    assert answer.evidence == ("a", "b", "c")


def test_a_gain_that_only_the_side_that_gains_tells_of_makes_none_larger():
    own = capture("b", "2031-03-05", "birch", source="crown-agency")
    listed = capture("c", "2031-05-10", "cedar", source="almanac")
    answer = rank(GAINS[0], own, listed)
    assert limits(answer.judged) == (1, None, 2)
    assert any("Birch" in note and "only by the side that gains" in note for note in answer.notes)


def test_the_claimants_word_makes_none_larger():
    own = capture("b", "2031-03-05", "birch", source="writer")
    listed = capture("c", "2031-05-10", "cedar", source="almanac")
    answer = rank(GAINS[0], own, listed, apart=Apart(sources=("writer",)))
    assert limits(answer.judged) == (1, None, 2)
    assert answer.claimant_only == ("b",)


def test_one_more_voice_that_agrees_never_weakens_it():
    more = capture("d", "2031-02-10", "alder", source="gazette")
    assert rank(*GAINS, more).judged == rank(*GAINS).judged


def test_relabelling_the_parties_relabels_the_answer():
    other = control(
        alder=[("2000-01-01", "guard"), ("2031-02-10", "league")],
        birch=[("2000-01-01", "guard"), ("2031-03-05", "league")],
        cedar=[("2000-01-01", "guard"), ("2031-05-10", "league")],
    )
    gains = (
        capture("a", "2031-02-10", "alder", "league"),
        capture("b", "2031-03-05", "birch", "league", source="almanac"),
        capture("c", "2031-05-10", "cedar", "league", source="monitor"),
    )
    told = rank(*gains, prepared=other, change={"from": "guard", "to": "league"}, initiative="cedar")
    assert told.judged == rank(*GAINS, initiative="cedar").judged


def test_a_place_of_which_nobody_knows_who_held_it_has_no_rank():
    with pytest.raises(NotMeasurable, match="no independent report says who held Cedar"):
        rank(*GAINS, prepared=control(alder=[("2000-01-01", "league")]), initiative="cedar")


def test_a_place_may_be_named_as_people_do():
    assert rank(*GAINS, initiative="Alder").judged == rank(*GAINS).judged


def test_a_place_that_is_not_in_the_record_is_refused():
    with pytest.raises(NotFound):
        rank(*GAINS, initiative="elm")


def test_a_place_that_was_not_gained_has_no_rank():
    steady = control(alder=[("2000-01-01", "league")], birch=[("2000-01-01", "league"), ("2031-03-05", "crown")])
    assert "was gained at all is 0 per cent" in rank(*GAINS[1:], prepared=steady).short


def test_chains_hang_together_by_their_links():
    near = np.eye(4, dtype=bool)
    near[0, 1] = near[1, 0] = near[1, 2] = near[2, 1] = True
    on = np.array([0, 50, 100, 0])
    # 0-1 and 1-2 are within 60 days, 0-2 is not: one chain of three all the same.
    assert gathered(on, np.ones(4, dtype=bool), near, 60).tolist() == [0, 0, 0, 3]
    # Without the middle one the chain falls apart.
    assert gathered(on, np.array([True, False, True, True]), near, 60).tolist() == [0, 1, 2, 3]
