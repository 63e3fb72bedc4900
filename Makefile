# Everything is set up by the target that needs it; see README.md.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON := .venv/bin/python
STATE := $(shell cat constraints.txt pyproject.toml installer/setup.sh | sha256sum | cut -c1-16)
READY := .venv/ready-$(STATE)
BUNDLE := dist/csdesk

.PHONY: help run test lint types layers gates golden bench kills bundle smoke measure clean

help: ## these lines
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

$(READY):
	@installer/setup.sh
	@rm -f .venv/ready-* && touch $@

run: $(READY) ## open the window with the example shop (without a display: leave pictures in out/)
	@installer/run.sh

test: $(READY) ## all tests
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -n $${TEST_JOBS:-2} --dist worksteal

lint: $(READY) ## ruff: rules and format
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

types: $(READY) ## mypy, strict
	@.venv/bin/mypy

layers: $(READY) ## who may import whom
	@.venv/bin/lint-imports --no-cache

gates: lint types layers ## the three above

golden: $(READY) ## write the golden files of the exports anew, on purpose
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.golden

bench: $(READY) ## speed, as ratios measured in one run
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -m bench -s

kills: $(READY) ## kill the program hundreds of times at random moments; nothing may be lost
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -m kills -s

bundle: $(READY) ## the one-folder program in dist/csdesk
	@installer/bundle.sh

smoke: $(READY) ## start the one-folder program for real and use it
	@$(PYTHON) installer/smoke.py $(BUNDLE)

measure: $(READY) ## size and time to the first window, beside a bare PySide6 window
	@$(PYTHON) installer/measure.py $(BUNDLE)

clean: ## remove what the other targets made
	@rm -rf build dist out .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
