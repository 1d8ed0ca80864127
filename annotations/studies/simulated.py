"""Simulated raters: labelled, seeded, with known errors. For demonstrations and for tests.

They judge from what a trial truly was, where that is known of its simulated respondent. A real
model has no such truth, so for its trials they go by the automated label, or by what a trial is
taken for of which nothing is known. How they answer is a matter of the kind of question
(annotations.kinds). Their agreement says nothing about people.
"""

import random
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import F

from accounts.audit import record
from accounts.models import User
from annotations.base import SimulatedRater
from annotations.disputes.automated import automated_labels
from annotations.disputes.disputes import refresh_study
from annotations.exchange.bulk import Said, analyse, store_judgments
from annotations.kinds import own_questions
from annotations.models import Item, Rater, Study
from annotations.studies.counts import tell_if_complete

SURE = {True: (4, 5), False: (2, 3, 4)}
"""Confidence: higher when the rater is right, by chance, than when not."""


@transaction.atomic
def simulate_judgments(
    study: Study, raters: int = 3, seed: int = 0, actor: User | None = None
) -> int:
    """Let *raters* simulated raters judge every item that has a place left; return how many
    judgments that made.

    They are called 'simulated-1', 'simulated-2' and so on and are of the kind 'simulated'. The
    same study and seed give the same judgments. Raises ValueError when nobody can simulate
    answers to the study's question, or when it has simulated raters already.
    """
    judge = _judge(study)
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
    made = store_judgments(_judgments(study, items, judge, people, seed))
    analyse()
    refresh_study(study)
    facts = {"raters": raters, "seed": seed, "made": made}
    record(study.project, actor, "judgments simulated", study, **facts)
    tell_if_complete(study)
    return made


def _judge(study: Study) -> SimulatedRater:
    """How simulated raters answer the study's question; ValueError where nobody knows."""
    kinds = own_questions()
    if (asked := kinds.get(study.kind)) and asked.simulated:
        return asked.simulated
    known = " or ".join(kind.asks_for for kind in kinds.values() if kind.simulated)
    raise ValueError(f"{study.name} does not ask for {known}: nothing to simulate")


def _judgments(
    study: Study,
    items: Sequence[Item],
    judge: SimulatedRater,
    raters: Sequence[Rater],
    seed: int,
) -> Iterator[Said]:
    scored = automated_labels(study, items)
    for item in items:
        known = judge.truth(item.trial) if item.trial else ""
        truth = known or scored.get(item.pk, judge.unknown)
        for number, rater in enumerate(raters[: item.places - item.taken], start=1):
            # A chance of one's own for each pair: more raters or items change no other judgment.
            chance = random.Random(f"{seed}/{item.position}/{number}")
            label = judge.says(truth, chance)
            yield Said(
                item.pk,
                rater.pk,
                label,
                confidence=chance.choice(SURE[label == truth]),
                seconds=round(chance.lognormvariate(3.2, 0.4), 1),
            )
