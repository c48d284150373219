"""A change that a user can notice is told in a fragment of a known kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import changelog


def test_every_fragment_has_a_kind_and_words(project: Path) -> None:
    for fragment in (project / "changelog.d").glob("*.md"):
        if fragment.name != "README.md":
            assert changelog.kind_of(fragment) in changelog.KINDS
            assert fragment.read_text(encoding="utf-8").strip()


def test_a_release_gathers_the_fragments_by_kind_with_moved_numbers_first(tmp_path: Path) -> None:
    fragments = [tmp_path / "b.added.md", tmp_path / "a.numbers.md"]
    fragments[0].write_text("A new\nverb.\n", encoding="utf-8")
    fragments[1].write_text("From .7 to .8.\n", encoding="utf-8")
    assert changelog.section("0.2.0", "2026-12-01", fragments) == (
        "## 0.2.0 (2026-12-01)\n\n### Numbers that moved\n\n- From .7 to .8.\n\n### Added\n\n- A new verb.\n\n"
    )


def test_an_unknown_kind_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="expected one of numbers, added, changed, fixed"):
        changelog.kind_of(tmp_path / "x.improved.md")
