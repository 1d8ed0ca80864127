"""Reference values the tests of this package share."""

import json
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).resolve().parents[3] / "golden"


def svo_oracles() -> dict[str, dict[str, Any]]:
    """Return the reference values of the family 'svo' by name."""
    entries = json.loads((GOLDEN / "oracles.json").read_text(encoding="utf-8"))
    return {entry["name"]: entry for entry in entries if entry["family"] == "svo"}


def gold_answers() -> list[dict[str, Any]]:
    """Return the hand-read SmolLM2 answers, one dictionary an answer."""
    lines = (GOLDEN / "smollm2_answers_gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
