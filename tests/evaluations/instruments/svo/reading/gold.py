"""Answers written for these tests in the styles of six families of models and in six languages,
with the reading fixed before any rule read them.

`gold_first.jsonl` was written before the rules, `gold_later.jsonl` after them, in other words, and
was read once before they were amended (recall .86 at precision 1). `gold` is a letter, or
ambiguous, none, refused.
"""

import json
from pathlib import Path
from typing import Any

from evaluations.instruments.svo import GoldReading, Outcome, read_prose, shown

FILES = ("gold_first.jsonl", "gold_later.jsonl")
REFUSED = "refused"


def answers() -> list[dict[str, Any]]:
    """All answers, one dictionary each."""
    folder = Path(__file__).parent
    return [
        json.loads(line)
        for name in FILES
        for line in (folder / name).read_text(encoding="utf-8").splitlines()
    ]


def as_gold(answer: dict[str, Any]) -> GoldReading:
    """The reading that was fixed, under the style of the answer."""
    gold = answer["gold"]
    if len(gold) == 1:
        return GoldReading(Outcome.CHOICE, gold, answer["style"])
    outcome = Outcome.NONE if gold == REFUSED else Outcome(gold)
    return GoldReading(outcome, None, answer["style"])


def as_read(answer: dict[str, Any]):
    """Today's reading of an answer to an item shown as printed."""
    return read_prose(answer["text"], shown(answer["item"]))
