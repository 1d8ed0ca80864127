"""The pieces of the bench that run in a process of their own: ``python -m bench.analysis.pieces
PIECE ARGUMENTS`` prints what it found as one line of JSON, with its peak memory."""

from __future__ import annotations

import hashlib
import json
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HEAVY = ("pingouin", "scipy.stats", "pandas", "altair")
"""Modules that cost seconds and that no page needs at start-up."""

Found = dict[str, Any]


def build(items: int, raters: int, per_item: int) -> Found:
    """Fill the database of DATABASE_URL with a study."""
    _django()
    from bench.analysis import scene

    return dict(scene.build(items, raters, per_item))


def report(study: int) -> Found:
    """Read the study and compute its report, as a worker does, then look at it and keep it."""
    _django()
    from analysis.data.canonical import canonical_bytes
    from analysis.data.dataset import thaw
    from analysis.data.parameters import DEFAULTS
    from analysis.making import computations
    from analysis.making.reporting import keep_report
    from annotations.models import Study

    row = Study.objects.get(pk=study)
    asked = computations.refresh(row, DEFAULTS)
    started, used = time.perf_counter(), time.process_time()
    computations.work(asked.pk)
    seconds, used = time.perf_counter() - started, time.process_time() - used
    peak = _peak()
    seen = computations.look(row, DEFAULTS).made
    if seen is None:
        raise RuntimeError(f"the report on study {study} was not computed")
    started = time.perf_counter()
    again = computations.look(row, DEFAULTS).made
    looked = time.perf_counter() - started
    started = time.perf_counter()
    kept = keep_report(seen)
    keeping = time.perf_counter() - started
    return {
        "seconds": seconds,
        "cpu": used,
        "work_peak": peak,
        "look": looked,
        "keep": keeping,
        "another": int(again != seen or kept.key != seen.key),
        "judgments": seen.result["overview"]["counts"]["judgments"],
        "judgments_kept": len(thaw(kept.data_set)["judgments"]["item"]),
        "pingouin": int("pingouin" in sys.modules),
        "sha256": hashlib.sha256(canonical_bytes(seen.result)).hexdigest(),
    }


def angles(count: int, raters: int) -> Found:
    """Interval alpha of raw angles, every value different; peak memory beyond the libraries."""
    import numpy as np

    from analysis.statistics.agreement.alpha import krippendorff_alpha

    rng = np.random.default_rng(1)
    item = rng.normal(20, 20, (count // raters, 1))
    table = item + rng.normal(0, 10, (count // raters, raters))
    before = _peak()
    started = time.perf_counter()
    found = krippendorff_alpha(table, "interval")
    return {
        "seconds": time.perf_counter() - started,
        "before": before,
        "defined": int(found.defined),
    }


def start_up() -> Found:
    """Which heavy modules `manage.py check` has loaded."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hvae_site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", "check", "--verbosity", "0"])
    return {"loaded": [name for name in HEAVY if name in sys.modules]}


def _django() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hvae_site.settings")
    django.setup()


def _peak() -> float:
    """The most memory this process has held, in megabytes (10^6 bytes).

    Where the kernel tells, from VmHWM: ru_maxrss begins with what the parent held.
    """
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s*(\d+) kB", status.read_text())):
        return int(found[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


PIECES: dict[str, Callable[..., Found]] = {
    "build": build,
    "report": report,
    "angles": angles,
    "start_up": start_up,
}

if __name__ == "__main__":
    answer = PIECES[sys.argv[1]](**json.loads(sys.argv[2]))
    print(json.dumps(answer | {"peak": _peak()}), flush=True)
