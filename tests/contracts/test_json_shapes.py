"""The JSON that other people's scripts rely on: every shape of docs/interface.md that exists so far."""

import json
import re
from datetime import date

import pytest
from click.testing import CliRunner

from zenobia.cli import main

VERDICTS = {"supported", "contradicted", "partly", "cannot tell"}
MEANINGS = {"reported", "certain", "credible90"}


def run(*words, case):
    result = CliRunner().invoke(main, [*words, "--case", str(case)])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def is_bounds(value):
    assert set(value) == {"low", "best", "high", "unit", "meaning"}
    assert value["meaning"] in MEANINGS
    known = [value[k] for k in ("low", "best", "high") if value[k] is not None]
    assert known == sorted(known)
    assert all(isinstance(k, str if value["unit"] == "date" else int | float) for k in known)
    return True


@pytest.fixture
def checked(valley):
    return run("check", "--json", case=valley)


def test_check_says_which_case_record_and_day_of_knowledge(checked):
    assert {"case", "known", "record", "claims"} <= set(checked)
    assert checked["case"] == "valley"
    assert checked["known"] is None
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", checked["record"])


def test_every_claim_has_the_keys_of_the_contract(checked):
    keys = {
        "id", "verdict", "says", "by", "on", "asked", "found", "because", "for", "against", "claimant_only",
        "parts", "then", "tried", "flips", "method",
    }  # fmt: skip
    assert [c["id"] for c in checked["claims"]] == ["V01", "V02", "V03", "V04", "V05"]
    for claim in checked["claims"]:
        assert keys <= set(claim)
        assert claim["verdict"] in VERDICTS
        assert claim["found"] is None or is_bounds(claim["found"])
        assert claim["because"].endswith(".")
        assert {"threshold", "draws", "seed"} <= set(claim["method"])
        assert claim["then"]["known"] == "2031-05-10"
        assert claim["then"]["verdict"] in VERDICTS
        assert claim["tried"] >= len(claim["flips"])
        for part in claim["parts"]:
            assert {"asked", "verdict", "found"} <= set(part)
        for flip in claim["flips"]:
            assert {"change", "verdict", "found"} <= set(flip)
            assert flip["verdict"] != claim["verdict"]


def test_evidence_of_a_verdict_is_reports_of_the_record(checked, valley):
    reports = {row["id"] for row in run("export", "reports", "--format", "json", case=valley)}
    for claim in checked["claims"]:
        assert set(claim["for"]) | set(claim["against"]) | set(claim["claimant_only"]) <= reports


def test_control_of_one_place(valley):
    told = run("control", "Birken", "--on", "2031-04-01", "--json", case=valley)
    assert set(told) == {
        "place", "on", "known", "held_by", "besieged_by", "last_evidence", "voices", "evidence", "basis", "warnings",
    }  # fmt: skip
    assert told["place"] == "birchen"
    assert told["on"] == "2031-04-01"
    assert set(told["held_by"]) >= {"crown", "league", "guard", "contested"}
    assert sum(told["held_by"].values()) == pytest.approx(1, abs=1e-5)
    assert date.fromisoformat(told["last_evidence"]) <= date(2031, 4, 1)
    assert told["basis"] == "reports"


def test_a_place_that_nobody_spoke_of_has_no_basis(valley):
    with open(valley / "places.csv", "a") as out:
        out.write("gorse,Gorse,,,village,,,,,,\n")  # nowhere, so nothing is near it either
    told = run("control", "gorse", "--on", "2031-04-01", "--json", case=valley)
    assert told["held_by"] == {}
    assert told["basis"] == "none"
    assert told["last_evidence"] is None


def test_measure(valley):
    told = run("measure", "held", "place=birchen", "holder=league", "on=2031-04-01", "--json", case=valley)
    assert {"measure", "asked", "frame", "found", "evidence", "left_out", "known"} <= set(told)
    assert is_bounds(told["found"])
    for left in told["left_out"]:
        assert {"id", "why"} <= set(left)


def test_build(valley):
    told = run("build", "--json", case=valley)
    assert {"added", "updated", "unchanged", "withdrawn", "rejected", "rejects"} <= set(told)
    assert told["rejects"] == []


def test_a_reject_says_row_field_value_rule_and_fix(valley):
    text = (valley / "reports.csv").read_text().replace("guard-radio,,,,,2031-01-10", "guard-radio,,,,,10.1.2031")
    (valley / "reports.csv").write_text(text)
    (refused,) = run("build", "--json", case=valley)["rejects"]
    assert {"row", "field", "value", "rule", "fix"} <= set(refused)
    assert (refused["field"], refused["value"]) == ("published", "10.1.2031")


@pytest.mark.parametrize(
    ("what", "columns"),
    [
        ("control", "place,from,to,holder,chance,last_evidence"),
        ("control-daily", "place,date,holder,chance"),
        (
            "events",
            "id,reports,type,date,date_to,place,lat,lon,actor,target,deaths_low,deaths_best,deaths_high,voices",
        ),
    ],
)
def test_exported_tables_have_the_columns_of_the_contract(valley, what, columns):
    result = CliRunner().invoke(main, ["export", what, "--case", str(valley)])
    assert result.exit_code == 0, result.output
    header = result.stdout.splitlines()[0].replace('"', "")
    assert header.split(",")[: len(columns.split(","))] == columns.split(",")
    if what == "control-daily":
        assert header == columns


def test_why_reaches_a_source_from_every_kind_of_id(valley):
    run("build", "--json", case=valley)
    (event,) = [e["id"] for e in run("export", "events", "--format", "json", case=valley) if "c2" in e["reports"]]
    for wanted in (
        "r:c4", "c4", f"e:{event}", "c:V01", "v:V01", "V01", "k:birchen@2031-04-01", "d:wire-note", "s:monitor",
        "m:held?place=birchen&holder=league&on=2031-04-01",
    ):  # fmt: skip
        told = run("why", wanted, "--json", case=valley)
        assert {"id", "says", "rests_on"} <= set(told), wanted
    quoted = json.dumps(run("why", "c:V01", "--json", case=valley))
    assert "Crown troops were seen in the market of Cedar on Saturday." in quoted
