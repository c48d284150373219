"""front: who faces whom, over pairs of neighbouring places."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.measures import by_hand
from tests.measures.by_hand import report, view_of
from tests.measures.changes import control
from tests.measures.doubt import doubtful
from zenobia import measures
from zenobia.measures import Apart
from zenobia.record import NOUNS, table_of
from zenobia.terms import InputError, NotMeasurable, Place

LONG_AGO = "2000-01-01"
# A row of places 10 km apart (.09 degrees of latitude), from Ash in the south to Fir in the north.
ROW = ("ash", "box", "elm", "fir")
PLACES = tuple(Place(id=p, name=p.title(), lat=46 + 0.09 * n, lon=11.0, admin1="North") for n, p in enumerate(ROW))
FRONT = {"measure": "front", "on": "2031-03-01", "between": ["crown", "league"], "km": 15}


def said(place, holder, source="wire", when="2031-02-20", id=None):
    return report(id or f"{place}-{source}", when, "control", place=place, holder=holder, status="holds", source=source)


def row_of(*reports, **fields):
    view = view_of(*reports, **fields)
    return replace(view, tables={**view.tables, "places": table_of(NOUNS["places"], (*by_hand.PLACES, *PLACES))})


def held(**holders):
    return control(**{place: [(LONG_AGO, holder)] for place, holder in holders.items()})


def ask(raw, view, prepared, apart=None):
    asked = measures.question(raw).model_copy(update={"apart": apart or Apart()})
    return measures.answer(asked, view, prepared)


def figures(answer):
    return answer.found.low, answer.found.best, answer.found.high


def told(holders, source="wire"):
    return [said(place, holder, source) for place, holder in holders.items()]


FACING = {"ash": "crown", "box": "league", "elm": "guard", "fir": "guard"}


def test_of_all_contacts_the_share_between_two():
    # Ash-Box is crown against league, Box-Elm league against guard, Elm-Fir nobody against nobody: 1 of 2.
    answer = ask(FRONT, row_of(*told(FACING)), held(**FACING))
    assert figures(answer) == (0.5, 0.5, 0.5)
    assert answer.found.unit == "share of contacts"
    assert (answer.for_, answer.against) == (("ash-wire", "box-wire"), ("elm-wire",))


def test_the_order_of_the_two_sides_does_not_matter():
    view, prepared = row_of(*told(FACING)), held(**FACING)
    turned = {**FRONT, "between": ["league", "crown"]}
    assert ask(FRONT, view, prepared).found == ask(turned, view, prepared).found


def test_neighbours_are_as_near_as_is_asked():
    # Within 25 km Ash also faces Elm (20 km) and Box Fir: crown-league 1, crown-guard 1, league-guard 2.
    answer = ask({**FRONT, "km": 25}, row_of(*told(FACING)), held(**FACING))
    assert answer.found.best == pytest.approx(1 / 4)


def test_one_of_the_two_places_must_be_on_the_ground():
    # Only Ash-Box touches Ash.
    answer = ask({**FRONT, "place": "ash"}, row_of(*told(FACING)), held(**FACING))
    assert figures(answer) == (1, 1, 1)


def test_holders_of_one_side_do_not_face_each_other():
    answer = ask({**FRONT, "between": ["crown", "league|guard"]}, row_of(*told(FACING)), held(**FACING))
    assert figures(answer) == (1, 1, 1)


def test_a_contested_place_faces_nobody():
    holders = {**FACING, "box": "contested"}
    with pytest.raises(NotMeasurable, match="had different holders on 1 March 2031"):
        ask(FRONT, row_of(*told(FACING)), held(**holders))


def test_no_contact_is_not_a_share_of_none():
    one_holder = dict.fromkeys(ROW, "crown")
    with pytest.raises(NotMeasurable, match="no places within 15 km of each other"):
        ask(FRONT, row_of(*told(one_holder)), held(**one_holder))


def test_limits_come_from_the_draws():
    # Fir is the Guard's beside Elm, in 80 of 100 draws; the Crown's in 20, and then faces the Guard.
    certain = {p: [(LONG_AGO, {h: 1.0})] for p, h in FACING.items() if p != "fir"}
    prepared = doubtful(**certain, fir=[(LONG_AGO, {"guard": 0.8, "crown": 0.2})])
    answer = ask(FRONT, row_of(*told(FACING)), prepared)
    # 1 of 2 contacts, or 1 of 3.
    assert figures(answer) == (pytest.approx(1 / 3), 0.5, 0.5)


def test_what_a_holder_alone_says_of_its_places_is_open():
    own = [said("ash", "crown", "crown-agency"), *told({p: h for p, h in FACING.items() if p != "ash"})]
    answer = ask(FRONT, row_of(*own), held(**FACING))
    # Ash-Box may be what it is said to be or not: 0 or 1 of 2. Box-Elm is known to be another's.
    assert figures(answer) == (0, 0.5, 0.5)
    assert any("nobody names but itself" in note and "Ash" in note for note in answer.notes)


def test_a_place_that_is_only_its_holders_own_word_may_be_the_others():
    own = [said("elm", "guard", "wire", id="x"), *told({"ash": "crown", "box": "league", "fir": "guard"})]
    own[0] = replace(own[0], source="stranger")
    answer = ask(FRONT, row_of(*own), held(**FACING))
    # Box-Elm may be a contact with the Crown's Elm: 1 or 2 of 2.
    assert figures(answer) == (0.5, 0.5, 1)


def test_the_claimants_word_is_set_apart():
    view = row_of(*told(FACING), said("ash", "crown", "writer"))
    answer = ask(FRONT, view, held(**FACING), Apart(sources=("writer",)))
    assert answer.claimant_only == ("ash-writer",)
    assert "ash-writer" not in answer.evidence


def test_it_says_who_faces_whom_and_of_which_places_it_speaks():
    notes = ask(FRONT, row_of(*told(FACING)), held(**FACING)).notes
    assert "who faces whom: the Crown and the League 50 per cent and the Guard and the League 50 per cent" in [
        note.replace("the League and the Guard", "the Guard and the League") for note in notes
    ]
    assert any("it speaks of the 4 places that the record names there" in note for note in notes)


@pytest.mark.parametrize("between", [["crown"], ["crown", "crown"], ["crown", "league", "guard"], ["crown", "x"]])
def test_a_front_has_two_sides_of_the_case(between):
    with pytest.raises(InputError):
        ask({**FRONT, "between": between}, row_of(*told(FACING)), held(**FACING))


few = settings(max_examples=30, deadline=None)
HOLDERS = ("crown", "league", "guard")
held_by = st.fixed_dictionaries({place: st.sampled_from((*HOLDERS, "contested")) for place in ROW})
voices = st.lists(st.sampled_from(["wire", "crown-agency", "league-press"]), min_size=4, max_size=4)


def tried(raw, view, prepared):
    try:
        return ask(raw, view, prepared)
    except NotMeasurable:
        return None


@few
@given(held_by, voices)
def test_a_share_lies_between_none_and_all(holders, heard):
    reports = [said(p, h, v) for (p, h), v in zip(holders.items(), heard, strict=True) if h != "contested"]
    answer = tried(FRONT, row_of(*reports), held(**holders))
    assert answer is None or 0 <= answer.found.low <= answer.found.best <= answer.found.high <= 1


@few
@given(held_by, voices, st.sampled_from(ROW))
def test_one_more_voice_that_agrees_never_widens_it(holders, heard, place):
    reports = [said(p, h, v) for (p, h), v in zip(holders.items(), heard, strict=True) if h != "contested"]
    more = [*reports, said(place, holders[place], "monitor")] if holders[place] != "contested" else reports
    before, after = (tried(FRONT, row_of(*some), held(**holders)) for some in (reports, more))
    if before is not None and after is not None:
        assert after.found.low >= before.found.low
        assert after.found.high <= before.found.high


@few
@given(held_by, st.permutations(HOLDERS))
def test_relabelling_the_parties_relabels_the_answers(holders, names):
    renamed = {**dict(zip(HOLDERS, names, strict=True)), "contested": "contested"}
    reports = told({p: h for p, h in holders.items() if h != "contested"})
    others = [replace(r, holder=renamed[r.holder]) for r in reports]
    one = tried(FRONT, row_of(*reports, affiliations=()), held(**holders))
    raw = {**FRONT, "between": [renamed["crown"], renamed["league"]]}
    two = tried(raw, row_of(*others, affiliations=()), held(**{p: renamed[h] for p, h in holders.items()}))
    assert (one and one.found) == (two and two.found)


def test_that_a_third_party_once_lost_a_place_does_not_say_who_has_it():
    gone = report("gone", "2030-03-01", "control", place="ash", holder="guard", status="loses")
    told = (gone, said("ash", "crown", "crown-agency"), said("box", "league"))
    answer = ask(FRONT, row_of(*told), held(ash="crown", box="league"))
    # Only the Crown's own agency says that it has Ash.
    assert figures(answer) == (0, 1, 1)
