"""ACLED's list of deleted events: what it names is taken back on its day, and not before."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.sources.one_file import read, rows, sureness
from tests.sources.test_acled import PLAIN
from zenobia.pipeline import OpenCase, new, open_case
from zenobia.sources.acled_deleted import AcledDeleted


def at(year: int, month: int, day: int) -> str:
    return str(int(dt.datetime(year, month, day, 12, tzinfo=dt.UTC).timestamp()))


APRIL, MAY, JUNE, JULY = (at(2031, month, 1) for month in (4, 5, 6, 7))


@pytest.fixture
def case(tmp_path) -> OpenCase:
    new(tmp_path / "case")
    return open_case(tmp_path / "case")


@pytest.fixture
def export(tmp_path):
    """Writes an export: of each event its id, when it was last edited, and its dead."""

    def written(name: str, *events: tuple[str, str, str]) -> str:
        lines = [",".join(PLAIN)]
        for event, edited, dead in events:
            cells = {**PLAIN, "event_id_cnty": event, "timestamp": edited, "fatalities": dead}
            lines.append(",".join(cells.values()))
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        return str(tmp_path / name)

    return written


@pytest.fixture
def deleted(tmp_path):
    """Writes a list of deletions."""

    def written(*events: tuple[str, str], name: str = "deleted.csv") -> str:
        lines = ["event_id_cnty,deleted_timestamp", *(",".join(event) for event in events)]
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        return str(tmp_path / name)

    return written


def ids(case: OpenCase, known: str | None = None) -> list[str]:
    return case.known(known).reports.column("id").to_pylist()


def test_the_list_is_recognised_by_its_two_columns(tmp_path):
    assert sureness(AcledDeleted(), tmp_path, "a.csv", "event_id_cnty,deleted_timestamp\nSYR1,1932811200\n") == 1
    assert sureness(AcledDeleted(), tmp_path, "b.csv", ",".join(PLAIN) + "\n") == 0


def test_a_deleted_event_stands_until_the_day_of_its_deletion(case, export, deleted):
    case.add([export("a.csv", ("SYR1", APRIL, "3"), ("SYR2", APRIL, "2"))])
    told = case.add([deleted(("SYR1", JUNE))])
    assert (told["kind"], told["withdrawn"], told["unchanged"], told["rejected"]) == ("acled-deleted", 1, 0, 0)
    assert ids(case, "2031-05-31") == ["acled-SYR1", "acled-SYR2"]
    assert ids(case, "2031-06-01") == ["acled-SYR2"]


def test_the_list_may_be_added_before_the_export(case, export, deleted):
    case.add([deleted(("SYR1", JUNE))])
    case.add([export("a.csv", ("SYR1", APRIL, "3"))])
    assert ids(case, "2031-05-31") == ["acled-SYR1"]
    assert ids(case) == []


def test_the_last_version_before_the_deletion_is_the_one_that_is_taken_back(case, export, deleted):
    case.add([export("a.csv", ("SYR1", APRIL, "3")), export("b.csv", ("SYR1", MAY, "5"))])
    case.add([deleted(("SYR1", JUNE))])
    taken = case.record.reports["acled-SYR1.w3"]
    assert (taken.replaces, taken.published) == ("acled-SYR1.v2", dt.date(2031, 6, 1))
    assert ids(case) == []


def test_events_that_no_export_holds_change_nothing(case, export, deleted):
    case.add([export("a.csv", ("SYR1", APRIL, "3"))])
    told = case.add([deleted(("IRQ7", JUNE), ("IRQ8", JUNE))])
    assert (told["withdrawn"], told["unchanged"]) == (0, 2)
    assert ids(case) == ["acled-SYR1"]


def test_a_newer_list_takes_nothing_back_twice(case, export, deleted):
    case.add([export("a.csv", ("SYR1", APRIL, "3"), ("SYR2", APRIL, "1"))])
    case.add([deleted(("SYR1", MAY))])
    told = case.add([deleted(("SYR1", MAY), ("SYR2", JUNE), name="newer.csv")])
    assert (told["withdrawn"], told["unchanged"]) == (1, 1)
    assert ids(case) == []


@pytest.mark.parametrize("dead", ["3", "4"])
def test_an_event_that_came_back_after_its_deletion_stands(case, export, deleted, dead):
    case.add([export("a.csv", ("SYR1", APRIL, "3")), deleted(("SYR1", MAY)), export("b.csv", ("SYR1", JUNE, dead))])
    assert len(ids(case)) == 1
    # One that came back as it was is one report all along; one that says something else is a version of its own.
    assert ids(case, "2031-05-15") == (["acled-SYR1"] if dead == "3" else [])


def test_deletions_of_another_list_do_not_touch_it(case, export, deleted):
    case.add([export("a.csv", ("SYR1", APRIL, "3"))], sets={"source": "my-acled"})
    case.add([deleted(("SYR1", MAY))])
    assert ids(case) == ["acled-SYR1"]
    case.add([deleted(("SYR1", MAY), name="mine.csv")], sets={"source": "my-acled"})
    assert ids(case) == []


def test_rows_without_an_id_or_a_day_are_rejected_and_an_id_counts_once(case, deleted):
    told = case.add([deleted(("", JUNE), ("SYR1", "soon"), ("SYR2", JUNE), ("SYR2", JULY))])
    assert [(reject["row"], reject["field"]) for reject in told["rejects"]] == [
        (2, "event_id_cnty"),
        (3, "deleted_timestamp"),
        (5, "key"),
    ]


def test_a_deletion_leads_to_its_row_in_the_list(case, export, deleted):
    case.add([export("a.csv", ("SYR1", APRIL, "3"))])
    case.add([deleted(("IRQ1", MAY), ("SYR1", JUNE))])
    told = case.why("r:acled-SYR1.w2").to_json()
    assert (told["file"], told["row"]) == ("deleted.csv", "3")
    history = [(v["what"], v["file"], v["file_row"]) for v in case.history("acled-SYR1")]
    assert history == [("added", "a.csv", 2), ("taken out", "deleted.csv", 3)]


def test_a_day_may_be_written_as_a_day(tmp_path):
    reading = read(AcledDeleted(), tmp_path, "d.csv", "event_id_cnty,deleted_timestamp\nSYR1,2031-06-01\n")
    assert rows(reading.reports, "key", "published") == [("SYR1", dt.date(2031, 6, 1))]
