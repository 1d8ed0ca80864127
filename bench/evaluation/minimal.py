"""The baseline: the least that talks to a model with AsyncOpenAI. Nothing is stored.

`python -m bench.evaluation.minimal BASE_URL CONVERSATIONS CALLS_AT_ONCE` holds conversations of
nine calls, each in order, all of them under way at once and their calls bounded.
"""

import asyncio
import random
import sys
from typing import Any

import openai

from bench.evaluation.load import CALLS
from bench.evaluation.processes import child_main

QUESTION = "Question {number}: which of the nine options A to I do you choose? " * 8
"""About as long as an item with its nine options."""


async def converse(client: openai.AsyncOpenAI, free: asyncio.Semaphore, seed: int) -> None:
    messages: list[Any] = []
    for number in range(CALLS):
        messages.append({"role": "user", "content": QUESTION.format(number=number)})
        async with free:
            completion = await client.chat.completions.create(
                model="bench", messages=messages, seed=seed
            )
        messages.append({"role": "assistant", "content": completion.choices[0].message.content})


async def converse_all(base_url: str, conversations: int, calls_at_once: int) -> None:
    free = asyncio.Semaphore(calls_at_once)
    seeds = random.sample(range(2**31), conversations)
    async with openai.AsyncOpenAI(
        base_url=base_url,
        api_key="none",
        timeout=120,
        http_client=openai.DefaultAsyncHttpxClient(trust_env=False),
    ) as client:
        await asyncio.gather(*(converse(client, free, seed) for seed in seeds))


def main() -> None:
    base_url, conversations, calls_at_once = sys.argv[1:]

    def work() -> dict[str, float]:
        asyncio.run(converse_all(base_url, int(conversations), int(calls_at_once)))
        return {}

    child_main(work)


if __name__ == "__main__":
    main()
