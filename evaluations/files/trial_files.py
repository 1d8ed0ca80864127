"""Trials made elsewhere: one JSON object a line (docs/reference/trial-files.md), read strictly.

Pure: knows the file format and the instrument, no database. What a line says about its steps and
options is checked against the conversation itself; a contradiction rejects the line.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluations.files.trial_turns import FileTurn, TurnReader, check_restated, messages_of
from evaluations.formats import lines
from evaluations.formats.lines import LineError
from evaluations.instruments.base import InstrumentDefinition
from evaluations.instruments.conditions import Condition
from evaluations.text.storable import storable_values

FORMAT = "valuecheck-trial/1"

LARGEST_TRIAL = 2**31 - 1
"""The largest number a database keeps a trial's in."""

LONGEST_PROMPT = 60
"""Characters of the name of a prompt."""

NEEDED = ("model", "target_value", "trial", "messages")
OPTIONAL = (
    "format",
    "prompt",
    "goal_prompt",
    "induction",
    "value_place",
    "frame",
    "seed",
    "temperature",
    "parameters",
    "model_returned",
    "system_fingerprint",
    "simulated",
    "goal",
    "answers",
    "calls",
)
"""Beside the fields of the instrument's kind."""


@dataclass(frozen=True)
class FileTrial:
    """A line that was read completely. `source_key` is the same for the same conversation.

    `frame`: the scene it was asked in, as KEY@VERSION, '' for none. `prompt`: which prompt it asks,
    where each is asked in a trial of its own.
    """

    model: str
    condition: Condition
    number: int
    seed: int
    simulated: bool
    parameters: Mapping[str, Any]
    model_returned: str
    system_fingerprint: str
    turns: tuple[FileTurn, ...]
    source_key: str
    frame: str = ""
    prompt: str = ""


def parse_line(text: str | bytes, instrument: InstrumentDefinition) -> FileTrial:
    """Read one line against an instrument; raises LineError with the first thing that is wrong."""
    return parse_object(lines.json_of(text), instrument)


def parse_object(line: Any, instrument: InstrumentDefinition) -> FileTrial:
    """Read the object a line holds; raises LineError with the first thing that is wrong."""
    line = _checked(storable_values(line), instrument.kind.files.fields)
    messages = messages_of(line)
    turns = TurnReader(line, messages, instrument).turns()
    condition = _condition(line, turns, instrument)
    check_restated(line, turns, instrument.kind.files.item_step)
    number, seed = lines.whole(line, "trial", least=0), lines.whole(line, "seed", least=None)
    prompt = lines.short(line, "prompt", LONGEST_PROMPT)
    if number > LARGEST_TRIAL:
        raise LineError(f"trial is {number}, must be at most {LARGEST_TRIAL}")
    return FileTrial(
        model=lines.text(line, "model"),
        condition=condition,
        number=number,
        seed=seed,
        simulated=lines.boolean(line, "simulated"),
        parameters=_parameters(line),
        model_returned=lines.short(line, "model_returned", 200) or line["model"],
        system_fingerprint=lines.short(line, "system_fingerprint", 120),
        turns=turns,
        source_key=_key(line["model"], condition, number, seed, messages, prompt),
        frame=lines.short(line, "frame", 90),
        prompt=prompt,
    )


def _checked(line: Any, own: Sequence[str]) -> dict[str, Any]:
    if not isinstance(line, dict):
        raise LineError("is not a JSON object")
    if missing := [name for name in NEEDED if name not in line]:
        raise LineError(f"lacks {', '.join(missing)}")
    known = (*NEEDED, *OPTIONAL, *own)
    if unknown := [name for name in line if name not in known]:
        raise LineError(f"has the unknown field {unknown[0]!r}; known are {', '.join(known)}")
    if line.get("format", FORMAT) != FORMAT:
        raise LineError(f"format is {line['format']!r}, this version reads {FORMAT!r}")
    return line


def _with_goal(line: Mapping[str, Any], default: bool) -> bool:
    stated = line.get("goal_prompt")
    if stated is None:
        return default
    if stated not in ("goal", "nogoal"):
        raise LineError(f"goal_prompt is {stated!r}, must be 'goal' or 'nogoal'")
    return stated == "goal"


def _condition(
    line: Mapping[str, Any], turns: Sequence[FileTurn], instrument: InstrumentDefinition
) -> Condition:
    """What a line says of its condition, which must be what its conversation shows."""
    files, measure = instrument.kind.files, instrument.measure
    target = line["target_value"] or ""
    targets = instrument.kind.targets(measure)
    known = {**files.aliases, "none": "", "": ""} | {t.key: t.key for t in targets}
    if not isinstance(target, str) or target not in known:
        raise LineError(f"target_value is {target!r}, must be one of {', '.join(known)}")
    with_goal = _with_goal(line, default=any(turn.step == "goal" for turn in turns))
    if with_goal != any(turn.step == "goal" for turn in turns):
        raise LineError(
            f"goal_prompt is {'goal' if with_goal else 'nogoal'!r}, but the conversation "
            f"{'asks for no' if with_goal else 'asks for a'} goal"
        )
    try:
        condition = Condition(
            target=known[target],
            with_goal=with_goal,
            induction=line.get("induction") or ("name" if known[target] else "none"),
            value_place=line.get("value_place") or "dialogue",
            own=files.own(
                line,
                {turn.item_number or 0: turn.shown for turn in turns if turn.is_read},
                measure,
            ),
        )
        instrument.check(condition)
    except ValueError as error:
        raise LineError(str(error)) from None
    return condition


def _parameters(line: Mapping[str, Any]) -> dict[str, Any]:
    parameters = line.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise LineError("parameters must be an object")
    stated = {name: line[name] for name in ("temperature", "seed") if name in line}
    return {**parameters, **stated}


def _key(
    model: str,
    condition: Condition,
    number: int,
    seed: int,
    messages: Sequence[Mapping[str, Any]],
    prompt: str = "",
) -> str:
    """A name of the prompt is part of it where there is one: older keys stay what they are."""
    said = [(message["role"], message["content"]) for message in messages]
    named = [prompt] if prompt else []
    parts = [model, condition.identity(), number, seed, said, *named]
    content = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
