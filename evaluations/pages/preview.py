"""The whole conversation of one cell before anybody is asked, with a stand-in for each answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.definitions.catalogue import instrument_of
from evaluations.instruments.conversation import Dialogue, Said
from evaluations.models import Frame, Instrument
from evaluations.running.planning import Design, Words, crossed

STAND_IN = "(what the model answers)"


@dataclass(frozen=True)
class Preview:
    """One cell of a design, the words that all can be chosen by, and its conversation."""

    number: int
    conditions: Sequence[str]
    said: Sequence[Said]
    language: str


def preview(
    design: Design,
    instrument: Instrument,
    prompt_pack: Words,
    number: int,
    frames: Sequence[Frame] = (),
) -> Preview:
    """The conversation of the *number*-th cell (from 0; another number shows the first),
    about the first prompt where each is asked in a trial of its own.

    Shuffled options are shown as the design's seed shuffles them: a trial shuffles its own way.
    Raises ValueError when the pack has no words for a value, or a frame does not go with it.
    """
    asked = instrument_of(instrument)
    cells = crossed(design, instrument, prompt_pack, frames)
    number = number if 0 <= number < len(cells) else 0
    cell = cells[number]
    talk = cell.dialogue(asked, design.seed, asked.prompts(cell.pack)[0])
    return Preview(number, [one.words for one in cells], whole(talk), cell.row.language)


def whole(conversation: Dialogue) -> list[Said]:
    """All that is asked in a conversation, with `STAND_IN` for each answer."""
    said: list[Said] = []
    while ask := conversation.next(said):
        said += [*ask.messages, Said("assistant", ask.step, STAND_IN, ask.item_number)]
    return said
