"""The only way from an item to what a rater sees.

A rater's page holds a `Stimulus` and nothing else of the item: no model name, target value, goal,
automated label or number, stratum, or judgment of another rater, and no id that leads to the
trial; and no prompt, but where the kind of instrument says that its words tell none of these. What
a model itself wrote in its answers is shown as it stands, what it thought before is not: it is
stored apart, and taken off here from older rows.

The goal sentence is left out although the model wrote it: whether there is one tells the
condition, and it names what the model was asked to hold. The prompts restate both. A study of goal
sentences shows the sentence alone, without any answer.
"""

import json
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from annotations.kinds import KINDS
from annotations.models import Item, Study
from evaluations.definitions.catalogue import UNTOLD, Divided, divided, instrument_of
from evaluations.instruments.base import InstrumentDefinition
from evaluations.models import Frame, Instrument, PromptPack, Turn
from evaluations.text.thoughts import parted


@dataclass(frozen=True, slots=True)
class Option:
    """One thing the model could choose, as it was shown: its label, and what it offered by name."""

    label: str
    offers: tuple[tuple[str, float], ...]

    @property
    def by_name(self) -> dict[str, float]:
        return dict(self.offers)


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One of the model's answers, with the options it chose from in the order it saw them, and the
    piece of a page that shows these; '' where it answered freely. `asked`: what it answered to, of
    a kind whose questions tell nothing of what the model was asked to be."""

    number: int
    options: tuple[Option, ...]
    text: str
    template: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Stimulus:
    """What a rater sees of an item: answers of a trial, its goal sentence, or an imported text.

    template: the piece of a page that says what the model was asked for its answers. divided: what
    it was to divide and with whom, in the words of its frame or prompt pack.
    """

    answers: tuple[ShownAnswer, ...] = ()
    goal: str = ""
    text: str = ""
    template: str = ""
    divided: Divided = UNTOLD


def stimulus(item: Item) -> Stimulus:
    """Return what a rater sees of *item*; one query for a trial, none for a text.

    *item* brings its study where the study shows goal sentences.
    """
    if item.trial_id is None:
        return Stimulus(text=item.text)
    if item.study.unit == Study.Unit.GOAL:
        return Stimulus(goal=_goal(item.trial_id))
    return _shown(item.trial_id, item.answer_number)


def _goal(trial_id: int) -> str:
    """What the model said when it was asked for its goal; '' where it was not."""
    said = Turn.objects.filter(
        trial_id=trial_id, step=Turn.Step.GOAL, role=Turn.Role.ASSISTANT
    ).order_by("position")
    return parted(said.values_list("text", flat=True).first() or "")[0]


ANSWERS = """
    SELECT turn.text, answer.item_number, answer.shown, instrument.sha256,
           cell.condition, pack.sha256, frame.sha256
    FROM evaluations_answer AS answer
    JOIN evaluations_turn AS turn ON turn.id = answer.turn_id
    JOIN evaluations_trial AS trial ON trial.id = answer.trial_id
    JOIN evaluations_cell AS cell ON cell.id = trial.cell_id
    JOIN evaluations_run AS run ON run.id = trial.run_id
    JOIN evaluations_instrument AS instrument ON instrument.id = run.instrument_id
    LEFT JOIN evaluations_promptpack AS pack ON pack.id = cell.prompt_pack_id
    LEFT JOIN evaluations_frame AS frame ON frame.id = cell.frame_id
    WHERE answer.trial_id = %s AND (%s = 0 OR answer.item_number = %s)
    ORDER BY answer.item_number"""
"""Plain, because every exchange asks it (see annotations.exchange.database)."""


def _shown(trial_id: int, answer_number: int | None) -> Stimulus:
    only = answer_number or 0
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, [trial_id, only, only])
        rows = cursor.fetchall()
    if not rows:
        return Stimulus()
    *_, sha256, _condition, pack, frame = rows[0]
    shows = KINDS[_instrument(sha256).kind.key]
    answers = tuple(
        ShownAnswer(
            number,
            options := _options(*shown),
            parted(text)[0],
            shows.options if options else "",
            _asked(shown[1], sha256),
        )
        for number, (text, *shown, _pack, _frame) in enumerate(rows, start=1)
    )
    return Stimulus(answers, "", "", shows.asked, _divided(pack, frame))


@lru_cache(maxsize=64)
def _divided(pack_sha256: str | None, frame_sha256: str | None) -> Divided:
    """What is divided in a prompt pack, or in the frame that fills it. The hashes name the content
    of both, so that may be kept for good."""
    pack = PromptPack.objects.filter(sha256=pack_sha256).first()
    return divided(pack, Frame.objects.filter(sha256=frame_sha256).first())


@lru_cache(maxsize=512)
def _options(
    item_number: int, shown: str | None, sha256: str, condition: str
) -> tuple[Option, ...]:
    """The options of an answer as the model read them, in the order it saw them; *shown* and
    *condition* are JSON."""
    instrument = _instrument(sha256)
    own = instrument.kind.condition(json.loads(condition))
    options = instrument.options(own, item_number, json.loads(shown or "null"))
    return tuple(Option(option.label, tuple(option.offers.items())) for option in options)


def _asked(shown: str | None, sha256: str) -> str:
    """What the model answered to, of a kind that lets raters read it; *shown* is JSON."""
    return _instrument(sha256).kind.question(json.loads(shown or "null"))


@lru_cache(maxsize=64)
def _instrument(sha256: str) -> InstrumentDefinition:
    """The hash names the instrument's content, so what it says may be kept for good."""
    return instrument_of(Instrument.objects.filter(sha256=sha256)[0])
