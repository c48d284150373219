#!/bin/sh
# Writes requirements/core.txt and requirements/dev.txt anew: every package that an installation fetches,
# pinned to one version and to the SHA-256 of its files, for every platform and Python 3.11+ at once.
# Only what has wheels: an installation builds nothing (Makefile).
# No index address is written into them: they hold wherever the packages come from.
set -eu
cd "$(dirname "$0")/.."
UV=${UV:-.venv/bin/uv}
# A mirror or a folder of wheels set for this machine must not colour what everybody else installs.
unset PIP_CONFIG_FILE PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL \
      UV_INDEX UV_INDEX_URL UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_FIND_LINKS 2>/dev/null || :

lock() {
    out=$1; shift
    "$UV" --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --only-binary :all: --no-emit-index-url --no-emit-find-links --no-annotate "$@" --output-file "$out"
}

lock requirements/core.txt "$@" pyproject.toml requirements/build.in
lock requirements/dev.txt "$@" pyproject.toml requirements/build.in requirements/dev.in
