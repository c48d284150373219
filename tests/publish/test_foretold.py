"""Forecasts in words."""

from dataclasses import replace
from datetime import date

from zenobia.publish import ForetoldPlace, Round, Score
from zenobia.publish.foretold import in_words
from zenobia.terms import Bounds, Place


def place(name, rank, best, came=None, on=None):
    found = Bounds(low=best / 2, best=best, high=best * 2, unit="chance", meaning="credible90")
    return ForetoldPlace(place=Place(id=name, name=name), rank=rank, chance=found, one_rate=0.1, came=came, on=on)


ROUND = Round(
    issued=date(2031, 4, 1), days=30, before="league", after="crown", claims=("V1",), reports=12,
    newest=date(2031, 3, 30),
    places=(place("Cedar", 1, 0.3, came=1.0, on=date(2031, 4, 9)), place("Elm", 2, 0.2, came=0.1),
            place("Fir", 3, 0.1)),
    scores=(Score(model="this forecast", brier=0.2, log=0.5), Score(model="one rate", brier=0.1, log=0.6),
            Score(model="no change", brier=0.4, log=3.0)),
)  # fmt: skip


def told(**changes):
    return in_words(replace(ROUND, **changes), "the League", "the Crown")


def test_it_says_what_was_likely_when_and_what_came():
    words = told()
    assert words.startswith(
        "On 1 April 2031 the League most likely had 3 places. The likeliest to pass to the Crown by 1 May 2031: Cedar,"
        " with a chance of 0.30. Of the 2 heard of since, Cedar (number 1) did."
    )


def test_it_says_what_it_was_better_than_and_what_not():
    assert "It came nearer than no change." in told()
    assert "Nearer by one score and not by the other than one rate." in told()
    worst = (Score(model="this forecast", brier=0.9, log=9.0), *ROUND.scores[1:])
    assert "It came no nearer than one rate and no change." in told(scores=worst)


def test_where_nobody_spoke_since_nothing_is_scored():
    words = told(places=(place("Fir", 1, 0.1),), scores=())
    assert "Nobody has spoken of any of them since, so nothing can be scored." in words


def test_what_nobody_spoke_of_did_not_fail_to_happen():
    assert [row.place.name for row in ROUND.heard] == ["Cedar", "Elm"]


def test_places_that_did_not_pass_are_told():
    assert "Of the 1 heard of since, none did." in told(places=(place("Elm", 1, 0.2, came=0.1),))
