"""Which thing a name means: by widening circles, never by guessing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zenobia.terms import Actor, Affiliation, InputError, NotFound, Place
from zenobia.terms.names import Named, Names, did_you_mean

PALMYRA = Place(
    id="palmyra", name="Palmyra", name_ar="تدمر", aliases=("Tadmur",), kind="city", lat=34.56, lon=38.28, admin1="Homs"
)  # fmt: skip
PLACES = Names.of(
    [
        PALMYRA,
        Place(id="palmyra-airbase", name="Palmyra Airbase", aliases=("Tadmur airport",), kind="airbase"),
        Place(id="qaryatayn", name="al-Qaryatayn", name_ar="القريتين", kind="town", lat=34.23, lon=37.24),
        Place(id="hama", name="Hama", kind="city", lat=35.13, lon=36.75, admin1="Hama"),
        Place(id="homs", name="Homs", name_ar="حمص", kind="city", lat=34.72, lon=36.73, admin1="Homs"),
        Place(id="deir-ez-zor", name="Deir ez-Zor", kind="city", admin1="Deir ez-Zor"),
        Place(id="kafr-nabl", name="Kafr Nabl", kind="town", lat=35.61, lon=36.56, admin1="Idlib"),
        Place(id="shaer", name="Shaer", kind="field", lat=34.89, lon=37.93, admin1="Homs"),
        # Three villages of one name: two 3.3 km apart in Homs (0.03 degrees of latitude), one 197 km away.
        Place(id="salhiyah-n", name="Salhiyah", kind="village", lat=34.75, lon=37.00, admin1="Homs"),
        Place(id="salhiyah-s", name="al-Salhiyah", kind="village", lat=34.72, lon=37.00, admin1="Homs"),
        Place(id="salhiyah-e", name="As Salhiyah", kind="village", lat=36.50, lon=37.30, admin1="Aleppo"),
    ]
)


@pytest.mark.parametrize(
    ("text", "outcome", "id"),
    [
        ("palmyra", "exact", "palmyra"),
        ("Palmyra", "exact", "palmyra"),
        ("تدمر", "exact", "palmyra"),
        ("Tadmur", "alias", "palmyra"),
        ("TADMUR", "normalised", "palmyra"),
        ("تَدْمُر", "normalised", "palmyra"),
        ("مدينة تدمر", "normalised", "palmyra"),
        ("Tadmur/Palmyra town", "normalised", "palmyra"),
        ("Palmyra (ancient city)", "normalised", "palmyra"),
        ("Tadmor", "skeleton", "palmyra"),
        ("Karyatein", "skeleton", "qaryatayn"),
        ("Quryatayn", "skeleton", "qaryatayn"),
        ("Deir Ezzor", "skeleton", "deir-ez-zor"),
        ("دير الزور", "skeleton", "deir-ez-zor"),
        ("Hamah", "normalised", "hama"),
    ],
)
def test_a_name_is_found_by_the_first_circle_that_holds_it(text: str, outcome: str, id: str) -> None:
    match = PLACES.resolve(text)
    assert (match.outcome, match.id) == (outcome, id)


def test_an_id_is_found_whatever_else_is_said_of_it() -> None:
    assert PLACES.resolve("palmyra", near=(0.0, 0.0), kind="village", admin1="Aleppo").id == "palmyra"


@given(st.sampled_from(list(PLACES)))
def test_every_id_means_itself(thing: Named) -> None:
    assert PLACES.resolve(thing.id).id == thing.id


@given(st.permutations(list(PLACES)), st.sampled_from(["Salhiyah", "Tadmor", "Hims", "Palmyra Airbas"]))
def test_the_order_of_the_list_changes_no_answer(things: list[Named], text: str) -> None:
    here, there = Names(things).resolve(text), PLACES.resolve(text)
    assert here == there
    assert here.suggestions == there.suggestions


@given(st.permutations([thing.id for thing in PLACES]))
def test_other_ids_for_the_same_names_change_the_ids_alone(ids: list[str]) -> None:
    relabelled = {thing.id: f"x{n}" for n, thing in enumerate(PLACES)}
    other = Names(Named(**{**vars(PLACES[id]), "id": relabelled[id]}) for id in ids)
    for text in ("Tadmor", "Tadmur", "القريتين", "Deir Ezzor", "Nowhere at all"):
        match = PLACES.resolve(text)
        assert other.resolve(text).id == (relabelled[match.id] if match.id else None)
        assert other.resolve(text).outcome == match.outcome


def test_a_base_is_not_the_town_beside_it() -> None:
    assert PLACES.resolve("Palmyra airbase").id == "palmyra-airbase"
    assert PLACES.resolve("Homs airbase").id is None


def test_a_village_is_not_the_gas_field_of_its_name() -> None:
    assert PLACES.resolve("Shaer").id == "shaer"
    assert PLACES.resolve("Shaer village").outcome == "unknown"


def test_two_names_side_by_side_mean_a_place_only_where_both_are_known_to() -> None:
    assert PLACES.resolve("Deir ez-Zor/Homs border").id is None
    assert PLACES.resolve("Palmyra/Homs").id is None


# --- skeletons ---


def test_a_short_skeleton_with_other_vowels_is_suggested_and_not_taken() -> None:
    match = PLACES.resolve("Hims")
    assert match.outcome == "unknown"
    assert match.suggestions[0].id == "homs"


def test_the_province_lends_a_short_skeleton_what_it_lacks() -> None:
    assert PLACES.resolve("Hims", admin1="Homs Governorate").id == "homs"


def test_a_position_lends_a_short_skeleton_what_it_lacks() -> None:
    assert PLACES.resolve("Hims", near=(34.73, 36.72)).id == "homs"


def test_a_skeleton_that_two_share_is_ambiguous() -> None:
    names = Names.of([Place(id="a", name="Mansura"), Place(id="b", name="al-Mansourah")])
    assert names.resolve("Minsoura").candidates == ("a", "b")


# --- homonyms ---


def test_homonyms_are_listed_and_not_guessed_between() -> None:
    match = PLACES.resolve("SALHIYAH")
    assert (match.outcome, match.id) == ("ambiguous", None)
    assert match.candidates == ("salhiyah-e", "salhiyah-n", "salhiyah-s")


def test_a_name_as_written_goes_before_names_that_only_share_its_letters() -> None:
    assert PLACES.resolve("Salhiyah").id == "salhiyah-n"


def test_a_province_decides_between_homonyms_and_the_match_says_so() -> None:
    match = PLACES.resolve("SALHIYAH", admin1="Aleppo Governorate")
    assert (match.id, match.decided_by) == ("salhiyah-e", "admin1")


def test_a_province_that_leaves_two_decides_nothing() -> None:
    assert PLACES.resolve("SALHIYAH", admin1="Homs").candidates == ("salhiyah-n", "salhiyah-s")


def test_a_position_decides_where_one_is_clearly_nearer() -> None:
    assert PLACES.resolve("SALHIYAH", near=(36.4, 37.3)).id == "salhiyah-e"


def test_a_position_between_two_neighbours_decides_nothing() -> None:
    # 1.7 km from either; the next would have to be beyond 2 * 1.7 + 5 = 8.4 km.
    assert PLACES.resolve("SALHIYAH", near=(34.735, 37.0)).candidates == ("salhiyah-n", "salhiyah-s")


def test_a_hint_that_speaks_against_the_only_bearer_leaves_it_to_a_person() -> None:
    match = PLACES.resolve("Kafr Nabl", admin1="Hama")
    assert (match.outcome, match.candidates) == ("ambiguous", ("kafr-nabl",))
    assert match.why == "the one of this name lies in Idlib, not in Hama"


def test_a_position_far_from_the_only_bearer_leaves_it_to_a_person() -> None:
    # One degree of latitude is 111.2 km on a sphere of 6,371 km.
    match = PLACES.resolve("Kafr Nabl", near=(34.61, 36.56))
    assert (match.outcome, match.why) == ("ambiguous", "the nearest of this name lies 111 km from the position given")


def test_a_province_nobody_has_heard_of_rules_out_nobody() -> None:
    assert PLACES.resolve("Kafr Nabl", admin1="Countryside").id == "kafr-nabl"


def test_kinds_of_settlement_are_one_kind() -> None:
    assert PLACES.resolve("Kafr Nabl", kind="village").id == "kafr-nabl"
    assert PLACES.resolve("Kafr Nabl", kind="airbase").outcome == "ambiguous"


def test_what_is_not_known_of_one_homonym_does_not_choose_it() -> None:
    names = Names.of([Place(id="a", name="Tall", admin1="Homs"), Place(id="b", name="Tall"), PALMYRA])
    assert names.resolve("Tall", admin1="Hama").candidates == ("a", "b")  # Hama is unheard of here
    known = Names.of([*(Place(id=i, name="Tall", admin1=a) for i, a in (("a", "Homs"), ("b", None))),
                      Place(id="c", name="Hama", admin1="Hama")])  # fmt: skip
    assert known.resolve("Tall", admin1="Hama").candidates == ("a", "b")


def test_the_day_decides_between_actors_of_one_name() -> None:
    names = Names.of(
        [
            Actor(id="old", name="Free Army", end=date(2014, 1, 1)),
            Actor(id="new", name="Free Army", start=date(2016, 1, 1)),
        ]
    )
    assert names.resolve("Free Army", day=date(2016, 1, 1)).id == "new"
    assert names.resolve("Free Army", day=date(2013, 12, 31)).id == "old"
    assert names.resolve("Free Army", day=date(2014, 1, 1)).outcome == "ambiguous"  # neither: closed-open


# --- suggesting, listing, refusing ---


def test_what_looks_alike_is_suggested_with_a_score_and_never_taken() -> None:
    match = PLACES.resolve("Palmyyra Airbse")
    assert match.outcome == "unknown"
    assert match.suggestions[0].id == "palmyra-airbase"
    assert 70 <= match.suggestions[0].score < 100


def test_the_same_sounds_in_other_letters_are_suggested_first() -> None:
    names = Names.of([Place(id="arak", name="Arak"), Place(id="raqqa", name="Raqqa")])
    # Two consonants (rk) are too few for a match; that the vowels agree too puts Raqqa before Arak.
    assert [suggestion.id for suggestion in names.resolve("Rakka").suggestions] == ["raqqa", "arak"]


def test_a_name_that_was_found_carries_no_suggestions() -> None:
    assert PLACES.resolve("Palmyra").suggestions == ()


def test_a_caller_that_needs_an_id_is_told_where_what_and_what_to_do() -> None:
    with pytest.raises(NotFound) as refused:
        PLACES.resolve("SALHIYAH").required("place", file="reports.csv", row=12, column="place")
    said = str(refused.value)
    assert said.startswith("reports.csv, row 12, column place: ambiguous place\n  came: 'SALHIYAH'")
    assert "salhiyah-e, salhiyah-n, salhiyah-s" in said


@pytest.mark.parametrize(
    ("text", "first"),
    [("tad", "palmyra"), ("تدم", "palmyra"), ("قري", "qaryatayn"), ("دير", "deir-ez-zor"), ("zor", "deir-ez-zor")],
)
def test_a_list_is_searched_in_both_scripts(text: str, first: str) -> None:
    assert PLACES.search(text, limit=3)[0].id == first


def test_a_search_without_text_lists_everything_by_name() -> None:
    names = [thing.name for thing in PLACES.search()]
    assert (len(names), names[0], names[-1]) == (11, "al-Qaryatayn", "Shaer")


def test_alternatives_are_resolved_one_by_one() -> None:
    actors = Names.of([Actor(id="russia", name="Russia"), Actor(id="government", name="Syrian government")])
    assert [match.id for match in actors.resolve_either("Russia|government")] == ["russia", "government"]


def test_two_things_cannot_share_an_id() -> None:
    with pytest.raises(InputError, match="two things with one id"):
        Names.of([PALMYRA, PALMYRA])


def test_did_you_mean_offers_the_nearest_and_keeps_silent_when_nothing_is_near() -> None:
    assert did_you_mean("air_strike", ["air-strike", "shelling"]) == 'did you mean "air-strike"?'
    assert did_you_mean("mobilization", ["mobilisation", "formation"]) == 'did you mean "mobilisation"?'
    assert did_you_mean("xyz", ["air-strike", "shelling"]) == ""
    assert did_you_mean("anything", []) == ""


# --- hierarchy ---

ACTORS = Names.of(
    [Actor(id=id, name=id.upper()) for id in ("state", "army", "brigade", "militia")],
    [
        Affiliation(actor="army", role="part_of", of="state"),
        Affiliation(actor="brigade", role="part_of", of="army"),
        Affiliation(actor="militia", role="part_of", of="army", start=date(2015, 1, 1), end=date(2016, 1, 1)),
        Affiliation(actor="militia", role="backed_by", of="brigade"),
    ],
)


def test_the_chain_of_command_goes_all_the_way_up_nearest_first() -> None:
    assert ACTORS.part_of("brigade") == ("army", "state")


def test_ties_hold_only_while_they_hold() -> None:
    assert ACTORS.part_of("militia", date(2015, 12, 31)) == ("army", "state")
    assert ACTORS.part_of("militia", date(2016, 1, 1)) == ()


def test_descendants_are_all_that_was_part_of_it() -> None:
    assert ACTORS.descendants("state", date(2016, 6, 1)) == {"army", "brigade"}
    assert ACTORS.descendants("state") == {"army", "brigade", "militia"}


def test_a_circle_of_ties_ends() -> None:
    ties = [Affiliation(actor="a", role="part_of", of="b"), Affiliation(actor="b", role="part_of", of="a")]
    assert Names.of([Actor(id="a", name="A"), Actor(id="b", name="B")], ties).part_of("a") == ("b",)
