"""What is installed is what was pinned, file by file."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

PIN = re.compile(r"^([A-Za-z0-9_.-]+)==", re.M)


def pinned(path: Path) -> set[str]:
    return {name.lower().replace("_", "-") for name in PIN.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", ["core.txt", "dev.txt"])
def test_every_pin_carries_a_hash(name: str, project: Path) -> None:
    text = (project / "requirements" / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [e.split()[0] for e in entries if "--hash=sha256:" not in e] == []


def test_core_pins_every_dependency_that_the_project_declares(project: Path) -> None:
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*declared["project"]["dependencies"], *declared["build-system"]["requires"]]
    names = {re.match(r"[A-Za-z0-9_.-]+", w).group().lower() for w in wanted}  # type: ignore[union-attr]
    assert names <= pinned(project / "requirements" / "core.txt")


def test_dev_is_core_and_more(project: Path) -> None:
    def pins(name: str) -> set[str]:
        text = (project / "requirements" / name).read_text(encoding="utf-8")
        return set(re.findall(r"^[A-Za-z0-9_.-]+==[^\\\s]+", text, re.M))

    assert pins("core.txt") < pins("dev.txt")


def test_every_import_of_a_third_party_is_declared(project: Path) -> None:
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    allowed = modules_of(declared["dependencies"]) | {"zenobia", "pydantic_core", "mdurl"}
    # Those of an extra may be missing: they are imported where they are used and not before.
    later = allowed.union(*map(modules_of, declared.get("optional-dependencies", {}).values()))
    for path in (project / "src" / "zenobia").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        at_once = _third_parties(node for statement in tree.body for node in _outside_functions(statement))
        assert at_once <= allowed, path.relative_to(project)
        assert _third_parties(ast.walk(tree)) <= later, path.relative_to(project)


def modules_of(requirements: list[str]) -> set[str]:
    """The modules that required packages are imported as."""
    called = {"pyyaml": "yaml", "markdown_it_py": "markdown_it"}
    names = [re.match(r"[A-Za-z0-9_.-]+", r).group().lower().replace("-", "_") for r in requirements]  # type: ignore[union-attr]
    return {called.get(name, name) for name in names}


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        for inner in ast.iter_child_nodes(node):
            yield from _outside_functions(inner)


def _third_parties(nodes: Iterable[ast.AST]) -> set[str]:
    roots: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            roots.add(node.module.split(".")[0])
    return roots - set(sys.stdlib_module_names) - {"__future__"}
