"""What the log must not hold: anything that leads to a person.

Addresses are logged, and some carry invitation links, keys of parts, ids of people on a platform or
keys that reset a password. Requests bring the client's address and the browser's name; a failing
database quotes the row it refused. None of it is needed to find a fault: a request has a random id,
by which its lines belong together.
"""

import re
from collections.abc import MutableMapping
from typing import Any

LEFT_OUT = ("ip", "user_id", "user_agent")
"""What is bound to requests and never logged. (The settings bind the first two no more.)"""

_REST = r"[^\s'\"]*"
ADDRESSES = (
    # Links of invitations (to a study, to a project) and framed parts: the key, and all parameters.
    (re.compile(rf"(/(?:join|in|invited)/)[^/\s'\"?]+(/[^\s'\"?]*)?(?:\?{_REST})?"), r"\1…\2"),
    # Keys that reset a password or confirm an address.
    (re.compile(rf"(/account/(?:password/reset/key|confirm-email)/){_REST}"), r"\1…"),
    # Whose part it is: the keys of raters, and of what they judged.
    (re.compile(r"(/studies/[^/\s'\"?]+/(?:judge/last|raters)/)\d+"), r"\1…"),
    # Whose roles they are: the key of an account.
    (re.compile(r"(/members/)\d+"), r"\1…"),
    # Sign-in and raters' pages: all parameters, such as the page that was wanted.
    (re.compile(rf"((?:/account/|/studies/[^/\s'\"?]+/(?:judge|way)/)[^\s'\"?]*)\?{_REST}"), r"\1"),
)
QUOTED_ROWS = re.compile(r"^(\s*(?:DETAIL|CONTEXT|HINT):).*$", re.MULTILINE)
"""Where PostgreSQL quotes values in the words of an error."""


def hide_people(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: an event without what leads to a person."""
    for name in LEFT_OUT:
        event.pop(name, None)
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = without_people(value)
    return event


def without_people(text: str) -> str:
    """The text with participants' addresses cut and quoted rows left out."""
    if "/" in text:
        for address, kept in ADDRESSES:
            text = address.sub(kept, text)
    return QUOTED_ROWS.sub(r"\1 …", text) if "\n" in text else text
