"""Practice with feedback, and the qualification: items with a known answer, before judging."""

from dataclasses import dataclass

from django.db import transaction

from accounts import clock
from annotations.exchange.assignment import RESERVED_FOR, lock_rater
from annotations.exchange.releasing import release_held
from annotations.models import Assignment, Item, Judgment, Rater
from annotations.questions.answers import words_for
from annotations.questions.controls import (
    Feedback,
    credit_of,
    feedback_on,
    is_right,
    share_of,
)
from annotations.questions.of_study import primary_question
from annotations.taking_part.stages import Stage, advance, move, untried

KIND_OF = {
    Stage.PRACTICE: Item.Kind.PRACTICE,
    Stage.QUALIFICATION: Item.Kind.QUALIFICATION,
}


@transaction.atomic
def hand_out(rater: Rater) -> Assignment | None:
    """The practice or qualification item that is next for *rater*; None when all are answered.

    Each is answered once. It takes no place: everybody gets all of them, in the study's order.
    """
    rater = lock_rater(rater)
    kind = KIND_OF.get(Stage(rater.stage))
    item = untried(rater, kind).first() if kind else None
    if item is None:
        return None
    held = rater.assignments.filter(state=Assignment.State.RESERVED).select_related("item").first()
    if held is not None and held.item_id == item.pk:
        return held
    # A place from before the consent was asked anew; one rater holds one thing at a time.
    release_held(rater)
    now = clock.now()
    assignment, _ = Assignment.objects.update_or_create(
        item=item,
        rater=rater,
        round=0,
        defaults={
            "state": Assignment.State.RESERVED,
            "is_regular": False,
            "reserved_at": now,
            "expires_at": now + RESERVED_FOR,
        },
    )
    return assignment


def answers_to(rater: Rater, kind: Item.Kind) -> list[Judgment]:
    """What the rater said first of the items of *kind*, in the study's order: a correction of an
    answer that is looked at changes nothing here."""
    said = Judgment.objects.filter(rater=rater, item__kind=kind, revision=1)
    return list(said.select_related("item").order_by("item__position"))


@dataclass(frozen=True, slots=True)
class Practised:
    """A practice item that was answered: what the rater said, in words, and what they are told."""

    item: Item
    said: str
    feedback: Feedback


def practised(rater: Rater, assignment_id: int) -> Practised | None:
    """The practice item of an assignment with the rater's answer to it; None where there is no
    such."""
    judgment = (
        Judgment.objects.filter(rater=rater, assignment_id=assignment_id, revision=1)
        .filter(item__kind=Item.Kind.PRACTICE)
        .select_related("item")
        .first()
    )
    if judgment is None:
        return None
    item, label = judgment.item, judgment.label
    item.study = rater.study
    said = words_for(primary_question(rater.study), label)
    return Practised(item, said, feedback_on(rater.study, item, label))


@dataclass(frozen=True, slots=True)
class Standing:
    """How many items of a kind there are, and how many the rater answered and got right; credit:
    the same with answers that were right in part."""

    items: int
    answered: int
    right: int
    credit: float

    @property
    def share(self) -> float:
        return self.credit / self.items if self.items else 1.0


def standing(rater: Rater, kind: Item.Kind) -> Standing:
    question = primary_question(rater.study)
    said = answers_to(rater, kind)
    right = [is_right(question, row.item.expected, row.label) for row in said]
    partly = [credit_of(question, row.item.expected, row.label) for row in said]
    credit = sum(
        float(whole) if part is None else share_of(part)
        for whole, part in zip(right, partly, strict=True)
    )
    items = Item.objects.filter(study=rater.study, kind=kind).count()
    return Standing(items, len(said), sum(right), credit)


def conclude(rater: Rater) -> Rater:
    """Take a rater who has answered everything on: from the qualification only who passed it.

    There is one attempt. Without a threshold everybody passes.
    """
    stage = Stage(rater.stage)
    if stage not in KIND_OF or untried(rater, KIND_OF[stage]).exists():
        return rater
    if stage == Stage.QUALIFICATION and not _has_passed(rater):
        return move(rater, stage, Stage.SCREENED_OUT)
    return advance(rater, stage)


def _has_passed(rater: Rater) -> bool:
    threshold = rater.study.qualification_pass
    if threshold is None:
        return True
    # Shares such as 2/3 are typed in as .67: half a percent is nobody's failure.
    return standing(rater, Item.Kind.QUALIFICATION).share >= threshold - 0.005
