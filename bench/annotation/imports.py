"""How long a large file of judgments takes to come in, and how much memory."""

import random
import resource
import subprocess
import sys
import time
from pathlib import Path

from django.core.management import call_command

from bench import lib

JUDGMENTS, JUDGMENTS_QUICK = 1_000_000, 50_000
RATERS_OF_AN_ITEM, RATERS = 5, 400
LABELS = ("altruistic", "prosocial", "individualistic", "competitive", "unclear")
LIMIT_SECONDS, LIMIT_MB = 60, 500


def run(kind: str, invariants: lib.Invariants) -> None:
    """Import a file in a process of its own, as `manage.py import_judgments` does."""
    size = JUDGMENTS_QUICK if lib.quick() else JUDGMENTS
    lib.remark(f"import on {kind}: {size:,} judgments, {RATERS_OF_AN_ITEM} an item")
    with lib.scratch() as folder:
        file = folder / "judgments.csv"
        write(file, size)
        command = [sys.executable, "-m", "bench.annotation.imports", str(file)]
        done = subprocess.run(command, cwd=lib.PROJECT, check=True, capture_output=True, text=True)
    seconds, megabytes, stored = (float(word) for word in done.stdout.split()[-3:])
    limit = LIMIT_SECONDS * size / JUDGMENTS if not lib.quick() else None
    lib.figure(f"import_{kind}_{size}_seconds", seconds, f"<={limit:g}" if limit else "-")
    lib.figure(f"import_{kind}_rows_per_second", size / seconds)
    lib.figure(f"import_{kind}_peak_mb", megabytes, f"<={LIMIT_MB}")
    invariants.check(f"import_{kind}_judgments_missing", size - int(stored))


def write(file: Path, size: int) -> None:
    """A file of *size* judgments: raters agree four times of five."""
    chance = random.Random(7)
    with file.open("w", encoding="utf-8") as lines:
        lines.write("item,rater,value\n")
        for item in range(size // RATERS_OF_AN_ITEM):
            truth = chance.choice(LABELS)
            first = chance.randrange(RATERS)
            for number in range(RATERS_OF_AN_ITEM):
                said = truth if chance.random() < 0.8 else chance.choice(LABELS)
                lines.write(f"text-{item},r{(first + number * 7) % RATERS},{said}\n")


def main(file: str) -> None:
    import django

    django.setup()
    from annotations.models import Judgment

    begun = time.perf_counter()
    call_command(
        "import_judgments",
        file,
        study="imported",
        scale="nominal",
        categories=list(LABELS),
        project="bench",
    )
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stored = Judgment.objects.filter(item__study__name="imported").count()
    print(f"{seconds:.2f} {peak:.0f} {stored}")


if __name__ == "__main__":
    main(sys.argv[1])
