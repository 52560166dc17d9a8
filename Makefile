PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
PY = $(VENV)/bin/python
PORT ?= 8501
PYTEST = $(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder
.DEFAULT_GOAL := help
.PHONY: help run demo test test-quick test-records test-journeys lint format bench engines screen-reader soak lock wheel sbom audit install tools

# this list
help:
	@awk '/^# / {said = substr($$0, 3); next} /^[a-z-]+:/ && said {sub(":.*", ""); printf "make %-13s  %s\n", $$0, said} {said = ""}' Makefile

# the app: patients on http://127.0.0.1:8501, staff on /sign-in
run: $(VENV)/.run
	$(PY) -m screening serve --role both --port $(PORT)

# the app with 500 made-up people and ready accounts; nothing is kept
demo: $(VENV)/.run
	$(PY) -m screening demo --port $(PORT)

# every test, browser journeys included
test: $(VENV)/.dev tools
	$(PYTEST)

# what needs no browser, no PostgreSQL and no other program
test-quick: $(VENV)/.dev
	$(PYTEST) -m quick --ignore tests/journeys

# the records on both stores
test-records: $(VENV)/.dev tools
	$(PYTEST) tests/records

# people in a real browser
test-journeys: $(VENV)/.dev tools
	$(PYTEST) tests/journeys

# style, types, imports and content
lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PY) -m screening check

# mends what of style can be mended by itself
format: $(VENV)/.dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

# one response through our rules, beside the fastest rule engines
bench: $(VENV)/.dev
	$(PY) benchmarks/evaluate.py

# what three accessibility engines say of every page: docs/accessibility-engines.yaml (needs npm)
engines: $(VENV)/.dev tools
	cd tests/engines && npm ci --ignore-scripts --silent
	$(PY) -m tests.engines.run

# what a screen reader meets on every page: docs/screen-reader/
screen-reader: $(VENV)/.dev tools
	$(PY) -m tests.journeys.walk

# the long proofs, about an hour: figures for docs/measurements.md
soak: $(VENV)/.dev tools
	$(PY) -m tests.soak.store kills --count 10000
	$(PY) -m tests.soak.store power --count 2000
	$(PY) -m tests.soak.store power --count 40 --weak
	$(PY) -m tests.soak.store servers --count 200
	$(PY) -m tests.soak.store faults --deep 60
	$(PY) -m tests.soak.store double --count 1000
	$(PY) -m tests.soak.guesses
	$(PY) -m tests.soak.sign_in
	$(PY) -m tests.soak.siege
	$(PY) -m tests.soak.content_fuzz --count 100000 --whole-every 500
	$(PY) benchmarks/records.py
	$(PY) benchmarks/sessions.py
	$(PY) -m tests.soak.medicine_strings --count 100000
	$(PY) -m screening check --deep

# versions and hashes anew, from the two short lists; what is shipped is a part of what is tested
lock:
	uv pip compile -q --generate-hashes --python-version 3.11 --universal requirements-dev.in -o requirements-dev.txt
	uv pip compile -q --generate-hashes --python-version 3.11 --universal -c requirements-dev.txt requirements.in -o requirements.txt

# the program as one file to install elsewhere, in dist/
wheel: $(VENV)/.dev
	rm -f dist/*.whl
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

# what is in the program, as CycloneDX, in dist/
sbom: .venv-supply/.made
	@mkdir -p dist
	.venv-supply/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible -o dist/sbom.cdx.json

# whether an advisory names a version of the lock (asks the package registry)
audit: .venv-supply/.made
	.venv-supply/bin/pip-audit --disable-pip --require-hashes -r requirements.txt

# Apart from the lock: they bring their own pip, and thirty packages that neither run nor test anything.
.venv-supply/.made:
	$(PYTHON) -m venv .venv-supply
	.venv-supply/bin/pip install -q --disable-pip-version-check --only-binary :all: cyclonedx-bom==7.5.0 pip-audit==2.10.1
	@touch $@

# on this machine, with systemd: a user, two closed units, a nightly backup (as root; docs/operations.md)
install: wheel
	sh deploy/install.sh dist/intake_screening-*.whl

# what tests drive: a real browser, a proxy before two processes, failing system calls, a reader of PDFs
tools:
	@missing=""; for one in chromium-headless-shell:chromium-headless-shell nginx:nginx-light strace:strace pdftotext:poppler-utils; do \
	  command -v $${one%%:*} >/dev/null || missing="$$missing $${one##*:}"; done; \
	  test -z "$$missing" || sh .ci/apt $$missing
