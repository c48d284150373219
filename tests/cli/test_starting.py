"""What needs no case answers at once: nothing heavy is imported for it."""

import subprocess
import sys

import pytest

HEAVY = {"duckdb", "pyarrow", "numpy", "shapely", "jinja2", "rich.console", "zenobia.pipeline", "mcp"}


def imported(*words):
    """Every module that a call imports."""
    told = (
        "import sys\n"
        "from zenobia.cli import main\n"
        "try:\n"
        f"    main({list(words)!r}, prog_name='zenobia')\n"
        "except SystemExit as ended:\n"
        "    assert not ended.code, ended.code\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)\n"
    )
    called = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(called.stderr.split())


@pytest.mark.parametrize(
    "words", [["--version"], ["--help"], ["check", "--help"], ["claim", "--help"], ["export", "-h"]]
)
def test_a_question_about_the_program_itself_imports_nothing_heavy(words):
    assert imported(*words) & HEAVY == set()


def test_importing_the_package_imports_nothing_heavy():
    told = subprocess.run(
        [sys.executable, "-c", "import sys, zenobia; zenobia.open; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(told.stdout.split()) & HEAVY == set()
