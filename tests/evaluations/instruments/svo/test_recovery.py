"""Every condition against the simulated respondent gives back the angle that was put in.

Words are asked, answered and read as in a run; only the storing is left out, to keep it quick.
"""

import asyncio
import json
from dataclasses import replace
from itertools import product
from statistics import fmean

import pytest

from evaluations.definitions.catalogue import SHIPPED
from evaluations.instruments.kinds import parse_instrument, parse_pack
from evaluations.instruments.readings import AnswerText
from evaluations.instruments.svo import score
from evaluations.models import Endpoint, Score
from evaluations.respondents.simulated import SimulatedRespondent
from evaluations.running.conversations import advance
from evaluations.running.trial_log import Answered, OpenTrial
from tests.evaluations.instruments.svo.conditions import slider

TRIALS = 100
ANGLES = {
    "altruistic": 50.0,
    "prosocial": 35.0,
    "individualistic": 10.0,
    "competitive": -8.0,
    "": 25,
}
PLAIN = slider("prosocial", with_goal=False)
CONDITIONS = [
    *(
        slider(
            "prosocial",
            with_goal=False,
            option_order=order,
            answer_format=answers,
            payoff_scale=scale,
        )
        for order, answers, scale in product(
            ("printed", "reversed", "shuffled"), ("free", "constrained"), (1.0, 0.5, 20.0)
        )
    ),
    *(replace(PLAIN, target=target) for target in ANGLES if target),
    slider("", induction="none"),
    replace(PLAIN, with_goal=True),
    replace(PLAIN, induction="definition"),
    replace(PLAIN, value_place="system"),
    slider("prosocial", with_goal=False, item_set="all"),
]


def shipped(folder, name, parse):
    text = (SHIPPED / folder / f"{name}.json").read_text(encoding="utf-8")
    return parse(json.loads(text), name)


INSTRUMENT = shipped("instruments", "svo-slider", parse_instrument)
PACK = shipped("prompt_packs", "plain-en", parse_pack)
RESPONDENT = SimulatedRespondent(
    Endpoint(name="simulated", parameters={"angle": ANGLES, "noise": 2.0}), INSTRUMENT
)


async def angle_of_trial(condition, seed):
    conversation = INSTRUMENT.dialogue(condition, PACK, seed)
    trial = OpenTrial(0, 0, condition.target, INSTRUMENT, conversation, [], {})
    choices = {}
    while ask := conversation.next(trial.said):
        trial.said += ask.messages
        answered = Answered(ask, await RESPONDENT.reply(trial.request(ask)))
        trial.said.append(answered.said)
        if ask.item_number is not None:
            said = AnswerText(answered.reply.text, ask.item_number, ask.shown)
            reading = INSTRUMENT.kind.reader.read(said, INSTRUMENT.measure, condition)
            choices[ask.item_number] = reading.value
    return score(choices, measure=INSTRUMENT.measure).angle


async def mean_angle(condition):
    return fmean([await angle_of_trial(condition, seed) for seed in range(TRIALS)])


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: str(condition.identity()))
def test_the_angle_put_in_comes_out(condition):
    found = asyncio.run(mean_angle(condition))
    assert found == pytest.approx(ANGLES[condition.target], abs=1)


@pytest.mark.django_db
def test_a_stored_run_of_every_condition_is_scored_throughout(make_run):
    run = make_run(
        targets=["prosocial", ""],
        with_goal=[False],
        inductions=["name", "definition"],
        value_places=["dialogue", "system"],
        own={
            "option_order": ["shuffled"],
            "answer_format": ["free", "constrained"],
            "payoff_scale": [1.0, 20.0],
        },
        trials_per_cell=1,
    )
    assert advance(run) == {"complete": run.cells.count()}
    assert run.cells.count() == (2 * 2 + 1) * 2 * 2
    assert set(Score.objects.values_list("outcome", flat=True)) == {"scored"}
