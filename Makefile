# make demo     the examples in a database of their own, browsed with Datasette
# make test     everything is tested
# make test-datasette1  the pages are tested on the alpha of Datasette 1.0
# make lint     style, types, layers, and whether the README is up to date
# make evaluate  how well claims are found, against the annotated sets and their floors
# make torture  kills long ingests at random moments and compares what they end with
# make bench    speed and size beside peers, as ratios; a table, and bench.json (BENCH=--help)
# make rates    what an article costs, for the plan in docs/large.md: run make readme afterwards
# make fuzz     20,000 generated inputs in all formats: no traceback, no hang
# make readme   writes the generated parts of the README anew
# make screenshots  takes the README's pictures anew, with the Chromium that is installed
# make clean    removes what the others made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo.db
SERVE ?= yes

.PHONY: demo test test-datasette1 lint evaluate bench rates torture fuzz readme screenshots clean

# make demo SERVE= does all but serve.
demo: $(VENV)/.installed
	@rm -f $(DEMO) $(DEMO)-wal $(DEMO)-shm
	@$(BIN)/claims ingest --db $(DEMO) examples
ifneq ($(strip $(SERVE)),)
	@$(BIN)/claims serve --db $(DEMO)
else
	@echo "Browse it with: $(BIN)/claims serve --db $(DEMO)"
endif

# A file's tests stay together: they share a browser, a database, a cluster.
PYTEST := -m pytest -q -n auto --dist loadfile

test: $(VENV)/.installed-for-tests
	@$(BIN)/python $(PYTEST)

# The alpha that the pages are tested on; the one that pip installs by default is the stable line.
DATASETTE1 := datasette==1.0a41
PAGE_TESTS := tests/test_site.py tests/test_desk_pages.py tests/test_readers.py \
	tests/test_machines.py tests/test_datasette.py tests/test_counted.py

test-datasette1: .venv-datasette1/.installed
	@.venv-datasette1/bin/python $(PYTEST) $(PAGE_TESTS)

.venv-datasette1/.installed: pyproject.toml Makefile
	@echo "Installing claims with $(DATASETTE1) in .venv-datasette1 …"
	@$(PYTHON) -m venv .venv-datasette1
	@.venv-datasette1/bin/python -m pip install --quiet --disable-pip-version-check \
		-e '.[test]' '$(DATASETTE1)'
	@touch $@

lint: $(VENV)/.installed-for-tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cog --check --check-fail-msg="run: make readme" README.md docs/attribution.md docs/large.md

evaluate: $(VENV)/.installed
	@$(BIN)/claims evaluate benchmarks/gold/*.jsonl --floors benchmarks/gold/floors.json

BENCH ?=
bench: $(VENV)/.installed-for-benchmarks
	@$(BIN)/python benchmarks/bench.py $(BENCH)

rates: $(VENV)/.installed-for-benchmarks
	@$(BIN)/python benchmarks/rates.py

torture: $(VENV)/.installed-for-tests
	@cd tests && ../$(BIN)/python longwork.py $(SEED)

fuzz: $(VENV)/.installed-for-tests
	@cd tests && ../$(BIN)/python fuzzing.py $(SEED)

readme: $(VENV)/.installed-for-tests
	$(BIN)/cog -r README.md docs/attribution.md docs/large.md

screenshots: $(VENV)/.installed-for-tests
	@$(BIN)/python docs/screenshots.py

clean:
	rm -rf $(VENV) .venv-datasette1 build dist demo.db demo.db-wal demo.db-shm .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "claims needs Python 3.11 or newer; $(PYTHON) is not one (make PYTHON=/path/to/python3.12)"; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV); \
		echo "no virtual environment could be made; on Debian and Ubuntu: apt install python3-venv"; \
		exit 1; }

$(VENV)/.installed: $(BIN)/python pyproject.toml
	@echo "Installing claims in $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-for-tests: $(BIN)/python pyproject.toml
	@echo "Installing claims and its tests in $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,lint]'
	@touch $@

$(VENV)/.installed-for-benchmarks: $(BIN)/python pyproject.toml
	@echo "Installing claims and the peers it is measured against in $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@touch $@
