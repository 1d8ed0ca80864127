"""Conditions of the slider measure, with the defaults of a run."""

from evaluations.instruments.conditions import Condition
from evaluations.instruments.svo.conditions import SliderCondition


def slider(target="", with_goal=True, induction="name", value_place="dialogue", **own) -> Condition:
    return Condition(target, with_goal, induction, value_place, SliderCondition(**own))
