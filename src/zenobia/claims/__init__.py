"""Claims: what people published, held against the record.

claims = load(text, "claims.yaml")
verdict = check(claims[0], now=view, then=view_of_that_day, prepare=prepare)
"""

from zenobia.claims.check import check
from zenobia.claims.claim import Claim, Posed, load, load_all, parse
from zenobia.claims.expectation import Expectation, read_expectation
from zenobia.claims.judging import CERTAIN, Kept, Prepare
from zenobia.claims.moved import moved, side_by_side
from zenobia.claims.verdict import Flip, Judged, Then, Verdict, check_json, together
from zenobia.claims.writing import appended, claim_text, drafted

__all__ = [
    "CERTAIN",
    "Claim",
    "Expectation",
    "Flip",
    "Judged",
    "Kept",
    "Posed",
    "Prepare",
    "Then",
    "Verdict",
    "appended",
    "check",
    "check_json",
    "claim_text",
    "drafted",
    "load",
    "load_all",
    "moved",
    "parse",
    "read_expectation",
    "side_by_side",
    "together",
]
