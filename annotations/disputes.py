"""Which items a reviewer has to settle: opened, kept up to date and withdrawn as judgments come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from accounts.audit import record
from accounts.models import AuditEvent
from annotations.consensus import Consensus, consensus, dispute_reasons, enough_to_dispute
from annotations.models import AutomatedLabel, Dispute, Item, Judgment, Study
from evaluations.models import Score


def refresh(study: Study, item: Item, labels: Sequence[str]) -> None:
    """Bring the dispute of *item* into line with its current judgments.

    Call it in the transaction that stores a judgment, while judgments of this item wait for it:
    then no two raters can each overlook the judgment of the other.
    """
    if len(labels) < enough_to_dispute(item.places):
        return
    automated = automated_labels(study, [item]).get(item.pk)
    reasons = reasons_for(study, item, labels, automated)
    dispute = Dispute.objects.select_for_update().filter(item=item).first()
    if dispute is None:
        if reasons:
            dispute = Dispute.objects.create(item=item, reasons=reasons)
            record(study.project, None, "dispute opened", dispute, reasons=reasons)
    elif dispute.reasons != reasons:
        _update(study, dispute, reasons)


def _update(study: Study, dispute: Dispute, reasons: list[str]) -> None:
    """New reasons on a dispute. What a reviewer decided stands until a reviewer reopens it."""
    dispute.reasons = reasons
    if dispute.state != Dispute.State.DECIDED:
        dispute.state = Dispute.State.OPEN if reasons else Dispute.State.WITHDRAWN
    dispute.save(update_fields=["reasons", "state", "updated_at"])
    record(study.project, None, f"dispute {dispute.state}", dispute, reasons=reasons)


def reasons_for(
    study: Study, item: Item, labels: Sequence[str], automated: str | None
) -> list[str]:
    return dispute_reasons(consensus_of(study, labels), automated, item.places)


def consensus_of(study: Study, labels: Sequence[str]) -> Consensus:
    """The consensus of the labels of one item of *study*, on the study's scale."""
    return consensus(labels, study.scale, study.categories)


def automated_labels(study: Study, items: Iterable[Item]) -> Mapping[int, str]:
    """What the study's scorer said, by item id; an item it gave no label is left out.

    For a trial that is the orientation of the newest score; an unscorable trial has none.
    """
    items = list(items)
    if study.source == Study.Source.IMPORT:
        rows = AutomatedLabel.objects.filter(item__in=items, scorer=study.scorer)
        return dict(rows.values_list("item_id", "label"))
    item_of = {item.trial_id: item.pk for item in items if item.trial_id is not None}
    scores = Score.objects.filter(trial_id__in=list(item_of), scorer=study.scorer).order_by("pk")
    newest = dict(scores.values_list("trial_id", "orientation"))
    return {item_of[trial_id]: label for trial_id, label in newest.items() if label}


BATCH = 500


@transaction.atomic
def refresh_study(study: Study) -> int:
    """Bring every dispute of a study into line, after judgments were loaded in bulk.

    Returns how many are open.
    """
    locked = Dispute.objects.select_for_update().filter(item__study=study)
    known = {dispute.item_id: dispute for dispute in locked}
    items = list(study.items.only("pk", "study_id", "trial_id", "places").order_by("pk"))
    for start in range(0, len(items), BATCH):
        _refresh_batch(study, items[start : start + BATCH], known)
    return Dispute.objects.filter(item__study=study, state=Dispute.State.OPEN).count()


def _refresh_batch(study: Study, items: list[Item], known: Mapping[int, Dispute]) -> None:
    labels: dict[int, list[str]] = defaultdict(list)
    current = Judgment.objects.current().filter(item__in=items).order_by("id")
    for item_id, label in current.values_list("item_id", "label"):
        labels[item_id].append(label)
    automated = automated_labels(study, items)
    fresh = []
    for item in items:
        reasons = reasons_for(study, item, labels[item.pk], automated.get(item.pk))
        dispute = known.get(item.pk)
        if dispute is None and reasons:
            fresh.append(Dispute(item=item, reasons=reasons))
        elif dispute is not None and dispute.reasons != reasons:
            _update(study, dispute, reasons)
    _open(study, fresh)


def _open(study: Study, disputes: list[Dispute]) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(
            project=study.project,
            verb="dispute opened",
            subject_type=dispute._meta.label_lower,
            subject_id=str(dispute.pk),
            detail={"reasons": dispute.reasons},
        )
        for dispute in Dispute.objects.bulk_create(disputes)
    )
