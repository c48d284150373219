"""What was learned between two days, and what was recorded between two runs."""

import csv
import json
import re
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from zenobia.cli import main
from zenobia.pipeline import open_case
from zenobia.terms import InputError, NotFound

AUGUST = datetime(2031, 8, 1, tzinfo=UTC)
SEPTEMBER = datetime(2031, 9, 1, tzinfo=UTC)
OCTOBER = datetime(2031, 10, 1, tzinfo=UTC)


def add(valley, **row):
    """Put one more report at the end of reports.csv."""
    path = valley / "reports.csv"
    columns = path.read_text().splitlines()[0].split(",")
    with open(path, "a", newline="") as out:
        csv.DictWriter(out, columns).writerow(row)


def edit(valley, row_id, **cells):
    path = valley / "reports.csv"
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update(cells if row["id"] == row_id else {})
    with open(path, "w", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def ids(rows):
    return [row["id"] for row in rows]


# --- between two days of knowledge ---------------------------------------------------------


def learned(valley, earlier, later):
    return open_case(valley).diff_known(earlier, later)


def test_reports_that_were_published_in_between_are_new(valley):
    told = learned(valley, "2031-05-02", "2031-05-05")
    assert ids(told["reports"]["new"]) == ["c3", "c4", "c5"]  # 3, 4 and 5 May: how Cedar changed hands
    assert told["reports"]["new"][0] == {
        "id": "c3",
        "source": "crown-agency",
        "published": "2031-05-03",
        "says": "The Crown takes Cedar, 2031-05-03",
    }


def test_a_toll_that_was_taken_back_is_withdrawn_on_the_day_that_was_said(valley):
    (withdrawn,) = learned(valley, "2031-02-28", "2031-03-01")["reports"]["withdrawn"]
    assert (withdrawn["id"], withdrawn["by"], withdrawn["on"]) == ("b9", "b10", "2031-03-01")


def test_what_came_and_was_taken_back_in_between_is_among_the_withdrawn(valley):
    told = learned(valley, "2031-02-14", "2031-03-01")["reports"]  # b9 was published on the 15th
    assert ids(told["withdrawn"]) == ["b9"]
    assert "b9" not in ids(told["new"])


def test_a_correction_is_told_with_what_it_changed(valley):
    add(valley, id="b12", source="border-wire", published="2031-02-20", type="battle", place="birchen",
        date="2031-02-13", deaths_best="5", replaces="b11")  # fmt: skip
    told = learned(valley, "2031-02-19", "2031-02-20")["reports"]
    assert told["new"] == []
    assert told["withdrawn"] == []
    (corrected,) = told["corrected"]
    assert (corrected["id"], corrected["corrects"]) == ("b12", "b11")
    assert corrected["changed"]["deaths_best"] == [4.0, 5.0]
    assert not {"id", "published", "replaces"} & set(corrected["changed"])


def test_a_correction_of_a_correction_is_told_once_from_the_first_to_the_last(valley):
    for number, day, deaths in (("b12", "2031-02-20", "5"), ("b13", "2031-02-22", "6")):
        before = {"b12": "b11", "b13": "b12"}[number]
        add(valley, id=number, source="border-wire", published=day, type="battle", place="birchen",
            date="2031-02-13", deaths_best=deaths, replaces=before)  # fmt: skip
    (corrected,) = learned(valley, "2031-02-19", "2031-02-28")["reports"]["corrected"]
    assert (corrected["id"], corrected["corrects"]) == ("b13", "b11")
    assert corrected["changed"]["deaths_best"] == [4.0, 6.0]
    # Whoever knew nothing on the 10th learned of one battle, as it stands at the end.
    told = learned(valley, "2031-02-10", "2031-02-28")["reports"]
    assert [i for i in ids(told["new"]) if i in ("b11", "b12", "b13")] == ["b13"]
    assert ids(told["withdrawn"]) == []


def test_a_place_that_is_seen_otherwise_is_told_with_both_holders_and_their_chances(valley):
    told = learned(valley, "2031-05-02", "2031-05-05")
    (cedar,) = [row for row in told["control"] if row["place"] == "cedar" and row["now"]["holder"] == "crown"]
    assert cedar["then"]["holder"] == "league"
    assert cedar["from"] == "2031-05-03"  # the day on which c3, c4 and c5 say that it changed hands
    assert cedar["now"]["chance"] > 0.9
    case = open_case(valley)
    on = [case.control("cedar", on=day, view=case.known("2031-05-05")) for day in ("2031-05-02", "2031-05-03")]
    assert [max(e.held_by, key=e.held_by.get) for e in on] == ["league", "crown"]


def test_a_place_that_nobody_had_spoken_of_had_no_holder_then(valley):
    told = learned(valley, "2031-01-05", "now")
    assert told["control"]
    assert all(row["then"] is None and row["now"] for row in told["control"])


def test_verdicts_that_moved_are_told_with_the_reports_that_moved_them(valley):
    told = learned(valley, "2031-05-02", "2031-05-05")
    (moved,) = [row for row in told["verdicts"] if row["id"] == "V01"]  # the Crown took Cedar on 3 May
    assert moved["then"]["verdict"] != "supported"
    assert moved["now"]["verdict"] == "supported"
    assert moved["by"] == ["c3", "c4", "c5"]


def test_between_a_day_and_itself_nothing_is_learned(valley):
    told = learned(valley, "2031-05-05", "2031-05-05")
    assert told["reports"] == {"new": [], "corrected": [], "withdrawn": []}
    assert told["control"] == []
    assert told["verdicts"] == []


def test_learning_in_two_steps_is_learning_in_one(valley):
    """Of reports: what was new in either step is new in the whole, unless it went again."""
    first, second, whole = (
        {row["id"] for row in learned(valley, a, b)["reports"]["new"]}
        for a, b in (("2031-02-01", "2031-03-15"), ("2031-03-15", "2031-07-20"), ("2031-02-01", "2031-07-20"))
    )
    assert first | second == whole
    assert not first & second


def test_days_the_wrong_way_round_are_told(valley):
    with pytest.raises(InputError, match="wrong way round"):
        learned(valley, "2031-05-05", "2031-05-02")


# --- between two runs ----------------------------------------------------------------------


@pytest.fixture
def three_runs(valley):
    """Built in August; b11 edited and z1 added by September; b11 edited again and f1 taken out by October."""
    open_case(valley).build(AUGUST)
    edit(valley, "b11", deaths_best="5")
    add(valley, id="z1", source="monitor", published="2031-07-01", type="other", place="elm")
    open_case(valley).build(SEPTEMBER)
    edit(valley, "b11", deaths_best="6")
    rows = (valley / "reports.csv").read_text().splitlines(keepends=True)
    (valley / "reports.csv").write_text("".join(row for row in rows if not row.startswith("f1,")))
    open_case(valley).build(OCTOBER)
    return open_case(valley)


def rows_between(case, earlier, later):
    return {(row["id"], row["what"]) for row in case.diff_record(earlier, later)["rows"]}


def test_rows_between_two_runs_are_those_of_the_runs_between(three_runs):
    assert rows_between(three_runs, "run-000001", "run-000002") == {("b11", "changed"), ("z1", "added")}
    assert rows_between(three_runs, "2", "3") == {("b11", "changed"), ("f1", "taken out")}


def test_what_changed_twice_is_told_from_the_first_to_the_last(three_runs):
    told = three_runs.diff_record("1", "last")
    assert [run["at"] for run in told["runs"]] == ["2031-09-01T00:00:00Z", "2031-10-01T00:00:00Z"]
    (row,) = [row for row in told["rows"] if row["id"] == "b11"]
    assert row["changed"] == {"deaths_best": ["4", "6"]}


def test_what_was_changed_and_changed_back_is_no_difference(three_runs, valley):
    edit(valley, "b11", deaths_best="4")
    case = open_case(valley)
    case.build(OCTOBER)
    assert "b11" not in {row["id"] for row in case.diff_record("1", "last")["rows"]}


def test_from_the_start_every_row_was_added(three_runs):
    told = three_runs.diff_record("start", "1")
    assert {row["what"] for row in told["rows"]} == {"added"}
    assert ("reports", "f1") in {(row["table"], row["id"]) for row in told["rows"]}


def test_a_refused_row_is_told_with_its_rule(three_runs, valley):
    edit(valley, "b11", published="soon")
    case = open_case(valley)
    case.build(OCTOBER)
    (refused,) = case.diff_record("3", "last")["rejected"]
    assert (refused["field"], refused["value"]) == ("published", "soon")


def test_an_edit_that_is_not_built_yet_is_built_first(three_runs, valley):
    edit(valley, "b11", deaths_best="7")
    assert {row["id"] for row in open_case(valley).diff_record("3", "last")["rows"]} == {"b11"}


@pytest.mark.parametrize("runs", [("1", "9"), ("run-x", "last"), ("0", "1")])
def test_an_unknown_run_is_answered_with_those_there_are(three_runs, runs):
    with pytest.raises(NotFound, match="run-000001 to run-000003"):
        three_runs.diff_record(*runs)


def test_runs_the_wrong_way_round_are_told(three_runs):
    with pytest.raises(InputError, match="wrong way round"):
        three_runs.diff_record("3", "1")


# --- in the terminal -----------------------------------------------------------------------


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_terminal_tells_what_was_learned(valley):
    said = run("diff", "--known", "2031-02-28", "2031-05-05", "--case", valley).stdout
    assert "Learned after 2031-02-28, up to 2031-05-05: reports 9 new, 0 corrected, 1 withdrawn." in said
    assert (
        "b9  2031-02-15  Valley Monitor: battle Birchen, 12 dead, 2031-02-13 (withdrawn on 2031-03-01 by b10)" in said
    )
    assert "The League 0." in said
    assert re.search(r"V01  .* -> supported, by c3, c4, c5\.", said)


def test_the_terminal_tells_what_was_recorded(three_runs, valley):
    said = run("diff", "--record", "1", "last", "--case", valley).stdout
    assert "run-000003  2031-10-01T00:00:00Z  build" in said
    assert "Rows 1 added, 1 changed, 1 taken out; 0 rejected" in said
    assert "  reports, b11: deaths_best 4 -> 6" in said


def test_both_or_neither_is_refused(valley):
    for words in ((), ("--known", "2031-01-01", "now", "--record", "1", "2")):
        result = run("diff", *words, "--case", valley)
        assert result.exit_code == 2
        assert "--known A B" in result.stderr


def test_the_json_has_the_keys_of_the_contract(valley):
    told = json.loads(run("diff", "--known", "2031-02-28", "now", "--json", "--case", valley).stdout)
    assert set(told) == {"case", "record", "known", "reports", "control", "verdicts"}
    assert told["known"] == ["2031-02-28", None]
    assert set(told["control"][0]) == {"place", "from", "to", "then", "now"}
    assert set(told["verdicts"][0]) == {"id", "says", "then", "now", "by"}
    told = json.loads(run("diff", "--record", "start", "last", "--json", "--case", valley).stdout)
    assert set(told) == {"runs", "rows", "datasets", "rejected"}
    assert set(told["rows"][0]) == {"table", "id", "what", "row", "changed"}
