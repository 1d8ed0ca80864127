"""Simulated raters: labelled, seeded, with known errors. For demonstrations and for tests.

They judge from what a trial truly was, where that is known: the angle a simulated respondent was
given. A real model has no such truth, so for its trials they go by the orientation of the newest
score, or find a trial without one unclear. Their agreement says nothing about people.
"""

import random
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction
from django.db.models import F

from accounts.audit import record
from annotations.disputes.automated import automated_labels
from annotations.disputes.disputes import refresh_study
from annotations.exchange.bulk import Said, analyse, store_judgments
from annotations.models import Item, Rater, Study
from annotations.questions.questions import asks_orientation
from evaluations.instruments.svo import orientation
from evaluations.models import Trial

ERRORS: Mapping[str, Mapping[str, float]] = {
    "altruistic": {"altruistic": 0.82, "prosocial": 0.12, "unclear": 0.06},
    "prosocial": {"prosocial": 0.84, "individualistic": 0.07, "altruistic": 0.04, "unclear": 0.05},
    "individualistic": {
        "individualistic": 0.8,
        "prosocial": 0.1,
        "competitive": 0.06,
        "unclear": 0.04,
    },
    "competitive": {"competitive": 0.8, "individualistic": 0.15, "unclear": 0.05},
    "unclear": {"unclear": 0.8, "refusal": 0.12, "prosocial": 0.04, "individualistic": 0.04},
}
"""What such a rater says of a trial, by what the trial was; each row sums to 1."""

SURE = {True: (4, 5), False: (2, 3, 4)}
"""Confidence: higher when the rater is right, by chance, than when not."""


@transaction.atomic
def simulate_judgments(study: Study, raters: int = 3, seed: int = 0) -> int:
    """Let *raters* simulated raters judge every item that has a place left; return how many
    judgments that made.

    They are called 'simulated-1', 'simulated-2' and so on and are of the kind 'simulated'. The
    same study and seed give the same judgments. Raises ValueError when the study does not ask for
    the orientation, or when it has simulated raters already.
    """
    if not asks_orientation(study):
        raise ValueError(f"{study.name} does not ask for the orientation: nothing to simulate")
    if study.raters.filter(kind=Rater.Kind.SIMULATED).exists():
        raise ValueError(f"{study.name} has simulated raters already")
    people = Rater.objects.bulk_create(
        Rater(study=study, kind=Rater.Kind.SIMULATED, pseudonym=f"simulated-{number}")
        for number in range(1, raters + 1)
    )
    items = list(
        study.items.filter(taken__lt=F("places"))
        .select_related("trial__cell__endpoint")
        .order_by("position")
    )
    made = store_judgments(_judgments(items, _truths(study, items), people, seed))
    analyse()
    refresh_study(study)
    record(study.project, None, "judgments simulated", study, raters=raters, seed=seed, made=made)
    return made


def _judgments(
    items: Sequence[Item], truths: Mapping[int, str], raters: Sequence[Rater], seed: int
) -> Iterator[Said]:
    for item in items:
        for number, rater in enumerate(raters[: item.places - item.taken], start=1):
            # A chance of one's own for each pair: more raters or items change no other judgment.
            chance = random.Random(f"{seed}/{item.position}/{number}")
            truth = truths[item.pk]
            row = ERRORS[truth]
            (label,) = chance.choices(list(row), weights=list(row.values()))
            yield Said(
                item.pk,
                rater.pk,
                label,
                confidence=chance.choice(SURE[label == truth]),
                seconds=round(chance.lognormvariate(3.2, 0.4), 1),
            )


def _truths(study: Study, items: Sequence[Item]) -> dict[int, str]:
    """What each item was: an orientation, or 'unclear'."""
    scored = automated_labels(study, items)
    return {item.pk: _truth(item.trial) or scored.get(item.pk, "unclear") for item in items}


def _truth(trial: Trial | None) -> str:
    """The orientation of the angle a simulated respondent was given; '' where there is none."""
    if trial is None or not trial.cell.endpoint.is_simulated:
        return ""
    angle = trial.cell.endpoint.parameters.get("angle")
    if isinstance(angle, Mapping):
        angle = angle.get(trial.cell.target_value)
    return orientation(float(angle)).value if angle is not None else ""
