"""What a report was computed with, so that it can be computed again to the byte.

What decides a result is computed from the imports of what computes it, never listed by hand.
"""

from __future__ import annotations

import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions, version

from analysis.versions.closure import PROJECT, closure, code_hash

REPORT = ("analysis.data.dataset", "analysis.data.fingerprint", "analysis.report.report")
"""What makes a report: its data, what says that they have changed, and its numbers and words."""

FRAMEWORK = frozenset({"django"})
"""Packages that bring rows and pages, and no number."""


@cache
def code_versions() -> dict[str, str]:
    """Versions of this package and of the numeric libraries, and a hash of the report's code.

    The hash makes a stored report of older code a different report: after an update the numbers are
    computed afresh, and the older ones stay beside them.
    """
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    return {"valuecheck": project["version"], "analysis_code": code_of(*REPORT)} | libraries(
        *REPORT
    )


@cache
def code_of(*modules: str) -> str:
    """The hash of all code that *modules* rest on, for keys of what they computed.

    Reads some hundred files once a process: a fifth of a second, when first asked.
    """
    return code_hash(*modules)


@cache
def libraries(*modules: str) -> dict[str, str]:
    """The versions of the libraries that *modules* rest on, beside Python's own."""
    foreign = closure(*modules).external - FRAMEWORK - set(sys.stdlib_module_names)
    packages = packages_distributions()
    return {name: version(packages[name][0]) for name in sorted(foreign)}
