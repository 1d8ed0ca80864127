"""Frames as data: the scene an instrument is asked in.

Pure: reads no file and no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from evaluations.formats.definitions import HEADING, MAX_RESOURCE, Place, heading
from evaluations.formats.scenes.checks import language_of, refuse
from evaluations.formats.scenes.parsing import SCENES_FORMAT, Scene, SceneText, parse_scene

FRAME_FORMAT = "valuecheck-frame/1"

TEXTS = ("division", "aim")
"""What only a frame of the format 2 fills in."""
SCENE = ("story", "resource", "recipient", *TEXTS)
"""What a frame fills in."""


@dataclass(frozen=True)
class FrameDefinition:
    """A scene in one language. Its words stand where a pack has the placeholders {story},
    {resource}, {recipient}, {division} and {aim}; `culture` says whose scene it is and is told to
    nobody. Of a scene in several languages `text` is the one, which words the options, and amounts
    are the instrument's times `factor`, shown with at most so many `decimals`."""

    key: str
    version: str
    language: str
    name: str
    source: str
    story: str
    resource: str
    recipient: str
    culture: str
    division: str = ""
    aim: str = ""
    factor: float = 1.0
    decimals: int | None = None
    text: SceneText | None = field(default=None, repr=False)

    @property
    def option(self) -> str:
        """The template of an option; '' where the pack words it."""
        return self.text.option if self.text else ""

    def in_numerals(self, text: str) -> str:
        """A text with its digits as the language of the scene writes them."""
        return self.text.in_numerals(text) if self.text else text

    def check_scale(self, scale: float) -> None:
        """Raises ValueError where amounts times *scale*, its factor included, would be rounded."""
        if self.decimals is None:
            return
        if (Fraction(f"{scale:.12g}") * 10**self.decimals).denominator != 1:
            raise ValueError(
                f"frame {self.key} shows at most {self.decimals} decimals, and amounts x {scale:g} "
                "have more: choose another scale, so that nothing is rounded"
            )


@dataclass(frozen=True)
class FrameFile:
    """What a frame's file says: each of its languages, and the whole scene where it has several
    (format 2)."""

    key: str
    version: str
    language: str
    in_languages: Mapping[str, FrameDefinition]
    scene: Scene | None = None

    def in_language(self, tag: str) -> FrameDefinition:
        """The scene in the language of *tag*, whatever the region; a file of one language is that.

        Raises ValueError where a scene of several has no text in it.
        """
        if self.scene is None:
            return self.in_languages[self.language]
        for known, found in self.in_languages.items():
            if language_of(known) == language_of(tag):
                return found
        raise ValueError(
            f"frame {self.key} has no text in {tag!r}: it has {', '.join(self.in_languages)}; "
            "choose a prompt pack in one of them, or add the language to a new version"
        )


def parse_file(definition: Any, source: str) -> FrameFile:
    """Check a frame of either format; *source* names it in errors. Raises DefinitionError."""
    told = definition.get("format") if isinstance(definition, Mapping) else None
    if told != SCENES_FORMAT:
        one = parse_frame(definition, source)
        return FrameFile(one.key, one.version, one.language, {one.language: one})
    scene = parse_scene(definition, source)
    refuse(scene, source)
    texts = {tag: _in_one(scene, text) for tag, text in scene.texts.items()}
    return FrameFile(scene.key, scene.version, scene.language, texts, scene)


def _in_one(scene: Scene, text: SceneText) -> FrameDefinition:
    return FrameDefinition(
        key=scene.key,
        version=scene.version,
        language=text.language,
        name=scene.name,
        source=scene.source,
        story=text.intro,
        resource=text.resource,
        recipient=text.recipient,
        culture=scene.culture,
        division=text.item,
        aim=text.goal,
        factor=scene.resource.factor,
        decimals=scene.resource.decimals,
        text=text,
    )


def parse_frame(definition: Any, source: str) -> FrameDefinition:
    """Check a frame of one language; *source* names it in errors. Raises DefinitionError."""
    names = [*HEADING, "story", "resource", "recipient", "culture"]
    entries = Place(definition, source).entries(names)
    entries["format"].one_of([FRAME_FORMAT, SCENES_FORMAT])
    named = heading(entries)
    return FrameDefinition(
        key=named["key"],
        version=named["version"],
        language=named["language"],
        name=named["name"],
        source=entries["source"].text(),
        story=entries["story"].text(),
        resource=entries["resource"].short(MAX_RESOURCE),
        recipient=entries["recipient"].short(MAX_RESOURCE),
        culture=entries["culture"].short(MAX_RESOURCE),
    )
