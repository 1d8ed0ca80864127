"""The figures and the doors of a project's first page."""

from typing import Any

from django.urls import reverse

from accounts.models import Project
from accounts.views.lists import newest
from annotations.disputes.queries import dispute_rows, disputes_of
from annotations.models import Dispute, Rater
from annotations.studies import queries as studies
from annotations.studies.counts import counted_judgments
from annotations.studies.queries import studies_of
from evaluations.models import Run, Trial
from evaluations.pages import queries as runs

SHOWN = 5
"""Rows a door shows; the page behind it has them all."""


def figures(project: Project) -> list[dict[str, Any]]:
    """Tiles: trials, judgments that count, open disputes; what is simulated is counted apart."""
    trials = Trial.objects.filter(run__project=project, state=Trial.State.COMPLETE)
    judgments = counted_judgments(project)
    disputes = disputes_of(project, Dispute.State.OPEN).count()
    simulated_trials = trials.filter(is_simulated=True).count()
    simulated = judgments.filter(rater__kind=Rater.Kind.SIMULATED).count()
    return [
        tile("complete trials", trials.count(), f"{simulated_trials} simulated"),
        tile("judgments", judgments.count(), f"{simulated} simulated"),
        tile("open disputes", disputes, "for reviewers", "warn" if disputes else ""),
    ]


def is_empty(project: Project) -> bool:
    """Whether nothing was brought or begun in the project."""
    return not project.runs.exists() and not project.studies.exists()


def tile(label: str, value: int, note: str, tone: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "note": note, "tone": tone}


def doors(project: Project) -> list[dict[str, Any]]:
    return [studies_door(project), disputes_door(project), runs_door(project)]


def runs_door(project: Project) -> dict[str, Any]:
    return {
        "title": "Runs",
        "href": reverse("runs", args=[project.slug]),
        "action": "All runs",
        "count_label": "Trials",
        "empty": "No run yet: import trials, or run an evaluation.",
        "rows": [run_row(run) for run in newest(project.runs.all(), SHOWN, runs.counted)],
    }


def run_row(run: Run) -> dict[str, Any]:
    return {
        "name": run.name,
        "href": run.get_absolute_url(),
        "state": run.state,
        "count": run.trial_count,  # type: ignore[attr-defined]
        "is_simulated": run.simulated_count > 0,  # type: ignore[attr-defined]
    }


def studies_door(project: Project) -> dict[str, Any]:
    rows = [
        {
            "name": study.name,
            "href": study.get_absolute_url(),
            "state": study.state,
            "count": study.items_total,
        }
        for study in newest(studies_of(project), SHOWN, studies.counted)
    ]
    return {
        "title": "Studies",
        "href": reverse("studies", args=[project.slug]),
        "action": "All studies",
        "count_label": "Items",
        "empty": "No study yet: draw trials of a run into one.",
        "rows": rows,
    }


def disputes_door(project: Project) -> dict[str, Any]:
    disputes = disputes_of(project, Dispute.State.OPEN)[:SHOWN]
    rows = [
        {
            "name": str(row.dispute.item),
            "href": reverse("dispute", args=[project.slug, row.dispute.pk]),
            "state": "open-dispute",
            "count": row.consensus.judgments,
        }
        for row in dispute_rows(list(disputes))
    ]
    return {
        "title": "Open disputes",
        "href": reverse("disputes", args=[project.slug]),
        "action": "All disputes",
        "count_label": "Judgments",
        "empty": "Nothing waits for a reviewer.",
        "rows": rows,
    }
