"""Verdicts as ClaimReview, the vocabulary in which fact-checkers tell machines what came of a claim.

Source: https://schema.org/ClaimReview
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from zenobia.record import write_whole
from zenobia.terms import Document, Source

__all__ = ["claim_reviews", "write_reviews"]


def claim_reviews(
    result: Mapping[str, Any],
    *,
    title: str,
    day: date | None,
    names: Mapping[str, str],
    sources: Mapping[str, Source],
    documents: Mapping[str, Document],
) -> list[dict[str, Any]]:
    """A review for each claim of a check: the verdict is a word, and no number stands in for it.

    Args:
        result: the check JSON.
        title: what signs the reviews: the publisher, or else what the case is called.
        day: the moment of knowledge that the verdicts belong to.
        names: what claimants are called, by id.
        sources, documents: those of the case, by id. No address is given that they do not give.
    """
    return [
        _without_nothing(
            {
                "@context": "https://schema.org",
                "@type": "ClaimReview",
                "identifier": claim["id"],
                "claimReviewed": claim["says"],
                "datePublished": day.isoformat() if day else None,
                "author": {"@type": "Organization", "name": title},
                "reviewRating": {
                    "@type": "Rating",
                    "alternateName": claim["verdict"],
                    "ratingExplanation": claim["because"],
                },
                "itemReviewed": {
                    "@type": "Claim",
                    "author": _claimant(claim["by"], names, sources),
                    "datePublished": claim["on"],
                    "appearance": _appearance(documents.get(claim["document"] or "")),
                },
            }
        )
        for claim in result["claims"]
    ]


def write_reviews(reviews: Sequence[Mapping[str, Any]], out: Path | None) -> int:
    """Write reviews as JSON-LD that may stand inside a page as it is; to standard output without ``out``."""
    # A page ends a script at the first `</`, whatever quotes it stands in.
    text = json.dumps(reviews, ensure_ascii=False, indent=1).replace("<", "\\u003c") + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        write_whole(out, text)
    return len(reviews)


def _claimant(by: str | None, names: Mapping[str, str], sources: Mapping[str, Source]) -> dict[str, Any] | None:
    if by is None:
        return None
    source = sources.get(by)
    kind = "Person" if source and source.kind == "scholar" else "Organization"
    return {"@type": kind, "name": names.get(by, by), "url": _address(source.url) if source else None}


def _appearance(document: Document | None) -> dict[str, Any] | None:
    if document is None:
        return None
    published = document.published.isoformat() if document.published else None
    url = _address(document.url)
    return {"@type": "CreativeWork", "name": document.title, "url": url, "datePublished": published}


def _address(url: str | None) -> str | None:
    return url if url and url.startswith(("https://", "http://")) else None


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: told for key, inner in value.items() if (told := _without_nothing(inner)) not in (None, "", {})}
    return value
