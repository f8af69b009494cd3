# Plain verbs: run, test, check, bench. Needs Python 3.11 or newer and make, nothing else.
# Another Python than python3: `make test PYTHON=python3.12`.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: help run test check browser postgres java bench

help:
	@sed -n 's/^\([a-z]*\):.*##/make \1 :/p' Makefile

run: .venv/runtime workspaces/demo ## serve the dashboard on this machine, opening on a simulated log
	@$(BIN)/evenhand serve -w workspaces/demo

test: check browser postgres java ## run every check and every test: style, types, unit, statistics, pages, real browser
	$(BIN)/pytest -n 2 --dist loadfile

check: .venv/development ## style and types only: ruff, mypy, sqlfluff
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint queries

bench: .venv/development ## the benchmarks, and the long simulations
	@for benchmark in tests/benchmarks/*.py; do echo "$$benchmark"; $(BIN)/python "$$benchmark" || exit 1; done
	$(BIN)/pytest -m slow

workspaces/demo: | .venv/runtime
	@echo "Simulating a log and loading it into workspaces/demo …"
	@$(BIN)/evenhand demo workspaces/demo

browser: .venv/development
	@$(BIN)/python tests/browser/chromium.py

postgres: .venv/development
	@$(BIN)/python tests/postgres.py

java: .venv/development
	@$(BIN)/python tests/java.py

# The virtual environment is brought up to date when a list of requirements changes.
.venv/runtime: requirements.txt pyproject.toml
	@PYTHON=$(PYTHON) sh .ci/install requirements.txt
	@touch $@

.venv/development: requirements-dev.txt requirements.txt pyproject.toml
	@PYTHON=$(PYTHON) sh .ci/install requirements-dev.txt
	@touch .venv/runtime $@
