"""Finding the study that a command line means."""

from __future__ import annotations

from django.db.models import Q

from annotations.models import Study

MAX_LISTED = 20


class StudyNotFound(LookupError):
    """No study, or more than one, goes by that name; the message lists what there is."""


def find_study(name: str, project: str = "") -> Study:
    """The one study whose name or slug is *name*, in *project* (slug) when given."""
    studies = Study.objects.select_related("project").order_by("project__slug", "slug")
    if project:
        studies = studies.filter(project__slug=project)
    found = list(studies.filter(Q(name=name) | Q(slug=name)))
    if len(found) == 1:
        return found[0]
    if found:
        raise StudyNotFound(
            f"{len(found)} studies are called {name!r}; choose one with --project: {_list(found)}."
        )
    known = list(studies[: MAX_LISTED + 1])
    where = f" in project {project!r}" if project else ""
    there = f"There are: {_list(known)}." if known else "There are no studies yet."
    raise StudyNotFound(f"There is no study {name!r}{where}. {there}")


def _list(studies: list[Study]) -> str:
    names = [f"{study.slug} (project {study.project.slug})" for study in studies[:MAX_LISTED]]
    return ", ".join(names) + (" ..." if len(studies) > MAX_LISTED else "")
