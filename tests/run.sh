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
step pytest, everything embedded: SQLite and the bundled Valkey
"$PY" -m pytest "$@"
# Again as a production site runs, on private servers of MariaDB and Redis, without what meets no database or where it has
# no part: the receiver and the readers of the environment know none, the backends of detection and reading work on files,
# the demo is embedded always, and the tests of the broker and of the logs bring the servers that they are about.
step pytest, production: MariaDB and Redis
TEST_DATABASE=mariadb "$PY" -m pytest --ignore=tests/receiver --ignore=tests/backends --ignore=tests/demo \
  --ignore=tests/broker --ignore=tests/logs --ignore=tests/test_environment.py "$@"
