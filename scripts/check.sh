#!/bin/sh
# The quality gates; each says what it found.
set -eu
cd "$(dirname "$0")/.."
VAR_DIR=$(mktemp -d)
export VAR_DIR
trap 'rm -rf "$VAR_DIR"' EXIT INT TERM
step() { printf '== %s\n' "$*"; }

step "Style";               .venv/bin/ruff check . && .venv/bin/ruff format --check .
step "Types";               .venv/bin/mypy
step "Layers";              .venv/bin/lint-imports
step "Rooms of instruments"; .venv/bin/python scripts/rooms.py
step "Migrations up to date"; .venv/bin/python manage.py makemigrations --check --dry-run
step "Schema of the API";   .venv/bin/python manage.py spectacular --validate --fail-on-warn --file "$VAR_DIR/schema.yml"
step "Known vulnerabilities of packages"; .venv/bin/python scripts/audit_packages.py
step "Settings of a deployment"
SITE_MODE=production SECRET_KEY=$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
    ALLOWED_HOSTS=example.org DATABASE_URL="sqlite:///$VAR_DIR/check.sqlite3" \
    .venv/bin/python manage.py check --deploy --fail-level WARNING
