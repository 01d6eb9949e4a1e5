# Every task of the project. Needs only Python 3.11+ and make; everything else is fetched by `make setup`.
PYTHON ?= python3
RUN := .venv/bin/python

.PHONY: help setup demo test check drill bench lock screenshots clean

help:  ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

setup:  ## Environment, packages, front-end files, translations; instant when nothing changed
	@$(PYTHON) scripts/setup.py

demo: setup  ## A running system with story data; PORT=8000
	@.venv/bin/duobiao demo

test check: setup  ## All checks and all tests, on SQLite and PostgreSQL
	@$(RUN) scripts/check.py

drill: setup  ## The reliability drills at full strength
	@HYPOTHESIS_PROFILE=drill $(RUN) scripts/postgres.py run -- .venv/bin/pytest -m drill -p no:randomly

bench: setup  ## Measure speed at 100,000 deals
	@.venv/bin/duobiao bench

lock: setup  ## Write the hashed lock files anew from pyproject.toml
	@$(RUN) scripts/lock.py

screenshots: setup  ## Take the pictures of the documentation
	@$(RUN) scripts/screenshots.py

clean:  ## Remove everything that setup and the tests made; data in var/ stays
	rm -rf .venv node_modules duobiao/web/static/vendor .setup-stamp .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist *.egg-info
