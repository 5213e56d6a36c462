# `make run` and `make test` are all that most people need; `make help` lists the rest.
#
# Settings, on the command line or from the environment:
#   PORT=8501  HOST=localhost  VENV=.venv  PYTHON=python3  WORKERS=2 (processes that run tests)
#   WARDSTATS_DATA, WARDSTATS_VAR, WARDSTATS_BOUNDARIES and others of README reach the program as they are.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8501
HOST ?= localhost
APP ?= server.py
ARGS ?=
UPGRADE ?=
WORKERS ?= 2

BIN := $(VENV)/bin
# A slow or broken line is common where this is used: wait longer and try again more often than pip does by itself.
export PIP_DEFAULT_TIMEOUT ?= 60
export PIP_RETRIES ?= 10
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_NO_INPUT = 1
export PYTHONUTF8 = 1
# Where modules may not be kept compiled, each of the many processes that tests start compiles them anew.
unexport PYTHONDONTWRITEBYTECODE

# Named after the content of a lock, so that packages are installed again exactly when it changes, whatever the clock says.
RUN_READY := $(VENV)/.run-$(shell cksum < requirements.txt | cut -d ' ' -f 1)
TEST_READY := $(VENV)/.test-$(shell cat requirements.txt requirements-test.txt | cksum | cut -d ' ' -f 1)

# Nothing but files whose digests stand in a lock.
INSTALL = $(BIN)/python -m pip install --quiet --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run build boundaries test test-quick hostile browser programs check format bench load siege lock sbom icons clean
.DELETE_ON_ERROR:

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: build ## install what is needed, build the snapshot, serve what is up at http://localhost:8501; ARGS pass on to Streamlit
	@echo "Serving http://$(HOST):$(PORT) (stop with Ctrl+C)"
	@exec $(BIN)/python -m streamlit run $(APP) --server.port $(PORT) --server.address $(HOST) $(ARGS)

build: $(RUN_READY) ## check the data folder and build its snapshot; publishes the first one only
	@$(BIN)/python -m wardstats build

boundaries: $(RUN_READY) ## fetch the wards' shapes for the map; ARGS=FILE takes a file, folder or ZIP instead
	@$(BIN)/python -m wardstats boundaries $(ARGS)

# Two processes share the test files; each has a server and a Chromium of its own. tests/conftest.py puts the
# files that take longest first.
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test: $(TEST_READY) browser programs ## run all tests, those in Chromium included; ARGS="-k map" passes on to pytest
	$(PYTEST) $(ARGS)

test-quick: $(TEST_READY) programs ## run all tests but those in Chromium
	$(PYTEST) -m "not browser" $(ARGS)

hostile: export WARDSTATS_KILLS ?= 8
hostile: $(TEST_READY) ## run the tests that feed hostile inputs, and print how many of each kind were tried and handled
	$(PYTEST) -m "hostile and not browser" -p tests.hostile_table $(ARGS)

browser: $(TEST_READY) ## find Chromium, or install it
	@$(BIN)/python tests/browser/chromium.py

programs: $(TEST_READY) ## find LibreOffice and pdftotext, or install them
	@$(BIN)/python tests/programs.py

check: $(TEST_READY) ## lint, formatting, who imports whom, types, SQL
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m pyright --pythonpath $(BIN)/python
	$(BIN)/python -m sqlfluff lint --disable-progress-bar queries

format: $(TEST_READY) ## put code and SQL into the agreed form
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .
	$(BIN)/python -m sqlfluff fix --disable-progress-bar queries

bench: $(TEST_READY) ## measure what has a time budget
	$(BIN)/python -m pytest -s tests/bench/bench_budgets.py tests/bench/bench_pages.py tests/bench/bench_scores.py tests/bench/bench_harvest.py \
		tests/bench/bench_ledger.py tests/bench/bench_visit_cpu.py $(ARGS)

load: $(TEST_READY) ## put viewers on a server of its own and measure; ARGS="--streams 15000 --pages 0"
	$(BIN)/python -m tests.load $(ARGS)

siege: $(TEST_READY) ## an hour of everything hostile beside 2,000 phones and a publish every 10 s; ARGS="--minutes 3"
	$(BIN)/python -m tests.load.siege $(ARGS)

# Universal locks: one file for Linux, macOS and Windows, with the digest of each of their files. Pins stay as they are
# unless UPGRADE=--upgrade is given.
LOCK = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

lock: $(BIN)/python ## write requirements.txt and requirements-test.txt anew from pyproject.toml
	$(BIN)/python -m pip install --quiet "uv>=0.9"
	$(LOCK) --output-file requirements.txt > /dev/null
	$(LOCK) --extra test --constraints requirements.txt --output-file requirements-test.txt > /dev/null

sbom: $(TEST_READY) ## write sbom.json, the packages that the program runs with (CycloneDX), from requirements.txt
	$(BIN)/python -m tests.bill_of_materials sbom.json

icons: $(TEST_READY) ## write the font of icons anew, after a page names another or Streamlit has changed
	$(BIN)/python -m tests.icon_font

clean: ## remove the virtual environment and all caches; data and snapshots stay
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis test-artefacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) > /dev/null || { echo "No '$(PYTHON)' found. Install Python 3.11 or newer, or name it: make run PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name a newer one: make run PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV); echo "The virtual environment could not be made. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(RUN_READY): | $(BIN)/python
	@echo "Installing packages into $(VENV) ..."
	@$(INSTALL) -r requirements.txt
	@rm -f $(VENV)/.run-* && touch $@

$(TEST_READY): | $(BIN)/python
	@echo "Installing packages, those for tests included, into $(VENV) ..."
	@$(INSTALL) -r requirements-test.txt
	@rm -f $(VENV)/.run-* $(VENV)/.test-* && touch $(RUN_READY) $@
