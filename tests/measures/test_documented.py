"""documented: how many independent voices tell of it, and of which side they are."""

import pytest

from tests.measures.by_hand import report, view_of
from zenobia import measures
from zenobia.measures import Apart, Prepared
from zenobia.terms import InputError, NotMeasurable

ASKED = {"measure": "documented", "of": {"type": "formation", "actor": "crown"}}


def formation(id, source="wire", **fields):
    return report(id, "2031-02-05", "formation", source=source, actor=fields.pop("actor", "crown-militia"), **fields)


def documented(view, apart=None, **keys):
    asked = measures.question(measures.merged(ASKED, keys))
    return measures.answer(asked.model_copy(update={"apart": apart or Apart()}), view, Prepared())


def limits(bounds):
    return bounds.low, bounds.best, bounds.high


def test_voices_are_counted_and_what_is_passed_on_is_none():
    view = view_of(formation("a"), formation("b", "monitor"), formation("c", "gazette", origin="wire"))
    answer = documented(view)
    # The Gazette passes the wire on: the wire and the monitor.
    assert limits(answer.found) == (2, 2, 2)
    assert answer.found.unit == "voice"


def test_a_verdict_takes_it_as_at_least_for_silence_denies_nothing():
    assert limits(documented(view_of(formation("a"))).judged) == (1, 1, None)


def test_unnamed_origins_are_one_voice_together():
    view = view_of(formation("a", "lexicon"), formation("b", "almanac"), formation("c"))
    assert limits(documented(view).found) == (2, 2, 2)


def test_each_voice_is_shown_with_its_side():
    view = view_of(formation("a"), formation("b", "crown-agency"), formation("c", "empire-staff"))
    answer = documented(view)
    assert {f.name: f.bloc for f in answer.by_source} == {
        "Border Wire": None, "Crown Agency": "crown", "Imperial Staff": "crown",
    }  # fmt: skip
    assert "of these voices 2 stand with the Crown and 1 stands with no side" in answer.notes


def test_voices_of_one_side_only_are_said_to_be_so():
    view = view_of(formation("b", "crown-agency"), formation("c", "empire-staff"))
    assert any("they may share an interest" in note for note in documented(view).notes)


def test_what_is_said_to_be_doubtful_does_not_count():
    answer = documented(view_of(formation("a"), formation("b", "monitor", credibility=4)))
    assert limits(answer.found) == (1, 1, 1)
    assert dict(answer.left_out)["b"].startswith("said to be doubtful")


def test_that_credibility_cannot_be_judged_is_no_doubt():
    assert documented(view_of(formation("a", credibility=6))).judged.low == 1


def test_one_of_two_actors_counts_in_the_high_alone():
    answer = documented(view_of(formation("a"), formation("b", "monitor", actor="crown|league")))
    assert limits(answer.found) == (1, None, 2)


def test_the_claimants_word_is_no_voice():
    view = view_of(formation("a"), formation("b", "writer"), formation("c", "gazette", origin="writer"))
    answer = documented(view, Apart(sources=("writer",)))
    assert answer.judged.low == 1
    assert answer.claimant_only == ("b", "c")


def test_where_nobody_says_so_nothing_is_measured_and_nothing_denied():
    with pytest.raises(NotMeasurable, match="silence denies nothing"):
        documented(view_of(formation("a", actor="league")))


def test_a_statement_concerns_whom_it_names_and_is_not_said_to_be_theirs():
    told = report("a", "2031-02-05", "statement", actor="crown", target="crown")
    says = documented(view_of(told), of={"type": "statement", "target": "crown"}).says
    assert says.endswith("tells of statements that concern the Crown")


SAID = {"measure": "documented", "of": {"type": "statement", "actor": "crown"}}


def said(id, source="wire", **fields):
    return report(id, "2031-03-01", "statement", source=source, actor="crown", **fields)


def voices(view, topic):
    return measures.answer(measures.question(measures.merged(SAID, {"of": {"topic": topic}})), view, Prepared())


def test_a_topic_tells_statements_apart():
    view = view_of(said("a", topic="amnesty"), said("b", "monitor", topic="manpower"), said("c", "gazette"))
    assert voices(view, "amnesty").for_ == ("a",)
    assert voices(view, ["amnesty", "manpower"]).judged.low == 2


def test_a_statement_may_be_about_several_things():
    assert voices(view_of(said("a", topic="amnesty|manpower")), "manpower").for_ == ("a",)


def test_the_topic_stands_in_the_words():
    answer = voices(view_of(said("a", topic="war-aims")), "war-aims")
    assert "tells of statements about war aims that concern the Crown" in answer.says


def test_a_topic_of_which_nobody_speaks_is_not_denied_and_the_nearest_is_named():
    with pytest.raises(NotMeasurable, match=r"silence denies nothing") as missing:
        voices(view_of(said("a", topic="amnesty")), "amnestie")
    assert "did you mean" in str(missing.value)


def test_without_a_topic_all_statements_are_asked_for():
    view = view_of(said("a", topic="amnesty"), said("b", "monitor"))
    assert measures.answer(measures.question(SAID), view, Prepared()).judged.low == 2


@pytest.mark.parametrize("topic", ["Amnesty", "an amnesty", "war_aims", "-", ""])
def test_a_topic_is_asked_for_as_it_is_written(topic):
    with pytest.raises(InputError, match="not a topic"):
        measures.question(measures.merged(SAID, {"of": {"topic": [topic]}}))
