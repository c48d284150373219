"""Every verdict of the built-in case stands on the reports that it names: without them it falls."""

from dataclasses import replace
from pathlib import Path

import pytest

import zenobia
from zenobia import claims, pipeline

CASE = Path(zenobia.__file__).parent / "cases" / "palmyra"
FILES = [CASE / "claims.yaml", *sorted(CASE.glob("claims/*.yaml"))]
CLAIMS = {claim.id: claim for claim in claims.load_all({path.name: path.read_text("utf-8") for path in FILES})}


@pytest.fixture(scope="module")
def palmyra(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case") / "palmyra"
    pipeline.demo(folder)
    return pipeline.open_case(folder)


def judged(case, claim, view):
    return claims.check(claim, view, None, case.prepare, vary=False).to_json()


def without_its_evidence(view, verdict):
    """The view without the reports for and against a claim, and without the lists that carry its figures."""
    reports = frozenset({*verdict["for"], *verdict["against"]})
    fewer = view.narrowed(label=f"without the evidence of {verdict['id']}", without_reports=reports)
    if not any([verdict["method"].get("frame"), *(part["frame"] for part in verdict["parts"])]):
        return fewer
    # What a list shows by what it lacks, a zero or an "only", falls with the list's word that it is whole.
    none = {"coverage": view.table("coverage").slice(0, 0)}
    return replace(fewer, tables={**fewer.tables, **none}, label=f"{fewer.label}, and without lists", _columns={})


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_verdict_moves_when_its_decisive_evidence_is_withdrawn(palmyra, claim):
    view = palmyra.known()
    before = judged(palmyra, CLAIMS[claim], view)
    if before["verdict"] == "cannot tell":
        return  # nothing was decided, so nothing decides it
    after = judged(palmyra, CLAIMS[claim], without_its_evidence(view, before))
    if CLAIMS[claim].ask["measure"] == "forecast":
        # What it names makes the thing likelier: a chance that was too low already is lower without it.
        assert after["found"] != before["found"]
    else:
        assert after["verdict"] != before["verdict"], after["because"]


def test_the_case_decides_some_of_its_claims(palmyra):
    assert {judged(palmyra, claim, palmyra.known())["verdict"] for claim in CLAIMS.values()} > {"cannot tell"}
