"""Deleting a study, or putting it away with all that is in it."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from accounts import clock
from accounts.audit import Change, record
from accounts.deletion.whole import DeletionRefused, Going, delete_whole
from accounts.models import User
from annotations.models import Judgment, Study
from evaluations.pages.deleting import run_deleting


def holds_judgments(study: Study) -> bool:
    """Whether people's words would go with a study."""
    return Judgment.objects.filter(item__study=study).exists()


@transaction.atomic
def delete_study(study: Study, actor: User | None, typed: str) -> Going:
    """Delete a study with its items, raters, judgments and reports; *typed* is its name. Raises
    DeletionRefused while raters can judge in it."""
    study = _locked(study)
    if study.state not in (Study.State.DRAFT, Study.State.CLOSED):
        raise DeletionRefused(f"{study.name} is {study.get_state_display()}: close it first.")
    return delete_whole(study, study.project, actor, typed)


@transaction.atomic
def archive(study: Study, actor: User | None) -> None:
    """Put a closed study away: it stands in no list, and everything in it stays as it is. Raises
    DeletionRefused for one that is not closed."""
    study = _locked(study)
    if study.state not in (Study.State.DRAFT, Study.State.CLOSED):
        raise DeletionRefused(f"{study.name} is {study.get_state_display()}: close it first.")
    moment = clock.now()
    if Study.objects.filter(pk=study.pk, archived_at=None).update(archived_at=moment):
        change = Change({"archived_at": None}, {"archived_at": moment})
        record(study.project, actor, "study archived", study, change)


def _locked(study: Study) -> Study:
    """The study as it is now; it does not open while the caller's transaction lasts."""
    return Study.objects.select_for_update(of=("self",)).select_related("project").get(pk=study.pk)


@transaction.atomic
def bring_back(study: Study, actor: User | None) -> None:
    """Have an archived study among the others again."""
    locked = _locked(study)
    if locked.archived_at:
        change = Change({"archived_at": locked.archived_at}, {"archived_at": None})
        Study.objects.filter(pk=study.pk).update(archived_at=None)
        record(study.project, actor, "study brought back", study, change)


@receiver(run_deleting)
def refuse_judged(run: Any, **kwargs: Any) -> None:
    """A run stays while a study judges its trials."""
    studies = Study.objects.filter(items__trial__run=run).distinct().values_list("name", flat=True)
    if names := list(studies):
        raise DeletionRefused(
            f"Studies judge trials of {run.name}: {', '.join(names)}. Delete these first."
        )
