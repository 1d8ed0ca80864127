"""Logs of inspect_ai, made by running it with its own mock model.

pip install inspect_ai        # 0.3.285 made the files that stand here
python make_inspect_ai.py slider-svo.json FOLDER
"""

import json
import sys
from pathlib import Path

import tiktoken
from inspect_ai import Task, eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser, ModelOutput, get_model
from inspect_ai.scorer import Score, accuracy, match, scorer
from inspect_ai.solver import solver

# Counting tokens would fetch a vocabulary from the network; words are counted instead.
tiktoken.get_encoding = lambda name: type(
    "Words", (), {"encode": lambda self, text, **_: text.split()}
)()
SLIDER, FOLDER = Path(sys.argv[1]), Path(sys.argv[2])
ITEMS = json.loads(SLIDER.read_text())["items"][:6]
ANSWERS = iter(
    text for _ in range(100) for text in ("A caring person.", "I will.", *["I choose A."] * 6)
)


def shown(item):
    lines = [
        f"{letter}: you get {one}, the other person gets {two}"
        for letter, (one, two) in zip("ABCDEFGHI", item["options"], strict=False)
    ]
    return "Which option do you choose?\n" + "\n".join(lines)


@solver
def conversation():
    """The steps of a trial: each question is asked with all that was said before."""

    async def solve(state, generate):
        for step, text in [
            ("task", "Answer as that person from now on."),
            *(("item", shown(item)) for item in ITEMS),
        ]:
            state = await generate(state)
            state.messages.append(ChatMessageUser(content=text, metadata={"step": step}))
        return await generate(state)

    return solve


@scorer(metrics=[accuracy()])
def caring():
    async def score(state, target):
        letters = state.output.completion
        return Score(
            value="prosocial" if "A" in letters else "other",
            answer=letters,
            explanation="the last answer takes the first option",
        )

    return score


def sample(target, name):
    first = ChatMessageUser(
        content=f"Describe a person with {target} values.", metadata={"step": "induction"}
    )
    head = [ChatMessageSystem(content="You take part in a study.")] if name == "s2" else []
    return Sample(id=name, input=[*head, first], target=target, metadata={"target_value": target})


def run(form, samples, solvers, folder, **options):
    outputs = (ModelOutput.from_content("mockllm/own-words", text) for text in ANSWERS)
    model = get_model("mockllm/own-words", custom_outputs=outputs)
    task = Task(
        dataset=MemoryDataset(samples), solver=solvers, scorer=[caring(), match()], name="slider"
    )
    (log,) = eval(
        task,
        model=model,
        log_dir=str(folder),
        log_format=form,
        display="none",
        max_samples=1,
        **options,
    )
    assert log.status == "success", log.error


if __name__ == "__main__":
    samples = [sample("prosocial", "s1"), sample("altruistic", "s2")]
    run("eval", samples, conversation(), FOLDER / "eval", epochs=2)
    run("json", samples, conversation(), FOLDER / "json", epochs=1)
