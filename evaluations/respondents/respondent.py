"""Who answers: the interface every respondent has, and what can go wrong in words.

A respondent gets the whole conversation so far and gives one reply. A model behind an endpoint
(`evaluations.respondents.llm`) is one, the simulated chooser
(`evaluations.respondents.simulated`) another.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluations.instruments.conversation import Ask
from evaluations.respondents.metering import Meter
from evaluations.text.storable import storable


@dataclass(frozen=True)
class Request:
    """One question with everything that was said before it.

    `messages` are (role, text) in order and end with the question. `constrained` asks for an answer
    that is one of the `words` (letters of options, categories), where the respondent can. In a
    trial, `ask` is the question as its dialogue put it and `target` what the model was asked to
    hold. `thoughts` are what the model thought before each of the messages, '' for nothing; it is
    sent to endpoints alone that want it. `meter` counts the calls that this takes, whatever becomes
    of them; it may take up to `most_calls` with its repetitions, or as many as it needs.

    What is asked for can be more than a word: `schema` is then the JSON schema of a constrained
    answer, `reads` tells whether a text is one, and `plainly` is the order that is added where
    answers are none.
    """

    messages: Sequence[tuple[str, str]]
    seed: int
    words: tuple[str, ...] = ()
    constrained: bool = False
    ask: Ask | None = None
    target: str = ""
    thoughts: Sequence[str] = ()
    meter: Meter = field(default_factory=Meter, compare=False)
    schema: Mapping[str, Any] | None = None
    reads: Callable[[str], bool] | None = None
    plainly: str = ""
    most_calls: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Reply:
    """What was answered, and how the call went (stored as the turn's `call`).

    `reasoning` is what the model thought before it answered, where the endpoint shows it: no part
    of the answer.
    """

    text: str
    call: Mapping[str, Any] = field(default_factory=dict)
    model_returned: str = ""
    system_fingerprint: str = ""
    reasoning: str = ""


class RespondentError(Exception):
    """No reply. `kind` is one word for counting, the message says what happened and how to mend it.

    `retryable`: another attempt later may succeed. `stops_endpoint`: no other question to this
    endpoint would fare better (a wrong key, an unknown model), so it is asked none of them.
    `retry_after`: seconds the endpoint asks to be left alone.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        retryable: bool = False,
        stops_endpoint: bool = False,
        retry_after: float = 0,
    ) -> None:
        super().__init__(storable(message))
        self.retry_after = retry_after
        self.kind = kind
        self.retryable = retryable
        self.stops_endpoint = stops_endpoint


class Respondent(ABC):
    """Somebody who answers one question at a time; one object serves many conversations at once.

    `trouble` may be set to hear, in words, of what goes wrong with a call before it is given up.
    """

    trouble: Callable[[str], None] | None = None

    @abstractmethod
    async def reply(self, request: Request) -> Reply:
        """Answer the last message of the request; raises RespondentError."""

    async def close(self) -> None:
        """Give back what is held (connections); nothing by default."""
        return None
