"""The documentation says what the program does, and builds without a warning or an outside address."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from zenobia.cli import main
from zenobia.terms import REPORT_TYPES, STATUSES, UNITS


def page(project: Path, name: str) -> str:
    return (project / "docs" / name).read_text(encoding="utf-8")


def verbs() -> Iterator[tuple[str, click.Command]]:
    assert isinstance(main, click.Group)
    yield from sorted(main.commands.items())


@pytest.mark.parametrize("verb", [name for name, _ in verbs()])
def test_every_verb_is_documented(verb: str, project: Path) -> None:
    assert f"`zenobia {verb}" in page(project, "interface.md")


def test_no_verb_is_documented_that_does_not_exist(project: Path) -> None:
    told = set(re.findall(r"`zenobia ([a-z]+)", page(project, "interface.md")))
    assert told == {name for name, _ in verbs()}


@pytest.mark.parametrize("verb", [name for name, _ in verbs()])
def test_every_option_of_a_verb_is_documented(verb: str, project: Path) -> None:
    assert isinstance(main, click.Group)
    options = [o for p in main.commands[verb].params if isinstance(p, click.Option) for o in p.opts]
    text = page(project, "interface.md")
    assert [o for o in options if o.startswith("--") and o not in text] == []


def below() -> Iterator[tuple[str, click.Command]]:
    for name, verb in verbs():
        if isinstance(verb, click.Group):
            yield from ((f"{name} {inner}", command) for inner, command in sorted(verb.commands.items()))


@pytest.mark.parametrize(("called", "command"), list(below()))
def test_a_verb_below_a_verb_is_documented_with_its_options(called: str, command: click.Command, project: Path) -> None:
    text = page(project, "interface.md")
    assert f"`zenobia {called}" in text
    options = [o for p in command.params if isinstance(p, click.Option) for o in p.opts if o.startswith("--")]
    assert [o for o in options if o not in text] == []


@pytest.mark.parametrize("word", [*REPORT_TYPES, *STATUSES, *UNITS])
def test_every_word_of_the_vocabulary_is_documented(word: str, project: Path) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", page(project, "interface.md"))


def test_the_documentation_builds_without_a_warning(project: Path, tmp_path: Path) -> None:
    # Without --quiet: it would silence the warnings before --strict can count them.
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    built = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    assert _outside_loads(tmp_path / "site") == []


OUTSIDE = r"""["']?(?:https?:)?//[^"'\s>)]+"""
FETCHED = re.compile(
    rf"""<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|data|srcset)={OUTSIDE}"""
    rf"""|<link\b(?![^>]*\brel=["']?canonical)[^>]*\bhref={OUTSIDE}"""
    rf"""|url\(\s*{OUTSIDE}|@import\s+{OUTSIDE}""",
    re.I,
)


def _outside_loads(site: Path) -> list[str]:
    """Whatever a browser would fetch from elsewhere to show a page (a link to be followed is none)."""
    return [
        f"{path.relative_to(site)}: {found}"
        for path in sorted(site.rglob("*"))
        if path.suffix in {".html", ".css"}
        for found in FETCHED.findall(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://x.example/a.js">',
        "<img alt='' src=//x.example/a.png>",
        '<link rel="stylesheet" href="https://x.example/a.css">',
        "body { background: url('http://x.example/a.png') }",
        '@import "https://x.example/a.css";',
    ],
)
def test_a_page_that_loads_from_elsewhere_is_found(markup: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(markup, encoding="utf-8")
    assert len(_outside_loads(tmp_path)) == 1


def test_a_link_to_be_followed_is_no_load(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('<a href="https://x.example/">there</a>', encoding="utf-8")
    assert _outside_loads(tmp_path) == []
