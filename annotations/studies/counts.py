"""How far a study is: what is wanted, what is judged, what is under way, and that all is judged.
Said here for every page, list, command and message.

What counts is one rule (`Judgment.objects.counted`): the current judgments of regular items, by
raters who are not excluded, that hold their place. Items with a known answer, planned repeats and
practice are apart. Counting a million judgments takes a second, so they are not counted: an item
knows how many of its places are taken, and the few that are taken by something else are subtracted.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from accounts.audit import record
from accounts.models import AuditEvent, Project
from annotations.models import Assignment, Item, Judgment, Study
from evaluations.background.happened import Event, emit

RESERVED = Q(state=Assignment.State.RESERVED)
BY_EXCLUDED = Q(state=Assignment.State.JUDGED, rater__excluded_at__isnull=False)
COMPLETE = "study complete"
"""How the trail says that every place of every item is judged."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Regular items of one stratum: ``places`` are the judgments wanted, ``judged`` those that
    count, ``reserved`` the places with raters at this moment."""

    name: str
    items: int
    places: int
    judged: int
    reserved: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The same of a whole study; ``complete``: items with as many judgments as are wanted."""

    items: int
    places: int
    judged: int
    reserved: int
    complete: int


def regular_items(study: Study) -> QuerySet[Item]:
    """The items that are judged for the study's sake."""
    return Item.objects.filter(study=study, kind=Item.Kind.REGULAR)


def counted_judgments(project: Project) -> QuerySet[Judgment]:
    """The judgments of all studies of a project that count."""
    return Judgment.objects.counted().filter(item__study__project=project)


def counts_of(study: Study) -> Counts:
    """In three queries, however many judgments there are."""
    strata = strata_of(study)
    held = Assignment.objects.filter(RESERVED | BY_EXCLUDED, item=OuterRef("pk"), is_regular=True)
    full = regular_items(study).filter(taken__gte=F("places")).exclude(Exists(held))
    return Counts(
        items=sum(stratum.items for stratum in strata),
        places=sum(stratum.places for stratum in strata),
        judged=sum(stratum.judged for stratum in strata),
        reserved=sum(stratum.reserved for stratum in strata),
        complete=full.count(),
    )


def strata_of(study: Study) -> list[Stratum]:
    """Each stratum, by name; two queries."""
    held = _held(study)
    sums = regular_items(study).order_by().values_list("stratum")
    rows = sums.annotate(items=Count("pk"), places=Sum("places"), taken=Sum("taken"))
    return [
        Stratum(
            name,
            items,
            places,
            judged=taken - sum(held[name].values()),
            reserved=held[name][Assignment.State.RESERVED],
        )
        for name, items, places, taken in rows.order_by("stratum")
    ]


def _held(study: Study) -> Mapping[str, Counter[str]]:
    """Places taken by something that is no counted judgment, by stratum and state."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    rows = Assignment.objects.filter(RESERVED | BY_EXCLUDED, item__study=study, is_regular=True)
    by_state = rows.order_by().values_list("item__stratum", "state").annotate(n=Count("pk"))
    for name, state, number in by_state:
        found[name][state] = number
    return found


@transaction.atomic
def tell_if_complete(study: Study) -> bool:
    """Write down that *study* is complete, and tell those who wait; whether this call did.

    Call it after the act, not in it: it locks the study, and raters' locks come in another order.
    Told once since the study was opened last.
    """
    locked = (
        Study.objects.select_for_update(of=("self",)).select_related("project").get(pk=study.pk)
    )
    counts = counts_of(locked)
    if not counts.items or counts.complete < counts.items or _is_told(locked):
        return False
    record(locked.project, None, COMPLETE, locked, judgments=counts.judged)
    emit(locked.project, Event.STUDY_COMPLETE, study=locked.told)
    return True


def _is_told(study: Study) -> bool:
    of_study = AuditEvent.objects.filter(
        project=study.project, subject_type=study._meta.label_lower, subject_id=str(study.pk)
    )
    opened = f"study {Study.State.OPEN}"
    last = of_study.filter(verb__in=(COMPLETE, opened)).order_by("-pk").first()
    return last is not None and last.verb == COMPLETE
