"""Frames as data: the scene an instrument is asked in.

Pure: reads no file and no database.
"""

from typing import Any

from evaluations.formats.definitions import HEADING, MAX_RESOURCE, Place, heading
from evaluations.instruments.base import FrameDefinition

FRAME_FORMAT = "valuecheck-frame/1"


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
