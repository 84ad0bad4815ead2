# Two commands do everything on a machine with Python 3.11+ and make: `make run` and `make test`.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
NAME ?=
AMOUNT ?=
SEED ?=
# The environment finds the source where it stands; nothing is built or copied.
LINK := "import sysconfig, pathlib; pathlib.Path(sysconfig.get_path('purelib'), 'tongban.pth').write_text(str(pathlib.Path('src').resolve()))"

# What does not wait for each other is done at once, two by two, and says what it has to say in one piece.
TOGETHER := $(MAKE) --no-print-directory --jobs=2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

# What has been compiled is kept, whatever the machine is told otherwise: a run starts Python a hundred times.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check collected style types contracts templates definitions bench mutate lock assets messages system clean

help: ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/'

run: $(VENV)/.base ## the demo city on http://127.0.0.1:8000
	@$(PY) -m tongban demo

test: ## all checks and all tests, on SQLite and on PostgreSQL, with a real browser
	@$(TOGETHER) $(VENV)/.dev system
	@$(TOGETHER) check collected
	@$(PY) tests/run.py

check: types style contracts templates definitions ## style, types, contracts, definitions: no database needed

style: $(VENV)/.dev
	@echo "== ruff" && $(VENV)/bin/ruff check src tests benchmarks && $(VENV)/bin/ruff format --check -q src tests benchmarks

types: $(VENV)/.dev
	@echo "== mypy" && $(VENV)/bin/mypy

contracts: $(VENV)/.dev
	@echo "== import contracts" && $(VENV)/bin/lint-imports --no-cache

templates: $(VENV)/.dev
	@echo "== djlint" && $(VENV)/bin/djlint --check --lint --quiet src/tongban/web/templates

definitions: $(VENV)/.dev
	@echo "== definitions" && for city in cities/*; do $(PY) -m tongban definitions check $$(basename $$city) && $(PY) -m tongban definitions test $$(basename $$city) || exit 1; done

# Beside the longest of the checks: compiles all tests, which else each of the four who run them would do at once.
collected: $(VENV)/.dev
	@echo "== all tests collected" && { said=$$($(PY) -m pytest --collect-only -qq -p no:cacheprovider 2>&1) || { echo "$$said"; exit 1; }; }

bench: $(VENV)-bench/.bench system ## figures beside peers, e.g. `make bench NAME=flow`
	@AMOUNT="$(AMOUNT)" $(VENV)-bench/bin/python -m benchmarks $(NAME)

mutate: $(VENV)/.dev ## whether the tests of a kernel's part notice changes, e.g. `make mutate NAME=clock AMOUNT=300 SEED=1`
	@$(PY) tests/mutate.py "$(NAME)" "$(AMOUNT)" "$(SEED)"

lock: $(VENV)/.dev ## compile requirements/*.in to pinned, hashed requirements/*.txt
	@$(PY) -m pip install -q uv
	@for name in base dev bench redis; do $(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate requirements/$$name.in -o requirements/$$name.txt; done

assets: ## compile the style sheet from assets/ (needs Node)
	@cd assets && npm ci && npm run build

messages: $(VENV)/.dev ## collect the words of all screens into the language files, and compile them
	@command -v msgmerge >/dev/null || sh tests/system.sh
	@cd src/tongban && export PYTHONPATH=.. && ../../$(PY) -m tongban makemessages -a -i 'static/*' && ../../$(PY) -m tongban compilemessages

system: ## browser and database server for the tests, where they are missing
	@sh tests/system.sh

$(VENV)/bin/python:
	@echo "Making the environment in $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit("Tongban needs Python 3.11 or later, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.base: $(VENV)/bin/python requirements/base.txt
	@echo "Installing what the product runs on …"
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	@$(PY) -c $(LINK)
	@touch $@

$(VENV)/.dev: $(VENV)/.base requirements/dev.txt
	@echo "Installing what the checks run on …"
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Peers live in an environment of their own: they are measured, never imported by the product.
$(VENV)-bench/.bench: requirements/base.txt requirements/bench.txt
	@echo "Making the environment of the benchmarks, with the peers that they are measured against …"
	@$(PYTHON) -m venv $(VENV)-bench
	@$(VENV)-bench/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	@$(VENV)-bench/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@$(VENV)-bench/bin/python -c $(LINK)
	@touch $@

clean: ## remove the environments and the demo city's data
	@rm -rf $(VENV) $(VENV)-bench var
