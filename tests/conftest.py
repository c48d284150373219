"""What all tests share: where real data lies, and that nothing is skipped in silence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files that nobody on this project wrote, kept beside the project and never in it.

    `ZENOBIA_DATA` names it; otherwise it is `../shared/data`. A test that asks for it is skipped, with
    this reason, where it is absent; on the machine that guards the project nothing may be skipped.
    """
    folder = Path(os.environ.get("ZENOBIA_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}; ZENOBIA_DATA names another folder")
    return folder


@pytest.fixture
def valley(tmp_path: Path) -> Path:
    """A fresh copy of the invented valley, a case with a known truth (tests/valley/README.md)."""
    return Path(shutil.copytree(ROOT / "tests" / "valley", tmp_path / "valley"))


@pytest.fixture(scope="session")
def stopping() -> Iterator[Callable[..., dict[str, Any]]]:
    """Runs verbs in processes that are killed, or find the disk full; tests/recovery/stopping.py lists the orders."""
    command = [sys.executable, str(ROOT / "tests" / "recovery" / "stopping.py")]
    paths = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
    ) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None
        asked, answers = driver.stdin, driver.stdout

        def order(*words: object, **more: Any) -> dict[str, Any]:
            print(json.dumps({"words": [str(word) for word in words], **more}), file=asked, flush=True)
            told: dict[str, Any] = json.loads(answers.readline())
            return told

        yield order
        asked.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why a run with skipped tests fails."""
    if _guarding() and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("CI=true: a skipped test counts as a failure.", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run in which something was skipped, where CI=true."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter is not None and reporter.stats.get("skipped")
    if _guarding() and skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _guarding() -> bool:
    return os.environ.get("CI", "").lower() == "true"
