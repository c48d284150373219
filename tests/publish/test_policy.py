"""What a case lets out is said in its case.toml, and a case that says nothing lets out nothing."""

from __future__ import annotations

from datetime import date

import pytest

from zenobia.publish.policy import PROTECTED, read_policy, rules_in_words
from zenobia.terms import InputError


def test_a_case_that_says_nothing_is_private() -> None:
    assert not read_policy({}).public


def test_a_public_case_that_says_no_more_delays_coarsens_and_withholds() -> None:
    policy = read_policy({"policy": "public"})
    assert (policy.delay, policy.small_counts, policy.level) == (30, 3, "public")
    assert policy.coarsen == {"attack-on-civilians": 8.0}
    assert set(policy.protected) == set(PROTECTED)
    assert set(policy.protected.values()) == {None}


def test_control_is_never_held_back_for_fewer_days_than_reports() -> None:
    assert read_policy({"delay": 60}).control_delay == 60
    assert read_policy({"delay": 60, "control_delay": 10}).control_delay == 60
    assert read_policy({"delay": 60, "control_delay": 90}).control_delay == 90


def test_what_is_said_of_one_kind_leaves_the_others_protected() -> None:
    policy = read_policy({"protected": {"Camp": 20, "mosque": "withhold"}})
    assert policy.protected["camp"] == 20.0
    assert policy.protected["mosque"] is None
    assert policy.protected["clinic"] is None


def test_secret_leaves_at_no_level() -> None:
    open_, partners = read_policy({}), read_policy({"level": "restricted"})
    assert [open_.lets(m) for m in (None, "public", "restricted", "secret")] == [True, True, False, False]
    assert [partners.lets(m) for m in (None, "public", "restricted", "secret")] == [True, True, True, False]


def test_an_embargo_ends_on_its_day() -> None:
    policy = read_policy({"embargo": {"r:r1": "2026-03-20"}})
    assert policy.barred("r:r1", date(2026, 3, 19)) == "under embargo until 2026-03-20"
    assert policy.barred("r:r1", date(2026, 3, 20)) is None


def test_a_column_may_be_closed_everywhere_or_in_one_table() -> None:
    policy = read_policy({"fields": {"quote": "restricted", "places.population": "secret", "note": "public"}})
    assert not policy.lets_column("reports", "quote")
    assert not policy.lets_column("places", "population")
    assert policy.lets_column("reports", "note")
    assert not policy.lets_column("sources", "notes")  # what an analyst wrote for colleagues stays in by itself


@pytest.mark.parametrize(
    "said",
    [
        {"polcy": "public"},
        {"policy": "open"},
        {"level": "secret"},
        {"delay": -1},
        {"delay": True},
        {"small_counts": 2.5},
        {"coarsen": {"picnic": 5}},
        {"coarsen": {"battle": "far"}},
        {"protected": {"camp": "hide"}},
        {"fields": {"id": "secret"}},
        {"fields": {"quote": "hidden"}},
        {"withhold": ["r1"]},
        {"withhold": "r:r1"},
        {"embargo": {"r:r1": "soon"}},
        {"salt": 5},
    ],
)
def test_a_policy_that_cannot_be_read_is_refused_and_never_guessed(said: dict[str, object]) -> None:
    with pytest.raises(InputError, match="policy|nothing reads"):
        read_policy(said)


def test_the_rules_are_told_to_readers_without_ids_or_the_salt() -> None:
    said = {
        "policy": "public",
        "salt": "mustard",
        "withhold": ["p:well-house"],
        "embargo": {"r:late-one": "2026-01-01"},
    }
    words = " ".join(rules_in_words(read_policy(said)))
    assert "30 days later" in words
    assert not any(secret in words for secret in ("mustard", "well-house", "late-one"))


@pytest.mark.parametrize("said", [{"author": "A. N. Analyst"}, {"author": [""]}, {"publisher": ["The House"]}])
def test_who_signs_is_written_as_names(said: dict[str, object]) -> None:
    with pytest.raises(InputError, match="not a policy"):
        read_policy(said)


def test_who_signs_is_nobody_unless_the_case_says_so() -> None:
    assert (read_policy({}).author, read_policy({}).publisher) == ((), "")


def test_the_salt_is_not_shown_by_looking_at_a_policy() -> None:
    assert "a long secret" not in repr(read_policy({"salt": "a long secret word"}))
