"""The whole conversation of one cell before anybody is asked, with a stand-in for each answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.definitions.catalogue import asked_with, frame_of
from evaluations.instruments.conversation import Dialogue, Said
from evaluations.models import Frame, Instrument, PromptPack
from evaluations.models.experiments import cell_words
from evaluations.running.planning import Design, crossed

STAND_IN = "(what the model answers)"


@dataclass(frozen=True)
class Preview:
    """One cell of a design, the words that all can be chosen by, and its conversation."""

    number: int
    conditions: Sequence[str]
    said: Sequence[Said]


def preview(
    design: Design,
    instrument: Instrument,
    prompt_pack: PromptPack,
    number: int,
    frames: Sequence[Frame] = (),
) -> Preview:
    """The conversation of the *number*-th cell (from 0; another number shows the first),
    about the first prompt where each is asked in a trial of its own.

    Shuffled options are shown as the design's seed shuffles them: a trial shuffles its own way.
    Raises ValueError when the pack has no words for a value, or a frame does not go with it.
    """
    asked, pack = asked_with(instrument, prompt_pack)
    cells = crossed(design, asked, frames)
    number = number if 0 <= number < len(cells) else 0
    frame, condition = cells[number]
    prompt = asked.prompts(pack)[0]
    talk = asked.dialogue(condition, pack, design.seed, prompt=prompt, frame=frame_of(frame))
    words = [cell_words(asked.kind, condition, frame) for frame, condition in cells]
    return Preview(number, words, _whole(talk))


def _whole(conversation: Dialogue) -> list[Said]:
    said: list[Said] = []
    while ask := conversation.next(said):
        said += [*ask.messages, Said("assistant", ask.step, STAND_IN, ask.item_number)]
    return said
