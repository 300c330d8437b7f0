# Every task of the project. A fresh machine needs Python 3.11 or later, make and git; everything else is installed here.
# `make help` lists the tasks; ARGS="..." is passed on (make test ARGS="-k concentration").

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
WORKERS ?= 2
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run serve test lint types layers bench docs lock browser curl postgres setup clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## do the main job on the shipped facts: brief in the terminal and in brief/index.html
	@$(BIN)/orepact run $(ARGS)

serve: $(VENV)/.serve ## open the control tower on the shipped facts: http://127.0.0.1:8000/
	@$(BIN)/orepact serve --worker $(ARGS)

test: $(VENV)/.test browser curl postgres ## run every test (needs nothing installed beforehand)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -rs $(ARGS)

lint: $(VENV)/.lint ## style, spelling, declared dependencies
	@$(BIN)/ruff check --quiet .
	@$(BIN)/codespell src tests tools benchmarks docs README.md CHANGELOG.md Makefile
	@$(BIN)/deptry src

types: $(VENV)/.lint $(VENV)/.test ## mypy, strict
	@$(BIN)/mypy

layers: $(VENV)/.lint ## imports go down only
	@$(BIN)/lint-imports

bench: $(VENV)/.test ## run the registered benchmarks
	@$(BIN)/python -m benchmarks $(ARGS)

docs: $(VENV)/.docs ## build the documentation into docs/_build/html
	@$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs docs/_build/html
	@echo "docs/_build/html/index.html"

lock: $(VENV)/.base ## resolve and pin every requirement again
	@$(PIP) install --requirement requirements/lock.in
	@bash requirements/lock.sh $(CURDIR)/$(BIN)/uv

setup: $(VENV)/.run $(VENV)/.test $(VENV)/.lint $(VENV)/.docs ## install everything that any task needs

clean: ## remove what the tasks made
	rm -rf $(VENV) build dist brief docs/_build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests tools benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment, one stamp for each set of requirements: a second run installs nothing. --------------------------

$(VENV)/.base:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@echo "making $(VENV) with $(PYTHON)"
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get -qq update && apt-get -qq install -y python3-venv >/dev/null; } \
	  || { echo "Python cannot make environments here: install python3-venv" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.base requirements/run.txt requirements/build.txt pyproject.toml
	@echo "installing the requirements"
	@$(PIP) install --no-deps --requirement requirements/build.txt --requirement requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.txt requirements/peers.txt
	@echo "installing the requirements of the tests"
	@$(PIP) install --no-deps --requirement requirements/test.txt
	@$(PIP) install --no-deps --requirement requirements/peers.txt
	@touch $@

$(VENV)/.lint: $(VENV)/.run requirements/lint.txt
	@echo "installing the requirements of the checks"
	@$(PIP) install --no-deps --requirement requirements/lint.txt
	@touch $@

$(VENV)/.serve: $(VENV)/.run requirements/serve.txt
	@echo "installing the requirements of the server"
	@$(PIP) install --no-deps --requirement requirements/serve.txt
	@touch $@

$(VENV)/.docs: $(VENV)/.run requirements/docs.txt
	@echo "installing the requirements of the documentation"
	@$(PIP) install --no-deps --requirement requirements/docs.txt
	@touch $@

# Browser tests need Debian's chromium; where it cannot be installed they are reported as not run, by name. ----------

browser:
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "installing chromium for the browser tests"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } \
	    >/dev/null 2>&1 && exit 0; \
	fi; \
	echo "NOTE: no chromium here and it cannot be installed: the browser tests will be reported as not run" >&2

# The walk through the API is made with curl; where it cannot be installed the walk is reported as not run. -------------------

curl:
	@command -v curl >/dev/null 2>&1 && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "installing curl for the walk through the API"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends curl; } >/dev/null 2>&1 && exit 0; \
	fi; \
	echo "NOTE: no curl here and it cannot be installed: the walk through the API will be reported as not run" >&2

# Tests of the register also run on PostgreSQL, Debian's or that of a wheel, started by the tests in a folder of their own (no
# cluster is made or started here). Where it cannot be installed they are reported as not run, by name. ---------------

postgres: $(VENV)/.test
	@$(BIN)/python -m tools.postgresql_install
