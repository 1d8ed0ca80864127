"""The only way from an item to what a rater sees.

A rater's page holds a `Stimulus` and nothing else of the item: no model name, target value, goal,
prompt, automated label, angle, stratum, or judgment of another rater, and no id that leads to the
trial. What a model itself wrote in its answers is shown as it stands.

The goal sentence is left out although the model wrote it: whether there is one tells the
condition, and it names what the model was asked to hold. The prompts restate both. A study of goal
sentences shows the sentence alone, without any answer.
"""

import json
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from annotations.models import Item, Study
from evaluations.definitions.catalogue import instrument_of, resource_of
from evaluations.instruments.svo.measure import Measure
from evaluations.instruments.svo.protocol import scaled
from evaluations.models import Instrument, PromptPack, Turn


@dataclass(frozen=True, slots=True)
class Option:
    """One allocation as the model was shown it: its letter, and the payoffs to both."""

    letter: str
    own: float
    other: float


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One of the model's answers, with the options it chose from in the order it saw them."""

    number: int
    options: tuple[Option, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Stimulus:
    """What a rater sees of an item: answers of a trial, its goal sentence, or an imported text.

    resource: what the model was to divide, in the words of its prompt pack, whose language tag
    ``resource_language`` is; '' where it is not known.
    """

    answers: tuple[ShownAnswer, ...] = ()
    goal: str = ""
    text: str = ""
    resource: str = ""
    resource_language: str = ""


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
    return said.values_list("text", flat=True).first() or ""


ANSWERS = """
    SELECT answer.item_number, answer.shown_options, turn.text, instrument.sha256,
           cell.payoff_scale, pack.sha256
    FROM evaluations_answer AS answer
    JOIN evaluations_turn AS turn ON turn.id = answer.turn_id
    JOIN evaluations_trial AS trial ON trial.id = answer.trial_id
    JOIN evaluations_cell AS cell ON cell.id = trial.cell_id
    JOIN evaluations_run AS run ON run.id = trial.run_id
    JOIN evaluations_instrument AS instrument ON instrument.id = run.instrument_id
    LEFT JOIN evaluations_promptpack AS pack ON pack.id = run.prompt_pack_id
    WHERE answer.trial_id = %s AND (%s = 0 OR answer.item_number = %s)
    ORDER BY answer.item_number"""
"""Plain, because every exchange asks it (see annotations.exchange.statements)."""


def _shown(trial_id: int, answer_number: int | None) -> Stimulus:
    only = answer_number or 0
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, [trial_id, only, only])
        rows = cursor.fetchall()
    answers = tuple(
        ShownAnswer(number, _options(sha256, scale, item_number, shown), text)
        for number, (item_number, shown, text, sha256, scale, _pack) in enumerate(rows, start=1)
    )
    resource, language = _divided(rows[0][-1]) if rows else ("", "")
    return Stimulus(answers=answers, resource=resource, resource_language=language)


@lru_cache(maxsize=64)
def _divided(pack_sha256: str | None) -> tuple[str, str]:
    """What is divided in a prompt pack, and the language that is said in; ('', '') where unknown.

    The hash names the pack's content, so that may be kept for good.
    """
    if pack_sha256 is None:
        return "", ""
    pack = PromptPack.objects.get(sha256=pack_sha256)
    return resource_of(pack), pack.language


@lru_cache(maxsize=512)
def _options(sha256: str, payoff_scale: float, item_number: int, shown: str) -> tuple[Option, ...]:
    """The options of an answer in the payoffs the model read, in the order it saw them (JSON)."""
    measure = _measure(sha256, payoff_scale)
    allocations = measure.item(item_number).in_order(json.loads(shown))
    return tuple(
        Option(label, *allocation)
        for label, allocation in zip(measure.labels, allocations, strict=True)
    )


@lru_cache(maxsize=64)
def _measure(sha256: str, payoff_scale: float) -> Measure:
    """The measure of an instrument in the payoffs the model read.

    The hash names the instrument's content, so its measure may be kept for good.
    """
    instrument = instrument_of(Instrument.objects.filter(sha256=sha256)[0])
    return scaled(instrument.measure, payoff_scale)
