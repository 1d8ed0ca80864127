"""What is stored about a person who takes part, and how it is deleted on request.

A study chooses what becomes of the judgments: kept without any link to the person, or removed.
Either way the person's ids, own measure, language and culture go, and their part ends. A new
pseudonym cuts the link that lists exported earlier could still make.
"""

from collections import defaultdict
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.dispatch import Signal

from accounts.audit import record, since, snapshot
from accounts.models import User
from annotations.disputes.disputes import refresh_items
from annotations.exchange.assignment import lock_rater
from annotations.exchange.releasing import release_held
from annotations.models import (
    Assignment,
    Identity,
    Invitation,
    Item,
    Judgment,
    Mark,
    ProblemReport,
    Rater,
    Study,
)
from annotations.questions import own_measures
from annotations.taking_part.excluding import lock_items
from annotations.taking_part.parts import new_pseudonym
from annotations.taking_part.platforms import session_of
from annotations.taking_part.stages import ENDED, Stage
from annotations.taking_part.taken_part import remember

judgments_removed = Signal()
"""Sent with ``study`` and ``pseudonym`` after a rater's judgments were removed at their request:
data frozen before still hold them. (Signals are for what is built on judgments and may not be
imported here: analysis.)"""

made_anonymous = Signal()
"""Sent with ``study`` after a rater's old pseudonym was taken away at their request."""


TAKES_A_PLACE = (Assignment.State.RESERVED, Assignment.State.JUDGED)


# --- what is stored ------------------------------------------------------------------------------


UNTIL_CLOSED = "stored, and told once the study is closed: now it would give the checks away"


def stored_about(rater: Rater) -> dict[str, Any]:
    """Everything that is stored about the person behind *rater* in this study, as plain data.

    Of the items only what tells them apart is named, the number under which they came: what a rater
    may not know stays unknown. So does, while the study can still be judged, whatever depends on
    what an item is: its key, and counts that leave checks and repeats out.
    """
    identity = Identity.objects.filter(rater=rater).first()
    consented = rater.guideline
    given = _given(rater)
    numbers = {row.pk: number for number, row in enumerate(given, start=1)}
    return {
        "study": rater.study.name,
        "project": rater.study.project.name,
        "pseudonym": rater.pseudonym,
        "account": rater.user.get_username() if rater.user else None,
        "identity": identity
        and {
            "platform": identity.platform,
            "external_id": identity.external_id,
            "parameters": identity.parameters,
            "earlier_parameters": identity.earlier_parameters,
            "browser": identity.browser,
            "since": identity.created_at,
        },
        "part": _part(rater),
        "consent": consented
        and {
            "version": consented.version,
            "given_at": rater.consented_at,
            "words": consented.consent,
        },
        "own_measure": own_measures.stored(rater),
        "handed_out": [_handed_out(rater, row, numbers[row.pk]) for row in given],
        "judgments": _judgments(rater, numbers),
        "skipped": [
            {"item": numbers[row.pk]} | _columns(row, "skip_reason", "skip_comment", "closed_at")
            for row in given
            if row.state == Assignment.State.SKIPPED
        ],
        "problem_reports": [
            _columns(row, "text", "created_at")
            for row in ProblemReport.objects.filter(rater=rater).order_by("pk")
        ],
    }


OF_A_JUDGMENT = (
    *("revision", "is_current", "label", "number", "answers", "at_once", "confidence"),
    *("comment", "seconds", "away_seconds", "focus_losses", "created_at"),
)
OF_A_MARK = ("dimension", "sign", "start", "end", "quotation", "text_sha256")


def _judgments(rater: Rater, numbers: dict[int, int]) -> list[dict[str, Any]]:
    """Each with the number of its item and, where there are any, the marks that came with it."""
    marks = defaultdict(list)
    for mark in Mark.objects.filter(judgment__rater=rater):
        marks[mark.judgment_id].append(_columns(mark, *OF_A_MARK))
    return [
        {"item": numbers.get(row.assignment_id)}
        | _columns(row, *OF_A_JUDGMENT)
        | ({"marks": marks[row.pk]} if row.pk in marks else {})
        for row in Judgment.objects.filter(rater=rater).order_by("pk")
    ]


def _part(rater: Rater) -> dict[str, Any]:
    """The part itself; counts as the rater's pages show them, others once the study is closed."""
    own = _columns(
        rater,
        *("stage", "language", "culture", "created_at"),
        *("reverses_options", "paused_by_staff", "excluded_at", "excluded_reason"),
    )
    counts = {"judged": rater.answered, "skipped": rater.skipped}
    depending = {
        "missed_attention": rater.missed_attention,
        "judged_without_checks_and_repeats": rater.judged,
        "skipped_without_checks_and_repeats": rater.skipped_regular,
    }
    return own | counts | {name: _told(rater, value) for name, value in depending.items()}


def _told(rater: Rater, value: Any) -> Any:
    return value if rater.study.state == Study.State.CLOSED else UNTIL_CLOSED


