"""Forecasts in words."""

from dataclasses import replace
from datetime import date

from zenobia.publish import ForetoldPlace, Round, Score, Track
from zenobia.publish.foretold import in_words, shown_with_limits, together_in_words
from zenobia.terms import Bounds, Place


def place(name, rank, best, came=None, on=None):
    found = Bounds(low=best / 2, best=best, high=best * 2, unit="chance", meaning="credible90")
    return ForetoldPlace(place=Place(id=name, name=name), rank=rank, chance=found, one_rate=0.1, came=came, on=on)


def figure(low, best, high):
    return Bounds(low=low, best=best, high=high, unit="Brier score", meaning="resampled95")


def score(model, skill=None, log_skill=None):
    """A score whose skill lies between two limits."""
    found = figure(0.1, 0.2, 0.3)
    skills = (figure(s[0], sum(s) / 2, s[1]) if s else None for s in (skill, log_skill))
    return Score(model=model, brier=found, log=found, **dict(zip(("skill", "log_skill"), skills, strict=True)))


OWN = score("this forecast")
TRACK = Track(
    scores=(OWN, score("one rate", (-0.2, 0.4), (0.1, 0.2)), score("no change", (0.1, 0.5), (0.2, 0.6))),
    heard=2, areas=12, months=1, least=10,
)  # fmt: skip
ROUND = Round(
    issued=date(2031, 4, 1), days=30, before="league", after="crown", claims=("V1",), reports=12,
    newest=date(2031, 3, 30),
    places=(place("Cedar", 1, 0.3, came=1.0, on=date(2031, 4, 9)), place("Elm", 2, 0.2, came=0.1),
            place("Fir", 3, 0.1)),
    track=TRACK,
)  # fmt: skip


def told(**changes):
    return in_words(replace(ROUND, **changes), "the League", "the Crown")


def test_it_says_what_was_likely_when_and_what_came():
    words = told()
    assert words.startswith(
        "On 1 April 2031 the League most likely had 3 places. The likeliest to pass to the Crown by 1 May 2031: Cedar,"
        " with a chance of 0.30. Of the 2 heard of since, Cedar (number 1) did."
    )


def test_it_came_nearer_only_where_both_skills_surely_say_so():
    words = told()
    assert "It came nearer than no change, by more than its areas differ among themselves." in words
    assert "Whether it came nearer than one rate cannot be told." in words


def test_it_came_less_near_only_where_both_skills_surely_say_so():
    worse = score("one rate", (-0.9, -0.1), (-0.5, -0.2))
    assert "It came less near than one rate, by more" in told(track=replace(TRACK, scores=(OWN, worse)))


def test_of_few_areas_nothing_is_said_of_which_came_nearer():
    words = told(track=replace(TRACK, areas=9))
    assert "They lie in 9 areas of 42 km: limits of a score need 10" in words
    assert "nothing is said of whether it came nearer than one rate and no change" in words
    assert "It came" not in words


def test_all_forecasts_together_say_over_how_much_they_were_scored():
    words = together_in_words(replace(TRACK, heard=31, months=3))
    assert words.startswith("31 forecasts of a place heard of since, issued in 3 months, in 12 areas. It came nearer")


def test_a_score_is_never_shown_without_its_limits_or_that_they_are_not_known():
    assert shown_with_limits(figure(0.1, 0.2, 0.3)) == "0.200 (0.100 to 0.300)"
    assert shown_with_limits(figure(None, 0.2, None)) == "0.200 (limits not known)"
    assert shown_with_limits(None) == ""


def test_where_nobody_spoke_since_nothing_is_scored():
    words = told(places=(place("Fir", 1, 0.1),), track=Track())
    assert "Nobody has spoken of any of them since, so nothing can be scored." in words


def test_what_nobody_spoke_of_did_not_fail_to_happen():
    assert [row.place.name for row in ROUND.heard] == ["Cedar", "Elm"]


def test_places_that_did_not_pass_are_told():
    assert "Of the 1 heard of since, none did." in told(places=(place("Elm", 1, 0.2, came=0.1),))
