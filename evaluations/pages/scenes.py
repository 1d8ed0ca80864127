"""The page of a frame: its languages side by side, its checks, and the conversation in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import Project
from evaluations.definitions.catalogue import frame_file, instrument, pack_of
from evaluations.formats.scenes.checks import CHECKS, Failed, failed, language_of
from evaluations.formats.scenes.parsing import DISTANCES, FAMILIES, WORDS, Scene
from evaluations.instruments.conversation import Said
from evaluations.instruments.frames import FrameFile
from evaluations.models import Frame, PromptPack
from evaluations.pages.preview import preview
from evaluations.running.planning import Design

LABELS: Mapping[str, str] = {
    "intro": "Story",
    "item": "What each option divides",
    "option": "An option",
    "goal": "The question for a goal",
    "resource": "What is divided",
    "recipient": "With whom",
}
"""The entries of a text, as the page calls them."""


@dataclass(frozen=True)
class Line:
    """One entry in every language: pairs of a language's tag and its words."""

    label: str
    said: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Talk:
    """The conversation in one language with a prompt pack; without one, `said` is empty."""

    language: str
    pack: PromptPack | None
    said: Sequence[Said]
    problem: str = ""


@dataclass(frozen=True)
class ScenePage:
    """What the page of a frame shows beside its file; `scene` is None where it has one language."""

    file: FrameFile
    scene: Scene | None
    lines: Sequence[Line]
    failed: Sequence[Failed]
    talk: Talk

    @property
    def checks(self) -> int:
        """How many checks were made."""
        return len(CHECKS)

    @property
    def distance(self) -> str:
        return DISTANCES[self.scene.distance] if self.scene else ""

    @property
    def family(self) -> str:
        return FAMILIES[self.scene.resource.family] if self.scene else ""


def scene_page(row: Frame, project: Project, wanted: str) -> ScenePage:
    """The page of a frame; *wanted*: the language of the conversation, of the frame's or the first.

    Asks nobody, stores nothing.
    """
    file = frame_file(row)
    language = wanted if wanted in file.in_languages else row.language
    scene = file.scene
    return ScenePage(
        file,
        scene,
        _lines(scene) if scene else [],
        failed(scene) if scene else [],
        _talk(row, project, language),
    )


def _lines(scene: Scene) -> list[Line]:
    return [
        Line(LABELS[name], [(tag, text.words()[name]) for tag, text in scene.texts.items()])
        for name in WORDS
    ]


def _talk(row: Frame, project: Project, language: str) -> Talk:
    """The baseline with a goal, in the newest pack of that language that takes this frame."""
    definition = frame_file(row).in_language(language)
    problem = ""
    for pack in PromptPack.objects.in_reach_of(project).order_by("-id"):
        if language_of(pack.language) != language_of(language) or not pack_of(pack).needs_frame:
            continue
        try:
            pack_of(pack).check_frame(definition)
            shown = preview(Design([""], [True]), instrument(), pack, 0, [row])
        except ValueError as error:
            problem = str(error)
            continue
        return Talk(language, pack, shown.said)
    return Talk(language, None, (), problem)
