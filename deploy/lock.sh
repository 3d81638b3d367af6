#!/bin/sh
# Writes both locks from pyproject.toml: hashes of every file, no hosts.
set -eu
compile() {
    .venv/bin/uv pip compile --quiet pyproject.toml --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-header "$@"
}
compile --output-file requirements.lock
compile --extra test --constraint requirements.lock --output-file requirements-test.lock
