"""Logs of inspect_ai: `.eval` archives and `.json` files, a conversation in each sample. Pure.

What the log says under the names of our fields (``target_value``, ``goal_prompt``, ...) is taken:
from the sample's metadata, else from the task's arguments, else from the metadata of the whole log.
A message may carry ``step``, ``item`` and ``options`` in its metadata.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from evaluations.interchange.archives import Archive, DamagedMember
from evaluations.interchange.found import Broken, LeftOut, Trial
from evaluations.interchange.json_text import JsonText, broken_file
from evaluations.interchange.looked_at import LINES, OBJECT, ZIP, Looked
from evaluations.interchange.said_of_trials import said_of_trial
from evaluations.text.natural_order import natural
from evaluations.text.storable import LenientDecoder

OF_MESSAGE = ("step", "item", "options")
ATTACHED = "attachment://"
HEADER, SAMPLES = "header.json", "samples/"
ROLES = ("system", "user", "assistant")


def why_not(looked: Looked) -> str:
    """Why a file is no log of inspect_ai, '' where it is one."""
    if looked.shape == ZIP:
        if looked.damage:
            return looked.damage
        if HEADER in looked.names or any(name.startswith("_journal/") for name in looked.names):
            return ""
        return f"the archive holds no {HEADER}"
    if looked.shape not in (OBJECT, LINES):
        return f"it is a {looked.shape}, neither an archive nor a JSON object"
    if missing := [name for name in ("version", "status", "eval") if name not in looked.keys]:
        return f"the object has no {', '.join(missing)}"
    return ""


Sample = tuple[str, Mapping[str, Any], Mapping[str, Any]]
"""Its place, the description of the evaluation, and the sample."""


def samples(looked: Looked) -> Iterator[Sample | Broken]:
    """The samples of a log, one in memory at a time; raises RejectedFile."""
    yield from _archived(looked) if looked.shape == ZIP else _in_json(looked)


def _archived(looked: Looked) -> Iterator[Sample | Broken]:
    try:
        with Archive(looked.path) as archive:
            described = _described(archive)
            names = [name for name in archive.names if name.startswith(SAMPLES)]
            for name in sorted(names, key=natural):
                yield _member(archive, name, described)
    except DamagedMember as error:
        raise broken_file(str(error)) from None


def _described(archive: Archive) -> Mapping[str, Any]:
    """What the log says of the evaluation; a run that was cut off has it in its journal alone."""
    name = HEADER if HEADER in archive.names else "_journal/start.json"
    try:
        found = _parsed(archive.read(name))
    except (DamagedMember, ValueError) as error:
        raise broken_file(f"{name} {error}") from None
    if not isinstance(found, dict) or not isinstance(found.get("eval"), dict):
        raise broken_file(f"{name} does not say which model was evaluated")
    return found["eval"]


def _member(archive: Archive, name: str, described: Mapping[str, Any]) -> Sample | Broken:
    place = name.removeprefix(SAMPLES).removesuffix(".json")
    try:
        return _sample(f"sample {place}", described, _parsed(archive.read(name)))
    except DamagedMember as error:
        return Broken(f"sample {place}", str(error))
    except ValueError as error:
        return Broken(f"sample {place}", f"is not JSON ({error})")


def _parsed(content: bytes) -> Any:
    return json.loads(content.decode("utf-8"), cls=LenientDecoder)


def _in_json(looked: Looked) -> Iterator[Sample | Broken]:
    with looked.open() as file:
        text = JsonText(file.read)
        described: Any = None
        for name in text.names():
            if name != "samples" or text.peek() != "[":
                value = text.value()
                described = value if name == "eval" else described
                continue
            if not isinstance(described, dict):
                raise broken_file("the log does not say which model was evaluated")
            for number, sample in enumerate(text.elements(), start=1):
                yield _sample(f"sample {number}", described, sample)


def _sample(place: str, described: Mapping[str, Any], sample: Any) -> Sample | Broken:
    if not isinstance(sample, dict) or not isinstance(sample.get("messages"), list):
        return Broken(place, "holds no messages", sample)
    return f"sample {sample.get('id')}, epoch {sample.get('epoch', 1)}", described, sample


def trials(looked: Looked) -> Iterator[Trial | Broken]:
    """The samples as trials: the conversation, who spoke, and what the scorers said."""
    for found in samples(looked):
        if isinstance(found, Broken):
            yield found
            continue
        place, described, sample = found
        try:
            yield Trial(place, _fields(described, sample))
        except ValueError as error:
            yield Broken(place, str(error), sample)


def _fields(described: Mapping[str, Any], sample: Mapping[str, Any]) -> dict[str, Any]:
    """The object of a line of a trial file. Raises ValueError."""
    if error := sample.get("error"):
        why = error.get("message") if isinstance(error, dict) else error
        raise ValueError(f"the sample ended with an error: {str(why)[:200]}")
    model = described.get("model")
    if not isinstance(model, str):
        raise ValueError("the log does not say which model was evaluated")
    output = _object(sample.get("output"))
    fields: dict[str, Any] = {
        "model": model,
        "model_returned": output.get("model") or "",
        "trial": max(int(sample.get("epoch") or 1) - 1, 0),
        "messages": _messages(sample),
        "parameters": _parameters(described, sample),
    }
    return fields | said_of_trial(
        _object(described.get("metadata")),
        _object(described.get("task_args")),
        _object(sample.get("metadata")),
    )


def _messages(sample: Mapping[str, Any]) -> list[dict[str, Any]]:
    kept = _object(sample.get("attachments"))
    return [_message(at, _object(one), kept) for at, one in enumerate(sample["messages"])]


def _message(at: int, message: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    role = message.get("role")
    if role not in ROLES or message.get("tool_calls"):
        what = "calls a tool" if message.get("tool_calls") else f"is of the role {role!r}"
        raise ValueError(f"message {at + 1} {what}: only what system, user and model say is taken")
    said = _object(message.get("metadata"))
    own = {name: said[name] for name in OF_MESSAGE if said.get(name) is not None}
    return {"role": role, "content": _text(at, message.get("content"), kept), **own}


def _text(at: int, content: Any, kept: Mapping[str, Any]) -> str:
    """The words of a message: a text, or parts of which reasoning is left out. Long ones stand
    among what the log *kept* aside."""
    if isinstance(content, str):
        return (
            str(kept.get(content.removeprefix(ATTACHED), content))
            if content.startswith(ATTACHED)
            else content
        )
    parts: list[str] = []
    for part in content if isinstance(content, list) else [content]:
        kind = _object(part).get("type")
        if kind == "text":
            parts.append(_text(at, str(part.get("text", "")), kept))
        elif kind != "reasoning":
            raise ValueError(f"message {at + 1} holds {kind or 'nothing'}, which is no text")
    return "\n".join(parts)


def _parameters(described: Mapping[str, Any], sample: Mapping[str, Any]) -> dict[str, Any]:
    """What else was set, and what the scorers said, so that nothing of it is lost."""
    config = _object(described.get("model_generate_config"))
    found = {name: value for name, value in config.items() if value is not None}
    names = {"task": described.get("task"), "sample": sample.get("id")}
    scores = {name: _object(score).get("value") for name, score in _scores(sample).items()}
    return found | {"inspect_ai": {**names, "scores": scores} if scores else names}


def _scores(sample: Mapping[str, Any]) -> Mapping[str, Any]:
    return _object(sample.get("scores"))


def scores(looked: Looked) -> Iterator[tuple[str, str, str, Any] | Broken | LeftOut]:
    """Place, item (id of the sample, and its epoch where there are several), scorer and value."""
    for found in samples(looked):
        if isinstance(found, Broken):
            yield found
            continue
        place, described, sample = found
        several = (_object(described.get("config")).get("epochs") or 1) > 1
        item = f"{sample.get('id')}#{sample.get('epoch', 1)}" if several else str(sample.get("id"))
        if not _scores(sample):
            yield LeftOut(place, "no scorer said anything of it")
        for scorer, score in _scores(sample).items():
            yield place, item, scorer, _object(score).get("value")


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
