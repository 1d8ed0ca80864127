"""The whole conversation of one cell before anybody is asked, with a stand-in for each answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.definitions.catalogue import instrument_of, pack_of
from evaluations.instruments.conversation import Dialogue, Said
from evaluations.models import Instrument, PromptPack
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
    asked = instrument_of(instrument)
    conditions = design.conditions(asked.kind)
    number = number if 0 <= number < len(conditions) else 0
    said = _whole(asked.dialogue(conditions[number], pack_of(prompt_pack), design.seed))
    return Preview(number, [condition.words() for condition in conditions], said)


def _whole(conversation: Dialogue) -> list[Said]:
    said: list[Said] = []
    while ask := conversation.next(said):
        said += [*ask.messages, Said("assistant", ask.step, STAND_IN, ask.item_number)]
    return said
