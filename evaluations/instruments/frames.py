"""Frames as data: the scene an instrument is asked in.

Pure: reads no file and no database.
"""

from dataclasses import dataclass
from typing import Any

from evaluations.formats.definitions import HEADING, MAX_RESOURCE, Place, heading

FRAME_FORMAT = "valuecheck-frame/1"

SCENE = ("story", "resource", "recipient")
"""What a frame fills in."""


@dataclass(frozen=True)
class FrameDefinition:
    """A scene as a versioned file holds it. Its words stand where a pack has the placeholders
    {story}, {resource} and {recipient}; `culture` says whose scene it is and is told to nobody."""

    key: str
    version: str
    language: str
    name: str
    source: str
    story: str
    resource: str
    recipient: str
    culture: str


def parse_frame(definition: Any, source: str) -> FrameDefinition:
    """Check a frame; *source* names it in errors. Raises DefinitionError."""
    names = [*HEADING, "story", "resource", "recipient", "culture"]
    entries = Place(definition, source).entries(names)
    entries["format"].one_of([FRAME_FORMAT])
    return FrameDefinition(
        **heading(entries),
        source=entries["source"].text(),
        story=entries["story"].text(),
        resource=entries["resource"].short(MAX_RESOURCE),
        recipient=entries["recipient"].short(MAX_RESOURCE),
        culture=entries["culture"].short(MAX_RESOURCE),
    )
