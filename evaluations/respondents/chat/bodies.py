"""The body of a chat completion that asks a question, the same whichever way it is sent."""

from typing import Any

from evaluations.respondents.chat.parameters import Settings, constraint_of, messages_of
from evaluations.respondents.respondent import Request


def body_of(model: str, settings: Settings, request: Request) -> dict[str, Any]:
    """What a server is asked, as JSON; entries of the endpoint's extra body stand in it."""
    arguments: dict[str, Any] = {**settings.sent, "model": model}
    if settings.send_seed:
        arguments["seed"] = request.seed
    if request.constrained:
        arguments |= constraint_of(settings.constraint, request.words, arguments, request.schema)
    extra = arguments.pop("extra_body", {})
    messages = messages_of(request.messages, request.thoughts, settings)
    return {**arguments, **extra, "messages": messages}
