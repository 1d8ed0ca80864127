"""The rater's way: which stage comes next, and how a part ends.

A rater's stage says which page is theirs. It only ever moves by a guarded UPDATE from the stage a
page was shown for, so a reload, a double click or a second tab moves nobody twice. A stage that
has nothing to show in a study, or that the rater has behind them, is passed over.
"""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from accounts import clock
from annotations.models import Assignment, Guideline, Item, Rater, Study
from annotations.questions import own_measures

Stage = Rater.Stage

WAY = (
    Stage.CONSENT,
    Stage.OWN_MEASURE,
    Stage.INSTRUCTIONS,
    Stage.PRACTICE,
    Stage.QUALIFICATION,
    Stage.JUDGING,
)
"""The stages in their order; judging is never passed over."""

ENDED = (
    Stage.DONE,
    Stage.BELOW,
    Stage.REFUSED,
    Stage.SCREENED_OUT,
    Stage.FAILED_ATTENTION,
    Stage.WITHDRAWN,
)
"""Stages after which nothing more is asked of a rater."""

GIVEN_ON = (
    Stage.BELOW,
    Stage.REFUSED,
    Stage.SCREENED_OUT,
    Stage.FAILED_ATTENTION,
    Stage.WITHDRAWN,
)
"""Ends that leave a place in the study for somebody else."""


def first_stage(study: Study) -> Stage:
    """The stage at which a new part in *study* begins."""
    return stage_due(Rater(study=study))


def stage_due(rater: Rater, after: Stage | None = None) -> Stage:
    """The first stage of the way (behind *after*) that the rater still has to go through."""
    guideline = rater.study.guidelines.order_by("-version").first()
    start = WAY.index(after) + 1 if after else 0
    return next(
        (stage for stage in WAY[start:] if stage in _IS_DUE and _IS_DUE[stage](rater, guideline)),
        Stage.JUDGING,
    )


def stages_of(study: Study) -> list[Stage]:
    """The stages a newcomer to the study goes through, in their order."""
    newcomer = Rater(study=study)
    guideline = study.guidelines.order_by("-version").first()
    due = [stage for stage in WAY[:-1] if _IS_DUE[stage](newcomer, guideline)]
    return [*due, Stage.JUDGING]


def advance(rater: Rater, leaving: Stage) -> Rater:
    """Take *rater* from the stage *leaving* to the next that is due; return them as they are now.

    Does nothing when they have left that stage already.
    """
    return move(rater, leaving, stage_due(rater, after=leaving))


def move(rater: Rater, leaving: Stage, to: Stage) -> Rater:
    """Take *rater* from *leaving* to *to*, or leave them where they are meanwhile."""
    if Rater.objects.filter(pk=rater.pk, stage=leaving).update(stage=to):
        rater.stage = to
    else:
        rater.refresh_from_db(fields=["stage"])
    return rater


def agree(rater: Rater, guideline: Guideline) -> Rater:
    """The rater consents, in the language they read, to what *guideline* says, and goes on."""
    Rater.objects.filter(pk=rater.pk, stage=Stage.CONSENT).update(
        guideline=guideline, consented_at=clock.now(), language=get_language() or ""
    )
    rater.refresh_from_db(fields=["guideline", "consented_at", "language"])
    return advance(rater, Stage.CONSENT)


def ask_consent_anew(study: Study) -> int:
    """Send raters who are under way back to the consent if its words have changed; return how many.

    For whoever publishes a new guideline. Nobody loses anything: the stages behind them stay
    behind them, a place they hold is kept for its time, and their page goes on where it was.
    """
    guideline = study.guidelines.order_by("-version").first()
    if guideline is None or not guideline.consent:
        return 0
    under_way = study.raters.filter(kind=Rater.Kind.PERSON, stage__in=WAY[1:])
    return under_way.exclude(guideline__consent=guideline.consent).update(stage=Stage.CONSENT)


def done_now(rater: Rater) -> bool:
    """Whether the part of a rater for whom there is no item has come to its end; then it is ended.

    Whoever came by an invitation is done when nothing is left for them, or when they have judged
    and the study closes: they need their way back. Members are done when they reach the cap: an
    item that comes back to the study can still be given to them.
    """
    study = rater.study
    if study.state == Study.State.CLOSED and rater.user_id is None and rater.answered:
        return _has_ended(finish(rater))
    if rater.paused_by_staff or study.state not in (Study.State.PILOT, Study.State.OPEN):
        return False
    handed = rater.judged + rater.skipped_regular
    if rater.user_id is not None and (study.cap is None or handed < study.cap):
        return False
    return _has_ended(finish(rater))


def _has_ended(rater: Rater) -> bool:
    return rater.stage in (Stage.DONE, Stage.BELOW)


def finish(rater: Rater) -> Rater:
    """The rater who was judging is done; who came by an invitation, with or without earning its
    completion code."""
    rater.refresh_from_db(fields=["judged", "handed", "skipped"])
    earned = rater.user_id is not None or earns_completion(rater)
    return move(rater, Stage.JUDGING, Stage.DONE if earned else Stage.BELOW)


def earns_completion(rater: Rater) -> bool:
    """Whether a rater for whom nothing is left did what their study wants for its completion code.

    Whoever skipped nothing did all they could, where others left less to judge than is wanted.
    """
    study = rater.study
    if study.most_skipped is not None and rater.skipped > study.most_skipped:
        return False
    judged_all = rater.answered > 0 and rater.skipped == 0
    return judged_all or rater.answered >= max(study.least_judged, 1)


def is_judging(rater: Rater) -> bool:
    """Whether the rater's page is the one on which people judge."""
    return rater.stage == Stage.JUDGING and not rater.is_excluded


def page_of(rater: Rater) -> str:
    """The address of the page that belongs to the rater's stage."""
    name = "judge" if is_judging(rater) else "way"
    return reverse(name, args=[rater.study.project.slug, rater.study.slug])


def untried(rater: Rater, kind: Item.Kind) -> QuerySet[Item]:
    """Items of *kind* that the rater has not answered or skipped, in the study's order."""
    items = Item.objects.filter(study_id=rater.study_id, kind=kind).order_by("position")
    if rater.pk is None:
        return items
    answered = Assignment.objects.filter(
        item=OuterRef("pk"),
        rater=rater,
        state__in=(Assignment.State.JUDGED, Assignment.State.SKIPPED),
    )
    return items.filter(~Exists(answered))


def needs_consent(rater: Rater, guideline: Guideline | None) -> bool:
    """Whether there are words the rater has not agreed to, or not read where none ask for it."""
    if guideline is None or not (guideline.consent or guideline.about):
        return False
    if not guideline.consent:
        return rater.consented_at is None
    return rater.guideline is None or rater.guideline.consent != guideline.consent


def _needs_own_measure(rater: Rater, guideline: Guideline | None) -> bool:
    if not rater.study.asks_own_measure:
        return False
    return rater.pk is None or not own_measures.is_taken(rater)


_IS_DUE: dict[Stage, Callable[[Rater, Guideline | None], bool]] = {
    Stage.CONSENT: needs_consent,
    Stage.OWN_MEASURE: _needs_own_measure,
    Stage.INSTRUCTIONS: lambda rater, guideline: bool(guideline and guideline.instructions),
    Stage.PRACTICE: lambda rater, guideline: untried(rater, Item.Kind.PRACTICE).exists(),
    Stage.QUALIFICATION: lambda rater, guideline: untried(rater, Item.Kind.QUALIFICATION).exists(),
}
