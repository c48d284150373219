"""The README shows what the demo really says."""

from __future__ import annotations

import re
from pathlib import Path

from zenobia import pipeline


def test_the_readme_shows_the_verdicts_that_the_demo_gives(project: Path, tmp_path: Path) -> None:
    _, case = pipeline.demo(tmp_path / "palmyra")
    given = {claim["id"]: claim["verdict"] for claim in case.check()["claims"]}
    shown = re.findall(
        r"^ (C\d\d) +\S (supported|contradicted|partly|cannot tell) ",
        (project / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert dict(shown) == given, "run `make shots`"


def test_every_link_in_the_readme_leads_somewhere(project: Path) -> None:
    for page in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "changelog.d/README.md"):
        text = (project / page).read_text(encoding="utf-8")
        targets = [t for t in re.findall(r"\]\(([^)#]+)", text) if not t.startswith("http")]
        assert [t for t in targets if not (project / page).parent.joinpath(t).exists()] == []
