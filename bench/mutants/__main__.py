"""``make mutants``: change the rooms that must be right, one small thing at a time, and see whether
a test tells. ``ROOM=words SAMPLE=40 SEED=1`` tries a sample of one room; without them, everything.

Status 1 where less than 90 % of a room's mutants are killed or explained in docs/mutants.md, where
an explanation has become stale, or where the tests of a room fail without a mutant.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.mutants.explained import explanations, line_for, stale
from bench.mutants.mutations import Mutant, mutants_of
from bench.mutants.rooms import PROJECT, ROOMS, Room

WANTED = 0.9
PAGE = PROJECT / "docs" / "mutants.md"


def main() -> int:
    options = _options()
    if options.one:
        return _one_process(options.one, options.places, options.out)
    status = 0
    for name in options.room or ROOMS:
        status |= _room(name, options)
    return status


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__)
    parser.add_argument("--room", action="append", choices=list(ROOMS), help="may be repeated")
    parser.add_argument("--sample", type=int, default=0, help="mutants of each room; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="which sample (default 1)")
    parser.add_argument("--file", default="", help="only modules whose path holds this")
    parser.add_argument("--text", default="", help="only lines that hold this")
    parser.add_argument("--one", choices=list(ROOMS), help=argparse.SUPPRESS)
    parser.add_argument("--places", help=argparse.SUPPRESS)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    return parser.parse_args()


def _room(name: str, options: argparse.Namespace) -> int:
    """Try a room and print how it did; 1 where it is not good enough."""
    room, start = ROOMS[name], time.monotonic()
    everything = [mutant for path in room.module_files() for mutant in mutants_of(path, PROJECT)]
    chosen = [
        mutant
        for mutant in everything
        if options.file in mutant.file and options.text in mutant.text
    ]
    of = len(chosen)
    if 0 < options.sample < of:
        kept = sorted(random.Random(options.seed).sample(range(of), options.sample))
        chosen = [chosen[at] for at in kept]
    results = _tried(name, chosen, {})
    survivors = [mutant for mutant, result in zip(chosen, results, strict=True) if result == LIVES]
    if survivors and room.both and (url := _postgres()):
        again = _tried(name, survivors, {"DATABASE_URL": url})
        for mutant, result in zip(survivors, again, strict=True):
            results[chosen.index(mutant)] = result
    return _report(name, room, chosen, results, everything, f"{of:,}, seed {options.seed}", start)


LIVES, NOT_TRIED = "survived", "not tried"


def _report(
    name: str,
    room: Room,
    chosen: Sequence[Mutant],
    results: Sequence[str],
    everything: Sequence[Mutant],
    of: str,
    start: float,
) -> int:
    known = explanations(PAGE)
    lives = [mutant for mutant, result in zip(chosen, results, strict=True) if result == LIVES]
    left = [mutant for mutant in lives if mutant.key not in known]
    counts = Counter(results)
    tried = len(chosen) - counts[NOT_TRIED]
    good = tried - len(left)
    share = good / tried if tried else 1.0
    print(
        f"\n{name}: {tried} mutants of {of}: {counts['killed']} killed, {counts['timed out']} timed"
        f" out, {len(lives)} survived, of these {len(lives) - len(left)} explained: {share:.0%}"
        f" ({time.monotonic() - start:.0f} s)"
    )
    for mutant in left:
        print(f"  {mutant.file}:{mutant.line}\n    - {mutant.before}\n    + {mutant.after}")
    old = stale(known, everything, [str(p.relative_to(PROJECT)) for p in room.module_files()])
    for key in old:
        print(f"  stale in {PAGE.name}: {' · '.join(key)}")
    if left:
        print("  Write a test that tells, or say in docs/mutants.md why it may live:")
        for mutant in left:
            print(f"  {line_for(mutant)}")
    return int(share < WANTED or bool(old))


def _tried(name: str, chosen: Sequence[Mutant], environment: dict[str, str]) -> list[str]:
    """Each mutant's result, from a process of its own for the room."""
    with tempfile.TemporaryDirectory() as folder:
        places, out = Path(folder) / "places.json", Path(folder) / "out.json"
        places.write_text(json.dumps([(mutant.file, mutant.place) for mutant in chosen]))
        done = subprocess.run(
            [
                *(sys.executable, "-m", "bench.mutants", "--one", name),
                *("--places", str(places), "--out", str(out)),
            ],
            cwd=PROJECT,
            env={**os.environ, "VAR_DIR": folder, "OPENBLAS_NUM_THREADS": "1", **environment},
        )
        if done.returncode or not out.exists():
            raise SystemExit(f"{name}: not tried, see above")
        found: list[str] = json.loads(out.read_text())
        return found


def _one_process(name: str, places: str, out: str) -> int:
    import pytest

    from bench.mutants.trying import Outcome, Trial

    def say(outcome: Outcome) -> None:
        mutant = outcome.mutant
        print(
            f"{outcome.result:9} {mutant.file}:{mutant.line} {mutant.before[:60]!r} → "
            f"{mutant.after[:60]!r} ({outcome.tests} tests)",
            flush=True,
        )

    room = ROOMS[name]
    by_place = {
        (mutant.file, mutant.place): mutant
        for path in room.module_files()
        for mutant in mutants_of(path, PROJECT)
    }
    chosen = [by_place[file, place] for file, place in json.loads(Path(places).read_text())]
    trial = Trial(chosen, room.module_files(), PROJECT, say)
    options = [
        "-o",
        "addopts=",
        "--capture=no",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
        "-qq",  # not without the terminal: tests that count queries ask it how much to say
        "--no-summary",
    ]
    marks = ["-m", "not browser and not local_model"]
    status = pytest.main([*options, *marks, *map(str, room.test_files())], plugins=[trial])
    if trial.red:
        print(f"{name}: fails without a mutant: {', '.join(trial.red)}")
        return 1
    if len(trial.outcomes) != len(chosen):
        print(f"{name}: the tests could not be collected (status {status})")
        return 1
    Path(out).write_text(json.dumps([outcome.result for outcome in trial.outcomes]))
    return 0


def _postgres() -> str:
    """The address of a PostgreSQL server, or nothing."""
    found = subprocess.run(
        [sys.executable, "scripts/find_postgres.py"], cwd=PROJECT, capture_output=True, text=True
    )
    return os.environ.get("DATABASE_URL") or found.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
