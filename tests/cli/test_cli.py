"""The command line: every verb answers, and every fault is one plain message."""

import csv
import io
import shutil

import pytest
from click.testing import CliRunner

import zenobia
from zenobia.cli import main


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize("verb", list(main.commands))
def test_every_verb_has_help_that_says_what_it_does(verb):
    result = run(verb, "--help")
    assert result.exit_code == 0
    assert main.commands[verb].help


def test_a_folder_without_a_case_is_told_what_to_do(tmp_path):
    result = run("check", "--case", tmp_path)
    assert result.exit_code == 2
    assert "no case here" in result.stderr
    assert "zenobia new" in result.stderr
    assert "Traceback" not in result.output


def test_a_day_that_is_none_is_told(valley):
    result = run("control", "--on", "spring", "--case", valley)
    assert result.exit_code == 2
    assert "not a date" in result.stderr


def test_an_unknown_claim_is_answered_with_those_there_are(valley):
    result = run("check", "V99", "--case", valley)
    assert result.exit_code == 2
    assert "V01, V02" in result.stderr


def test_an_unknown_place_is_answered_with_a_guess(valley):
    result = run("control", "Birch", "--on", "2031-04-01", "--case", valley)
    assert result.exit_code == 2
    assert "birchen" in result.stderr


def test_an_unknown_id_is_told(valley):
    result = run("why", "r:nothing", "--case", valley)
    assert result.exit_code == 2
    assert "no such report" in result.stderr


def test_fail_on_turns_a_verdict_into_an_exit_status(valley):
    verdicts = {row["id"]: row["verdict"] for row in table(run("export", "claims", "--case", valley))}
    assert verdicts["V05"] == "cannot tell"
    assert run("check", "V05", "--fail-on", "cannot tell", "--case", valley).exit_code == 1
    assert run("check", "V05", "--fail-on", "contradicted", "--case", valley).exit_code == 0


def table(result):
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_the_chances_of_a_day_sum_to_one(valley):
    sums = {}
    for row in table(run("export", "control-daily", "--case", valley)):
        key = row["place"], row["date"]
        sums[key] = sums.get(key, 0) + float(row["chance"])
    assert len(sums) == 6 * 182  # six towns, 26 weeks
    assert all(abs(total - 1) < 1e-9 for total in sums.values())


def test_a_new_case_builds_and_is_private(tmp_path):
    assert run("new", tmp_path / "mine").exit_code == 0
    assert 'policy = "private"' in (tmp_path / "mine" / "case.toml").read_text()
    assert run("build", "--case", tmp_path / "mine").exit_code == 0
    assert run("check", "--case", tmp_path / "mine").exit_code == 0


def test_a_new_case_is_not_written_over_something(valley):
    result = run("new", valley)
    assert result.exit_code == 2
    assert "not empty" in result.stderr


def test_building_twice_says_that_there_is_nothing_to_do(valley):
    assert "rows added" in run("build", "--case", valley).stdout
    assert "Nothing to do" in run("build", "--case", valley).stdout


@pytest.fixture(scope="module")
def verdicts(project, tmp_path_factory):
    """The words that the table of the valley's claims must show."""
    folder = shutil.copytree(project / "tests" / "valley", tmp_path_factory.mktemp("verdicts") / "valley")
    return {row["verdict"] for row in table(run("export", "claims", "--case", folder))}


@pytest.mark.parametrize("width", ["60", "80", "140"])
def test_the_table_of_verdicts_fits_the_terminal(valley, monkeypatch, width, verdicts):
    monkeypatch.setenv("COLUMNS", width)
    result = run("check", "--case", valley)
    assert result.exit_code == 0, result.output
    assert max(len(line) for line in result.stdout.splitlines()) <= int(width)
    for verdict in verdicts:
        assert verdict in result.stdout


