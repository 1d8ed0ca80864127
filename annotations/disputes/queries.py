"""What the pages of disputes read; nothing here changes anything.

(What a reviewer sees of a disputed trial comes from annotations.disputes.evidence.)
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.validators import slug_re
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404

from accounts.models import AuditEvent, Project
from annotations.disputes.disputes import consensus_of
from annotations.disputes.why_disputed import reasons_there_are
from annotations.models import Decision, Dispute, Item, Judgment, ProblemReport, Study
from annotations.questions.answers import words_for
from annotations.questions.of_study import primary_question
from annotations.questions.question import Question
from annotations.scales.consensus import Consensus


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute as a reviewer works on it: why, and what the raters said.

    judgments: those that count, each with its label ``in_words``; the consensus is theirs.
    not_counted: those of excluded raters, and those whose place was given on.
    """

    dispute: Dispute
    why: list[str]
    judgments: list[Judgment]
    not_counted: list[Judgment]
    consensus: Consensus
    consensus_in_words: str
    counts: Mapping[str, int]


def disputes_of(
    project: Project, state: str = "", study_slug: str = "", reason: str = ""
) -> QuerySet[Dispute]:
    """The disputes of a project, oldest first; of one state, study and reason where given."""
    disputes = Dispute.objects.filter(item__study__project=project)
    if state in Dispute.State.values:
        disputes = disputes.filter(state=state)
    if study_slug and not slug_re.match(study_slug):  # PostgreSQL takes no NUL even to compare
        return disputes.none()
    if study_slug:
        disputes = disputes.filter(item__study__slug=study_slug)
    if reason in reasons_there_are():
        # Neither database finds a value in a JSON list the same way; both find it in the text.
        found = disputes.annotate(codes=Cast("reasons", TextField()))
        disputes = found.filter(codes__contains=f'"{reason}"')
    return disputes.select_related("item__study").order_by("opened_at", "pk")


def studies_with_disputes(project: Project) -> QuerySet[Study]:
    return Study.objects.filter(
        Exists(Dispute.objects.filter(item__study=OuterRef("pk"))), project=project
    ).order_by("name")


def dispute_of(project: Project, dispute_id: int) -> Dispute:
    """A dispute of the project; Http404 when there is none."""
    disputes = Dispute.objects.select_related("item__study__project")
    return get_object_or_404(disputes, pk=dispute_id, item__study__project=project)


def dispute_rows(disputes: Sequence[Dispute]) -> list[DisputeRow]:
    """The disputes with their reasons in words and the current judgments; one query in all."""
    judgments: dict[int, list[Judgment]] = defaultdict(list)
    items = [dispute.item_id for dispute in disputes]
    current = Judgment.objects.regular().filter(item__in=items)
    for judgment in current.with_counted().select_related("rater").order_by("pk"):
        judgments[judgment.item_id].append(judgment)
    return [_dispute_row(dispute, judgments[dispute.item_id]) for dispute in disputes]


def _dispute_row(dispute: Dispute, judgments: list[Judgment]) -> DisputeRow:
    study = dispute.item.study
    question, known = primary_question(study), reasons_there_are()
    for judgment in judgments:
        judgment.in_words = words_for(question, judgment.label)  # type: ignore[attr-defined]
    counted = [judgment for judgment in judgments if judgment.is_counted]
    found = consensus_of(study, [judgment.label for judgment in counted])
    return DisputeRow(
        dispute=dispute,
        why=[known[code].sentence if code in known else code for code in dispute.reasons],
        judgments=counted,
        not_counted=[judgment for judgment in judgments if not judgment.is_counted],
        consensus=found,
        consensus_in_words="" if found.label is None else words_for(question, found.label),
        counts=_in_words(question, found.counts),
    )


def _in_words(question: Question, counts: Mapping[str, int]) -> Mapping[str, int]:
    """Judgments by what is shown of them; numbers that are shown alike are counted together."""
    found: Counter[str] = Counter()
    for label, n in counts.items():
        found[words_for(question, label)] += n
    return dict(found)


def problems_of(item: Item) -> QuerySet[ProblemReport]:
    """What raters reported of the item, oldest first."""
    return ProblemReport.objects.filter(item=item).select_related("rater").order_by("pk")


def earlier_judgments(item: Item) -> list[Judgment]:
    """Judgments of the item that a later revision replaced, oldest first; each ``in_words``."""
    found = list(Judgment.objects.filter(item=item, is_current=False).select_related("rater"))
    _put_in_words(item.study, found)
    return found


def decisions_of(dispute: Dispute) -> list[Decision]:
    """Every decision on the dispute, newest first; each with its label ``in_words``."""
    found = list(dispute.decisions.select_related("reviewer").order_by("-pk"))
    _put_in_words(dispute.item.study, found)
    return found


def in_words(decision: Decision) -> str:
    return words_for(primary_question(decision.dispute.item.study), decision.label)


def _put_in_words(study: Study, said: Sequence[Judgment | Decision]) -> None:
    question = primary_question(study)
    for one in said:
        one.in_words = words_for(question, one.label)  # type: ignore[union-attr]


def history_of(dispute: Dispute) -> QuerySet[AuditEvent]:
    """What happened to the dispute, newest first."""
    return AuditEvent.objects.filter(
        project=dispute.item.study.project,
        subject_type=dispute._meta.label_lower,
        subject_id=str(dispute.pk),
    ).select_related("actor")
