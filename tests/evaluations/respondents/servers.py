"""Servers of chat completions, with bodies as they send them."""

import asyncio
import json

import httpx2

from evaluations.models import Endpoint
from evaluations.respondents.llm import ModelRespondent
from evaluations.respondents.respondent import Request

LETTERS = tuple("ABCDEFGHI")


def completion(text="Option C.", **changes):
    body = {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "small-2026-01-01",
        "system_fingerprint": "fp_1",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": text},
            }
        ],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
    }
    content = json.dumps(body | changes)  # escapes what the json= of the client would refuse
    return httpx2.Response(200, headers={"content-type": "application/json"}, content=content)


class Server:
    """Answers with each of *answers* in turn, the last one for ever; keeps what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    async def __call__(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)

    @property
    def bodies(self):
        return [json.loads(request.content) for request in self.requests]


def ask(server, constrained=False, **fields):
    fields = {"model": "small", "base_url": "http://127.0.0.1:9/v1", "max_retries": 2} | fields
    respondent = ModelRespondent(
        Endpoint(name="lab", kind=Endpoint.Kind.OPENAI, **fields), httpx2.MockTransport(server)
    )
    request = Request(
        messages=[("system", "Be brief."), ("user", "Which option?")],
        seed=7,
        words=LETTERS,
        constrained=constrained,
    )

    async def talk():
        try:
            return await respondent.reply(request)
        finally:
            await respondent.close()

    return asyncio.run(talk())


def said(content, finish="stop", **message):
    """A completion with this content, ended so, and what else stands in its message."""
    message = {"role": "assistant", "content": content} | message
    return completion(choices=[{"index": 0, "finish_reason": finish, "message": message}])
