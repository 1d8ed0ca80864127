"""What a report was computed with, so that it can be computed again to the byte."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

HERE = Path(__file__).resolve().parent
MODULES = (
    *(
        "answer",
        "canonical",
        "comparison",
        "crosscheck",
        "frozen",
        "methods",
        "parameters",
        "report",
    ),
    *("thresholds", "wording"),
)
"""The modules that decide a report's numbers and words, beside sections and statistics."""


@cache
def code_versions() -> dict[str, str]:
    """Versions of this package and of the numeric libraries, and a hash of the analysis code.

    The hash makes a stored report of older code a different report: after an update the numbers are
    computed afresh, and the older ones stay beside them.
    """
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["project"]
    libraries = {name: version(name) for name in ("numpy", "scipy", "pingouin")}
    return {"valuecheck": project["version"], "analysis_code": _code_hash()} | libraries


def _code_hash() -> str:
    sources = [HERE / f"{name}.py" for name in MODULES]
    sources += sorted((HERE / "sections").glob("*.py")) + sorted((HERE / "statistics").glob("*.py"))
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
