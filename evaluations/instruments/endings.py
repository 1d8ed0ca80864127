"""How a call to a model ended, in one word whatever the server calls it. Pure.

Servers pass on the words of many makers; what is not known here is kept as it was said.
"""

from collections.abc import Mapping
from typing import Any

STOP, LENGTH, FILTERED, ERROR = "stop", "length", "content_filter", "error"
TOOL_CALLS, REFUSAL = "tool_calls", "refusal"

_SAME = {
    STOP: ("stop", "end_turn", "eos", "eos_token", "stop_sequence", "completed"),
    LENGTH: ("length", "max_tokens", "max_output_tokens", "model_length", "model_context_window"),
    FILTERED: (
        *("content_filter", "content_filtered", "safety", "recitation", "blocklist"),
        *("prohibited_content", "spii", "image_safety", "guardrail_intervened", "sensitive"),
    ),
    ERROR: ("error", "insufficient_system_resource", "malformed_function_call"),
    TOOL_CALLS: ("tool_calls", "tool_call", "tool_use", "function_call"),
    REFUSAL: ("refusal",),
}
_KNOWN = {word: ending for ending, words in _SAME.items() for word in words}

WORDS = {
    LENGTH: "cut off at the length limit",
    FILTERED: "withheld or cut short by a content filter",
    ERROR: "broken off by an error of the server",
    TOOL_CALLS: "called a tool instead of answering",
    REFUSAL: "declined by the model",
}
"""What a page says of an answer that did not simply end."""


def ending_of(call: Mapping[str, Any]) -> str:
    """How the call of a turn ended: one of the words above, what else it says, or '' for nothing.

    A refusal that the endpoint reports is one however the call is said to have ended.
    """
    said = call.get("finish")
    ending = _KNOWN.get(said.casefold(), said) if isinstance(said, str) else ""
    return REFUSAL if call.get("refused") and ending in ("", STOP) else ending


def is_cut_short(call: Mapping[str, Any]) -> bool:
    """Whether words are missing at the end: the length limit was met, or the server failed."""
    return ending_of(call) in (LENGTH, ERROR)


def is_filtered(call: Mapping[str, Any]) -> bool:
    """Whether a content filter withheld the answer or a part of it: what is left is no answer."""
    return ending_of(call) == FILTERED
