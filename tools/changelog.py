"""Moves the fragments in changelog.d into CHANGELOG.md, under a version and a day.

python tools/changelog.py 0.2.0 2026-12-01
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = {"numbers": "Numbers that moved", "added": "Added", "changed": "Changed", "fixed": "Fixed"}


def main(version: str, day: str) -> None:
    """Write the new section and take the fragments away."""
    fragments = sorted(p for p in (ROOT / "changelog.d").glob("*.md") if p.name != "README.md")
    changelog = ROOT / "CHANGELOG.md"
    head, mark, rest = changelog.read_text(encoding="utf-8").partition("\n## ")
    written = head.rstrip("\n") + "\n\n" + section(version, day, fragments) + (mark + rest).lstrip("\n")
    changelog.write_text(written.rstrip("\n") + "\n", encoding="utf-8")
    for fragment in fragments:
        fragment.unlink()


def section(version: str, day: str, fragments: list[Path]) -> str:
    """One version of the changelog: a heading for each kind that has fragments."""
    lines = [f"## {version} ({day})", ""]
    for kind, title in KINDS.items():
        texts = [p.read_text(encoding="utf-8").strip() for p in fragments if kind_of(p) == kind]
        if texts:
            lines += [f"### {title}", "", *(f"- {' '.join(t.split())}" for t in texts), ""]
    return "\n".join(lines) + "\n"


def kind_of(fragment: Path) -> str:
    """The kind of a fragment, from its name."""
    kind = fragment.name.split(".")[-2]
    if kind not in KINDS:
        raise SystemExit(f"{fragment}: kind {kind!r}; expected one of {', '.join(KINDS)}: NAME.KIND.md")
    return kind


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
