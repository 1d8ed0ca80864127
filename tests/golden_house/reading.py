"""How the golden scenes read rows that no export holds: the one file that knows tables.

When tables or columns change, adapt the way of reading here so that each function says what it
said before. Never the expected values: a value that cannot be read as before is a difference, and
needs a decision in docs/adr. Rows come in an order of their own (the order in which they were
planned, drawn or handed out), trials by a name instead of a key, and no times.
"""

import gzip
import json
from collections.abc import Iterable
from typing import Any

from django.apps import apps

Rows = list[dict[str, Any]]


def table(name: str) -> Any:
    """The rows of a table, by app and name."""
    return apps.get_model(name).objects


# --- runs -----------------------------------------------------------------------------------------

CONDITION = (
    *("target_value", "with_goal", "induction", "value_place", "option_order"),
    *("answer_format", "item_set", "payoff_scale"),
)


def cell_name(cell: Any) -> str:
    stored = {"target_value": cell.target, **vars(cell), **cell.condition}
    said = [cell.run.name, cell.endpoint.name, *(str(stored[name]) for name in CONDITION)]
    return " / ".join(said)


def trial_name(trial: Any) -> str:
    return f"{cell_name(trial.cell)} / {trial.number}"


def _trials(project: str) -> Any:
    of_project = table("evaluations.Trial").filter(run__project__slug=project)
    return of_project.select_related("run", "cell__run", "cell__endpoint").order_by("pk")


def trials(project: str) -> Rows:
    """Every trial as planned or imported: its seed, its source key, and what answered."""
    return [
        {
            "trial": trial_name(trial),
            "seed": trial.seed,
            "source_key": trial.source_key,
            "simulated": trial.is_simulated,
            "state": trial.state,
            "parameters": trial.parameters,
            "model_returned": trial.model_returned,
            "system_fingerprint": trial.system_fingerprint,
        }
        for trial in _trials(project)
    ]


def readings(project: str) -> Rows:
    """How each reader read each answer: the option, and where the words stand that say so."""
    rows = table("evaluations.Reading").filter(answer__trial__run__project__slug=project)
    related = ("answer__trial__cell__run", "answer__trial__cell__endpoint")
    order = ("answer__trial", "answer__item_number", "reader", "version")
    return [
        {
            "trial": trial_name(row.answer.trial),
            "item": row.answer.item_number,
            "options": row.answer.shown,
            "reader": row.reader,
            "version": row.version,
            "outcome": row.outcome,
            "option": row.value,
            "letter": row.label,
            "method": row.method,
            "refused": row.refused,
            "evidence": _place(row),
            "note": row.note,
        }
        for row in rows.select_related(*related).order_by(*order)
    ]


def _place(row: Any) -> list[int | None]:
    found = row.evidence.get() if row.evidence.exists() else None
    return [found.start, found.end] if found else [None, None]


def scores(project: str) -> Rows:
    """Every score with all that is known by it, unrounded."""
    rows = table("evaluations.Score").filter(trial__run__project__slug=project)
    related = ("trial__cell__run", "trial__cell__endpoint", "metric")
    order = ("trial", "metric__name", "metric__version")
    return [_score(row) for row in rows.select_related(*related).order_by(*order)]


def _score(row: Any) -> dict[str, Any]:
    detail = _without_latency(row.detail)
    # PostgreSQL's jsonb writes a whole number without its point: 64.0 is read again as 64.
    found = {name: detail.pop(name, None) for name in ("mean_self", "mean_other")}
    means = {name: None if mean is None else float(mean) for name, mean in found.items()}
    reader = {"extractor": row.metric.reader} if row.metric.reader else {}
    return means | {
        "trial": trial_name(row.trial),
        "scorer": row.metric.name,
        "version": row.metric.version,
        "outcome": row.outcome,
        "reason": row.reason,
        "orientation": row.label,
        "angle": row.number,
        "items_used": detail.pop("items_used", 0),
        "distance": row.distance,
        "value_rationality": row.fit,
        "value_rationality_corrected": row.fit_corrected,
        "hit": row.hit,
        "flags": row.flags,
        "detail": detail | reader,
    }


