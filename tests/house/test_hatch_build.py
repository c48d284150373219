"""The build brings the map library, exactly the one that was pinned, or goes on without."""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
from pathlib import Path

import pytest

import hatch_build
from hatch_build import NotFetched, Pinned, taken


def archive(folder: Path, content: bytes) -> Path:
    path = folder / "lib-1.0.tgz"
    with tarfile.open(path, "w:gz") as out:
        member = tarfile.TarInfo("package/lib.js")
        member.size = len(content)
        out.addfile(member, io.BytesIO(content))
    return path


def pinned(path: Path, content: bytes) -> Pinned:
    whole, part = (hashlib.sha256(data).hexdigest() for data in (path.read_bytes(), content))
    return Pinned(name="lib", version="1.0", sha256=whole, files=(("package/lib.js", part),))


def test_the_file_that_was_pinned_is_taken(tmp_path: Path) -> None:
    path = archive(tmp_path, b"let a = 1")
    assert list(taken(pinned(path, b"let a = 1"), path)) == [b"let a = 1"]


def test_another_file_in_the_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, b"let a = 2")
    with pytest.raises(NotFetched, match="package/lib.js is not what was pinned"):
        list(taken(pinned(path, b"let a = 1"), path))


def test_another_archive_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = archive(tmp_path, b"let a = 1")
    wanted = pinned(path, b"let a = 1")
    path.write_bytes(b"no archive at all")
    with pytest.raises(NotFetched, match=r"lib-1.0.tgz is not what was pinned"):
        list(taken(wanted, path))


def test_without_npm_nothing_can_be_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    with pytest.raises(NotFetched, match="npm is not installed"):
        hatch_build.bring(tmp_path)
    assert not (tmp_path / hatch_build.SCRIPT).exists()


def test_an_npm_beside_the_python_that_builds_will_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []

    def packed(npm: str, package: Pinned, folder: Path) -> Path:
        asked.append(npm)
        return folder / "lib.tgz"

    beside = hatch_build.beside_python()
    monkeypatch.setattr("shutil.which", lambda name, path=None: f"{path}/npm" if path == beside else None)
    monkeypatch.setattr(hatch_build, "packed", packed)
    monkeypatch.setattr(hatch_build, "taken", lambda package, archive: [b"let a = 1", b"licence"])
    hatch_build.bring(tmp_path)
    assert asked == [f"{beside}/npm"]
    assert Path(beside) == Path(sys.executable).parent
