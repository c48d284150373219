"""`zenobia brief --pin`, and what it says when the record has moved since."""

import json

from click.testing import CliRunner

from zenobia.cli import main

TEXT = 'The League held Birchen for {{ held("league", "birchen").days }}.\n\n{{ claim("V01") }}\n'


def run(case, *more):
    return CliRunner().invoke(main, ["brief", "briefs/short.md", "--case", str(case), *more])


def pinned(valley):
    (valley / "briefs" / "short.md").write_text(TEXT)
    result = run(valley, "--pin")
    assert result.exit_code == 0, result.output
    return json.loads((valley / "briefs" / "short.numbers.json").read_text())


def withdraw_the_fall_of_birchen(valley):
    rows = (valley / "reports.csv").read_text().splitlines(keepends=True)
    kept = [row for row in rows if ",birchen," not in row.casefold() or "league" not in row.casefold()]
    assert len(kept) < len(rows)
    (valley / "reports.csv").write_text("".join(kept))


def test_a_pin_is_a_file_beside_the_text(valley):
    told = pinned(valley)
    assert list(told["told"]) == ['held(holder="league", place="birchen").days', "claim V01"]
    assert told["record"].startswith("sha256:")


def test_a_record_that_did_not_move_is_not_stale(valley):
    pinned(valley)
    result = run(valley, "--fail-on-stale")
    assert result.exit_code == 0
    assert "stale" not in result.output


def test_what_moved_is_told_and_fails_where_that_is_asked_for(valley):
    pinned(valley)
    withdraw_the_fall_of_birchen(valley)
    result = run(valley)
    assert result.exit_code == 0
    assert "stale  " in result.output
    assert 'line 1: held(holder="league", place="birchen").days' in result.output
    assert run(valley, "--fail-on-stale").exit_code == 1
    assert "moved since this text was approved" in (valley / "briefs" / "short.html").read_text()


def test_pinning_anew_stands_by_what_is_shown_now(valley):
    pinned(valley)
    withdraw_the_fall_of_birchen(valley)
    assert run(valley, "--pin").exit_code == 0
    assert run(valley, "--fail-on-stale").exit_code == 0


def test_a_release_marks_nothing_as_what_was_pinned_may_rest_on_what_is_withheld(valley, tmp_path):
    pinned(valley)
    withdraw_the_fall_of_birchen(valley)
    with open(valley / "case.toml", "a") as toml:
        toml.write('[publish]\npolicy = "public"\n')
    result = CliRunner().invoke(main, ["publish", str(tmp_path / "site"), "--case", str(valley), "--on", "2032-01-01"])
    assert result.exit_code == 0, result.output
    page = (tmp_path / "site" / "briefs" / "brief-short.html").read_text()
    assert "moved since" not in page
