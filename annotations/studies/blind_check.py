"""Looking for what raters must not see in what they are about to be shown.

Blindness is structural (annotations.judging.blinding); this looks at the finished page of one item
all the same, because a name can also stand in a study's name, its guidelines or the model's own
words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from annotations.disputes.automated import scores_that_count
from annotations.models import AutomatedLabel, Guideline, Item, Study
from annotations.studies.guidelines import TEXTS, TITLES
from evaluations.models import Trial, Turn

OPENING = 60
"""Characters of a prompt or goal that are looked for: longer ones would break at a line's end."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Something raters must not see. ``also_in_guidelines``: whether it must not stand there
    either; a codebook may name every label."""

    what: str
    value: str
    also_in_guidelines: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a hidden thing was found, and where ('' where it was not)."""

    hidden: Hidden
    where: str

    @property
    def found(self) -> bool:
        return bool(self.where)


def blind_check(study: Study, item: Item, guideline: Guideline | None, shown: str) -> list[Finding]:
    """Look for every hidden field of *item* in the page *shown* (HTML) and in what raters read."""
    own_words = " ".join(_answers(item))
    item_text = _visible(shown)
    told = {TITLES[name]: getattr(guideline, name, "") for name in TEXTS} if guideline else {}
    return [
        Finding(hidden, _where(hidden, study, item_text, own_words, told))
        for hidden in hidden_fields(study, item)
    ]


def _where(
    hidden: Hidden, study: Study, item_text: str, own_words: str, told: Mapping[str, str]
) -> str:
    if _occurs(hidden.value, own_words) and _occurs(hidden.value, item_text):
        return "the model's own words"
    if _occurs(hidden.value, item_text):
        return "the item"
    if _occurs(hidden.value, study.name):
        return "the study's name"
    if hidden.also_in_guidelines:
        return next((title for title, text in told.items() if _occurs(hidden.value, text)), "")
    return ""


def _occurs(value: str, text: str) -> bool:
    """Whether *value* stands in *text* as words of its own, whatever its case and blanks."""
    words = r"\s+".join(map(re.escape, value.split()))
    return bool(words) and bool(re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE))


def _visible(html: str) -> str:
    """The words of a page and the values of its attributes: a reader finds both."""
    return unescape(re.sub(r"<!--.*?-->", " ", html, flags=re.DOTALL))


def hidden_fields(study: Study, item: Item) -> list[Hidden]:
    """What raters must not see of *item*, with the values to look for; fields that have the same
    value are one, and empty ones are left out."""
    found: dict[str, Hidden] = {}
    for field in _of_text(item) if item.trial_id is None else _of_trial(study, item):
        value = field.value.strip()
        same = found.get(value)
        what = f"{same.what}, {field.what}" if same else field.what
        if value:
            everywhere = field.also_in_guidelines or bool(same and same.also_in_guidelines)
            found[value] = Hidden(what, value, everywhere)
    return list(found.values())


def _of_text(item: Item) -> list[Hidden]:
    labels = AutomatedLabel.objects.filter(item=item).values_list("scorer", "label")
    found = [Hidden(f"label of {scorer}", label, False) for scorer, label in labels]
    return [Hidden("id in the file", item.external_id), *found]


def _of_trial(study: Study, item: Item) -> list[Hidden]:
    trial = Trial.objects.select_related("run", "cell__endpoint").get(item=item)
    cell, endpoint = trial.cell, trial.cell.endpoint
    score = scores_that_count(study, [trial.pk]).get(trial.pk)
    number = f"{score.number:.2f}" if score and score.number is not None else ""
    goal = "" if study.unit == Study.Unit.GOAL else _turn(trial, Turn.Step.GOAL)
    return [
        Hidden("model", endpoint.model),
        Hidden("endpoint", endpoint.name),
        Hidden("run", trial.run.name),
        Hidden("target value", cell.target, False),
        Hidden("automated label", score.label if score else "", False),
        Hidden("automated number", number),
        Hidden("induction prompt", _turn(trial, Turn.Step.INDUCTION)),
        Hidden("goal sentence", goal),
        Hidden("reasoning", _opening(_thought(trial))),
        Hidden("stratum", item.stratum),
        Hidden("address of the trial", f"trials/{trial.pk}"),
    ]


def _turn(trial: Trial, step: str) -> str:
    """The opening of what was said in a step: of the prompt, or of the model's goal."""
    role = Turn.Role.ASSISTANT if step == Turn.Step.GOAL else Turn.Role.USER
    said = trial.turns.filter(step=step, role=role).order_by("position")
    return _opening(said.values_list("text", flat=True).first() or "")


def _thought(trial: Trial) -> str:
    """What the model thought before its first answer with reasoning."""
    found = trial.turns.exclude(reasoning="").order_by("position")
    return found.values_list("reasoning", flat=True).first() or ""


def _opening(text: str) -> str:
    return text[:OPENING].rpartition(" ")[0]


def _answers(item: Item) -> Sequence[str]:
    if item.trial_id is None:
        return [item.text]
    said = Turn.objects.filter(trial_id=item.trial_id, role=Turn.Role.ASSISTANT)
    return list(said.values_list("text", flat=True))