def _without_latency(detail: dict[str, Any]) -> dict[str, Any]:
    """A score's detail without how long the model took to give it (`normal` says why)."""
    call = detail.get("call")
    return detail | ({"call": call | {"seconds": 0}} if call else {})


# --- studies --------------------------------------------------------------------------------------

STUDY = (
    *("name", "slug", "source", "state", "unit", "kind", "question", "scale", "categories"),
    *("ways_out", "properties", "tolerance", "further_questions", "question_version", "overlap"),
    *("cap", "option_order", "repeat_share", "control_every", "control_feedback"),
    *("attention_limit", "qualification_pass", "asks_own_measure", "raters_are", "ranges"),
    *("on_deletion", "language", "reader_in_force", "seed"),
)


def study(project: str, slug: str) -> Any:
    return table("annotations.Study").get(project__slug=project, slug=slug)


def slugs(project: str) -> list[str]:
    """The studies of a project, oldest first."""
    of_project = table("annotations.Study").filter(project__slug=project)
    return list(of_project.order_by("pk").values_list("slug", flat=True))


def settings(project: str, slug: str) -> dict[str, Any]:
    """What the study asks of whom, and which metric it validates."""
    found = study(project, slug)
    return {name: getattr(found, name) for name in STUDY} | {
        "scorer": found.metric_name,
        "scorer_version": found.metric_version,
        "scorer_in_force": found.metric_in_force.version if found.metric_in_force else "",
    }


def items(project: str, slug: str) -> Rows:
    """The items in their order, with what was drawn and its weight."""
    rows = study(project, slug).items.select_related("trial__cell__run", "trial__cell__endpoint")
    names = ("position", "kind", "answer_number", "external_id", "text", "expected", "feedback")
    return [
        {name: getattr(row, name) for name in names}
        | {"trial": row.trial and trial_name(row.trial)}
        | {"properties": row.properties, "stratum": row.stratum, "weight": row.weight}
        | {"places": row.places, "taken": row.taken}
        for row in rows.order_by("position")
    ]


RATER = (
    *("pseudonym", "kind", "stage", "language", "reverses_options", "missed_attention"),
    *("paused_by_staff", "excluded_reason", "handed", "skipped", "skipped_regular", "judged"),
)


def raters(project: str, slug: str) -> Rows:
    """Who takes part, how far they are, and their own slider measure."""
    own = {row.rater_id: row for row in table("annotations.OwnMeasure").all()}
    return [
        {name: getattr(row, name) for name in RATER}
        | {"own_choices": own[row.pk].choices if row.pk in own else None}
        | {"own_angle": own[row.pk].angle if row.pk in own else None}
        | {"own_orientation": own[row.pk].orientation if row.pk in own else None}
        for row in study(project, slug).raters.order_by("pk")
    ]


def handed_out(project: str, slug: str) -> Rows:
    """Who was handed which item, each rater's in their order."""
    rows = table("annotations.Assignment").filter(item__study=study(project, slug))
    return [
        {
            "rater": row.rater.pseudonym,
            "item": row.item.position,
            "state": row.state,
            "regular": row.is_regular,
            "round": row.round,
            "skipped": [row.skip_reason, row.skip_comment],
        }
        for row in rows.select_related("rater", "item").order_by("rater", "reserved_at", "pk")
    ]


JUDGMENT = (
    *("revision", "is_current", "is_regular", "label", "number", "answers", "confidence"),
    *("comment", "seconds", "away_seconds", "focus_losses"),
)


def judgments(project: str, slug: str) -> Rows:
    """Every judgment, the replaced ones too, in the order in which they were given."""
    rows = table("annotations.Judgment").filter(item__study=study(project, slug))
    return [
        {"item": row.item.position, "rater": row.rater.pseudonym, "round": row.assignment.round}
        | {name: getattr(row, name) for name in JUDGMENT}
        | {"guideline": row.guideline and row.guideline.version}
        for row in rows.select_related("item", "rater", "assignment", "guideline").order_by("pk")
    ]


