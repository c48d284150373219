#!/bin/sh
# Prints the Python that the Makefile builds .venv with: 3.11 or newer, able to make a virtual environment.
# PYTHON=... names one; otherwise the ones that the libraries have been released for longest come first.
set -eu

usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

without_venv=
for candidate in ${PYTHON:-python3.12 python3.13 python3.11 python3 python3.14 python}; do
    command -v "$candidate" >/dev/null 2>&1 || continue
    usable "$candidate" || continue
    if has_venv "$candidate"; then
        exec "$candidate" -c 'import sys; print(sys.executable)'  # not a launcher that may change its mind later
    fi
    without_venv=${without_venv:-$candidate}
done

if [ -n "$without_venv" ]; then
    version=$("$without_venv" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    cat >&2 <<MESSAGE
Python $version is here ($without_venv), but without the modules that make a virtual environment.
  On Debian and Ubuntu:  apt-get install python$version-venv
  Elsewhere: install Python from its own installer, or name another one:  make PYTHON=/path/to/python3.11 ...
MESSAGE
else
    found=$(${PYTHON:-python3} --version 2>&1 || :)
    cat >&2 <<MESSAGE
Zenobia needs Python 3.11 or newer, and none was found (${PYTHON:-python3} says: ${found:-nothing}).
  On Debian and Ubuntu:  apt-get install python3 python3-venv
  On macOS:              brew install python@3.12
  Or name one:           make PYTHON=/path/to/python3.11 ...
MESSAGE
fi
exit 1
