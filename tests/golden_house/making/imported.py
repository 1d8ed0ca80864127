"""Scenes of judgments that were made elsewhere: one for each scale."""

import random
from pathlib import Path

from tests.golden_house.leaving import command
from tests.golden_house.making import tables
from tests.golden_house.making.tables import drawn, near

PROJECT = "golden"
ITEMS, UNJUDGED = 60, 25

STANCES = ("agree", "disagree", "other", "unclear")
LEVELS = ("very low", "low", "middle", "high", "very high", "refusal")
DIMENSIONS = ("care", "power", "fairness")


def of_stance(right: float):
    def say(chance: random.Random, number: int) -> str:
        true = STANCES[number * 7 % 3]
        return true if chance.random() < right else drawn(chance, STANCES)

    return say


def _with_invalid(say, word: str):
    def said(chance: random.Random, number: int) -> str:
        return word if number % 17 == 0 else say(chance, number)

    return said


def of_level(spread: float):
    def say(chance: random.Random, number: int) -> str:
        if chance.random() < 0.05:
            return "refusal"
        return LEVELS[round(min(max(near(chance, number * 3 % 5, spread), 0), 4))]

    return say


def of_number(spread: float, scale: float = 1.0, low: float = -100.0, high: float = 100.0):
    def say(chance: random.Random, number: int) -> str:
        value = near(chance, number * 37 % 121 - 60, spread) * scale
        return str(round(min(max(value, low), high), 2))

    return say


def of_vector(right: float):
    def say(chance: random.Random, number: int) -> str:
        true = [(number // 3**at) % 3 - 1 for at in range(len(DIMENSIONS))]
        return ",".join(
            str(sign if chance.random() < right else drawn(chance, (-1, 0, 1))) for sign in true
        )

    return say


def _import(folder: Path, name: str, scale: str, say, says: dict, *options: str) -> None:
    """Judgments of six raters, and labels of the metrics in *says*, of unjudged items too."""
    judged = tables.judgments(len(name), ITEMS, 6, say)
    said = tables.labels(len(name) + 1, ITEMS + UNJUDGED, says, from_item=4)
    command(
        *("import_judgments", tables.write(folder / "judgments.csv", judged)),
        *("--study", name, "--project", PROJECT, "--scale", scale),
        *("--automated", tables.write(folder / "labels.csv", said), "--properties", "topic"),
        *options,
    )


def nominal(folder: Path) -> None:
    says = {
        "good": _with_invalid(of_stance(0.85), "n/a"),
        "middling": _with_invalid(of_stance(0.6), ""),
        "bad/model v1.0": of_stance(0.2),
    }
    declared = ("--ways-out", "unclear", "--unscorable", "n/a", "--raters-are", "crowd")
    options = ("--categories", *STANCES, *declared, "--question", "Which stance?")
    _import(folder, "Stances", "nominal", of_stance(0.75), says, *options)


def ordinal(folder: Path) -> None:
    says = {"near": of_level(0.5), "far": _with_invalid(of_level(2.0), "?")}
    declared = ("--ways-out", "refusal", "--unscorable", "?", "--raters-are", "expert")
    _import(folder, "Levels", "ordinal", of_level(0.8), says, "--categories", *LEVELS, *declared)


def interval(folder: Path) -> None:
    says = {
        "own scale": of_number(8),
        "other scale": of_number(10, scale=0.04, low=-4, high=4),
        "undeclared": _with_invalid(of_number(60), ""),
    }
    ranges = ("--rater-range", "-100", "100", "--metric-range", "other scale", "-4", "4")
    _import(folder, "Numbers", "interval", of_number(15), says, *ranges, "--raters-are", "skilled")


def angle(folder: Path) -> None:
    degrees = {"scale": 0.5, "low": -16, "high": 61}
    says = {"ring": of_number(12, **degrees), "noise": of_number(90, **degrees)}
    _import(folder, "Angles", "angle", of_number(18, **degrees), says)


def vector(folder: Path) -> None:
    says = {"close": of_vector(0.8), "loose": _with_invalid(of_vector(0.3), "")}
    _import(folder, "Vectors", "vector", of_vector(0.7), says, "--categories", *DIMENSIONS)
