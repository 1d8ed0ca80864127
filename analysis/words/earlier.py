"""What is shown of a report that an earlier release stored: itself, and what it could not say yet.

A kept report stays to the letter what it was, and its JSON is that. Pages, texts and tables read it
with the parts that results have got since, which say of the older one what was true of it: nothing
was declared of items, ways out went by their names, and intervals took models for sampled where
there were four or more.
"""

from __future__ import annotations

from typing import Any

Part = dict[str, Any]
ENDS = ("unscorable", "unclear", "refusal")
"""The labels that the first release took for no values, on every scale."""

MODELS_TO_SAMPLE = 4
"""From so many models on, the first release took them for what was sampled."""


def with_later_parts(result: Part) -> Part:
    """*result* with the parts that it lacks; a result of today as it is."""
    overview = result["overview"]
    models = overview["counts"]["models"]
    sampled = models >= MODELS_TO_SAMPLE
    declared = {
        "ways_out": [],
        "properties": [],
        "unjudged": 0,
        "clusters": {"by": "model" if sampled else "", "number": models * sampled, "text": ""},
    }
    corrected = [
        {"of": "trials", "unscorable": 0} | part if part["defined"] else part
        for part in result["corrected"]
    ]
    automated = [
        {"ends": list(ENDS)} | part if part["kind"] == "labels" else part
        for part in result["automated"]
    ]
    return result | {
        "overview": declared | overview,
        "corrected": corrected,
        "automated": automated,
    }
