# One door for people and for CI. Everything runs in .venv, made from nothing by python3.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help demo test lint browser office wheel bench samples clean
help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(READY): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY) ## audit the sample tickets of one vendor
	$(BIN)/slaaudit demo

test: $(READY) ## every test but the slow benchmarks
	$(BIN)/python -m pytest -q -n auto

browser: .venv/.browser ## the HTML report in Chromium (apt-get install chromium poppler-utils)
	$(BIN)/python -m pytest -q tests/browser

.venv/.browser: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[browser]'
	@touch $@

lint: $(READY) ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

office: $(READY) ## the spreadsheet's formulas, worked out by LibreOffice (apt-get install libreoffice-calc-nogui)
	$(BIN)/python -m pytest -q tests/office

wheel: ## install as users do, apart from the checkout, and run the demo from elsewhere
	rm -rf build/user && $(PYTHON) -m venv build/user
	build/user/bin/python -m pip install --quiet --disable-pip-version-check .
	cd build/user && ./bin/slaaudit policy show sequr.yaml >policy.txt && ./bin/slaaudit demo >demo.txt && tail -n 1 demo.txt

bench: $(READY) ## speed, as ratios measured in one run
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/bench_exports.py
	$(BIN)/python benchmarks/outages.py
	$(BIN)/python benchmarks/disputes.py

samples: $(READY) ## make sample_data again from its seeds
	$(BIN)/python sample_data/make.py

clean: ## remove the environment and caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist artefacts
