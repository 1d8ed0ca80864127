"""Ask an index of advisories about every locked package; fail for a known vulnerability.

Where no advisories can be had, it says why, and that nothing was looked at.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements-dev.lock", "requirements-local-model.lock")
"""Between them they hold every package: what runs is in the developers' lock too."""
PATIENCE = 240
"""Seconds for one lock."""


def ask(lock: Path) -> tuple[list[dict[str, Any]], str]:
    """What is said of each package of *lock*; or nothing, and why."""
    command = [
        *(Path(sys.executable).with_name("pip-audit"), "--requirement", lock, "--no-deps"),
        *("--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "10"),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return [], f"no answer within {PATIENCE} s"
    try:
        return json.loads(done.stdout)["dependencies"], ""
    except (ValueError, KeyError):
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        return [], lines[-1]


def told(lock: str, found: list[dict[str, Any]], why_not: str) -> tuple[str, bool]:
    """What to print of a lock, and whether it is at fault."""
    skipped = [row["skip_reason"] for row in found if row.get("skip_reason")]
    known = [(row, flaw) for row in found for flaw in row.get("vulns", [])]
    asked = len(found) - len(skipped)
    if not asked:
        why = why_not or f"the index answered for none of {len(found)} packages ({skipped[0]})"
        return f"{lock}: not audited: {why}", False
    lines = [f"{lock}: {asked} of {len(found)} packages looked up, {len(known)} vulnerabilities"]
    for row, flaw in known:
        mended = ", ".join(flaw["fix_versions"]) or "no version yet"
        lines.append(f"  {row['name']} {row['version']}: {flaw['id']}, mended in {mended}")
    lines += [f"  not looked up: {reason}" for reason in skipped]
    return "\n".join(lines), bool(known)


def main() -> int:
    faults = False
    for lock in LOCKS:
        text, is_faulty = told(lock, *ask(PROJECT / lock))
        print(text)
        faults |= is_faulty
    return int(faults)


if __name__ == "__main__":
    sys.exit(main())
