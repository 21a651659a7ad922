#!/bin/sh
# All checks, then all tests; `make test` calls this with PY set to the virtual environment's Python.
set -e
bin=$(dirname "$PY")
export DATA_DIR="$PWD/build/test-data" DATABASE_URL="" REDIS_URL=""
step() { printf '\n== %s\n' "$*"; }

step ruff
"$bin/ruff" check .
"$bin/ruff" format --check .
step mypy --strict
"$bin/mypy" .
step import-linter
"$bin/lint-imports" --no-cache
step models
"$PY" manage.py models prepare
step migrations
"$PY" manage.py makemigrations --check --dry-run
step pytest
exec "$PY" -m pytest "$@"
