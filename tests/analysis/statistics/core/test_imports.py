"""Importing the package loads neither SciPy nor pandas nor pingouin nor Django."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[4]
HEAVY = ("scipy", "pandas", "pingouin", "django")


def test_the_package_is_light_and_pure() -> None:
    names = sorted(
        ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        for path in (PROJECT / "analysis" / "statistics").rglob("*.py")
        if path.stem != "__init__"
    )
    code = f"import sys, {', '.join(names)}; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
