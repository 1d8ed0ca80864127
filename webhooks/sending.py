"""Sending one message to an address that somebody named: once, within a time, and nowhere else.

A redirect is not followed, and no more of an answer is read than says whether it arrived. The host
is called at the addresses that were looked at and found to be out in the world (the rule of
endpoints, LLM_ALLOW_PRIVATE_ADDRESSES), so that a name that points elsewhere a moment later leads
nowhere. Proxies of the environment are not used.
"""

import asyncio
from collections.abc import Mapping

import httpx2

from evaluations.respondents.key_policy import allowed_addresses
from evaluations.respondents.respondent import RespondentError
from evaluations.respondents.spread_transport import ADDRESSES, SpreadTransport

DEADLINE = 15.0
"""Seconds in all for looking the name up, connecting, sending and the head of the answer."""


class NotArrived(Exception):
    """The message is not where it belongs, in words; *status* is what was answered, if anything."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


def check(url: str) -> None:
    """Raise NotArrived for an address that nothing would be sent to."""
    try:
        allowed_addresses(url)
    except RespondentError as error:
        raise NotArrived(str(error)) from None


def send(url: str, headers: Mapping[str, str], body: bytes, deadline: float = DEADLINE) -> int:
    """POST *body*; returns the status of an answer that says it arrived (2xx).

    Raises NotArrived for any other answer, for none within *deadline* seconds, and for an address
    that may not be called.
    """
    try:
        status = asyncio.run(asyncio.wait_for(_send(url, headers, body), deadline))
    except TimeoutError:
        raise NotArrived(f"There was no answer within {deadline:g} seconds.") from None
    except RespondentError as error:
        raise NotArrived(f"It was not sent: {error}.") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise NotArrived(f"It cannot be reached ({type(error).__name__}).") from None
    if 300 <= status < 400:
        raise NotArrived(f"It redirects (status {status}), which is not followed.", status)
    if not 200 <= status < 300:
        raise NotArrived(f"It answered with status {status}.", status)
    return status


async def _send(url: str, headers: Mapping[str, str], body: bytes) -> int:
    addresses = await asyncio.to_thread(allowed_addresses, url)
    transport = SpreadTransport(1)
    try:
        request = httpx2.Request("POST", url, headers=dict(headers), content=body)
        request.extensions[ADDRESSES] = addresses
        response = await transport.handle_async_request(request)
        try:
            return response.status_code
        finally:
            await response.aclose()
    finally:
        await transport.aclose()
