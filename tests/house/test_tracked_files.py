"""What the project ships names no machine that it was made on and no address that it fetches from."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pytest

# Written in two halves, so that this file does not find itself.
FORBIDDEN = [
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/home/" + "runner",
    "/tmp/" + "venv",
    "/opt/" + "wheels",
    "/opt/" + "pypi",
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "deb." + "debian.org",
    "extra-" + "index-url",
    "--index" + "-url",
    "--find" + "-links",
]
LARGEST = 2_000_000  # bytes; what is bigger is data, and data is captured by a case, not shipped


@cache
def tracked(project: Path) -> tuple[Path, ...]:
    """Every file that git holds or would take."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(asked, cwd=project, capture_output=True, check=True).stdout.decode()
    return tuple(project / name for name in listed.split("\0") if name and (project / name).is_file())


@pytest.mark.parametrize("phrase", FORBIDDEN)
def test_no_file_names(phrase: str, project: Path) -> None:
    holding = [p for p in tracked(project) if phrase.encode() in p.read_bytes()]
    assert [str(p.relative_to(project)) for p in holding] == []


def test_no_file_is_too_large_to_review(project: Path) -> None:
    assert [p for p in tracked(project) if p.stat().st_size > LARGEST] == []


def test_no_cache_is_kept_in_git(project: Path) -> None:
    assert [p for p in tracked(project) if ".zenobia" in p.parts or "__pycache__" in p.parts] == []


def test_text_files_are_utf8_with_plain_line_ends(project: Path) -> None:
    kinds = {
        ".py",
        ".md",
        ".toml",
        ".csv",
        ".yaml",
        ".yml",
        ".txt",
        ".in",
        ".json",
        ".geojson",
        ".sh",
        ".html",
    }
    wrong = [p for p in tracked(project) if p.suffix in kinds and b"\r\n" in p.read_bytes()]
    assert wrong == []
    for path in tracked(project):
        if path.suffix in kinds:
            path.read_bytes().decode("utf-8")


def test_no_source_file_hides_its_order_with_direction_marks(project: Path) -> None:
    # Characters that turn the direction of text can make code read otherwise than it runs.
    marks = [chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
    code = [p for p in tracked(project) if p.suffix in {".py", ".toml", ".sh", ".yml", ".yaml"}]
    assert [p for p in code if any(m in p.read_text(encoding="utf-8") for m in marks)] == []
