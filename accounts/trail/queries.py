"""Reading the trail: filtered, page by page at any length, and whole for a file."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django import forms
from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuditEvent, Door, Project

PER_PAGE = 50
AT_ONCE = 2_000
"""Entries of a file read with one query."""
NOBODY = {
    Door.PAGE: "somebody without an account",
    Door.WORKER: "a worker",
    Door.COMMAND: "a command",
}


class Entry(NamedTuple):
    """One entry in words: *changes* are names with the value before and after, *facts* the rest."""

    event: AuditEvent
    who: str
    thing: str
    changes: list[tuple[str, Any, Any]]
    facts: list[tuple[str, Any]]


class Page(NamedTuple):
    """Entries, newest first, and the keys from which the pages beside it go on (None: no more)."""

    entries: list[Entry]
    newer: int | None
    older: int | None


class TrailFilter(forms.Form):
    """Who did what to what, by which door, and when."""

    who = forms.CharField(required=False, max_length=150, help_text="User name, or a part of it.")
    what = forms.CharField(required=False, max_length=60, help_text="Such as study, or a part.")
    thing = forms.ChoiceField(label="Object", required=False)
    number = forms.CharField(label="Its number", required=False, max_length=40)
    door = forms.ChoiceField(label="By", required=False, choices=[("", "any way"), *Door.choices])
    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: Any, trail: QuerySet[AuditEvent]) -> None:
        super().__init__(data)
        self.trail = trail
        types = trail.order_by().values_list("subject_type", flat=True).distinct()
        named = sorted((_named(one), one) for one in types)
        choices = [("", "anything"), *((one, name) for name, one in named)]
        self.fields["thing"].choices = choices  # type: ignore[attr-defined]

    def found(self) -> QuerySet[AuditEvent]:
        """The entries asked for, newest first; none where what was asked is wrong."""
        if not self.is_valid():
            return self.trail.none()
        asked, found = self.cleaned_data, self.trail
        if asked["who"]:
            name = asked["who"]
            found = found.filter(actor__username__icontains=name) | found.filter(by__icontains=name)
        by_field = {"verb__icontains": "what", "subject_type": "thing", "subject_id": "number"}
        for lookup, name in (by_field | {"door": "door"}).items():
            if asked[name]:
                found = found.filter(**{lookup: asked[name]})
        if asked["since"]:
            found = found.filter(created_at__gte=_begin(asked["since"]))
        if asked["until"]:
            found = found.filter(created_at__lt=_begin(asked["until"]) + timedelta(days=1))
        return found.select_related("actor", "project").order_by("-pk")


def trail_of(project: Project | None) -> QuerySet[AuditEvent]:
    """The trail of a project; with None that of the whole site."""
    events = AuditEvent.objects.all()
    return events.filter(project=project) if project else events


def page_of(found: QuerySet[AuditEvent], before: int | None, after: int | None) -> Page:
    """The page of entries with keys below *before*, or the one with those next above *after*."""
    if after is not None:
        rows = list(found.filter(pk__gt=after).order_by("pk")[: PER_PAGE + 1])
        has_newer, rows = len(rows) > PER_PAGE, rows[:PER_PAGE][::-1]
        has_older = True
    else:
        chosen = found if before is None else found.filter(pk__lt=before)
        rows = list(chosen[: PER_PAGE + 1])
        has_older, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
        has_newer = before is not None
    newer = rows[0].pk if rows and has_newer else None
    older = rows[-1].pk if rows and has_older else None
    return Page([in_words(event) for event in rows], newer, older)


def each(found: QuerySet[AuditEvent]) -> Iterator[AuditEvent]:
    """All entries, newest first, a few thousand in memory at a time."""
    last = None
    while rows := list((found.filter(pk__lt=last) if last else found)[:AT_ONCE]):
        yield from rows
        last = rows[-1].pk


def who(event: AuditEvent) -> str:
    """The account and, where they came from outside the pages, who that was on the system."""
    if event.actor:
        return f"{event.actor} ({event.by})" if event.by else str(event.actor)
    return event.by or NOBODY.get(Door(event.door) if event.door else Door.PAGE, "the program")


def in_words(event: AuditEvent) -> Entry:
    detail = dict(event.detail)
    before, after = detail.pop("before", {}), detail.pop("after", {})
    names = [*before, *(name for name in after if name not in before)]
    changes = [(name, before.get(name), after.get(name)) for name in names]
    thing = f"{_named(event.subject_type)} {event.subject_id}"
    return Entry(event, who(event), thing, changes, list(detail.items()))


def _named(subject_type: str) -> str:
    try:
        return str(apps.get_model(subject_type)._meta.verbose_name)
    except (LookupError, ValueError):  # a model of an older version
        return subject_type


def _begin(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
