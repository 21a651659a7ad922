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
# Tests that start and break whole installations mostly wait: two files of them at a time, each with its own installation.
BUSY="tests/accounts tests/alerts tests/cameras tests/cloud tests/detections tests/plates tests/ingest tests/rollups tests/web"
step pytest, everything embedded: SQLite and the bundled Valkey
"$PY" -m pytest --numprocesses=2 --dist=loadfile $(printf -- '--ignore=%s ' $BUSY tests/receiver tests/e2e)
"$PY" -m pytest --numprocesses=2 $BUSY tests/receiver tests/e2e
# Again as a production site runs, on private servers of MariaDB and Redis, without what meets no database or where it has
# no part: the receiver and the readers of the environment know none, the backends of detection and reading work on files,
# the demo is embedded always, the tests of the broker, of the logs and of docker/ bring the servers that they are about,
# browsers see no database, and beat and the ends of all programs need none.
ELSEWHERE="tests/receiver tests/backends tests/demo tests/broker tests/logs tests/test_environment.py tests/e2e \
  tests/librarian_project tests/docker tests/test_systemd.py tests/test_error_reports.py tests/stack/test_start_and_stop.py"
step pytest, production: MariaDB and Redis
export TEST_DATABASE=mariadb
"$PY" -m pytest --numprocesses=2 --dist=loadfile $(printf -- '--ignore=%s ' $BUSY $ELSEWHERE)
"$PY" -m pytest --numprocesses=2 $BUSY
