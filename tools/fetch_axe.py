"""Fetches axe-core, with which tests/browser looks for barriers: pinned, checked, into a folder that git ignores."""

from __future__ import annotations

from pathlib import Path

from hatch_build import Pinned, fetch

OUT = Path(__file__).resolve().parent.parent / "tests" / "browser" / "web" / "axe.min.js"
AXE = Pinned(
    name="axe-core",
    version="4.14.1",
    sha256="e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
    files=(("package/axe.min.js", "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"),),
)


def main() -> None:
    """Fetch it, once."""
    (script,) = fetch(AXE)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_bytes(script)
    print(f"{OUT.name} of {AXE.name} {AXE.version}: {len(script):,} bytes")


if __name__ == "__main__":
    main()
