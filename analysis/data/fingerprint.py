"""Has a study changed? A hash that a few counting queries give, whatever the size of the study.

It changes whenever a data set of the study would: judgments, scores, labels, decisions and trials
are only ever added, so their number and their highest id say whether there are new ones (the number
too, because a row with a lower id may be committed later); what can be edited (the study's texts,
raters, cells with their runs and endpoints, the state of disputes) goes in as it is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Count, Max, QuerySet, Sum

from analysis.data import queries
from analysis.data.canonical import canonical_bytes, sha256_of
from analysis.data.dataset import cell_facts, study_facts
from annotations.models import (
    Assignment,
    AutomatedLabel,
    Decision,
    Dispute,
    Judgment,
    OwnMeasure,
    Study,
)
from evaluations.models import Reading, Score, Trial


class Fingerprint(NamedTuple):
    """``sha256`` of the study as it is; ``judgments`` of any revision: how long a report takes."""

    sha256: str
    judgments: int


def fingerprint(study: Study) -> Fingerprint:
    """Reads counts, and the rows of raters and cells alone."""
    cells = queries.cell_rows(study)
    trials = Trial.objects.filter(cell__in=cells, state=Trial.State.COMPLETE)
    judgments = _extent(Judgment.objects.filter(rater__study=study))
    disputes = Dispute.objects.filter(item__study=study, state=Dispute.State.DECIDED)
    facts = {
        "study": study_facts(study),
        "further": study.further_questions,
        "items": [*_extent(study.items.all()), _sum(study.items.all(), "position")],
        "raters": queries.rater_rows(study),
        "judgments": judgments,
        "given_on": _extent(_places_given_on(study)),
        "own_measures": _extent(OwnMeasure.objects.filter(rater__study=study)),
        "readings": _extent(_readings(study)),
        "cells": [[cell.pk, cell_facts(cell)] for cell in cells],
        "trials": _extent(trials),
        "scores": _extent(Score.objects.filter(trial__cell__in=cells)),
        "labels": _extent(AutomatedLabel.objects.filter(item__study=study)),
        "disputes": [*_extent(disputes), _sum(disputes, "id")],
        "decisions": _extent(Decision.objects.filter(dispute__item__study=study)),
    }
    # A study without cultures keeps the hash it had before raters could have one.
    if cultures := queries.cultures(study):
        facts["cultures"] = sorted(cultures.items())
    return Fingerprint(sha256_of(canonical_bytes(facts)), judgments[0])


def _readings(study: Study) -> QuerySet[Reading]:
    """What was read from the answers of the study, where raters are asked about answers."""
    if study.unit != Study.Unit.ANSWER:
        return Reading.objects.none()
    return Reading.objects.filter(answer__trial__item__study=study).distinct()


def _places_given_on(study: Study) -> QuerySet[Assignment]:
    return Assignment.objects.filter(item__study=study, state=Assignment.State.WITHDRAWN)


def _extent(rows: QuerySet[Any]) -> list[int]:
    """How many rows there are, and the highest id (0 for none)."""
    found = rows.order_by().aggregate(number=Count("id"), last=Max("id"))
    return [found["number"], found["last"] or 0]


def _sum(rows: QuerySet[Any], column: str) -> int:
    """The sum of a column of whole numbers, which PostgreSQL gives as a decimal."""
    return int(rows.order_by().aggregate(total=Sum(column))["total"] or 0)
