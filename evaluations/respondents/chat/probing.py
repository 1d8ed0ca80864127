"""What to ask otherwise when a server refuses a question, from its own words. Pure.

Servers word a refusal in many ways, but nearly all name the parameter or the role they do not take.
"""

import re
from collections.abc import Mapping
from typing import Any

from evaluations.respondents.chat.parameters import SYSTEM_ROLES

_LEFT_OUT = ("temperature", "top_p", "frequency_penalty", "presence_penalty", "reasoning_effort")
_LENGTHS = ("max_tokens", "max_completion_tokens")
_STREAM = re.compile(r"\bstream(ing)?\b", re.IGNORECASE)
_SYSTEM = re.compile(r"\b(system|developer)\b|roles must alternate", re.IGNORECASE)

Adjusted = tuple[dict[str, Any], str]
"""Parameters to try next, and what was found out, in words."""


def otherwise(parameters: Mapping[str, Any], refusal: str) -> Adjusted | None:
    """How to ask after a *refusal*; None where it names nothing that can be put otherwise."""
    tried = dict(parameters)
    length = next((name for name in _LENGTHS if name in tried), None)
    if length and re.search(rf"\b{length}\b", refusal):
        other = next(name for name in _LENGTHS if name != length)
        tried[other] = tried.pop(length)
        return tried, f"{length} is refused: the limit is sent as {other}"
    for name in _LEFT_OUT:
        if name in tried and re.search(rf"\b{name}\b", refusal):
            del tried[name]
            return tried, f"{name} is refused: it is not sent"
    if "reasoning_content" in refusal and not tried.get("send_reasoning"):
        return tried | {
            "send_reasoning": True
        }, "what was thought is wanted back with what was said"
    if re.search(r"\bseed\b", refusal) and tried.get("send_seed", True):
        return tried | {"send_seed": False}, "seed is refused: it is not sent"
    if _STREAM.search(refusal) and not tried.get("stream"):
        return tried | {"stream": True}, "answers come as a stream only"
    return _other_role(tried, refusal)


def _other_role(tried: dict[str, Any], refusal: str) -> Adjusted | None:
    at = SYSTEM_ROLES.index(tried.get("system_role", SYSTEM_ROLES[0]))
    if not _SYSTEM.search(refusal) or at + 1 == len(SYSTEM_ROLES):
        return None
    # A server that asks for a developer's message says so; else the user says it.
    role = "developer" if at == 0 and "developer" in refusal.lower() else "user"
    words = {
        "developer": "a system message is sent as the developer's",
        "user": "a system message is refused: it opens the first message of the user",
    }
    return tried | {"system_role": role}, words[role]
