#!/bin/sh
# The whole suite: everything on SQLite, then what touches the database again on PostgreSQL.
set -eu
cd "$(dirname "$0")/.."
VAR_DIR=$(mktemp -d)
export VAR_DIR
trap 'rm -rf "$VAR_DIR"' EXIT INT TERM

if [ -n "${DATABASE_URL:-}" ]; then
    .venv/bin/python -m pytest -n auto "$@"
    exit
fi
echo "== The whole suite on SQLite"
.venv/bin/python -m pytest -n auto "$@"
if url=$(.venv/bin/python scripts/find_postgres.py); then
    echo "== What touches the database, on PostgreSQL"
    DATABASE_URL=$url .venv/bin/python -m pytest -n auto --only-database "$@" || {
        status=$?
        [ "$status" = 5 ] && [ $# -gt 0 ] || exit "$status"  # 5: nothing named touches the database
    }
elif [ -n "${TEST_POSTGRES_URL:-}" ]; then
    exit 1  # a server that was named must be there
fi
