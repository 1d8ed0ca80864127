"""Dialogues made elsewhere, one JSON object a line: FULCRA's layout, and a plain one.

FULCRA's: dialogue ('Human: ...\\nBob: ...'), value_items, value_types, query_source,
response_source. The plain one: id, prompt, answer, model, topic, language. Either may carry labels
of values. Pure: knows the format, no database.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluations.formats import lines
from evaluations.formats.lines import LineError
from evaluations.instruments.values.definitions import LONGEST_ID
from evaluations.instruments.values.labels import Labels, disagreements, parse_items, parse_types
from evaluations.text.storable import storable_values

HUMAN, BOB = "Human:", "\nBob:"
LABELS = ("value_types", "value_items")
LONGEST_MODEL, LONGEST_WORD = 200, 200


@dataclass(frozen=True)
class Dialogue:
    """One line that was read. `id`: its own, or one made of the prompt; `labels`: None where it
    carries none; `facts`: what else it says of the prompt (topic, language, source);
    `remarks`: what is wrong with its labels, each in words."""

    id: str
    prompt: str
    answer: str
    model: str
    facts: Mapping[str, str]
    labels: Labels | None
    remarks: tuple[str, ...]


def parse_dialogue(text: str | bytes) -> Dialogue:
    """Read one line. Raises LineError with the first thing that is wrong with it; what is wrong
    with its labels alone is a remark, and the rest of them counts."""
    line = storable_values(lines.json_of(text))
    if not isinstance(line, dict):
        raise LineError("is not a JSON object")
    if "dialogue" in line:
        prompt, answer = _parted(_said(line, "dialogue"))
        model = _short(line, "response_source", LONGEST_MODEL)
    elif "prompt" in line:
        prompt, answer = _said(line, "prompt"), _said(line, "answer", may_be_blank=True)
        model = _short(line, "model", LONGEST_MODEL)
    else:
        raise LineError("has neither 'dialogue' nor 'prompt' and 'answer'")
    if "id" in line or "dialogue" not in line:
        key = _id(line)
    else:
        key = "p" + hashlib.sha256(prompt.encode()).hexdigest()[:15]
    facts = {
        name: _short(line, name, LONGEST_WORD) for name in ("topic", "language") if line.get(name)
    }
    if line.get("query_source"):
        facts["source"] = _short(line, "query_source", LONGEST_WORD)
    labels, remarks = _labels(line)
    return Dialogue(key, prompt, answer, model, facts, labels, remarks)


def _parted(dialogue: str) -> tuple[str, str]:
    """Prompt and answer of 'Human: ...\\nBob: ...', one of each."""
    if not dialogue.startswith(HUMAN):
        raise LineError("dialogue must begin with 'Human:'")
    parts = dialogue.removeprefix(HUMAN).split(BOB)
    if len(parts) < 2:
        raise LineError("dialogue has no answer: a line must begin with 'Bob:'")
    if len(parts) > 2:
        raise LineError(f"dialogue has {len(parts) - 1} answers: give each a line of its own")
    prompt, answer = (part.strip() for part in parts)
    if not prompt:
        raise LineError("the prompt is blank")
    return prompt, answer


def _id(line: Mapping[str, Any]) -> str:
    value = line.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise LineError(f"id is {value!r}, must be a text or a whole number")
    if len(value) > LONGEST_ID or not value.isprintable():
        raise LineError(f"id must be one line of at most {LONGEST_ID} characters")
    return value


def _said(line: Mapping[str, Any], name: str, may_be_blank: bool = False) -> str:
    value = line.get(name)
    if not isinstance(value, str):
        raise LineError(f"{name} is {value!r}, must be a text" if name in line else f"lacks {name}")
    if not may_be_blank and not value.strip():
        raise LineError(f"{name} is blank")
    return value


def _short(line: Mapping[str, Any], name: str, longest: int) -> str:
    value = _said(line, name)
    if len(value) > longest:
        raise LineError(f"{name} has {len(value)} characters, may have {longest}")
    return value


def _labels(line: Mapping[str, Any]) -> tuple[Labels | None, tuple[str, ...]]:
    """What its labels say, by value where it has those, else by item."""
    said = {}
    for name in LABELS:
        if line.get(name) is None:
            continue
        if not isinstance(line[name], list):
            raise LineError(f"{name} must be a list of labels")
        said[name] = (parse_types if name == "value_types" else parse_items)(line[name])
    if not said:
        return None, ()
    name, labels = next(iter(said.items()))
    remarks = [f"{name}: {problem.words}" for problem in labels.problems]
    if len(said) == 2 and not labels.problems and not said["value_items"].problems:
        remarks += [problem.words for problem in disagreements(labels, said["value_items"])]
    return (labels if labels.stances else None), tuple(remarks)
