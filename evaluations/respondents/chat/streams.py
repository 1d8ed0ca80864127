"""An answer that comes as a stream of events, put together to the completion it would have been.

Pure. Some servers answer in no other way, whether they were asked to or not.
"""

import json
from collections.abc import Iterator
from typing import Any

_JOINED = ("content", "reasoning_content", "reasoning", "refusal")


def completion_in(content: bytes) -> Any:
    """The completion in the body of an answer, whole or as a stream. Raises ValueError for what is
    neither, and for a stream that breaks off."""
    if not content.lstrip().startswith((b"data:", b"event:", b": ", b":\n")):
        return json.loads(content)
    return _joined(content.decode(errors="replace"))


def _joined(stream: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    message: dict[str, Any] = {"role": "assistant"}
    finish, ended = None, False
    for chunk in _chunks(stream):
        if chunk is None:
            ended = True
            continue
        if chunk.get("error"):
            return chunk
        found |= {name: chunk[name] for name in _HEADS if chunk.get(name) is not None}
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else {}
        _add(message, choice.get("delta") or choice.get("message") or {})
        finish = choice.get("finish_reason") or finish
    if not ended and finish is None:
        raise ValueError("the stream broke off")
    return {**found, "choices": [{"index": 0, "finish_reason": finish, "message": message}]}


_HEADS = ("id", "model", "system_fingerprint", "usage")


def _chunks(stream: str) -> Iterator[dict[str, Any] | None]:
    """The objects of the events; None for the word that ends them."""
    for line in stream.splitlines():
        name, _, value = line.partition(":")
        if name != "data" or not value.strip():
            continue
        if value.strip() == "[DONE]":
            yield None
            continue
        chunk = json.loads(value)
        if isinstance(chunk, dict):
            yield chunk


def _add(message: dict[str, Any], delta: Any) -> None:
    if not isinstance(delta, dict):
        return
    for name in _JOINED:
        said = delta.get(name)
        if isinstance(said, str | list) and said:
            before = message.get(name)
            message[name] = said if before is None else before + said
    if delta.get("tool_calls"):
        message.setdefault("tool_calls", []).extend(delta["tool_calls"])
