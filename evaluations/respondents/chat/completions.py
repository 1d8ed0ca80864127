"""What of a chat completion, as parsed JSON, is an answer, what was only thought, and how it ended.

Pure. Servers put what a model thinks in four places: `reasoning` or `reasoning_content` beside the
content, typed parts of the content, `reasoning_details`, and marks such as `<think>` in the text.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from evaluations.instruments.endings import ERROR, TOOL_CALLS, ending_of
from evaluations.respondents.respondent import Reply
from evaluations.text.storable import storable, token_counts
from evaluations.text.thoughts import parted

_THOUGHT_PARTS = ("thinking", "reasoning", "reasoning_text", "summary_text", "thought")


class SaidError(Exception):
    """The endpoint answered with an error though its status says that all is well; `status` is
    what its code would be as one, 0 where it gives none."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.status = status


def usage(completion: Any) -> dict[str, int]:
    """The tokens an answer used, also one that is no completion otherwise."""
    return token_counts(completion.get("usage")) if isinstance(completion, dict) else {}


def reply_of(completion: Any, seconds: float, constraint: str) -> Reply:
    """What of a completion is kept. Raises TypeError when it is not made like one, SaidError when
    it reports an error instead of an answer."""
    _look_for_error(completion)
    choice, message = _message(completion)
    refusal = _text(message.get("refusal"))
    said, thought = _parts(message.get("content"))
    said, aloud = parted(said)
    thoughts = [*dict.fromkeys(filter(None, (_beside(message), *thought, aloud)))]
    call: dict[str, Any] = {"finish": _text(choice.get("finish_reason")), "seconds": seconds}
    if ending_of(call) == ERROR and not said:
        raise SaidError("the model's server broke off before it answered", 500)
    if constraint:
        call["constraint"] = constraint
    if refusal:
        call["refused"] = True
    if called := _tools(message):
        call |= {"finish": TOOL_CALLS, "tools": called}
    return Reply(
        text=said or refusal,
        reasoning="\n\n".join(thoughts),
        call=call,
        model_returned=_text(completion.get("model")),
        system_fingerprint=_text(completion.get("system_fingerprint")),
    )


def _look_for_error(completion: Any) -> None:
    """Raise SaidError for an error in the place of an answer, as gateways send one."""
    if not isinstance(completion, dict) or completion.get("choices"):
        return
    error = completion.get("error")
    if not error:
        return
    found = error if isinstance(error, dict) else {"message": error}
    code = str(found.get("code", found.get("status")))
    status = int(code) if code.isascii() and code.isdigit() and len(code) == 3 else 0
    raise SaidError(storable(str(found.get("message") or found))[:300], status)


def _message(completion: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first choice of a completion, and its message."""
    choices = completion.get("choices") if isinstance(completion, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise TypeError("the answer holds no message")
    return choice, message


def _parts(content: Any) -> tuple[str, list[str]]:
    """The text of a content, whole or in typed parts, and the parts that were only thought."""
    if not isinstance(content, list):
        return _text(content), []
    said, thought = [], []
    for part in content:
        if not isinstance(part, dict):
            said.append(_text(part))
        elif part.get("type") in _THOUGHT_PARTS:
            thought.append(_all_texts(part))
        else:
            said.append(_text(part.get("text", part.get("refusal"))))
    return "".join(said), thought


def _beside(message: Mapping[str, Any]) -> str:
    """What stands beside the content as thought. Some servers say it under two names."""
    for name in ("reasoning_content", "reasoning", "reasoning_details"):
        if found := _all_texts(message.get(name)):
            return found
    return ""


def _all_texts(value: Any) -> str:
    """The texts in a thought, however it is nested; what is encrypted or a mark is left out."""
    if isinstance(value, str):
        return storable(value).strip()
    if isinstance(value, list):
        return _joined(map(_all_texts, value))
    if isinstance(value, dict):
        names = ("text", "thinking", "summary", "content", "reasoning", "thought")
        return _joined(_all_texts(value.get(name)) for name in names)
    return ""


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, texts))


def _tools(message: Mapping[str, Any]) -> list[str]:
    """The names of the tools a model called instead of answering."""
    if message.get("content"):
        return []
    calls = message.get("tool_calls")
    one = message.get("function_call")
    found = [*(calls if isinstance(calls, list) else []), *([{"function": one}] if one else [])]
    functions = [call.get("function") for call in found if isinstance(call, dict)]
    return [str(function.get("name"))[:80] for function in functions if isinstance(function, dict)]


def _text(said: Any) -> str:
    """A server may send anything where a text belongs."""
    if said is not None and not isinstance(said, str):
        raise TypeError(f"a {type(said).__name__} stands where a text belongs")
    return storable(said or "")
