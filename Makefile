# Everything below works on a bare machine with Python 3.11, pip and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint bench hostile chaos clean

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

run: $(VENV)/.installed  ## bot and sandbox with the sample office; on Telegram when TELEGRAM_BOT_TOKEN is set
	$(BIN)/duban run

test: $(VENV)/.installed  ## the whole test suite, on SQLite and on PostgreSQL where its programs are here
	$(BIN)/python tests/both.py $(HOW)

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed  ## ratios against floors measured in the same run (half an hour)
	$(BIN)/python -m benchmarks --peers

hostile: $(VENV)/.installed  ## 10,000 made-up updates of every kind, from members and strangers
	DUBAN_HOSTILE=10000 $(BIN)/python -m pytest -n 2 tests/hostile/test_any_update.py

chaos: $(VENV)/.installed  ## the real program under faults and 200 kills, on each database that is here (half an hour)
	DUBAN_CHAOS=long $(BIN)/python -m pytest -s tests/chaos

clean:
	rm -rf $(VENV) *.egg-info build dist
