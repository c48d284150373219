"""How far long work has come: on a terminal, on standard error, and nowhere else."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from zenobia import pipeline
from zenobia.cli import main
from zenobia.publish import progress
from zenobia.watching import Watching

# As `zenobia`, but for the half second after which alone a line is shown.
PROGRAM = "from zenobia.publish import progress; progress._AFTER = 0; from zenobia.cli import main; main()"

TERMINALS = pytest.mark.skipif(os.name != "posix", reason="a terminal of one's own is had on POSIX alone")


def run(project: Path, *words: object) -> tuple[str, str]:
    """What comes to standard output, a pipe, and to standard error, a terminal."""
    ours, theirs = os.openpty()
    env = {**os.environ, "PYTHONPATH": str(project / "src"), "TERM": "xterm", "COLUMNS": "120"}
    command = [sys.executable, "-c", PROGRAM, *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=env) as started:
        os.close(theirs)
        told = b""
        with suppress(OSError):  # what a terminal answers when nobody holds its other end any more
            while part := os.read(ours, 65536):
                told += part
        os.close(ours)
        assert started.stdout is not None
        out = started.stdout.read()
    assert started.returncode == 0, told
    return out.decode(), told.decode()


@TERMINALS
def test_a_terminal_sees_the_steps_and_then_nothing_of_them(project, valley):
    out, seen = run(project, "check", "--case", valley)
    assert "checking claims" in seen
    assert "writing the record" in seen
    assert "\x1b[2K" in seen.rpartition("checking claims")[2]  # the line is taken away again
    assert "checking claims" not in out


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "quiet", "term", "told"),
    [
        (Terminal(), False, "xterm", True),
        (Terminal(), True, "xterm", False),
        (Terminal(), False, "dumb", False),
        (io.StringIO(), False, "xterm", False),
    ],
    ids=["a terminal", "with --json", "a terminal that cannot take a line back", "a pipe"],
)
def test_only_a_terminal_is_told_anything(monkeypatch, stream, quiet, term, told):
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.shown_progress(quiet=quiet) as tell:
        assert (tell is not None) is told


@pytest.mark.parametrize("words", [["check"], ["check", "--json"]])
def test_json_is_asked_for_in_quiet(monkeypatch, valley, words):
    asked = []

    @contextmanager
    def noted(*, quiet):
        asked.append(quiet)
        yield None

    monkeypatch.setattr(pipeline, "shown_progress", noted)
    result = CliRunner().invoke(main, [*words, "--case", str(valley)])
    assert asked == ["--json" in words]
    assert result.stderr == ""


# --- lines, on a terminal that is made of text ----------------------------------------------------


@pytest.fixture
def lines(monkeypatch) -> progress._Lines:
    monkeypatch.setattr(progress, "_AFTER", 0)
    return progress._Lines(Console(force_terminal=True, width=100, file=io.StringIO()))


def shown(lines: progress._Lines) -> list[str]:
    return [] if lines._shown is None else [task.description for task in lines._shown.tasks]


def test_a_step_is_shown_while_it_lasts(lines):
    watching = Watching()
    watching.tell = lines.tell
    with watching.step("reading"):
        assert shown(lines) == ["reading"]
        with watching.step("counting"):
            assert shown(lines) == ["reading", "counting"]
        assert shown(lines) == ["reading"]
    assert shown(lines) == []


def test_things_are_counted_as_they_are_gone_through(lines):
    watching = Watching()
    watching.tell = lines.tell
    counted = []
    for _ in watching.through("abc", "checking"):
        assert lines._shown is not None
        (task,) = lines._shown.tasks
        counted.append((task.completed, task.total))
    assert counted == [(0, 3), (1, 3), (2, 3)]
    assert shown(lines) == []


def test_a_step_that_fails_is_taken_away(lines):
    watching = Watching()
    watching.tell = lines.tell
    with pytest.raises(ValueError, match="so it is"), watching.step("reading"):
        raise ValueError("so it is")
    assert shown(lines) == []


def test_a_step_is_not_worth_a_line_before_half_a_second(lines, monkeypatch):
    monkeypatch.setattr(progress, "_AFTER", 0.5)
    lines.tell("reading", 0, 1)
    assert lines._shown is not None
    (task,) = lines._shown.tasks
    assert str(lines._shown.columns[0](task)) == ""
    lines.close()
