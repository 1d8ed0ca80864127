"""What a status, an error in words, or an answer that is none means for the trials of an endpoint.

Without the client, so that answers that come by another way are told alike.
"""

from typing import Any

from evaluations.models import Endpoint
from evaluations.respondents.respondent import RespondentError
from evaluations.text.storable import storable

OUT_OF_QUOTA = frozenset(
    {"insufficient_quota", "billing_hard_limit_reached", "insufficient_balance", "quota_exceeded"}
)
"""Codes of refusals that no waiting mends: nothing is left to pay with."""

FILTERED_CODES = frozenset({"content_filter", "content_policy_violation", "data_inspection_failed"})
"""Codes of questions that a filter kept from the model, or of answers it kept back."""


def garbage(endpoint: Endpoint, detail: str, said: str = "") -> RespondentError:
    """What came is no completion; *said* is how it begins."""
    begins = " ".join(said.split())[:200]
    if begins.startswith("<"):
        return RespondentError(
            "not found",
            f"{endpoint.name} answers with a web page at {address_of(endpoint)}: {begins!r}; "
            "give the address of its API, which mostly ends in /v1",
            stops_endpoint=True,
        )
    quoted = f"; it begins with {begins!r}" if begins else ""
    return RespondentError(
        "garbage",
        f"{endpoint.name} answered at {address_of(endpoint)} something that is no chat completion "
        f"({detail[:200]}){quoted}",
        retryable=True,
    )


def overdue(endpoint: Endpoint) -> RespondentError:
    """The time limit has passed without a whole answer."""
    return RespondentError(
        "timeout",
        f"no whole answer from {endpoint.name} within {endpoint.timeout_seconds} s; raise the "
        "endpoint's time limit if that is usual",
        retryable=True,
    )


def of_status(
    status: int, said: str, endpoint: Endpoint, retry_after: float = 0
) -> RespondentError:
    """What a status, or a code in its place, means for the trials of an endpoint; *said* are the
    server's own words."""
    if status in (401, 403):
        variable = endpoint.key_variable or "no key variable"
        words = f"{endpoint.name} refused the key ({variable}): {said}"
        return RespondentError("key", words, stops_endpoint=True)
    if status == 402:
        words = f"{endpoint.name} has nothing left to pay with: {said}"
        return RespondentError("quota", words, stops_endpoint=True)
    if status in (404, 405, 410):
        words = (
            f"{endpoint.name} knows no model {endpoint.model!r}, or no chat completions, at "
            f"{address_of(endpoint)}: {said}"
        )
        return RespondentError("not found", words, stops_endpoint=True)
    if 300 <= status < 400:
        words = (
            f"{endpoint.name} redirects elsewhere, which is not followed; give the final address"
        )
        return RespondentError("redirect", words, stops_endpoint=True)
    if status == 429:
        words = (
            f"{endpoint.name} asks to slow down, also after {endpoint.max_retries} retries: {said}"
        )
        return RespondentError("rate limit", words, retryable=True, retry_after=retry_after)
    if status in (408, 409) or status >= 500:
        words = f"{endpoint.name} failed with status {status}: {said}"
        return RespondentError("server", words, retryable=True, retry_after=retry_after)
    words = f"{endpoint.name} refused the question with status {status}: {said}"
    return RespondentError("request", words)


def is_out_of_quota(body: Any) -> bool:
    """Whether the body of a refusal says that nothing is left to pay with."""
    return bool(OUT_OF_QUOTA & codes_in(body))


def is_filter(body: Any) -> bool:
    """Whether the body of a refusal says that a filter kept the question from the model."""
    return bool(FILTERED_CODES & codes_in(body))


def words_in(body: Any) -> str:
    """The server's own words in the body of a refusal."""
    error = body.get("error", body) if isinstance(body, dict) else body
    words = error.get("message") if isinstance(error, dict) else error
    return storable(str(words or "no words"))[:300]


def codes_in(body: Any) -> set[str]:
    """The codes and types in the body of a refusal, also those further in."""
    if not isinstance(body, dict):
        return set()
    named = {str(body[name]) for name in ("code", "type") if isinstance(body.get(name), str)}
    inner = ("error", "innererror", "inner_error")
    return named.union(*(codes_in(body.get(name)) for name in inner))


def address_of(endpoint: Endpoint) -> str:
    return f"{endpoint.base_url.rstrip('/')}/chat/completions"
