"""The answers of a run with what people said of their values: what an evaluator learns from."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from annotations.models import Item, Judgment
from annotations.scales.scale import Scale
from annotations.values.questions import VALUE_SIGNS
from annotations.values.stances import BOTH
from evaluations.instruments.values.learning.evaluator import Signs, text_of
from evaluations.models import Answer, Run

CONSENSUS, LEAST_RATERS = "consensus", 2


@dataclass(frozen=True)
class Judged:
    """`trials` with their prompt, text and `signs` (trials x values); `unsettled`: how many were
    judged without a majority on every value, as 'both' on one, or by one rater where a consensus is
    asked for."""

    trials: list[int]
    prompts: list[str]
    texts: list[str]
    signs: Signs
    unsettled: int


def judged_answers(run: Run, labels: str) -> Judged:
    """The answers of *run* that the rater called *labels* judged, or that raters agree on
    ('consensus'). Raises ValueError where there are none, and names the raters there are."""
    rows = Judgment.objects.counted().filter(
        item__study__kind=VALUE_SIGNS.key, item__trial__run=run, item__kind=Item.Kind.REGULAR
    )
    if labels != CONSENSUS:
        rows = rows.filter(rater__pseudonym=labels)
    scale = VALUE_SIGNS.scale_for()
    said: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    for trial, label in rows.order_by("pk").values_list("item__trial_id", "label"):
        value = scale.place(label)
        if isinstance(value, tuple):
            said[trial].append(value)
    found: dict[int, tuple[float, ...]] = {}
    for trial, values in said.items():
        settled = values[-1] if labels != CONSENSUS else _settled(scale, values)
        # An answer that pulls both ways is no example of either sign.
        if settled is not None and BOTH not in settled:
            found[trial] = tuple(map(float, settled))
    answers = Answer.objects.filter(trial__in=found).select_related("turn").order_by("trial_id")
    kept = [answer for answer in answers if answer.turn.text.strip()]
    if not kept:
        known = Judgment.objects.filter(
            item__study__kind=VALUE_SIGNS.key, item__trial__run=run
        ).values_list("rater__pseudonym", flat=True)
        names = ", ".join(sorted(set(known))[:10]) or "nobody"
        raise ValueError(f"{run.name} has no answers judged by {labels!r}; it has those of {names}")
    prompts = [str((answer.shown or {}).get("prompt", "")) for answer in kept]
    return Judged(
        [answer.trial_id for answer in kept],
        prompts,
        [text_of(prompt, one.turn.text) for prompt, one in zip(prompts, kept, strict=True)],
        np.array([found[answer.trial_id] for answer in kept], dtype=np.int8),
        len(said) - len(found),
    )


def _settled(scale: Scale, values: list[tuple[str, ...]]) -> tuple[str, ...] | None:
    if len(values) < LEAST_RATERS:
        return None
    value = scale.settle(values).value
    return value if isinstance(value, tuple) else None
