# Every task of the project. Needs only Python 3.11+ and make; everything else is fetched by `make setup`.
PYTHON ?= python3
RUN := .venv/bin/python
# Compiled modules are kept, also where the machine says otherwise: else every process compiles every package anew.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000

.PHONY: help setup demo test check quick drill bench lock screenshots clean

help:  ## Show this list
	@grep -E '^[a-z ]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z ]+):.*## /  make \1\t/' | expand -t 26

setup:  ## Environment, packages, front-end files, translations; instant when nothing changed
	@$(PYTHON) scripts/setup.py

demo: setup  ## A running system with story data; PORT=8000
	@PORT=$(PORT) exec .venv/bin/duobiao demo

test check: setup  ## All checks and all tests, on SQLite and PostgreSQL
	@$(RUN) scripts/check.py

quick: setup  ## All checks without the tests
	@$(RUN) scripts/check.py quick

drill: setup  ## The reliability drills at full strength
	@$(RUN) scripts/check.py drill

bench: setup  ## Measure speed at 100,000 deals on both databases; writes docs/benchmarks.md
	@$(RUN) scripts/benchmarks.py

lock: setup  ## Write the hashed lock files anew from pyproject.toml; UPGRADE=1 for the newest
	@$(RUN) scripts/lock.py $(if $(UPGRADE),--upgrade)

screenshots: setup  ## Take the pictures of the documentation
	@$(RUN) scripts/screenshots.py

clean:  ## Remove everything that setup and the tests made; data in var/ stays
	rm -rf .venv node_modules duobiao/web/static/vendor .setup-stamp .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist *.egg-info
