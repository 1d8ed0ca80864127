"""Why a call brought no answer, in words, with what would mend it."""

import math
import time
from email.utils import parsedate_to_datetime
from typing import Any

import openai

from evaluations.instruments.endings import FILTERED
from evaluations.models import Endpoint
from evaluations.respondents.chat import statuses
from evaluations.respondents.respondent import RespondentError

LONGEST_REST = 3600.0
"""Seconds an endpoint can have a trial wait by Retry-After."""


def explained(error: openai.OpenAIError, endpoint: Endpoint, key: str) -> RespondentError:
    """The failure in words, with what would mend it; the key does not occur in what is quoted."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RespondentError):  # raised by our own look at the address
            return cause
        cause = cause.__cause__
    if isinstance(error, openai.APITimeoutError):
        return statuses.overdue(endpoint)
    if isinstance(error, openai.APIConnectionError):
        # The type only: what a cause says may quote the headers, and the key with them.
        return RespondentError(
            "connection",
            f"{endpoint.name} at {endpoint.base_url} cannot be reached "
            f"({type(error.__cause__ or error).__name__}); is the server running?",
            retryable=True,
        )
    if isinstance(error, openai.APIStatusError):
        said = _quoted(error).replace(key, "[key]")
        status = 402 if statuses.is_out_of_quota(error.body) else error.status_code
        return statuses.of_status(status, said, endpoint, _retry_after(error))
    return statuses.garbage(endpoint, str(error))


def is_filtered(error: openai.OpenAIError) -> bool:
    """Whether a filter kept the question from the model: that is how the call ended, no failure."""
    refused = isinstance(error, openai.APIStatusError) and error.status_code < 500
    return refused and statuses.is_filter(getattr(error, "body", None))


def filtered(error: openai.OpenAIError, key: str) -> dict[str, Any]:
    """What is kept of the call of a question that a filter kept back."""
    said = _quoted(error) if isinstance(error, openai.APIStatusError) else ""
    return {"finish": FILTERED, "note": said.replace(key, "[key]")}


def _retry_after(error: openai.APIStatusError) -> float:
    """Seconds the endpoint asks to wait, at most an hour; 0 when it does not say."""
    said = error.response.headers.get("retry-after", "")
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(said).timestamp() - time.time()
        except ValueError:
            return 0.0
    return min(max(seconds, 0.0), LONGEST_REST) if math.isfinite(seconds) else 0.0


def _quoted(error: openai.APIStatusError) -> str:
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    return " ".join(str(message or error.body or error.message).split())[:300]
