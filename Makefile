# Works with GNU Make 3.81 and later (macOS ships 3.81). `make` alone lists the targets.
# Settings: PYTHON=/path/to/python3.11   VENV=.venv   DIR=palmyra (where `make demo` writes its case)

VENV ?= .venv
DIR  ?= palmyra
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --quiet --require-virtualenv
# Wheels only: building pyarrow or duckdb from source takes an hour, and a plain refusal takes a second.
INSTALL := $(PIP) install --require-hashes --only-binary :all:

CORE := $(VENV)/.core-installed
DEV  := $(VENV)/.dev-installed
WEB  := src/zenobia/publish/web/maplibre-gl.js.gz
AXE  := tests/browser/web/axe.min.js

.DEFAULT_GOAL := help
.PHONY: help demo demo-full test test-all test-long lint format types docs bench eval-control assets shots lock wheel clean
.DELETE_ON_ERROR:

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo: $(CORE)  ## write the built-in case to ./palmyra, check its claims, write its briefing
	$(BIN)/zenobia demo $(DIR)

demo-full: $(CORE)  ## the built-in case with real datasets added (needs data kept beside the project: DATA=folder)
	$(BIN)/python -m tools.demo_full $(DATA)

test: $(DEV)  ## the tests, without the long ones
	$(BIN)/python -m pytest $(PYTEST)

test-all: $(DEV) $(AXE)  ## every test, the long ones and those in a browser too (needs npm and Chromium)
	@sh tools/need-browser.sh
	$(BIN)/python -m pytest -m "long or not long" $(PYTEST)

test-long: $(DEV) $(AXE)  ## only the long tests, those in a browser among them (needs npm and Chromium)
	@sh tools/need-browser.sh
	$(BIN)/python -m pytest -m long $(PYTEST)

lint: $(DEV)  ## ruff, and the contract that imports run one way
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

format: $(DEV)  ## lay the code out and mend what ruff can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(DEV)  ## mypy --strict
	$(BIN)/mypy

docs: $(DEV)  ## build the documentation into ./site, warnings as errors
	$(BIN)/mkdocs build --strict

bench: $(DEV)  ## measure speed and write docs/benchmarks.md
	$(BIN)/python -m tools.bench

eval-control: $(DEV)  ## score the control estimate and write docs/control-evidence.md (needs data kept beside the project)
	$(BIN)/python -m tools.eval_control $(DATA)

assets: $(DEV)  ## fetch and derive the geodata in src/zenobia/assets (needs npm; run once, by a person)
	$(BIN)/python tools/assets.py

shots: $(DEV)  ## show the demo in README and docs as it is now (needs Chromium)
	$(BIN)/python tools/shots.py

lock: $(DEV)  ## pin every dependency anew; `make lock UPGRADE=--upgrade` takes newer versions
	UV=$(BIN)/uv tools/lock.sh $(UPGRADE)

wheel: $(DEV)  ## build the wheel into ./dist
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

clean:  ## remove what the targets above made
	rm -rf $(VENV) src/zenobia/publish/web tests/browser/web site dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# One stamp per stage, so that a second run starts at once.
$(VENV)/bin/python:
	@python=$$(PYTHON="$(PYTHON)" sh tools/find-python.sh) && \
	  echo "Making $(VENV) with $$python" && rm -rf $(VENV) && "$$python" -m venv $(VENV)

$(CORE): $(VENV)/bin/python requirements/core.txt pyproject.toml hatch_build.py
	@echo "Installing Zenobia and what it stands on (once; about a minute)"
	@$(INSTALL) -r requirements/core.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@test -f $(WEB) || echo "Without MapLibre (no npm, or nothing to be fetched): maps are still SVG images."
	@touch $@

# Looks for barriers on pages: fetched for the tests, pinned, never committed.
$(AXE): tools/fetch_axe.py hatch_build.py | $(DEV)
	@$(BIN)/python -m tools.fetch_axe

$(DEV): $(CORE) requirements/dev.txt
	@echo "Installing what tests and checks need (once)"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@
