# make run    the app: patients on http://127.0.0.1:8501, staff on /sign-in
# make demo   the app with 500 made-up people, on http://127.0.0.1:8501; nothing is kept
# make test   every test, browser journeys included
# make test-quick   in a minute: no browser, no PostgreSQL, no other program
# make test-records   the records on both stores
# make test-journeys   people in a real browser
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
PY = $(VENV)/bin/python
PORT ?= 8501
PYTEST = $(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder
.DEFAULT_GOAL := help
.PHONY: help run demo test test-quick test-records test-journeys lint lock wheel format tools bench soak

help:
	@sed -n 's/^# //p' Makefile | sed -n '1,6p'

run: $(VENV)/.run
	$(PY) -m screening serve --role both --port $(PORT)

demo: $(VENV)/.run
	$(PY) -m screening demo --port $(PORT)

test: $(VENV)/.dev tools
	$(PYTEST)

test-quick: $(VENV)/.dev
	$(PYTEST) -m quick --ignore tests/journeys

test-records: $(VENV)/.dev tools
	$(PYTEST) tests/records

test-journeys: $(VENV)/.dev tools
	$(PYTEST) tests/journeys

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PY) -m screening check

format: $(VENV)/.dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(VENV)/.dev
	$(PY) benchmarks/evaluate.py

# The long proofs, about an hour: figures for docs/measurements.md.
soak: $(VENV)/.dev tools
	$(PY) -m tests.soak.store kills --count 10000
	$(PY) -m tests.soak.store power --count 2000
	$(PY) -m tests.soak.store power --count 40 --weak
	$(PY) -m tests.soak.store servers --count 200
	$(PY) -m tests.soak.store faults --deep 60
	$(PY) -m tests.soak.store double --count 1000
	$(PY) -m tests.soak.guesses
	$(PY) -m tests.soak.sign_in
	$(PY) -m tests.soak.content_fuzz --count 100000 --whole-every 500
	$(PY) benchmarks/records.py
	$(PY) benchmarks/sessions.py
	$(PY) -m tests.soak.medicine_strings --count 100000
	$(PY) -m screening check --deep

# Versions and hashes anew, from the two short lists: what is shipped is a part of what is tested.
lock:
	uv pip compile -q --generate-hashes --python-version 3.11 --universal requirements-dev.in -o requirements-dev.txt
	uv pip compile -q --generate-hashes --python-version 3.11 --universal -c requirements-dev.txt requirements.in -o requirements.txt

# The program as one file to install elsewhere, in dist/.
wheel: $(VENV)/.dev
	$(PY) -m build --wheel --no-isolation --outdir dist

$(PY):
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Debian keeps venv apart: installing python3-venv"; \
	  sh .ci/apt python3-venv && $(PYTHON) -m venv $(VENV); }

$(VENV)/.run: requirements.txt | $(PY)
	$(PY) -m pip install -q --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(PY) -m pip install -q --disable-pip-version-check --only-binary :all: --require-hashes -r requirements-dev.txt
	@touch $@

# What tests drive: a real browser, a proxy before two processes, failing system calls, a reader of PDFs.
tools:
	@missing=""; for one in chromium-headless-shell:chromium-headless-shell nginx:nginx-light strace:strace pdftotext:poppler-utils; do \
	  command -v $${one%%:*} >/dev/null || missing="$$missing $${one##*:}"; done; \
	  test -z "$$missing" || sh .ci/apt $$missing
