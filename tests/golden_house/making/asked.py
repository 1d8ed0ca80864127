"""Scenes and pieces of scenes in which models are asked: every condition, and models that judge."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

import httpx2

from tests.golden_house.leaving import command

PROJECT = "golden"
NOBODY = "http://127.0.0.1:9/v1"
"""An address at which nobody listens: `model_that_answers` answers in its place."""

OTHER_WORDS = Path(__file__).parent / "water-en.json"
"""A prompt pack of one's own, in which litres of water are divided."""


def every_condition() -> None:
    """Runs with every value of every condition, planned and extended; a study of all of them.

    The full crossing is planned alone, which holds its seeds; parts of it are answered.
    """
    simulated = ("--project", PROJECT, "--noise", "4", "--simulated")
    crossing = (
        *("--induction", "name", "definition", "--value-place", "dialogue", "system"),
        *("--option-order", "printed", "reversed", "shuffled"),
        *("--answer-format", "free", "constrained", "--item-set", "primary", "all"),
        *("--payoff-scale", "1", "10", "0.25"),
    )
    named = ("--name", "crossing", "--values", "altruistic", "none", "--trials", "1")
    command("run_evaluation", *simulated, "20", *named, "--seed", "5", *crossing, "--background")
    values = ("--values", "altruistic", "prosocial", "individualistic", "competitive", "none")
    sizes = ("--trials", "2", "--seed", "11")
    command("run_evaluation", *simulated, "35", "4", *values, *sizes, "--name", "values")
    given = ("--values", "prosocial", *crossing[:6], "--no-goal", *sizes)
    command("run_evaluation", *simulated, "target", *given, "--name", "given")
    command("change_run", "given", "--project", PROJECT, "extend", "3")
    command("run_evaluation", "--project", PROJECT, "--name", "given", *simulated[2:], "target")
    shown = ("--values", "competitive", *crossing[6:], "--goal", "--trials", "1")
    command("run_evaluation", *simulated, "-6", *shown, "--name", "shown")
    pack = ("--pack", OTHER_WORDS, "--instrument", "svo-slider")
    baseline = ("--values", "none", "individualistic", "--trials", "2", "--seed", "12")
    command("run_evaluation", *simulated, "10", *baseline, *pack, "--name", "other words")
    runs = [
        word for name in ("values", "given", "shown", "other words") for word in ("--run", name)
    ]
    drawn = ("--n", "60", "--share-of", "boundary=0.2", "--share-of", "altruistic=0.3")
    command(
        *("create_study", "--project", PROJECT, *runs, "--name", "Every condition"),
        *(*drawn, "--seed", "3", "--overlap", "3", "--open"),
    )


# --- a model that is asked over the network -------------------------------------------------------

ORIENTATIONS = ("altruistic", "prosocial", "individualistic", "competitive", "unclear", "refusal")
MEANT = re.compile(r"^(?:Either )?([A-I]) (?:or|is fair)", re.MULTILINE)
LINE = re.compile(r"^([A-I]): you get ([\d.]+), the other person gets ([\d.]+)$", re.MULTILINE)


@contextmanager
def model_that_answers() -> Iterator[None]:
    """Whatever is sent over the network is answered here, by a rule on its words alone."""

    async def answer(self: Any, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(await request.aread())
        said = reply_to([message["content"] for message in body["messages"]])
        usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
        message = {"role": "assistant", "content": said}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return httpx2.Response(
            200,
            headers={"content-type": "application/json"},
            content=json.dumps(
                {
                    **{"id": "1", "object": "chat.completion", "created": 0},
                    **{"model": f"{body['model']}-2026", "system_fingerprint": "fp_1"},
                    **{"choices": [choice], "usage": usage},
                }
            ),
            request=request,
        )

    with mock.patch("httpx2.AsyncHTTPTransport.handle_async_request", answer):
        yield


def reply_to(messages: list[str]) -> str:
    """An orientation to a rubric, a letter to a reader; to an item what is sometimes unclear."""
    last = messages[-1]
    draw = int.from_bytes(sha256("\n".join(messages).encode()).digest()[:4])
    if "Which option does this answer choose?" in last:
        meant = MEANT.search(last)
        return meant[1] if meant and draw % 3 else "none"
    if "Which of these describes" in last:
        return ORIENTATIONS[draw % 6]
    options = LINE.findall(last)
    if not options:
        return "They care for what they can get, and a little for the other."
    letter, own, other = options[draw % 3 * (len(options) - 1) // 2]
    ways = (
        f"Option {letter}: {own} for me, {other} for the other person.",
        f"Either {options[1][0]} or {options[-2][0]}, both are fine.",
        f"{options[3][0]} is fair. Then again {options[5][0]} is too.",
        "I'm sorry, but I can't help with that." if draw % 5 == 0 else f"My answer: {letter}",
        f"**{letter}**",
    )
    way = draw // 8 % 12
    return ways[way] if way < len(ways) else f"I choose option {letter}."


def models_that_judge(run: str) -> None:
    """A run of a model that is asked over the network, and two metrics by another one."""
    with model_that_answers():
        command(
            *("run_evaluation", "--project", PROJECT, "--name", run, "--endpoint", "talker"),
            *("--base-url", NOBODY, "--model", "talker", "--temperature", "0.5"),
            *("--values", "prosocial", "competitive", "--trials", "4", "--seed", "8", "--goal"),
        )
        command(
            *("run_evaluation", "--project", PROJECT, "--name", "nobody's", "--endpoint", "judge"),
            *("--base-url", NOBODY, "--model", "judge", "--values", "none", "--trials", "2"),
        )
        asked = ("--project", PROJECT, "--endpoint", "judge", "--run", run)
        command("score_with_model", *asked)
        command("reread_with_model", *asked)
