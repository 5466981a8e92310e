# Every target sets up what it needs in .venv by itself; `make` alone explains them.

PYTHON ?= python3
# Most tests wait for a terminal or a disk: twice as many processes as processors, up to a sensible number.
JOBS ?= $(shell processors=$$(nproc 2>/dev/null || echo 2); echo $$((processors < 8 ? 2 * processors : 16)))
BIN := .venv/bin
RUN_READY := .venv/.ready-to-run
DEV_READY := .venv/.ready-to-develop
MUTATION_READY := .venv/.ready-to-mutate
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# The tests start hundreds of processes, and measurements a few: each would compile the whole program anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types contracts dev bench shots faults fuzz mutants wheel clean

help: ## say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  PYTHON=python3.12 chooses the interpreter of .venv (3.11 or newer), JOBS=4 the number of test processes."

$(RUN_READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is not Python 3.11 or newer; name another one: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up .venv to run omk-tui (once; again when pyproject.toml changes) ..." >&2
	@$(PYTHON) -m venv .venv
	@$(PIP) install --editable .
	@touch $@

$(DEV_READY): $(RUN_READY)
	@echo "Adding the tools of the developers to .venv ..." >&2
	@$(PIP) install --editable '.[dev]'
	@touch $@

$(MUTATION_READY): $(DEV_READY)
	@$(PIP) install --editable '.[mutation]'
	@touch $@

demo: $(RUN_READY) ## open the desk on sample goals (in a private temporary folder)
	@$(BIN)/omk-tui demo

test: $(DEV_READY) ## run the whole test suite
	@command -v tmux >/dev/null || \
		echo "NOT TESTED: tmux is not installed, so the tests in a real terminal (tests/terminal) are left out." >&2
	@$(BIN)/python -m pytest --numprocesses=$(JOBS)

check: lint types contracts test ## everything that has to be green before a commit

lint: $(DEV_READY) ## ruff: format and rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(DEV_READY) ## mypy --strict
	@$(BIN)/mypy

contracts: $(DEV_READY) ## import-linter: who may import whom
	@$(BIN)/lint-imports

dev: $(DEV_READY) ## set up .venv for development and say how to use it
	@echo "Ready. The program is $(BIN)/omk-tui; ruff, mypy and pytest are in $(BIN)."

bench: $(DEV_READY) ## measure, and compare with the last committed results (benchmarks/README.md)
	@$(BIN)/python -m benchmarks

shots: $(DEV_READY) ## draw the pictures in screenshots/ anew
	@$(BIN)/python -m tests.looks.shots

faults: $(DEV_READY) ## the deep run: every system call struck (strace), full disks, crowds, random keys, hostile screens
	@command -v strace >/dev/null || \
		echo "NOT TESTED WITH strace: it is not installed, so faults are injected into Python's own calls only." >&2
	@OMK_TUI_FAULTS=whole $(BIN)/python -m pytest tests/faults tests/opening/test_crashes.py tests/terminal tests/journeys --numprocesses=$(JOBS)

CASES ?= 200000
SEED ?= 1
fuzz: $(DEV_READY) ## look at damaged state files: CASES=200000 of them, from SEED=1 on
	@$(BIN)/python -m tests.faults.fuzz --cases $(CASES) --seed $(SEED) --jobs $(JOBS)

MUTANTS ?=
mutants: $(MUTATION_READY) ## change core in every small way: does a test notice? MUTANTS='omk_tui.core.review.diff.*' for one file; takes hours
	@$(BIN)/mutmut run --max-children $(JOBS) $(if $(MUTANTS),'$(MUTANTS)')
	@$(BIN)/mutmut results | grep -v ': not checked$$' || echo 'None is left.'

wheel: $(DEV_READY) ## build sdist and wheel into dist/
	@$(BIN)/python -m build --no-isolation

clean: ## remove .venv, dist/ and every cache
	@rm -rf .venv dist build mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache
	@find omk_tui tests -name __pycache__ -type d -prune -exec rm -rf {} +
