"""Crowd platforms: what they send with a person, and where that person goes back to.

Nothing else in the project knows a platform's names. Their parameters are not signed by them, so
whoever knows an invitation and somebody's id can come in that person's name: an id is good for
paying people and for letting them take part once, not for proving who they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from django.conf import settings

from annotations.models import Invitation, Rater

PROLIFIC_COMPLETE = "https://app.prolific.com/submissions/complete?cc={code}"
"""Where Prolific takes a participant back, with the code that says how it went."""

MTURK_SUBMIT_ORIGINS = ("https://www.mturk.com", "https://workersandbox.mturk.com")
MTURK_FRAME_ORIGINS = ("https://worker.mturk.com", *MTURK_SUBMIT_ORIGINS)
MTURK_SUBMIT_PATH = "/mturk/externalSubmit"
MTURK_PREVIEW = "ASSIGNMENT_ID_NOT_AVAILABLE"
"""The assignmentId of somebody who looks at a task without having accepted it."""

ID = re.compile(r"[A-Za-z0-9_-]{1,128}")

Platform = Invitation.Platform


class NotFromThePlatform(Exception):
    """The address lacks what the platform adds to it, so nobody can be let in by it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who comes from a crowd platform, by their id there; in a preview they have none.

    browser: of which browser, or inside a frame of which session, as
    `annotations.taking_part.continuing` keeps it.
    """

    external_id: str
    parameters: dict[str, str] = field(default_factory=dict)
    is_preview: bool = False
    browser: str = ""


SESSION_OF = {Invitation.Platform.PROLIFIC: "SESSION_ID", Invitation.Platform.MTURK: "assignmentId"}
"""Which parameter tells one coming of a person from another."""


def session_of(platform: str, parameters: Mapping[str, str]) -> str:
    """The session on the platform that these parameters are of; '' where there is none."""
    name = SESSION_OF.get(Invitation.Platform(platform))
    return parameters.get(name, "") if name else ""


def arrival_of(platform: str, query: Mapping[str, str]) -> Arrival:
    """Who comes by the parameters of the address; NotFromThePlatform where they are missing."""
    if platform == Platform.PROLIFIC:
        return _from_prolific(query)
    return _from_mturk(query)


def _from_prolific(query: Mapping[str, str]) -> Arrival:
    names = ("PROLIFIC_PID", "STUDY_ID", "SESSION_ID")
    found = _checked(query, names)
    return Arrival(found["PROLIFIC_PID"], {name: found[name] for name in names[1:]})


def _from_mturk(query: Mapping[str, str]) -> Arrival:
    if query.get("assignmentId", MTURK_PREVIEW) == MTURK_PREVIEW:
        return Arrival("", is_preview=True)
    found = _checked(query, ("assignmentId", "hitId", "workerId"))
    origin = origin_of(query.get("turkSubmitTo", ""))
    if origin not in submit_origins():
        raise NotFromThePlatform(f"turkSubmitTo names {origin or 'no host'}")
    return Arrival(found.pop("workerId"), {**found, "turkSubmitTo": origin})


def _checked(query: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    found = {name: query.get(name, "") for name in names}
    if missing := [name for name, value in found.items() if not ID.fullmatch(value)]:
        raise NotFromThePlatform(f"without {', '.join(missing)}")
    return found


def origin_of(address: str) -> str:
    """Scheme and host of an address, '' where it has none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


def submit_origins() -> tuple[str, ...]:
    """Where the last form inside a Mechanical Turk frame may go."""
    return (*MTURK_SUBMIT_ORIGINS, *settings.MTURK_TEST_ORIGINS)


def frame_origins() -> tuple[str, ...]:
    """Who may show the pages of a part in a frame."""
    return (*MTURK_FRAME_ORIGINS, *settings.MTURK_TEST_ORIGINS)


@dataclass(frozen=True, slots=True)
class WayBack:
    """How a participant leaves: by an address, by a form inside the platform's frame, or with a
    code to copy; all empty where nothing was agreed."""

    address: str = ""
    code: str = ""
    form_action: str = ""
    form_fields: dict[str, str] = field(default_factory=dict)


ENDS = {
    Rater.Stage.DONE: "completion",
    Rater.Stage.BELOW: "below",
    Rater.Stage.REFUSED: "declined",
    Rater.Stage.SCREENED_OUT: "screen_out",
    Rater.Stage.FAILED_ATTENTION: "failed_attention",
}
"""Which field of an invitation says how a part that ended so goes back to the platform."""


def way_back(invitation: Invitation, stage: str, parameters: Mapping[str, str]) -> WayBack:
    """How somebody whose part ended at *stage* goes back to where *invitation* found them."""
    given = getattr(invitation, ENDS[Rater.Stage(stage)], "") if stage in ENDS else ""
    if invitation.platform == Platform.MTURK:
        return _mturk_way_back(stage, given, parameters)
    if given.startswith(("https://", "http://")):
        return WayBack(address=given)
    if given and invitation.platform == Platform.PROLIFIC:
        return WayBack(address=PROLIFIC_COMPLETE.format(code=quote(given, safe="")), code=given)
    return WayBack(code=given)


def _mturk_way_back(stage: str, given: str, parameters: Mapping[str, str]) -> WayBack:
    """A worker is paid for what they submit, so a part that ended early submits only where the
    researcher entered a code for it; else the worker is asked to return the HIT."""
    target = parameters.get("turkSubmitTo", "")
    if target not in submit_origins() or not (given or stage == Rater.Stage.DONE):
        return WayBack()
    fields = {"assignmentId": parameters.get("assignmentId", ""), "code": given or str(stage)}
    return WayBack(form_action=target + MTURK_SUBMIT_PATH, form_fields=fields, code=given)
