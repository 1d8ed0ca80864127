"""The whole conversation of one cell before anybody is asked, with a stand-in for each answer."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from evaluations.definitions.catalogue import instrument_of, pack_of
from evaluations.formats.definitions import PackDefinition
from evaluations.instruments.svo import Measure
from evaluations.instruments.svo.protocol import Condition, Conversation, Said
from evaluations.models import Cell, Instrument, PromptPack
from evaluations.running.planning import Design

STAND_IN = "(what the model answers)"


@dataclass(frozen=True)
class Preview:
    """One condition of a design, the words it can be chosen by, and its conversation."""

    number: int
    conditions: Sequence[str]
    said: Sequence[Said]


def preview(
    design: Design, instrument: Instrument, prompt_pack: PromptPack, number: int
) -> Preview:
    """The conversation of the *number*-th condition (from 0; another number shows the first).

    Shuffled options are shown as the design's seed shuffles them: a trial shuffles its own way.
    Raises ValueError when the pack has no words for a value.
    """
    conditions = design.conditions()
    number = number if 0 <= number < len(conditions) else 0
    measure, pack = instrument_of(instrument).measure, pack_of(prompt_pack)
    said = _whole(conditions[number], measure, pack, design.seed)
    return Preview(number, [in_words(condition) for condition in conditions], said)


def _whole(condition: Condition, measure: Measure, pack: PackDefinition, seed: int) -> list[Said]:
    conversation = Conversation(condition, measure, pack, seed)
    said: list[Said] = []
    while ask := conversation.next(said):
        said += [*ask.messages, Said("assistant", ask.step, STAND_IN, ask.item_number)]
    return said


def in_words(condition: Condition) -> str:
    """A condition as the table of cells writes it, from a cell that is never stored."""
    return Cell(**asdict(condition)).condition
