import csv
import json
import sys

import pytest

from evaluations.instruments.svo import (
    ALL_SHAPES,
    Allocation,
    GoldReading,
    Outcome,
    ShownOptions,
    read_prose,
    reading_quality,
    shown,
)
from tests.evaluations.instruments.svo.helpers import gold_answers

GOLD = gold_answers()
KEY = ("target_value", "goal_prompt", "trial", "item")
PROJECTS = ShownOptions(
    labels=("black", "brown", "green", "blue", "white"),
    allocations=tuple(Allocation(4 - give, give) for give in range(5)),
    noun="project",
    answer_line="Choice",
)


def read(line):
    return read_prose(line["answer"], shown(line["item"]), truncated=line["truncated"])


def gold_reading(line):
    return GoldReading(Outcome(line["outcome"]), line["letter"], line["shape"])


def report(quality):
    """Write precision and recall per shape to the captured output (`pytest -rP` shows it)."""
    for shape, row in sorted(quality.items()):
        precision = "-" if row.precision is None else f"{row.precision:.4f}"
        recall = "-" if row.recall is None else f"{row.recall:.4f}"
        sys.stdout.write(f"{shape:28} n={row.answers} {precision=} {recall=}\n")


def test_the_gold_file_holds_every_answer_once_and_well_formed():
    keys = {
        tuple(line[k] for k in ("target_value", "goal_prompt", "trial", "item")) for line in GOLD
    }
    assert len(keys) == len(GOLD) == 240
    for line in GOLD:
        assert (line["outcome"] == Outcome.CHOICE) == (line["letter"] is not None)
        if line["span"] is not None:
            start, end = line["span"]
            assert 0 <= start < end <= len(line["answer"])
        if line["letter"] is not None:
            start, end = line["span"]
            assert line["letter"] in line["answer"][start:end]


@pytest.mark.shared_data
def test_the_gold_file_quotes_the_real_answers(shared_data):
    said = {}
    with (shared_data / "smollm2_trials_free.jsonl").open(encoding="utf-8") as source:
        for trial in map(json.loads, source):
            finishes = [call["finish"] for call in trial["calls"] if call["kind"] == "item"]
            for item, (answer, finish) in enumerate(
                zip(trial["answers"], finishes, strict=True), start=1
            ):
                key = (trial["target_value"], trial["goal_prompt"], trial["trial"], item)
                said[key] = (answer, finish == "length")
    for line in GOLD:
        key = tuple(line[name] for name in KEY)
        assert said[key] == (line["answer"], line["truncated"])


def test_precision_and_recall_on_the_hand_read_answers():
    quality = reading_quality((read(line), gold_reading(line)) for line in GOLD)
    report(quality)
    assert quality[ALL_SHAPES].gold_choices == 59
    assert quality[ALL_SHAPES].precision >= 0.99
    assert quality[ALL_SHAPES].recall >= 0.98
    assert quality[ALL_SHAPES].agreed / quality[ALL_SHAPES].answers >= 0.98


def test_no_shape_of_answer_is_read_wrongly():
    quality = reading_quality((read(line), gold_reading(line)) for line in GOLD)
    assert {row.precision for row in quality.values()} == {None, 1.0}


def test_evidence_of_a_choice_points_where_the_reader_pointed():
    for line in GOLD:
        found = read(line)
        if found.outcome is Outcome.CHOICE:
            start, end = found.evidence
            gold_start, gold_end = line["span"]
            assert start < gold_end and gold_start < end, line


@pytest.mark.shared_data
def test_precision_and_recall_on_13500_dictator_answers(shared_data):
    with (shared_data / "llm_dictator_transcripts.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    quality = reading_quality(
        (
            read_prose(row["response"], PROJECTS),
            GoldReading(
                Outcome.CHOICE,
                row["author_choice"],
                row["persona_group"],
                int(row["n_occurrences"]),
            ),
        )
        for row in rows
    )
    report(quality)
    assert quality[ALL_SHAPES].answers == 13_500
    assert quality[ALL_SHAPES].precision >= 0.99
    assert quality[ALL_SHAPES].recall >= 0.99


@pytest.mark.shared_data
def test_without_the_requested_line_contradicting_answers_stay_open(shared_data):
    # Told nothing of the format, the rules must leave 1,484 two-answer occurrences open.
    projects = ShownOptions(PROJECTS.labels, PROJECTS.allocations, "project")
    read_choices = wrong = 0
    with (shared_data / "llm_dictator_transcripts.csv").open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            found = read_prose(row["response"], projects)
            if found.outcome is Outcome.CHOICE:
                read_choices += int(row["n_occurrences"])
                wrong += int(row["n_occurrences"]) * (found.label != row["author_choice"])
    assert wrong == 0
    assert read_choices == 13_500 - 1_484


@pytest.mark.parametrize(
    ("readings", "precision", "recall"),
    [
        ([("C", "choice", "C"), ("D", "choice", "C")], 0.5, 0.5),
        ([("C", "choice", "C"), ("B or C", "choice", "C")], 1.0, 0.5),
        ([("C", "ambiguous", None)], 0.0, None),
        ([("hello", "none", None)], None, None),
    ],
)
def test_quality_counts_wrong_choices_against_both_and_open_ones_against_recall(
    readings, precision, recall
):
    quality = reading_quality(
        (read_prose(answer), GoldReading(Outcome(outcome), label, "s"))
        for answer, outcome, label in readings
    )
    assert (quality["s"].precision, quality["s"].recall) == (precision, recall)
    assert quality["s"] == quality[ALL_SHAPES]


def test_quality_weighs_occurrences():
    quality = reading_quality(
        [
            (read_prose("C"), GoldReading(Outcome.CHOICE, "C", "s", 3)),
            (read_prose("D"), GoldReading(Outcome.CHOICE, "C", "s", 1)),
        ]
    )
    assert quality["s"].precision == 0.75
