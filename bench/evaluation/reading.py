"""`python -m bench.evaluation.reading`: how well answers are read, against what people read.

Three gold readings: 421 answers of our own in the styles of six families of models and in six
languages, read as fixed beforehand; the 240 free answers of a small model that were read by hand,
and 13,500 answers of the dictator game (outside the project, in the folder SHARED_DATA) that their
authors coded. Prints precision and recall of 'choice' for each shape of answer. Needs no database.
"""

import csv
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import lib
from evaluations.instruments.svo import (
    ALL_SHAPES,
    Allocation,
    GoldReading,
    Outcome,
    ProseReading,
    Quality,
    ShownOptions,
    read_prose,
    reading_quality,
    shown,
)
from tests.evaluations.instruments.svo.reading import gold

GOLD = lib.PROJECT / "tests" / "golden" / "smollm2_answers_gold.jsonl"
PRECISION_BAR = ">=0.99"
LEAST_PRECISION = 0.99

GROWTH_BAR = "<=6"
HARD_TO_READ = (
    "I choose B ", "A:\n", "C\n", "B or ", "I would ", "the option that my my ", " ", "a", "((",
    "<b>", "\\boxed{", "if ", "the best answer for me ", "59 ", "not think I choose D ",
    "I chose B ", "I choose B then ", "the best option is B for ", "sixty ",
)  # fmt: skip
"""What an answer may repeat; each is near to something the rules look for."""

PROJECTS = ShownOptions(
    labels=("black", "brown", "green", "blue", "white"),
    allocations=tuple(Allocation(4 - give, give) for give in range(5)),
    noun="project",
    answer_line="Choice",
)
"""The five options of the dictator game: how much of four goes to the other person."""

Readings = Iterator[tuple[ProseReading, GoldReading]]


def smollm2() -> Readings:
    """Our reading and a person's of each free answer of SmolLM2."""
    with GOLD.open(encoding="utf-8") as file:
        for line in map(json.loads, file):
            found = read_prose(line["answer"], shown(line["item"]), truncated=line["truncated"])
            yield found, GoldReading(Outcome(line["outcome"]), line["letter"], line["shape"])


def styles() -> Readings:
    """Our reading and the one fixed beforehand of each answer we wrote, under its style."""
    for answer in gold.answers():
        yield gold.as_read(answer), gold.as_gold(answer)


def dictator(file: Path) -> Readings:
    """Our reading and the authors' of each distinct answer, weighted by its occurrences."""
    with file.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            yield (
                read_prose(row["response"], PROJECTS),
                GoldReading(
                    Outcome.CHOICE,
                    row["author_choice"],
                    row["persona_group"],
                    int(row["n_occurrences"]),
                ),
            )


def show(name: str, quality: dict[str, Quality]) -> bool:
    """Print the figures of one gold reading; return whether its precision is met."""
    for shape, found in sorted(quality.items()):
        key = f"reading.{name}.{shape.replace(' ', '_')}"
        bar = PRECISION_BAR if shape == ALL_SHAPES else "-"
        lib.figure(f"{key}.answers", found.answers)
        lib.figure(f"{key}.precision", _share(found.precision), bar)
        lib.figure(f"{key}.recall", _share(found.recall))
    precision = quality[ALL_SHAPES].precision
    return precision is not None and precision >= LEAST_PRECISION


def _share(value: float | None) -> float | str:
    return "undefined" if value is None else value


def growth() -> None:
    """Print how much longer four times the text takes to read, at worst (16 would be quadratic)."""
    worst = max(HARD_TO_READ, key=_growth)
    lib.remark(f"the text whose reading grows fastest repeats {worst!r}")
    lib.figure("reading.growth_at_4_times_the_length", _growth(worst), GROWTH_BAR)


def _growth(unit: str) -> float:
    return _seconds(unit * (48_000 // len(unit))) / _seconds(unit * (12_000 // len(unit)))


def _seconds(text: str) -> float:
    """CPU seconds to read a text: the least of five, because noise only ever adds."""

    def once() -> float:
        started = time.process_time()
        read_prose(text, shown(4))
        return time.process_time() - started

    return min(once() for _ in range(5))


def bench() -> bool:
    """Print every figure; return whether nothing was read wrongly more often than allowed."""
    growth()
    kept = show("styles", reading_quality(styles()))
    kept = show("smollm2", reading_quality(smollm2())) and kept
    folder = Path(os.environ.get("SHARED_DATA", lib.PROJECT.parent / "shared" / "data"))
    file = folder / "llm_dictator_transcripts.csv"
    if not file.is_file():
        lib.remark(f"the dictator answers are not at {file.name} in SHARED_DATA: not measured")
        return kept
    return show("dictator", reading_quality(dictator(file))) and kept


def main() -> int:
    lib.remark(f"Machine: {lib.machine()}")
    if bench():
        return 0
    print("broken: answers were read wrongly more often than allowed", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
