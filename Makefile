# `make help` lists the targets. Requires Python ≥ 3.11, make and access to a package registry.
PYTHON ?= python3
VENV ?= .venv
PERIOD ?= 2021-Q1
BENCH ?= reading file_formats matching validation loading ranking

BIN := $(VENV)/bin/
RUN := $(BIN)python
PIP := $(RUN) -m pip --quiet --quiet --require-virtualenv
# Marker files named after the content of the requirements: a second call installs nothing, a changed file does.
RUNTIME := $(VENV)/runtime-$(shell cat requirements.txt pyproject.toml | cksum | cut -d' ' -f1)
DEV := $(VENV)/dev-$(shell cat requirements-dev.txt pyproject.toml | cksum | cut -d' ' -f1)

LOCK := $(BIN)uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header

export PYTHONPATH := $(CURDIR)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run up test studies bench coverage faults fuzz backup restore check requirements clean \
	check-format check-lint check-types check-layers check-sql check-docker check-compose
.DELETE_ON_ERROR:

help: ## list the targets
	@echo "Usage: make TARGET"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1 \2/p' $(MAKEFILE_LIST) | while read -r name words; do \
		printf '  %-12s %s\n' "$$name" "$$words"; done
	@echo "Settings: PYTHON=python3.12 (another Python), VENV=folder, PERIOD=2021-Q1, BENCH='loading ranking', and CCHC_… (docs/operations.md)"

run: $(RUNTIME) ## run the DAG quarterly_reports on examples/ and print the ranking
	@$(RUN) -m tools.local_airflow run --period $(PERIOD)

up: $(RUNTIME) ## Airflow's pages and scheduler at http://127.0.0.1:8080, until Ctrl-C
	@$(RUN) -m tools.local_airflow serve

test: $(DEV) ## all tests except the studies
	@$(RUN) -m pytest -n auto --dist loadfile -m "not study"

studies: $(DEV) ## tests that take minutes: killed runs, full disks, errors planted in reports
	@$(RUN) -m pytest -n auto --dist loadfile -m study

bench: $(DEV) ## compare speed with floors and peers measured in the same run (15 minutes)
	@code=0; for name in $(BENCH); do \
		printf '\n== benchmarks.%s\n' "$$name"; $(RUN) -m "benchmarks.$$name" || code=1; \
	done; exit $$code

coverage: $(DEV) ## tests and studies, with the lines of etl/ that they do not reach
	@$(RUN) -m pytest -n auto --dist loadfile --cov --cov-report=term-missing:skip-covered

faults: $(DEV) ## kill runs in every way and compare the marts (some minutes)
	@$(RUN) -m tests.faults

fuzz: $(DEV) ## read 12,000 damaged reports (some minutes)
	@$(RUN) -m tests.fuzz

OUT ?= $${CCHC_VAR:-var}/backups/$(shell date +%Y-%m-%dT%H%M%S)
backup: $(RUNTIME) ## back up the warehouse and its file store to a new folder (OUT=folder)
	@$(RUN) -m etl backup --out "$(OUT)"

restore: $(RUNTIME) ## restore a backup (FROM=folder; REPLACE=yes replaces an existing warehouse)
	@test -n "$(FROM)" || { echo "Name the backup: make restore FROM=folder" >&2; exit 2; }
	@$(RUN) -m etl restore "$(FROM)" $(if $(filter yes,$(REPLACE)),--replace)

check: check-format check-lint check-types check-layers check-sql check-docker check-compose ## format, lint, types, layers, SQL, container files

check-format: $(DEV)
	@$(BIN)ruff format --check --quiet . && echo "format   ok"
check-lint: $(DEV)
	@$(BIN)ruff check --quiet . && echo "lint     ok"
check-types: $(DEV)
	@$(BIN)mypy
check-layers: $(DEV)
	@$(BIN)lint-imports --no-logo
check-sql: $(DEV)
	@$(BIN)sqlfluff lint sql --nocolor --disable-progress-bar
check-docker: $(DEV)
	@$(BIN)hadolint docker/Dockerfile && echo "docker   ok"
check-compose: $(DEV)
	@$(BIN)check-jsonschema --builtin-schema vendor.compose-spec docker/compose.yaml

requirements: $(DEV) ## resolve requirements*.in again into the pinned files and the hashed lock file of the image
	@$(LOCK) requirements.in --output-file requirements.txt
	@$(LOCK) requirements-dev.in --constraint requirements.txt --output-file requirements-dev.txt
	@$(LOCK) requirements.in --constraint requirements.txt --generate-hashes --output-file requirements.lock

clean: ## stop the embedded server; remove .venv, caches and Airflow's metadata (var/ keeps the warehouse)
	@if [ -x $(RUN) ] && $(RUN) -c "import etl.database" 2>/dev/null; then $(RUN) -m etl database stop; fi
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache "$${CCHC_VAR:-var}/airflow"
	find dags etl tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

# A virtual environment with the runtime requirements and the project itself (editable, which makes `cchc`).
$(RUNTIME): | $(VENV)/created
	@echo "Installing requirements.txt"
	@$(PIP) install -r requirements.txt
	@$(PIP) install --no-deps --editable .
	@rm -f $(VENV)/runtime-*
	@touch $@

# The runtime and what tests and checks need. requirements-dev.txt contains requirements.txt.
$(DEV): | $(VENV)/created
	@echo "Installing requirements-dev.txt"
	@$(PIP) install -r requirements-dev.txt
	@$(PIP) install --no-deps --editable .
	@rm -f $(VENV)/runtime-* $(VENV)/dev-*
	@touch $(RUNTIME) $@

$(VENV)/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is required; $(PYTHON) is $$($(PYTHON) --version 2>&1). Choose another: make PYTHON=python3.12" >&2; \
		exit 2; }
	@echo "Creating $(VENV) (a few minutes, once)"
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo "$(PYTHON) cannot create virtual environments; on Debian or Ubuntu: apt install python3-venv" >&2; exit 2; }
	@touch $@
