"""Verdicts as ClaimReview: the fields that schema.org and those who read them ask for, and nothing invented."""

import json
from datetime import date

import pytest

from zenobia import pipeline
from zenobia.publish import claim_reviews, write_reviews
from zenobia.terms import Document, InputError, Source

CLAIM = {
    "id": "V01",
    "says": "The Crown took Cedar.",
    "by": "analyst",
    "on": "2031-05-10",
    "document": "essay",
    "verdict": "cannot tell",
    "because": "Nobody says so.",
}
SOURCES = {"analyst": Source(id="analyst", name="A. Writer", kind="scholar", url="https://writer.example/")}
DOCUMENTS = {"essay": Document(id="essay", title="An essay", source="analyst", published=date(2031, 5, 10))}


def review(sources=SOURCES, documents=DOCUMENTS, **claim):
    (made,) = claim_reviews(
        {"claims": [{**CLAIM, **claim}]},
        title="The valley",
        day=date(2031, 7, 10),
        names={"analyst": "A. Writer"},
        sources=sources,
        documents=documents,
    )
    return made


def test_a_review_has_the_fields_that_claimreview_asks_for():
    assert review() == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "identifier": "V01",
        "claimReviewed": "The Crown took Cedar.",
        "datePublished": "2031-07-10",
        "author": {"@type": "Organization", "name": "The valley"},
        "reviewRating": {"@type": "Rating", "alternateName": "cannot tell", "ratingExplanation": "Nobody says so."},
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": "A. Writer", "url": "https://writer.example/"},
            "datePublished": "2031-05-10",
            "appearance": {"@type": "CreativeWork", "name": "An essay", "datePublished": "2031-05-10"},
        },
    }


def test_an_address_that_the_case_does_not_give_is_not_given():
    assert "url" not in json.dumps(review(sources={}, documents={}))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://x.example/", "//x.example"])
def test_what_is_no_address_of_a_page_is_left_out(address):
    sources = {"analyst": Source(id="analyst", name="A. Writer", kind="scholar", url=address)}
    assert "url" not in review(sources=sources)["itemReviewed"]["author"]


def test_what_the_case_does_not_say_is_left_out():
    made = review(by=None, on=None, document=None)
    assert made["itemReviewed"] == {"@type": "Claim"}


def test_a_party_is_an_organisation():
    assert review(by="crown")["itemReviewed"]["author"] == {"@type": "Organization", "name": "crown"}


def test_a_page_that_holds_the_reviews_is_not_left_by_them(capsys):
    hostile = "</script><script>alert(1)</script><!--"
    assert write_reviews([review(says=hostile)], None) == 1
    text = capsys.readouterr().out
    assert "<" not in text
    assert json.loads(text)[0]["claimReviewed"] == hostile


def test_every_claim_of_a_case_is_reviewed_with_its_verdict(valley, tmp_path):
    case, out = pipeline.open_case(valley), tmp_path / "reviews.json"
    assert case.export("claims", "claimreview", out) == 5
    told = {review["identifier"]: review for review in json.loads(out.read_text(encoding="utf-8"))}
    verdicts = {claim["id"]: claim["verdict"] for claim in case.check()["claims"]}
    assert {id: made["reviewRating"]["alternateName"] for id, made in told.items()} == verdicts
    assert {made["author"]["name"] for made in told.values()} == {"The valley, an invented war"}
    # The newest report of the valley was published on that day; of a day in between, it is that day's review.
    assert {made["datePublished"] for made in told.values()} == {"2031-07-10"}
    case.export("claims", "claimreview", out, case.known("2031-05-31"))
    assert json.loads(out.read_text(encoding="utf-8"))[0]["datePublished"] == "2031-05-31"


def test_only_claims_can_be_reviewed(valley):
    with pytest.raises(InputError, match="reports do not go out as this"):
        pipeline.open_case(valley).export("reports", "claimreview", None)
