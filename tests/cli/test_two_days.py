"""`zenobia check --known A --known B`: the verdicts of two days side by side, and what moved them."""

import json

from click.testing import CliRunner

from zenobia.cli import main


def run(*words):
    return CliRunner().invoke(main, ["check", *[str(word) for word in words]])


def of_two_days(valley, *words):
    told = run("--known", "2031-02-28", "--known", "2031-05-05", "--json", "--case", valley, *words)
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


def test_every_claim_has_both_verdicts(valley):
    told = of_two_days(valley)
    assert told["known"] == ["2031-02-28", "2031-05-05"]
    assert [claim["id"] for claim in told["claims"]] == ["V01", "V02", "V03", "V04", "V05"]
    for nth, known in enumerate(told["known"]):
        alone = json.loads(run("--known", known, "--json", "--case", valley).stdout)
        for claim, one in zip(told["claims"], alone["claims"], strict=True):
            assert claim["verdicts"][nth] == {"known": known, **{k: one[k] for k in ("verdict", "found", "because")}}


def test_what_moved_is_told_with_the_reports_that_moved_it(valley):
    # Cedar fell on 3 May: nobody could say so in February, three had by the 5th. Birchen had been the League's for two
    # weeks; by May the monitor had it there still in March, against the rumour of the 20th.
    told = {claim["id"]: claim for claim in of_two_days(valley)["claims"]}
    assert [claim["moved"] for claim in told.values()] == [True, False, True, False, False]
    assert told["V01"]["moved_by"] == ["c3", "c4", "c5"]
    assert told["V03"]["moved_by"] == ["b6", "b7"]


def test_the_reports_that_moved_it_are_told_in_words(valley):
    reports = of_two_days(valley, "V01")["reports"]
    assert [report["id"] for report in reports] == ["c3", "c4", "c5"]
    assert reports[0]["says"] == "The Crown takes Cedar, 2031-05-03"


def test_the_claimants_own_word_is_not_among_what_moved_it(valley):
    told = json.loads(run("V01", "--known", "2031-02-28", "--known", "now", "--json", "--case", valley).stdout)
    assert told["known"] == ["2031-02-28", None]
    assert "c7" not in told["claims"][0]["moved_by"]


def test_the_table_shows_both_days_and_what_moved(valley, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    told = run("--known", "2031-02-28", "--known", "2031-05-05", "--case", valley).stdout
    assert "2031-02-28" in told
    assert "2031-05-05" in told
    assert "by c3, Crown News Agency" in told
    assert "2 of 5 verdicts moved." in told


def test_one_day_is_as_it_was(valley):
    told = json.loads(run("--known", "2031-02-28", "--json", "--case", valley).stdout)
    assert (told["known"], "flips" in told["claims"][0]) == ("2031-02-28", True)


def test_days_the_wrong_way_round_are_told(valley):
    told = run("--known", "2031-05-05", "--known", "2031-02-28", "--case", valley)
    assert (told.exit_code, "days the wrong way round" in told.stderr) == (2, True)


def test_three_days_are_too_many(valley):
    days = [word for day in ("01", "02", "03") for word in ("--known", f"2031-02-{day}")]
    told = run(*days, "--case", valley)
    assert (told.exit_code, "one day, or two" in told.stderr) == (2, True)


def test_fail_on_looks_at_the_later_day(valley):
    days = ["--known", "2031-02-28", "--known", "2031-05-05", "--case", valley]
    assert run("V01", *days, "--fail-on", "cannot tell").exit_code == 0
    assert run("V01", *days, "--fail-on", "supported").exit_code == 1