def _given(rater: Rater) -> list[Assignment]:
    """What was handed to the rater, in its order."""
    return list(rater.assignments.order_by("reserved_at", "pk"))


def _handed_out(rater: Rater, row: Assignment, number: int) -> dict[str, Any]:
    # Only regular items can be withdrawn: to the rater it is one they judged.
    given_on = row.state == Assignment.State.WITHDRAWN
    return {
        "item": number,
        "item_id": _told(rater, row.item_id),
        "state": Assignment.State.JUDGED if given_on else row.state,
        "handed_at": row.reserved_at,
        "closed_at": row.closed_at,
    }


def _columns(row: models.Model, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


# --- ending and deleting -------------------------------------------------------------------------


@transaction.atomic
def mark_returned(rater: Rater, actor: User) -> Rater:
    """The person gave their place back on the platform: their part ends, the item they hold and
    the place in the invitation are given on. What they judged stays. Not undone by coming again."""
    locked = lock_rater(rater)
    if locked.stage not in ENDED:
        before = snapshot(locked, ["stage"])
        _end(locked)
        record(locked.study.project, actor, "rater returned", locked, since(before, locked))
    return locked


def _end(rater: Rater) -> None:
    release_held(rater)
    Rater.objects.filter(pk=rater.pk).update(stage=Stage.WITHDRAWN)
    rater.stage = Stage.WITHDRAWN


def erase(rater: Rater, actor: User | None = None) -> None:
    """Delete what leads to the person, and their judgments too where the study says so.

    *actor* is the researcher who does it for them; None stands for the person. The audit trail
    keeps that it happened, to a part known by its number only. Call it outside of any transaction:
    disputes are brought into line after it.
    """
    study = rater.study
    removes = study.on_deletion == Study.OnDeletion.REMOVED
    detail = {"judgments": "removed" if removes else "kept without a link to the person"}
    with transaction.atomic():
        rater = lock_rater(rater)
        record(study.project, actor, "rater's data deleted", rater, **detail)
        remember(rater)
        items = _remove(rater) if removes else _make_anonymous(rater)
    if removes:
        refresh_items(study, items)
        judgments_removed.send(sender=Study, study=study, pseudonym=rater.pseudonym)
    else:
        made_anonymous.send(sender=Study, study=study)


def _make_anonymous(rater: Rater) -> list[int]:
    release_held(rater)
    Identity.objects.filter(rater=rater).delete()
    own_measures.forget(rater)
    rater.user = None
    rater.pseudonym = new_pseudonym()
    rater.language = rater.culture = ""
    if rater.stage not in ENDED:
        rater.stage = Stage.WITHDRAWN
    rater.save(update_fields=["user", "pseudonym", "language", "culture", "stage"])
    return []


def _remove(rater: Rater) -> list[int]:
    """Delete the part with all that was said in it, and free its places; return what was judged.

    Rows are locked as everywhere: assignments, then items in the order of their keys.
    """
    rows = rater.assignments.select_for_update(of=("self",), no_key=True).order_by("item_id")
    taken = [row.item_id for row in rows if row.is_regular and row.state in TAKES_A_PLACE]
    lock_items(taken)
    judged = list(Judgment.objects.filter(rater=rater).values_list("item_id", flat=True))
    reported = list(ProblemReport.objects.filter(rater=rater).values_list("item_id", flat=True))
    rater.delete()
    Item.objects.filter(pk__in=taken).update(taken=F("taken") - 1)
    return [*judged, *reported]


# --- for researchers -----------------------------------------------------------------------------


def find(study: Study, name: str) -> Rater | None:
    """The part of the person known by *name*: a pseudonym of the study, or an id of a platform."""
    people = Rater.objects.filter(study=study, kind=Rater.Kind.PERSON)
    named = Q(pseudonym=name) | Q(identity__external_id=name)
    return people.filter(named).select_related("study__project").first()


COLUMNS = ("pseudonym", "invitation", "stage", "began_at", "judged", "handed", "missed_attention")


WITH_IDS = ("platform", "external_id", "session", "earlier_sessions")


def participants(study: Study, with_external_ids: bool = False) -> list[list[Any]]:
    """Who came by an invitation, a header row first; external ids only where they are asked for."""
    header = [*COLUMNS, *(WITH_IDS if with_external_ids else ())]
    identities = Identity.objects.filter(study=study).select_related("rater", "invitation")
    return [header, *(_participant(row, with_external_ids) for row in identities.order_by("pk"))]


def _participant(identity: Identity, with_external_ids: bool) -> list[Any]:
    rater = identity.rater
    row = [
        rater.pseudonym,
        identity.invitation.name,
        rater.stage,
        rater.created_at.isoformat(timespec="seconds"),
        rater.judged,
        rater.handed,
        rater.missed_attention,
    ]
    if with_external_ids:
        platform = Invitation.Platform(identity.platform)
        earlier = [session_of(platform, sent) for sent in identity.earlier_parameters]
        row += [platform.label, identity.external_id]
        row += [session_of(platform, identity.parameters), " ".join(earlier)]
    return row
