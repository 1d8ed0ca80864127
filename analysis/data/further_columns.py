"""What raters answered to the further questions of a study, as columns of its data set."""

from __future__ import annotations

from typing import Any

from analysis.data import queries
from annotations.kinds import CONFIDENCE, REASON
from annotations.models import Study
from annotations.questions.of_study import further_question
from annotations.questions.question import Question


def further_columns(
    study: Study, item_at: dict[int, int], rater_at: dict[int, int]
) -> list[dict[str, Any]]:
    """One entry a further question that raters can agree on: its ``key``, ``kind``, ``prompt`` and
    ``categories``, and equally long columns ``item``, ``rater`` (places) and ``said`` (a label, a
    number, or a vector in words). Confidence and comments are no such questions.

    *item_at*, *rater_at*: places of the items and raters that are kept, by id.
    """
    asked = [further_question(one) for one in study.further_questions]
    asked = [one for one in asked if one.kind not in (CONFIDENCE, REASON)]
    if not asked:
        return []
    rows = sorted(
        (item_at[item], rater_at[rater], answers)
        for item, rater, answers in queries.further_answers(study)
        if item in item_at and rater in rater_at
    )
    return [_columns(question, rows) for question in asked]


def _columns(question: Question, rows: list[tuple[int, int, dict[str, Any]]]) -> dict[str, Any]:
    there = [row for row in rows if question.key in row[2]]
    return {
        "key": question.key,
        "kind": str(question.kind),
        "prompt": question.prompt,
        "categories": list(question.categories),
        "item": [item for item, _, _ in there],
        "rater": [rater for _, rater, _ in there],
        "said": [answers[question.key] for _, _, answers in there],
    }
