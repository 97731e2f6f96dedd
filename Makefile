# `make help` says what there is. Python ≥ 3.11, make and the package registry are all it takes.
PYTHON ?= python3
VENV ?= .venv
PERIOD ?= 2021-Q1
BENCH ?= reading file_formats matching judging loading ranking

BIN := $(VENV)/bin/
RUN := $(BIN)python
# Named after the content of requirements.txt, so that a second call installs nothing and a changed file does.
INSTALLED := $(VENV)/installed-$(shell cksum < requirements.txt | cut -d' ' -f1)

export PYTHONPATH := $(CURDIR)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run up test bench faults fuzz backup restore check clean \
	check-format check-lint check-types check-layers check-sql check-docker check-compose
.DELETE_ON_ERROR:

help: ## this list
	@echo "make TARGET, with TARGET one of"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1 \2/p' $(MAKEFILE_LIST) | while read -r name words; do \
		printf '  %-8s %s\n' "$$name" "$$words"; done
	@echo "Settings: PYTHON=python3.12 (another Python), VENV=folder, PERIOD=2021-Q1, BENCH='loading ranking', and CCHC_… (docs/operations.md)"

run: $(INSTALLED) ## run the DAG quarterly_reports over examples/ and print the ranking
	@$(RUN) -m dags.local run --period $(PERIOD)

up: $(INSTALLED) ## Airflow's pages and scheduler at http://127.0.0.1:8080, until Ctrl-C
	@$(RUN) -m dags.local serve

test: $(INSTALLED) ## all tests
	@$(RUN) -m pytest -n auto --dist loadfile

bench: $(INSTALLED) ## what things cost, against floors and peers of the same run (a quarter of an hour)
	@code=0; for name in $(BENCH); do \
		printf '\n== benchmarks.%s\n' "$$name"; $(RUN) -m "benchmarks.$$name" || code=1; \
	done; exit $$code

faults: $(INSTALLED) ## break runs off in every way and compare the marts (some minutes)
	@$(RUN) -m tests.faults

fuzz: $(INSTALLED) ## 12,000 damaged reports through the reader (some minutes)
	@$(RUN) -m tests.fuzz

OUT ?= $${CCHC_VAR:-var}/backups/$(shell date +%Y-%m-%dT%H%M%S)
backup: $(INSTALLED) ## the warehouse and its file store into a new folder (OUT=folder)
	@$(RUN) -m etl backup --out "$(OUT)"

restore: $(INSTALLED) ## bring a backup back (FROM=folder; REPLACE=yes in the place of a warehouse)
	@test -n "$(FROM)" || { echo "Say which backup: make restore FROM=folder" >&2; exit 2; }
	@$(RUN) -m etl restore "$(FROM)" $(if $(filter yes,$(REPLACE)),--replace)

check: check-format check-lint check-types check-layers check-sql check-docker check-compose ## format, lint, types, layers, SQL, container files

check-format: $(INSTALLED)
	@$(BIN)ruff format --check --quiet . && echo "format   every file is as ruff would write it"
check-lint: $(INSTALLED)
	@$(BIN)ruff check --quiet . && echo "lint     nothing found"
check-types: $(INSTALLED)
	@$(BIN)mypy
check-layers: $(INSTALLED)
	@$(BIN)lint-imports --no-logo
check-sql: $(INSTALLED)
	@$(BIN)sqlfluff lint sql --nocolor --disable-progress-bar
check-docker: $(INSTALLED)
	@$(BIN)hadolint docker/Dockerfile && echo "docker   hadolint finds nothing"
check-compose: $(INSTALLED)
	@$(BIN)check-jsonschema --builtin-schema vendor.compose-spec docker/compose.yaml

clean: ## stop the embedded server, remove .venv, caches and Airflow's records; the warehouse under var/ stays
	@if [ -x $(RUN) ] && [ -f $(INSTALLED) ]; then $(RUN) -m etl database stop; fi
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache "$${CCHC_VAR:-var}/airflow"
	find dags etl tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12" >&2; \
		exit 2; }
	@echo "Making $(VENV): a few minutes, once"
	@test -x $(RUN) && $(RUN) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { \
		echo "$(PYTHON) cannot make virtual environments; on Debian or Ubuntu: apt install python3-venv" >&2; exit 2; }
	@echo "Installing requirements.txt"
	@$(RUN) -m pip install --quiet --quiet --require-virtualenv -r requirements.txt
	@rm -f $(VENV)/installed-*
	@touch $@
