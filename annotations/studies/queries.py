"""What the pages of studies read; nothing here changes anything, and nothing here opens a trial.

(What a rater sees of an item comes from annotations.judging.blinding; what reviewers read is in
annotations.disputes.queries and annotations.disputes.evidence.)
"""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Project
from annotations.exchange.assignment import GIVES_ITEMS
from annotations.exchange.mixed_in import still_to_come
from annotations.models import (
    Assignment,
    Dispute,
    Guideline,
    Item,
    Judgment,
    Rater,
    Study,
)
from annotations.questions.answers import words_for
from annotations.questions.of_study import primary_question
from annotations.studies.counts import Counts, counts_of

LAST_JUDGMENTS = 10
"""How many of their judgments a rater can go back to."""

COUNTED_UP_TO = 100
"""Open items are counted exactly up to here, and 'more than' beyond: a count must stay cheap."""


def studies_of(project: Project, *, archived: bool = False) -> QuerySet[Study]:
    """The studies of a project that are in use, or those put away; newest first."""
    return Study.objects.filter(project=project, archived_at__isnull=not archived)


def counted(studies: QuerySet[Study]) -> QuerySet[Study]:
    """*studies*, each with ``items_total`` (those with a known answer apart) and
    ``disputes_open``."""
    is_open = Q(items__dispute__state=Dispute.State.OPEN)
    return studies.select_related("project").annotate(
        items_total=Count("items", filter=Q(items__kind=Item.Kind.REGULAR), distinct=True),
        disputes_open=Count("items__dispute", filter=is_open, distinct=True),
    )


def study_of(project: Project, slug: str) -> Study:
    """A study of the project; Http404 where it has none of that name."""
    return get_object_or_404(Study.objects.select_related("project"), project=project, slug=slug)


def guideline_of(study: Study) -> Guideline | None:
    """What raters of the study are told now: its newest version, if it has one."""
    return study.guidelines.order_by("-version").first()


# --- for raters -----------------------------------------------------------------------------------


def studies_to_judge(project: Project) -> QuerySet[Study]:
    """The studies of a project that raters are told of: those that hand out items or rest."""
    shown = (Study.State.PILOT, Study.State.OPEN, Study.State.PAUSED)
    return (
        Study.objects.filter(project=project, state__in=shown, source=Study.Source.TRIALS)
        .select_related("project")
        .order_by("name")
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """judged: items judged by the rater (`Rater.answered`). still_open: items they can still be
    handed, the one they hold included, counted up to `COUNTED_UP_TO`; ``more`` says that there are
    more than that. Neither depends on what an item is: see `assignment.still_to_come`. It is None
    while nothing is handed out: what was given back then would tell what it was."""

    judged: int
    still_open: int | None
    more: bool

    @property
    def total(self) -> int:
        return self.judged + (self.still_open or 0)


def progress_of(rater: Rater, held: Assignment | None) -> Progress:
    """How far *rater* is, with *held* before them."""
    rests = rater.paused_by_staff or rater.study.state not in GIVES_ITEMS
    if held is None and rests:
        return Progress(rater.answered, None, more=False)
    found = still_to_come(rater, held, COUNTED_UP_TO + 1)
    return Progress(rater.answered, min(found, COUNTED_UP_TO), found > COUNTED_UP_TO)


def last_judgments(rater: Rater) -> list[Judgment]:
    """The current judgments on the items a rater judged last, newest item first.

    Those that can be corrected: see `can_be_corrected`. Each has its label ``in_words``.
    """
    rows = Judgment.objects.current().filter(rater=rater).select_related("assignment", "item")
    question = primary_question(rater.study)
    found = list(
        rows.exclude(item__kind__in=told(rater.study)).order_by("-assignment__closed_at", "-pk")[
            :LAST_JUDGMENTS
        ]
    )
    for judgment in found:
        judgment.in_words = words_for(question, judgment.label)
    return found


def can_be_corrected(study: Study, assignment: Assignment) -> bool:
    """Whether the rater was not told the answer to its item."""
    return assignment.item.kind not in told(study)


def told(study: Study) -> set[str]:
    """Kinds of items whose answer raters are told, or that decided whether they go on."""
    on_the_way = {Item.Kind.PRACTICE, Item.Kind.QUALIFICATION}
    return on_the_way | ({Item.Kind.GOLD} if study.control_feedback else set())


def own_assignment(rater: Rater, assignment_id: int) -> Assignment:
    """An assignment of this rater with its item; Http404 when it is somebody else's."""
    rows = Assignment.objects.select_related("item")
    return get_object_or_404(rows, pk=assignment_id, rater=rater)


def current_judgment(assignment: Assignment) -> Judgment | None:
    return Judgment.objects.current().filter(assignment=assignment).first()


def item_at(study: Study, position: str) -> tuple[Item | None, int | None, int | None]:
    """The item at a position ('' or none of the study's: the first), and the positions before and
    after it where there are any."""
    items = study.items.order_by("position")
    asked = int(position) if position.isascii() and position.isdigit() and len(position) < 9 else 0
    item = items.filter(position=asked).first() or items.first()
    if item is None:
        return None, None, None
    item.study = study
    positions = items.values_list("position", flat=True)
    before = positions.filter(position__lt=item.position).order_by("-position").first()
    return item, before, positions.filter(position__gt=item.position).first()


# --- for researchers ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overview:
    """How far a study is, and how many of its disputes are open and decided."""

    counts: Counts
    disputes_open: int
    disputes_decided: int


def overview_of(study: Study) -> Overview:
    disputes = Dispute.objects.filter(item__study=study).aggregate(
        disputes_open=Count("pk", filter=Q(state=Dispute.State.OPEN)),
        disputes_decided=Count("pk", filter=Q(state=Dispute.State.DECIDED)),
    )
    return Overview(counts_of(study), **disputes)


def raters_of(study: Study) -> QuerySet[Rater]:
    """Everybody who takes part, under pseudonyms, most judgments first."""
    return Rater.objects.filter(study=study).order_by("-judged", "pseudonym")
