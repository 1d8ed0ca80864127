"""``make kernels``: do the statistics give the same numbers on another machine?

What differs between machines is the kernel that OpenBLAS chooses, how many threads it has, and what
NumPy may use of the processor: sums are added up in another order. So every public statistic is
computed on the same tables under each setting, and the numbers are compared with those of this
machine as it is. Then the tests of the statistics run under each. ``--numbers-only`` leaves the
tests out. Ends with status 1 where a number differs by more than TOLERANCE, or a test fails.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

PROJECT = Path(__file__).resolve().parent.parent
TOLERANCE = 1e-7
"""Of a number, or of 1 for smaller ones. Simulated variances are solved for to 1e-7."""

AS_IT_IS: dict[str, str] = {}
SETTINGS: dict[str, dict[str, str]] = {
    "one thread": {"OPENBLAS_NUM_THREADS": "1"},
    "kernel of 2004 (SSE3), one thread": {
        "OPENBLAS_CORETYPE": "Prescott",
        "OPENBLAS_NUM_THREADS": "1",
    },
    "kernel of 2011 (AVX), two threads": {
        "OPENBLAS_CORETYPE": "Sandybridge",
        "OPENBLAS_NUM_THREADS": "2",
    },
    "kernel of 2017 (Zen), three threads": {
        "OPENBLAS_CORETYPE": "Zen",
        "OPENBLAS_NUM_THREADS": "3",
    },
    "NumPy without AVX2 and AVX-512": {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"},
}
"""Environment variables by what they stand for. A kernel the processor lacks is refused."""


def numbers() -> Iterator[tuple[str, float]]:
    """Every value and limit of every public statistic, on tables of several sizes, by name."""
    import numpy as np

    from tests.analysis.statistics.every import CATEGORIES, results_in, statistics_of_the_package

    rng = np.random.default_rng(20260501)
    for n, k in ((8, 2), (40, 5), (300, 6)):
        item, rater = 20 * rng.standard_normal((n, 1)), 6 * rng.standard_normal(k)
        measured = item + rater + 9 * rng.standard_normal((n, k))
        codes = np.floor((item + 12 * rng.standard_normal((n, k)) + 40) / 20).clip(
            0, CATEGORIES - 1
        )
        for part, missing in (("whole", 0.0), ("missing", 0.15)):
            gone = rng.random((n, k)) < missing
            for statistic in statistics_of_the_package():
                few = statistic.of_codes or statistic.name == "vectors.vector_alpha"
                table = np.where(gone, np.nan, codes if few else measured)
                for words, answer in statistic.calls(table, clustered=False):
                    for at, result in enumerate(results_in(answer)):
                        name = f"{words}, {n} x {k}, {part}, result {at}"
                        if not result.defined:
                            continue
                        yield f"{name}, value", result.value
                        if result.interval is not None:
                            yield f"{name}, low", result.interval.low
                            yield f"{name}, high", result.interval.high


def run(arguments: list[str], setting: dict[str, str]) -> subprocess.CompletedProcess[str]:
    with TemporaryDirectory() as folder:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=os.environ | {"VAR_DIR": folder} | setting,
            capture_output=True,
            text=True,
        )


def numbers_under(setting: dict[str, str]) -> dict[str, float]:
    done = run(["-m", "scripts.kernels", "--print"], setting)
    if done.returncode:
        raise SystemExit(f"The statistics cannot be computed there:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def differences(here: dict[str, float], there: dict[str, float]) -> list[tuple[float, str]]:
    """How far each number differs, largest first; a number that only one side has is infinity."""
    found = []
    for name in here.keys() | there.keys():
        if name not in here or name not in there:
            found.append((float("inf"), name))
            continue
        apart = abs(here[name] - there[name]) / max(1.0, abs(here[name]))
        found.append((apart, name))
    return sorted(found, reverse=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers-only", action="store_true", help="leave the tests out")
    parser.add_argument("--print", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.print:
        print(json.dumps(dict(numbers())))
        return 0
    here, failed = numbers_under(AS_IT_IS), False
    print(f"{len(here):,} numbers of every public statistic; tolerance {TOLERANCE:g}")
    for words, setting in SETTINGS.items():
        apart, name = differences(here, numbers_under(setting))[0]
        print(f"{words}: the largest difference is {apart:.1e} ({name})", flush=True)
        failed = failed or apart > TOLERANCE
        if not chosen.numbers_only:
            tests = run(["-m", "pytest", "-q", "-n", "2", "tests/analysis/statistics"], setting)
            print(f"  tests: {tests.stdout.strip().splitlines()[-1]}", flush=True)
            if tests.returncode:
                print(tests.stdout[-4000:])
                failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
