#!/bin/sh
# Builds or refreshes .venv from the hashed locks named as arguments; does nothing when they have not changed.
set -eu
cd "$(dirname "$0")/.."
venv=.venv

fail() { printf '\n%s\n' "$*" >&2; exit 1; }

find_python() {
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3.14 python3 python; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"; return
        fi
    done
    fail "Valuecheck needs Python 3.11 or newer and found none.
  Debian or Ubuntu:  sudo apt-get install python3 python3-venv
  Fedora:            sudo dnf install python3
  macOS:             brew install python
Or name one:         make $goal PYTHON=/path/to/python3.11"
}
goal=${MAKE_GOAL:-setup}

if ! "$venv/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$(find_python)
    printf 'Making %s with %s\n' "$venv" "$("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv" || { rm -rf "$venv"; fail "$python cannot make virtual environments.
  Debian or Ubuntu:  sudo apt-get install python3-venv"; }
fi

for lock in "$@"; do
    stamp="$venv/.installed-$(basename "$lock")"
    cmp -s "$lock" "$stamp" && continue
    total=$(grep -c '==' "$lock")
    printf 'Installing the packages of %s (hashes checked)\n' "$lock"
    # The lock is complete, so pip need not resolve; compiling at first use saves a third of the time.
    if ! { "$venv/bin/python" -m pip install --disable-pip-version-check --no-deps --no-compile \
               --require-hashes --requirement "$lock" || echo FAILED; } |
        awk -v total="$total" '
            /^(Collecting|Requirement already)/ { seen += 1; name = /^Coll/ ? $2 : $4
                printf "\r\033[K  %d of at most %d  %s", seen, total, name; fflush() }
            /^Installing collected/ { printf "\r\033[K  unpacking %d packages", seen; fflush() }
            /^FAILED$/ { failed = 1 }
            END { printf "\r\033[K"; exit failed }'
    then
        fail "The packages could not be installed. The lines above say why; usual causes:
  no connection to the package index, or a proxy that pip does not know (HTTPS_PROXY, PIP_CERT),
  a full disk, or a file that does not match its hash (then try again later).
Nothing is broken: run the same command again, it goes on."
    fi
    cp "$lock" "$stamp"
done
