"""A reviewer settles a dispute: a decision stands beside the judgments and overwrites none."""

from django.db import transaction

from accounts.audit import Change, record, since, snapshot
from accounts.models import User
from annotations.models import Decision, Dispute, Judgment
from annotations.questions.answers import checked_label
from annotations.scales.reasons import checked_reason

MAX_REASON = 4000


class DecisionRefused(Exception):
    """A decision or reopening that cannot be made now; says why and what to do."""


@transaction.atomic
def decide(dispute: Dispute, reviewer: User, label: str, reason: str) -> Decision:
    """Settle an open dispute with a label the study allows, and a reason.

    Raises DecisionRefused when the dispute is not open, the reviewer judged the item, or the
    reason is missing where the study wants one, and InvalidJudgment when the study does not allow
    the label.
    """
    locked = _locked(dispute)
    study = locked.item.study
    if locked.state != Dispute.State.OPEN:
        raise DecisionRefused(f"This dispute is {locked.state}: only an open one can be decided.")
    if Judgment.objects.filter(item=locked.item, rater__user=reviewer).exists():
        raise DecisionRefused("You judged this item yourself: leave it to another reviewer.")
    checked, _ = checked_label(study, label)
    needs_none = not study.reason_required and not reason.strip()
    decision = Decision.objects.create(
        dispute=locked,
        reviewer=reviewer,
        label=checked,
        reason="" if needs_none else _checked_reason(reason),
    )
    facts = {"label": checked, "reason": decision.reason}
    change = _move(locked, Dispute.State.DECIDED)
    record(study.project, reviewer, "dispute decided", locked, change, **facts)
    return decision


@transaction.atomic
def reopen(dispute: Dispute, reviewer: User, reason: str) -> Dispute:
    """Open a decided dispute again, with a reason; its decisions stay in the history.

    Raises DecisionRefused when it is not decided or the reason is missing.
    """
    locked = _locked(dispute)
    if locked.state != Dispute.State.DECIDED:
        raise DecisionRefused(
            f"This dispute is {locked.state}: only a decided one can be reopened."
        )
    checked = _checked_reason(reason)
    change = _move(locked, Dispute.State.OPEN)
    record(locked.item.study.project, reviewer, "dispute reopened", locked, change, reason=checked)
    return locked


def _locked(dispute: Dispute) -> Dispute:
    return (
        Dispute.objects.select_for_update(of=("self",))
        .select_related("item__study__project")
        .get(pk=dispute.pk)
    )


def _move(dispute: Dispute, state: Dispute.State) -> Change:
    before = snapshot(dispute, ["state"])
    dispute.state = state
    dispute.save(update_fields=["state", "updated_at"])
    return since(before, dispute)


def _checked_reason(reason: str) -> str:
    why = "it is what makes the act traceable"
    return checked_reason(reason, MAX_REASON, DecisionRefused, why)