def test_without_colour_nothing_is_lost(valley, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    plain = run("check", "V01", "V05", "--case", valley).stdout
    assert "\x1b[" not in plain
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = run("check", "--case", valley).stdout
    assert "\x1b[" in coloured


def test_known_leaves_out_what_was_published_later(valley):
    early = run("control", "birchen", "--on", "2031-01-20", "--known", "2031-01-31", "--json", "--case", valley)
    assert '"voices": 1' in early.stdout


def test_a_row_can_be_followed_through_its_versions(valley):
    run("build", "--case", valley)
    text = (valley / "reports.csv").read_text().replace("the rumour", "a rumour")
    (valley / "reports.csv").write_text(text)
    told = run("history", "r:b6", "--case", valley).stdout
    assert "note: the rumour -> a rumour" in told


def test_verify_answers_with_the_head_of_the_history(valley):
    run("build", "--case", valley)
    assert "sound; ledger of" in run("verify", "--case", valley).stdout


def test_a_broken_history_fails_verify_and_stops_a_build(valley):
    run("build", "--case", valley)
    ledger = valley / "ledger.jsonl"
    ledger.write_text(ledger.read_text().replace("the rumour", "the truth"))
    assert run("verify", "--case", valley).exit_code == 1
    result = run("build", "--case", valley)
    assert result.exit_code == 2
    assert "altered, dropped or moved" in result.stderr


def test_a_source_cannot_steer_the_terminal(valley):
    text = (valley / "claims.yaml").read_text().replace("took Cedar", "took \\x1b[31mCedar")
    (valley / "claims.yaml").write_text(
        text.replace("says: The Crown took", 'says: "The Crown took').replace("3 May.", '3 May."', 1)
    )
    assert "\x1b" not in run("check", "V01", "--case", valley).stdout


def test_the_python_face_mirrors_the_verbs(valley):
    case = zenobia.open(valley)
    view = case.known("2031-04-01")
    assert case.control("birchen", on="2031-03-28", view=view).known.isoformat() == "2031-04-01"
    assert case.check(view=view)["claims"][0]["id"] == "V01"


def test_an_escape_sequence_in_a_name_never_reaches_the_terminal(valley):
    text = (valley / "sources.csv").read_text().replace("Valley Monitor", "Valley \x1b]0;owned\x07Monitor")
    (valley / "sources.csv").write_text(text)
    told = run("why", "s:monitor", "--case", valley).stdout
    assert "Monitor" in told
    assert "\x1b" not in told


def test_explaining_a_report_shows_its_event(valley):
    told = run("link", "--explain", "c4", "--case", valley).stdout
    assert told.startswith("e:")
    assert "r:c4" in told
    assert "r:c7" in told  # tells of the same capture


def test_a_withdrawal_published_later_is_not_told_to_those_who_ask_as_of_before(valley):
    assert "replaced by: b10" in run("why", "r:b9", "--case", valley).stdout
    assert "b10" not in run("why", "r:b9", "--known", "2031-02-28", "--case", valley).stdout


def test_history_shows_what_was_added(valley):
    assert "note: the rumour" in run("history", "b6", "--case", valley).stdout


def test_an_empty_case_has_no_last_day_and_says_so(tmp_path):
    run("new", tmp_path / "mine")
    result = run("control", "--case", tmp_path / "mine")
    assert result.exit_code == 2
    assert "no report speaks of control yet" in result.stderr


def test_a_name_with_quotes_makes_a_case_that_can_be_read(tmp_path):
    assert run("new", tmp_path / 'y"z').exit_code == 0
    assert run("build", "--case", tmp_path / 'y"z').exit_code == 0


def test_a_history_that_was_cut_off_at_its_end_is_not_built_upon(valley):
    run("build", "--case", valley)
    ledger = valley / "ledger.jsonl"
    ledger.write_text("".join(ledger.read_text().splitlines(keepends=True)[:30]))
    assert run("verify", "--case", valley).exit_code == 1
    result = run("build", "--case", valley)
    assert result.exit_code == 2
    assert "no longer holds what it ended with" in result.stderr
    assert run("verify", "--case", valley).exit_code == 1  # the loss is not covered up


def test_a_cache_that_is_a_link_is_refused(valley, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (valley / ".zenobia").symlink_to(tmp_path / "elsewhere")
    result = run("build", "--case", valley)
    assert result.exit_code == 2
    assert "a cache that is a link" in result.stderr
    assert list((tmp_path / "elsewhere").iterdir()) == []
