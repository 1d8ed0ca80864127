"""Which items a reviewer has to settle: opened, kept up to date and withdrawn as judgments come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.audit import Change, record, record_each
from annotations.disputes.automated import NOTHING, automated_of
from annotations.disputes.why_disputed import Automated, dispute_reasons, enough_to_dispute
from annotations.kinds import scale_of_study
from annotations.metrics.metric import InForce, settle, settled
from annotations.models import Dispute, Item, Judgment, ProblemReport, Study
from annotations.scales.consensus import Consensus
from evaluations.background.happened import Event, emit

NAMED = 100
"""Disputes that a message names; how many there are it says in any case."""


def refresh(study: Study, item: Item, labels: Sequence[str]) -> None:
    """Bring the dispute of *item* into line with the labels of its counted judgments.

    Call it in the transaction that stores a judgment, while judgments of this item wait for it:
    then no two raters can each overlook the judgment of the other.
    """
    if len(labels) >= enough_to_dispute(item.places):
        flagged = ProblemReport.objects.filter(item=item).exists()
        _refresh(study, item, labels, flagged)


def problem_reported(study: Study, item: Item) -> None:
    """Open the dispute of an item that a rater has just reported a problem with.

    Call it in the transaction that stores the report.
    """
    wait_for_judgments_of([item.pk])
    counted = Judgment.objects.counted().filter(item=item).order_by("id")
    _refresh(study, item, list(counted.values_list("label", flat=True)), flagged=True)


def _refresh(study: Study, item: Item, labels: Sequence[str], flagged: bool) -> None:
    automated = automated_of(study, [item], settled(study)).get(item.pk, NOTHING)
    reasons = reasons_for(study, item, labels, automated, flagged)
    dispute = Dispute.objects.select_for_update().filter(item=item).first()
    if dispute is None:
        if reasons:
            dispute = Dispute.objects.create(item=item, reasons=reasons)
            record(study.project, None, "dispute opened", dispute, _opened(reasons))
            _tell(study, [dispute])
    elif dispute.reasons != reasons:
        _update(study, dispute, reasons)


def _update(study: Study, dispute: Dispute, reasons: list[str]) -> None:
    """New reasons on a dispute. What a reviewer decided stands until a reviewer reopens it."""
    change = Change({"reasons": dispute.reasons}, {"reasons": reasons})
    dispute.reasons = reasons
    if dispute.state != Dispute.State.DECIDED:
        dispute.state = Dispute.State.OPEN if reasons else Dispute.State.WITHDRAWN
    dispute.save(update_fields=["reasons", "state", "updated_at"])
    record(study.project, None, f"dispute {dispute.state}", dispute, change)


def reasons_for(
    study: Study, item: Item, labels: Sequence[str], automated: Automated, flagged: bool
) -> list[str]:
    scale = scale_of_study(study)
    return dispute_reasons(scale, scale.consensus(labels), automated, item.places, flagged)


def consensus_of(study: Study, labels: Sequence[str]) -> Consensus:
    """The consensus of the labels of one item of *study*, on the study's scale."""
    return scale_of_study(study).consensus(labels)


BATCH = 500


@transaction.atomic
def refresh_study(study: Study) -> int:
    """Bring every dispute of a study into line, after judgments were loaded in bulk.

    Returns how many are open.
    """
    keys, counts = list(_items(study).values_list("pk", flat=True)), settle(study).in_force
    said = _Labels(study)
    for start in range(0, len(keys), BATCH):
        batch = list(_items(study).filter(pk__in=keys[start : start + BATCH]))
        _refresh_batch(study, batch, counts, said.up_to(batch[-1].pk))
    return Dispute.objects.filter(item__study=study, state=Dispute.State.OPEN).count()


class _Labels:
    """The labels of a study's counted judgments, in one pass over its items by their keys.

    Asked for batch by batch, a database that has not counted its rows yet reads all of them for
    each.
    """

    def __init__(self, study: Study) -> None:
        counted = Judgment.objects.counted().filter(item__study=study).order_by("item_id", "id")
        self._pairs = counted.values_list("item_id", "label").iterator(chunk_size=2000)
        self._next = next(self._pairs, None)

    def up_to(self, last: int) -> dict[int, list[str]]:
        """The labels by item, from where the last call ended to the item *last*."""
        found: dict[int, list[str]] = defaultdict(list)
        while self._next is not None and self._next[0] <= last:
            item, label = self._next
            found[item].append(label)
            self._next = next(self._pairs, None)
        return found


def refresh_items(study: Study, item_ids: Iterable[int]) -> None:
    """Bring the disputes of these items into line while people may be judging them.

    Each batch is a transaction of its own, in which judgments of its items wait. Call it outside
    of any other: it must not hold the rows of items or raters.
    """
    keys, counts = sorted(set(item_ids)), settle(study).in_force
    for start in range(0, len(keys), BATCH):
        batch = list(_items(study).filter(pk__in=keys[start : start + BATCH]))
        with transaction.atomic():
            wait_for_judgments_of([item.pk for item in batch])
            _refresh_batch(study, batch, counts, _labels_of(batch))


def _items(study: Study) -> QuerySet[Item]:
    fields = ("pk", "study_id", "trial_id", "answer_number", "places")
    return study.items.filter(kind=Item.Kind.REGULAR).only(*fields).order_by("pk")


def wait_for_judgments_of(item_ids: Sequence[int]) -> None:
    """Wait until nobody else is storing a judgment of these items, and keep others waiting.

    Advisory locks until the end of the transaction, taken in one order: the rows of the items stay
    free for reservations (annotations.exchange). SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for item_id in sorted(item_ids):
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [item_id])


def _labels_of(items: list[Item]) -> dict[int, list[str]]:
    """The labels of the counted judgments of *items*, by item."""
    found: dict[int, list[str]] = defaultdict(list)
    counted = Judgment.objects.counted().filter(item__in=items).order_by("id")
    for item_id, label in counted.values_list("item_id", "label"):
        found[item_id].append(label)
    return found


def _refresh_batch(
    study: Study, items: list[Item], counts: InForce, labels: Mapping[int, list[str]]
) -> None:
    locked = Dispute.objects.select_for_update().filter(item__in=items).order_by("pk")
    known = {dispute.item_id: dispute for dispute in locked}
    reported = ProblemReport.objects.filter(item__in=items)
    flagged = set(reported.values_list("item_id", flat=True))
    automated = automated_of(study, items, counts)
    fresh = []
    for item in items:
        found = automated.get(item.pk, NOTHING)
        reasons = reasons_for(study, item, labels.get(item.pk, []), found, item.pk in flagged)
        dispute = known.get(item.pk)
        if dispute is None and reasons:
            fresh.append(Dispute(item=item, reasons=reasons))
        elif dispute is not None and dispute.reasons != reasons:
            _update(study, dispute, reasons)
    _open(study, fresh)


def _open(study: Study, disputes: list[Dispute]) -> None:
    opened = Dispute.objects.bulk_create(disputes)
    changes = [(dispute, _opened(dispute.reasons)) for dispute in opened]
    record_each(study.project, None, "dispute opened", changes)
    if opened:
        _tell(study, opened)


def _tell(study: Study, opened: Sequence[Dispute]) -> None:
    """One message of all that one act opens: there can be thousands."""
    ids = [dispute.pk for dispute in opened[:NAMED]]
    told = {"disputes": ids, "number": len(opened)}
    emit(study.project, Event.DISPUTE_OPENED, study=study.told, **told)


def _opened(reasons: list[str]) -> Change:
    return Change(None, {"reasons": reasons})
