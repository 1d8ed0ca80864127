"""What the log must not hold: invitation links, keys of parts, and people's ids on a platform.

All three stand in addresses, and addresses are logged.
"""

import re
from collections.abc import MutableMapping
from typing import Any

ADDRESS = re.compile(r"(/(?:join|in)/)[^/\s'\"?]+(/[^\s'\"?]*)?(?:\?[^\s'\"]*)?")


def hide_participants(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: participants' addresses without what tells who they are."""
    for name, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[name] = ADDRESS.sub(r"\1…\2", value)
    return event
