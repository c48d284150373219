"""The built-in case keeps what docs/coding.md says of it."""

import csv
from pathlib import Path

import pytest

import zenobia
from zenobia import claims

CASE = Path(zenobia.__file__).parent / "cases" / "palmyra"
RULES = Path(__file__).parents[2] / "docs" / "coding.md"
CLAIMS = claims.load((CASE / "claims.yaml").read_text("utf-8"))


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


REPORTS = [row for file in sorted((CASE / "reports").glob("*.csv")) for row in rows(file)]


def topics(row: dict[str, str]) -> list[str]:
    return [topic for topic in row.get("topic", "").split("|") if topic]


def test_every_statement_says_what_it_is_about():
    assert [row["id"] for row in REPORTS if row["type"] == "statement" and not topics(row)] == []


def test_the_topics_that_claims_ask_for_are_in_the_rules():
    asked = {
        topic
        for claim in CLAIMS
        for posed in claim.posed()
        for topic in getattr(getattr(posed.question, "of", None), "topic", ())
    }
    rules = RULES.read_text("utf-8")
    assert asked
    assert {topic for topic in asked if f"`{topic}`" not in rules} == set()


def test_what_is_said_of_a_governorate_is_no_report_of_a_place_in_it():
    assert [row["id"] for row in REPORTS if row.get("place") and "governorate, not of this place" in row["note"]] == []


def test_a_list_that_cannot_see_some_ground_says_so():
    lists = {row["source"]: row["misses"] for row in rows(CASE / "coverage.csv")}
    assert lists["syrian-archive"] == "isis"


@pytest.mark.parametrize("id", ["lavrov-isis", "sputnik-lavrov-nusra", "churkin-rte"])
def test_a_statement_is_filed_under_the_one_who_said_it(id):
    assert next(row["origin"] for row in REPORTS if row["id"] == id) == "russia-mfa"


@pytest.mark.parametrize("number", range(1, 13))
def test_every_paragraph_of_the_article_that_says_something_has_a_claim(number):
    ours = {claim.at for claim in CLAIMS if claim.document == "palmyra-2016"}
    # Paragraph 10 is the heading of what follows it, which C20 asks.
    assert f"paragraph {number}" in ours or number == 10


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_asks_or_says_what_would_settle_it(claim):
    assert claim.testable or claim.settles
