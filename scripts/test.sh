#!/bin/sh
# The whole suite: everything on SQLite, then what touches the database again on PostgreSQL.
set -eu
cd "$(dirname "$0")/.."
VAR_DIR=$(mktemp -d)
export VAR_DIR
trap 'rm -rf "$VAR_DIR"' EXIT INT TERM

# Tests wait for browsers, databases and processes of their own: half as many again as processors.
workers=$(($(getconf _NPROCESSORS_ONLN) * 3 / 2))

if [ -n "${DATABASE_URL:-}" ]; then
    .venv/bin/python -m pytest -n "$workers" "$@"
    exit
fi
echo "== The whole suite on SQLite"
.venv/bin/python -m pytest -n "$workers" "$@"
if url=$(.venv/bin/python scripts/find_postgres.py); then
    echo "== What touches the database, on PostgreSQL"
    DATABASE_URL=$url .venv/bin/python -m pytest -n "$workers" --only-database "$@" || {
        status=$?
        [ "$status" = 5 ] && [ $# -gt 0 ] || exit "$status"  # 5: nothing named touches the database
    }
elif [ -n "${TEST_POSTGRES_URL:-}" ]; then
    exit 1  # a server that was named must be there
fi
