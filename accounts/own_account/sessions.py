"""Where somebody is signed in."""

from collections.abc import Sequence

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.audit import record

BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""By what a browser says of itself; the first found counts, as most claim to be others too."""
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Ending sessions is written down."""

    @transaction.atomic
    def end_sessions(self, sessions: Sequence[UserSession]) -> None:
        super().end_sessions(sessions)
        if sessions:
            user = sessions[0].user
            record(None, user, "sessions ended", user, sessions=len(sessions))


def browser_in_words(user_agent: str) -> str:
    """'Firefox, Linux' for what a browser says of itself; as it says it where that is unknown."""
    browser = next((name for said, name in BROWSERS.items() if said in user_agent), "")
    system = next((name for said, name in SYSTEMS.items() if said in user_agent), "")
    return ", ".join(filter(None, (browser, system))) or user_agent[:60]
