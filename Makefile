# Every target does its own set-up. Needs only Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help chat test check format index eval gate results bench clean

help:            ## list the targets
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 14

$(VENV)/installed: requirements.lock tools/install.py
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(RUN) tools/install.py
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock tools/install.py
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(RUN) tools/install.py --dev
	@touch $(VENV)/installed $@

chat: $(VENV)/installed  ## build the bundled index and open the chat on http://127.0.0.1:7860
	@$(RUN) -m index build
	@$(RUN) -m ui

test: $(VENV)/installed-dev  ## run every test
	$(RUN) -m pytest

check: $(VENV)/installed-dev  ## format, lint, types, import contracts
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports
	$(RUN) -m sources check

format: $(VENV)/installed-dev  ## rewrite the code in the house format
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

index: $(VENV)/installed  ## rebuild the bundled index
	$(RUN) -m index build

eval: $(VENV)/installed-dev  ## score the development cases on the bundled index
	$(RUN) -m eval run --split dev

gate: $(VENV)/installed-dev  ## fail if the answers got worse than the committed baseline
	$(RUN) -m eval gate

results: $(VENV)/installed-dev  ## score every system, run fixtures and ablations, write eval/results and the README's table
	$(RUN) -m eval results
	$(RUN) -m eval fixtures --out eval/results
	$(RUN) -m eval ablate --out eval/results
	$(RUN) -m eval report --readme

bench: $(VENV)/installed-dev  ## print times and memory against the budgets
	$(RUN) tools/bench.py

clean:           ## remove the environment and everything built
	rm -rf $(VENV) .data build
