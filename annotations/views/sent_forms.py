"""The form on which people judge: what it is drawn from, and what was sent with it."""

import re
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, QueryDict

from accounts import clock
from annotations.exchange.mixed_in import draw
from annotations.judging.blinding import stimulus
from annotations.judging.marking import sentences_of
from annotations.judging.sent import Form
from annotations.models import Assignment, Item, Rater, Study
from annotations.questions.of_study import questions_of

KEY = re.compile(r"\d{1,18}", re.ASCII)
"""What can be the key of a row: more digits than that are no number of the database."""

NUMBER = re.compile(r"\d{1,9}(\.\d{1,6})?", re.ASCII)


def task_of(rater: Rater, held: Assignment, form: Form | None = None) -> dict[str, Any]:
    held.item.study = rater.study
    reverse, order = rater.reverses_options, order_of(rater)
    return task(rater.study, held.item, held.pk, form, reverse=reverse, order=order)


def order_of(rater: Rater) -> int:
    """What a rater's own order of dimensions is drawn from: the same in all of their part."""
    return draw(rater, 0, ":order")


def task(
    study: Study,
    item: Item,
    assignment_id: int,
    form: Form | None = None,
    *,
    reverse: bool = False,
    order: int = 0,
) -> dict[str, Any]:
    """What the judging form needs: the stimulus, the questions and what was filled in already.

    *order*: see `order_of`; 0 leaves dimensions in the order in which they are stored."""
    item.study = study
    questions, shown = questions_of(study), stimulus(item)
    return {
        "assignment_id": assignment_id,
        "revision": form.revision if form else 0,
        "shown_at": clock.now().timestamp(),
        "stimulus": shown,
        "sentences": sentences_of(shown) if questions[0].of_kind.takes_marks else {},
        "questions": questions,
        "question_version": study.question_version,
        "reverse": reverse,
        "order": order,
        "form": form,
    }


def form_of(data: QueryDict) -> Form:
    """The judgment as it was sent; Http404 when it names no assignment, as no page of ours does."""
    raw_key, raw_revision = data.get("assignment", ""), data.get("revision", "")
    if not (KEY.fullmatch(raw_key) and KEY.fullmatch(raw_revision)):
        raise Http404("The form names no assignment.")
    away, losses, guideline, question = (
        _number(data.get(name, "")) for name in ("away", "losses", "guideline", "question_version")
    )
    return Form(
        assignment_id=int(raw_key),
        revision=int(raw_revision),
        label=data.get("label", ""),
        confidence=data.get("confidence", ""),
        comment=data.get("comment", ""),
        fields={name: str(value) for name, value in data.items()},
        shown_at=_moment(data.get("shown_at", "")),
        away_seconds=away,
        focus_losses=None if losses is None else int(losses),
        guideline_id=None if guideline is None else int(guideline),
        question_version=None if question is None else int(question),
    )


def _number(raw: str) -> float | None:
    return float(raw) if NUMBER.fullmatch(raw) else None


def _moment(raw: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(raw), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None