def automated_labels(project: str, slug: str) -> Rows:
    """What metrics elsewhere said of imported items."""
    rows = table("annotations.AutomatedLabel").filter(item__study=study(project, slug))
    names = ("scorer", "label", "number", "reason")
    return [
        {"item": row.item.position} | {name: getattr(row, name) for name in names}
        for row in rows.select_related("item").order_by("item__position", "scorer")
    ]


def disputes(project: str, slug: str) -> Rows:
    """What a reviewer has to settle, why, and what was decided."""
    rows = table("annotations.Dispute").filter(item__study=study(project, slug))
    return [
        {
            "item": row.item.position,
            "state": row.state,
            "reasons": row.reasons,
            "decisions": [[one.label, one.reason] for one in row.decisions.order_by("pk")],
            "problems": [[one.rater.pseudonym, one.text] for one in _problems(row.item)],
        }
        for row in rows.select_related("item").order_by("item__position")
    ]


def _problems(item: Any) -> Iterable[Any]:
    return item.problem_reports.select_related("rater").order_by("pk")


def data_sets(project: str, slug: str) -> Rows:
    """The frozen data sets in the order in which they were kept: hash, choices, content."""
    return [
        {
            "sha256": row.sha256,
            "parameters": row.parameters,
            "content": json.loads(gzip.decompress(bytes(row.content))),
        }
        for row in study(project, slug).data_sets.order_by("pk")
    ]


def kept_reports(project: str, slug: str) -> Rows:
    """The kept reports of a study in the order in which they were made, to the letter."""
    rows = table("analysis.Report").filter(data_set__study=study(project, slug))
    names = ("key", "parameters", "versions", "result")
    return [
        {name: getattr(row, name) for name in names} | {"data_set": row.data_set.sha256}
        for row in rows.select_related("data_set").order_by("pk")
    ]


# --- what people in a scene go by -----------------------------------------------------------------


def held(assignment: int) -> dict[str, Any]:
    """What a rater has before them: the kind of item, what is right of it, what metrics say."""
    row = table("annotations.Assignment").select_related("item__trial").get(pk=assignment)
    trial, item = row.item.trial, row.item
    score = trial and trial.scores.filter(metric__name="svo-slider").order_by("pk").last()
    reading = None
    if trial and item.answer_number:
        answer = trial.answers.get(item_number=item.answer_number)
        reading = answer.readings.order_by("pk").first()
    return {
        "kind": item.kind,
        "position": item.position,
        "expected": item.expected,
        "label": score.label if score else "",
        "angle": score.number if score else None,
        "letter": reading.label if reading else "",
        "text": item.text,
    }


def open_disputes(project: str, slug: str) -> list[int]:
    """Keys of the open disputes, by the position of their items."""
    rows = table("annotations.Dispute").filter(item__study=study(project, slug), state="open")
    return list(rows.order_by("item__position").values_list("pk", flat=True))


def trial_keys(project: str) -> list[int]:
    return list(_trials(project).values_list("pk", flat=True))


def run_keys(project: str) -> list[int]:
    runs = table("evaluations.Run").filter(project__slug=project)
    return list(runs.order_by("pk").values_list("pk", flat=True))


def rater_key(project: str, slug: str, pseudonym: str) -> int:
    return study(project, slug).raters.get(pseudonym=pseudonym).pk


def pseudonym_of(project: str, slug: str, username: str) -> str:
    return study(project, slug).raters.get(user__username=username).pseudonym


def judged_by(project: str, slug: str, pseudonym: str) -> list[int]:
    """Keys of the regular items' assignments that a rater has judged, in their order."""
    rows = table("annotations.Assignment").filter(
        item__study=study(project, slug), rater__pseudonym=pseudonym
    )
    judged = rows.filter(state="judged", is_regular=True)
    return list(judged.order_by("reserved_at", "pk").values_list("pk", flat=True))
