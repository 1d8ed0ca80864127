"""The word a model's answer consists of, however it is wrapped. Pure."""

import json
import re
from collections.abc import Sequence
from typing import Any

_FENCED = re.compile(r"```[\w-]*\s*\n?(.*?)```", re.DOTALL)
NAMES = ("choice", "answer", "label", "category", "classification", "letter", "option")
"""Keys under which models put the word they were asked for, in this order."""


def word_of(text: str, words: Sequence[str]) -> str | None:
    """The word an answer consists of: alone, as the choice of a JSON object, whatever else stands
    in that, or either in the only fence of the answer; None for any other answer. Nothing is
    searched for in prose: wrong is worse than unknown."""
    found = _FENCED.findall(text)
    if len(found) > 1:
        return None
    said = (found[0] if found else text).strip()
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        value = said
    if isinstance(value, dict):
        value = _chosen(value)
    if not isinstance(value, str):
        return None
    plain = value.strip(" \t\r\n.:,;!\"'`*").casefold()
    return next((word for word in words if word.casefold() == plain), None)


def _chosen(value: dict[str, Any]) -> Any:
    """What an object names as its choice; None where two names say different things."""
    named = {str(name).casefold(): said for name, said in value.items()}
    said = [named[name] for name in NAMES if name in named]
    return said[0] if len({json.dumps(one) for one in said}) == 1 else None
