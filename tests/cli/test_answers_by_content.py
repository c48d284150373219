"""An answer is given again only while everything that it can hang on is as it was."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from zenobia.pipeline import demo, open_case

VALLEY = Path(__file__).parent.parent / "valley"
Rows = list[dict[str, str]]
Edit = Callable[[Path], None]


def edited(name: str, change: Callable[[Rows], Rows]) -> Edit:
    """Read a table of a case, change its rows, and write it again."""

    def edit(case: Path) -> None:
        with (case / name).open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        changed = change([dict(row) for row in rows])
        with (case / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), restval="")
            writer.writeheader()
            writer.writerows(changed)

    return edit


def more(**cells: str) -> Callable[[Rows], Rows]:
    return lambda rows: [*rows, cells]


def other(row_id: str, **cells: str) -> Callable[[Rows], Rows]:
    return lambda rows: [{**row, **cells} if row.get("id", row.get("source")) == row_id else row for row in rows]


def less(row_id: str) -> Callable[[Rows], Rows]:
    return lambda rows: [row for row in rows if row.get("id", row.get("source")) != row_id]


SAID = {"source": "border-wire", "published": "2031-03-02", "date": "2031-03-01"}
EDITS: dict[str, Edit] = {
    "a word of control": edited(
        "reports.csv", more(id="zz", **SAID, type="control", place="birchen", holder="league", status="holds")
    ),
    "a strike": edited("reports.csv", more(id="zz", **SAID, type="air-strike", place="birchen", actor="empire")),
    "a strike on a list": edited(
        "reports.csv",
        more(id="zz", **{**SAID, "source": "strike-list"}, type="air-strike", place="alder", actor="empire"),
    ),
    "a battle": edited("reports.csv", more(id="zz", **SAID, type="battle", place="alder", actor="crown")),
    "a statement": edited("reports.csv", more(id="zz", **SAID, type="statement", actor="crown")),
    "another holder": edited("reports.csv", other("a2", holder="league")),
    "a report that is withdrawn": edited("reports.csv", less("a1")),
    "a note": edited("reports.csv", other("a1", note="seen on the spot")),
    "a source": edited("sources.csv", more(id="new", name="New")),
    "another side": edited("sources.csv", other("monitor", stands_with="league")),
    "a place": edited("places.csv", more(id="new", name="New", kind="town", lat="46.05", lon="11.05")),
    "a place elsewhere": edited("places.csv", other("birchen", lat="46.9")),
    "an actor": edited("actors.csv", more(id="new", name="New", kind="rebel")),
    "another name": edited("actors.csv", other("league", name="The Old League")),
    "another list": edited("coverage.csv", other("strike-list", to="2031-02-01")),
    "no tie": edited("affiliations.csv", lambda rows: [row for row in rows if row["actor"] != "empire"]),
}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with all its answers."""
    case = tmp_path_factory.mktemp("checked") / "valley"
    shutil.copytree(VALLEY, case, ignore=shutil.ignore_patterns(".zenobia"))
    open_case(case).check()
    return case


@pytest.fixture
def valley(checked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(checked, tmp_path / "valley"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The needs for which something was estimated."""
    seen: list[str] = []
    plain = open_case.__globals__["OpenCase"].prepare

    def prepare(self, view, needs):
        seen.append(needs.name)
        return plain(self, view, needs)

    monkeypatch.setattr("zenobia.pipeline.OpenCase.prepare", prepare)
    return seen


def anew(case: Path, ids=None):
    shutil.rmtree(case / ".zenobia" / "answers", ignore_errors=True)
    return open_case(case).check(ids)


@pytest.mark.parametrize("what", EDITS)
def test_after_any_edit_what_is_kept_is_what_would_be_answered_anew(valley, what):
    EDITS[what](valley)
    kept = open_case(valley).check()
    assert kept == anew(valley)


def test_an_area_that_moves_is_seen(valley):
    shapes = valley / "areas.geojson"
    shapes.write_text(shapes.read_text("utf-8").replace("46.", "46.1"), encoding="utf-8")
    kept = open_case(valley).check()
    assert kept == anew(valley)


@pytest.mark.parametrize("what", ["a statement", "a battle"])
def test_what_no_question_can_see_leaves_every_estimate_alone(valley, asked, what):
    EDITS[what](valley)
    open_case(valley).check()
    assert asked == []


def test_a_word_of_control_is_heard(valley, asked):
    EDITS["a word of control"](valley)
    open_case(valley).check()
    assert asked


def test_answers_that_nobody_asks_for_are_let_go_after_a_few_records(valley):
    kept = valley / ".zenobia" / "answers"
    open_case(valley).check()
    whole = max(len(file.read_bytes()) for file in kept.glob("*.json"))
    for nth in range(6):
        edited("reports.csv", more(id=f"z{nth}", **SAID, type="statement", actor="crown"))(valley)
        open_case(valley).check(["V02"])
    last = max(kept.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
    assert len(last.read_bytes()) < whole / 2


@pytest.mark.long
def test_in_the_whole_case_what_is_kept_is_what_would_be_answered_anew(tmp_path):
    case = tmp_path / "palmyra"
    demo(case)
    opened = open_case(case)
    ids = [claim.id for claim in opened.claims_asked()][::3]
    opened.check(ids)
    said = "id,source,published,type,date,place,actor,holder,status\n"
    rows = (
        "z1,sohr,2016-05-02,control,2016-05-01,palmyra,,government,holds\n",
        "z2,sohr,2016-05-02,air-strike,2016-05-01,palmyra,russia,,\n",
        "z3,sohr,2015-09-02,capture,2015-09-01,idlib,rebels,rebels,takes\n",
    )
    for nth in range(1, len(rows) + 1):
        (case / "reports" / "zz.csv").write_text(said + "".join(rows[:nth]), encoding="utf-8")
        kept = open_case(case).check(ids)
        answers = case / ".zenobia" / "answers"
        shutil.move(answers, tmp_path / f"kept-{nth}")
        assert kept == open_case(case).check(ids)
        shutil.rmtree(answers)
        shutil.move(tmp_path / f"kept-{nth}", answers)
