"""Samples of lm-evaluation-harness: JSON Lines, a document of a task in each. Pure.

A sample with generated answers is a trial for each of its repeats: the chat it was asked with (or
its prompt, as one message), and the answer. The file does not name the model; the results that the
harness writes beside it do.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evaluations.interchange.found import Broken, LeftOut, Trial
from evaluations.interchange.json_text import broken_file, json_lines
from evaluations.interchange.looked_at import LINES, Looked
from evaluations.interchange.said_of_trials import said_of_trial
from evaluations.text.storable import LenientDecoder

KEYS = ("doc_id", "doc", "arguments", "resps")


def why_not(looked: Looked) -> str:
    """Why a file holds no samples of the harness, '' where it does."""
    if looked.shape != LINES:
        return f"it is a {looked.shape}, no JSON Lines"
    missing = [name for name in KEYS if name not in looked.keys]
    return f"its first line has no {', '.join(missing)}" if missing else ""


def _samples(looked: Looked) -> Iterator[tuple[str, Mapping[str, Any]] | Broken]:
    with looked.open() as file:
        for number, sample in json_lines(file):
            place = f"line {number}"
            if isinstance(sample, Broken):
                yield sample
            elif not isinstance(sample, dict) or any(name not in sample for name in KEYS):
                yield Broken(place, f"has not all of {', '.join(KEYS)}", sample)
            else:
                yield f"{place} (document {sample['doc_id']})", sample


def trials(looked: Looked) -> Iterator[Trial | Broken]:
    """Each generated answer as a trial; raises RejectedFile where the model is not known.

    Where a task has several filters, each document stands there once for each, with the same
    answers: those of the first are taken.
    """
    model, first = _model(looked.path), None
    for found in _samples(looked):
        if isinstance(found, Broken):
            yield found
            continue
        place, sample = found
        first = first or [sample.get("filter")]
        if [sample.get("filter")] != first:
            continue
        try:
            messages, answers = _messages(sample), _answers(sample)
        except ValueError as error:
            yield Broken(place, str(error), sample)
            continue
        for repeat, answer in enumerate(answers):
            where = f"{place}, answer {repeat + 1}" if len(answers) > 1 else place
            yield Trial(where, _fields(model, sample, messages, repeat, answer))


def _fields(
    model: str,
    sample: Mapping[str, Any],
    messages: list[dict[str, Any]],
    repeat: int,
    answer: str,
) -> dict[str, Any]:
    harness = {"document": sample["doc_id"], "filter": sample.get("filter")} | dict(
        _metrics(sample)
    )
    document = sample["doc"] if isinstance(sample["doc"], dict) else {}
    return {
        "model": model,
        "trial": repeat,
        "messages": [*messages, {"role": "assistant", "content": answer}],
        "parameters": {**_settings(sample), "lm_eval": harness},
        **said_of_trial(document),
    }


def _first_arguments(sample: Mapping[str, Any]) -> tuple[Any, Any]:
    """The prompt and the settings of the first request, of either way to write them."""
    arguments = sample["arguments"]
    if isinstance(arguments, dict):
        first = arguments.get("gen_args_0") or {}
        return first.get("arg_0"), first.get("arg_1")
    if isinstance(arguments, list) and arguments and isinstance(arguments[0], list):
        return (*arguments[0], None, None)[:2]
    return None, None


def _messages(sample: Mapping[str, Any]) -> list[dict[str, Any]]:
    prompt, _ = _first_arguments(sample)
    while isinstance(prompt, list) and len(prompt) == 1 and isinstance(prompt[0], str):
        prompt = prompt[0]
    if not isinstance(prompt, str):
        raise ValueError("holds no prompt")
    try:
        chat = json.loads(prompt, cls=LenientDecoder)
    except ValueError:
        chat = None
    if not isinstance(chat, list) or not all(_is_message(one) for one in chat) or not chat:
        chat = [{"role": "user", "content": prompt}]
    messages = [{"role": one["role"], "content": one["content"]} for one in chat]
    said = sample["doc"] if isinstance(sample["doc"], dict) else {}
    own = {name: said[name] for name in ("step", "item", "options") if _names(said, name)}
    messages[-1] |= own
    return messages


def _names(said: Mapping[str, Any], name: str) -> bool:
    """Whether a document says it of its question: a benchmark has fields of those names too."""
    value = said.get(name)
    if name == "options":
        return isinstance(value, list) and all(type(entry) is int for entry in value)
    return type(value) is (int if name == "item" else str)


def _is_message(one: Any) -> bool:
    return isinstance(one, dict) and all(isinstance(one.get(n), str) for n in ("role", "content"))


def _answers(sample: Mapping[str, Any]) -> list[str]:
    """The generated answers; ValueError where the sample compares likelihoods."""
    found = sample["resps"]
    while isinstance(found, list) and len(found) == 1 and isinstance(found[0], list):
        found = found[0]
    if not isinstance(found, list) or not found:
        raise ValueError("holds no answer")
    if not all(isinstance(answer, str) for answer in found):
        raise ValueError("compares likelihoods: the model said nothing that could be judged")
    return found


def _settings(sample: Mapping[str, Any]) -> dict[str, Any]:
    _, settings = _first_arguments(sample)
    return dict(settings) if isinstance(settings, dict) else {}


def results_of(samples: Path) -> Path:
    """Where the results of the same moment stand, which name the model."""
    return samples.with_name(f"results_{samples.stem.rpartition('_')[2]}.json")


def _model(samples: Path) -> str:
    """The model, from the results of the same moment; raises RejectedFile where there are none."""
    beside = results_of(samples)
    try:
        results = json.loads(beside.read_text("utf-8"), cls=LenientDecoder)
        name = results.get("model_name") or results["config"]["model_args"]
    except FileNotFoundError:
        raise broken_file(
            "the samples do not name their model: put the results file of the same moment "
            f"(results_....json; here {beside.name}), which the harness wrote, beside them; on a "
            "page, send it with them"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise broken_file(f"{beside.name} does not name the model ({error!r})") from None
    if not isinstance(name, str):
        raise broken_file(f"{beside.name} does not name the model")
    return name


def _metrics(sample: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in sample.get("metrics") or ():
        if isinstance(name, str) and name in sample:
            yield name, sample[name]


def scores(looked: Looked) -> Iterator[tuple[str, str, str, Any] | Broken | LeftOut]:
    """Place, item (number of the document), metric (with its filter, as the harness writes them:
    ``exact_match,strict-match``) and value."""
    for found in _samples(looked):
        if isinstance(found, Broken):
            yield found
            continue
        place, sample = found
        metrics = list(_metrics(sample))
        if not metrics:
            yield LeftOut(place, "no metric said anything of it")
        filtered = sample.get("filter")
        of_filter = "" if filtered in (None, "none") else f",{filtered}"
        for name, value in metrics:
            yield place, str(sample["doc_id"]), f"{name}{of_filter}", value
