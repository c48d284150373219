"""`zenobia claim`: from options alone, and in a dialogue; nothing is written that could not be checked."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from zenobia import claim_verb, claims
from zenobia.cli import main
from zenobia.pipeline import open_case

ELM = ["place=Elm", "holder=guard", "on=2031-06-20"]
ABOUT = ["--id", "V06", "--says", "The Guard held Elm.", "--by", "analyst", "--on", "2031-06-30"]
WHOLE = [*ABOUT, "--measure", "held", "--expect", "> 0.5", *ELM]


def run(*words, typed=None):
    return CliRunner().invoke(main, ["claim", *[str(word) for word in words]], input=typed)


def claims_of(valley):
    return {claim.id: claim for claim in claims.load((valley / "claims.yaml").read_text(encoding="utf-8"))}


def test_a_claim_is_shown_judged_and_put_at_the_end(valley):
    before = (valley / "claims.yaml").read_text(encoding="utf-8")
    told = run("new", *WHOLE, "--case", valley)
    assert told.exit_code == 0, told.output
    assert "It asks: chance that The Guard held Elm on 20 June 2031." in told.stdout
    # Its own radio and the wire say so on 1 and 2 June, and nobody denies it.
    assert "It would get now: supported." in told.stdout
    assert (valley / "claims.yaml").read_text(encoding="utf-8").startswith(before)
    assert list(claims_of(valley)) == ["V01", "V02", "V03", "V04", "V05", "V06"]
    checked = CliRunner().invoke(main, ["check", "V06", "--json", "--case", str(valley)])
    assert json.loads(checked.stdout)["claims"][0]["verdict"] == "supported"


def test_a_dry_run_writes_nothing(valley):
    before = (valley / "claims.yaml").read_bytes()
    told = run("new", *WHOLE, "--dry-run", "--case", valley)
    assert "Nothing was written." in told.stdout
    assert (valley / "claims.yaml").read_bytes() == before


def test_a_script_gets_json(valley):
    told = json.loads(run("new", *WHOLE, "--causal", "--beside", "V02", "--json", "--case", valley).stdout)
    assert (told["written"], told["file"], told["verdict"]["verdict"]) == (True, "claims.yaml", "partly")
    assert told["claim"]["ask"] == {"measure": "held", "place": "Elm", "holder": "guard", "on": "2031-06-20"}
    assert claims_of(valley)["V06"].beside_claims == ("V02",)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([*ABOUT, "--measure", "held", "--expect", "> 0.5", *ELM[1:]], "key `place` is missing"),
        ([*ABOUT, "--measure", "held", *ELM], "key `expect` is missing"),
        ([*ABOUT[2:], "--measure", "held", "--expect", "> 0.5", *ELM], "give --id"),
        ([*ABOUT, "--measure", "hold", "--expect", "> 0.5", *ELM], "no such measure"),
        ([*ABOUT, *ELM, "--expect", "> 0.5"], "give --measure"),
        ([*ABOUT, "--measure", "held", "--expect", "> 0.5", "place=Elmm", *ELM[1:]], "did you mean"),
        (["--id", "V01", *WHOLE[2:]], "two claims with one id"),
        ([*WHOLE, "--beside", "V77"], "no such claim"),
        ([*WHOLE, "--settles", "More."], "both a question"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_written(valley, words, message):
    before = (valley / "claims.yaml").read_bytes()
    told = run("new", *words, "--case", valley)
    assert told.exit_code == 2
    assert message in told.stderr
    assert (valley / "claims.yaml").read_bytes() == before


def test_what_nothing_can_test_is_written_with_what_would_settle_it(valley):
    told = run("new", *ABOUT, "--settles", "A survey.", "--case", valley)
    assert "It would get now: cannot tell." in told.stdout
    assert not claims_of(valley)["V06"].testable


def test_a_claimant_whom_the_case_does_not_know_is_noted(valley):
    told = run("new", *WHOLE, "--by", "nobody-known", "--dry-run", "--case", valley)
    assert "nobody-known is no source or actor of the case" in told.stdout


def test_hostile_words_stay_words(valley):
    said = "x\n- id: V66\n  says: \x1b[31mred"
    told = run("new", *WHOLE, "--says", said, "--case", valley)
    assert "\x1b" not in told.stdout
    assert list(claims_of(valley))[-1] == "V06"
    assert claims_of(valley)["V06"].says == said


def test_claims_that_are_put_down_at_one_time_are_all_there(valley):
    def put_down(number):
        case = open_case(valley)
        return case.put_down_claim(
            case.draft_claim({"id": f"V1{number}", "says": "So.", "settles": "More."}, None, ())["claim"]
        )

    open_case(valley).build()
    with ThreadPoolExecutor(4) as people:
        assert {path.name for path in people.map(put_down, range(4))} == {"claims.yaml"}
    assert set(list(claims_of(valley))[5:]) == {"V10", "V11", "V12", "V13"}


def test_a_claim_that_was_put_down_is_checked_by_the_same_open_case(valley):
    case = open_case(valley)
    case.check(["V01"])
    case.put_down_claim(case.draft_claim({"id": "V06", "says": "So.", "settles": "More."}, None, ())["claim"])
    assert [claim["id"] for claim in case.check(["V06"])["claims"]] == ["V06"]


def test_a_person_is_asked_for_what_is_missing(valley, monkeypatch):
    monkeypatch.setattr(claim_verb, "_is_a_person", lambda: True)
    typed = ["V06", "The Guard held Elm.", "analyst", "2031-06-30", "held", *ELM, "", "> 0.5", "y"]
    told = run("new", "--case", valley, typed="\n".join(typed) + "\n")
    assert told.exit_code == 0, told.output
    assert claims_of(valley)["V06"].by == "analyst"


def test_a_person_is_asked_again_after_a_mistake_and_may_leave_it(valley, monkeypatch):
    monkeypatch.setattr(claim_verb, "_is_a_person", lambda: True)
    typed = ["place=Elmm", *ELM[1:], "", "> 0.5", "keys", *ELM, "", "n"]
    told = run("new", *ABOUT, "--measure", "held", "--case", valley, typed="\n".join(typed) + "\n")
    assert 'did you mean "elm"' in told.output
    assert told.output.endswith("Nothing was written.\n")
    assert "V06" not in claims_of(valley)


def test_a_person_may_say_that_no_record_can_test_it(valley, monkeypatch):
    monkeypatch.setattr(claim_verb, "_is_a_person", lambda: True)
    told = run("new", *ABOUT, "--case", valley, typed="none\nA survey.\ny\n")
    assert told.exit_code == 0, told.output
    assert claims_of(valley)["V06"].settles == "A survey."


def test_every_measure_is_listed_with_what_it_needs():
    told = {measure["measure"]: measure for measure in json.loads(run("measures", "--json").stdout)}
    assert told["duration"]["needs"] == ["place", "holder", "from", "to"]
    assert told["share"]["needs"] == ["of", "where"]
    assert told["held"]["keys_of"]["change"] == ["from", "to"]
    assert all(measure["answers"] for measure in told.values())
    listed = run("measures").stdout
    assert all(f"{name}: " in listed for name in told)


def test_an_unknown_measure_is_told():
    told = run("measures", "hold")
    assert (told.exit_code, "no such measure" in told.stderr) == (2, True)
