"""What the automated metric concluded of the items of a study, on the study's own scale.

Which version of the metric counts, and whose readings of the answers, says
annotations.metrics.metric. Where the metric measures something else than the study asks, it has no
label.
"""

from collections.abc import Iterable, Mapping

from annotations.base import QuestionKind
from annotations.disputes.why_disputed import Automated
from annotations.kinds import asked_by, doubts, question_kind, scale_of_study
from annotations.metrics.metric import InForce, metric_of
from annotations.models import AutomatedLabel, Item, Study
from evaluations.models import Reading, Score
from evaluations.scoring.metrics import readings_of, scores_of

NOTHING = Automated()


def automated_of(
    study: Study, items: Iterable[Item], counts: InForce | None = None
) -> Mapping[int, Automated]:
    """What is known of each item, by item id; items of which nothing is known are left out.

    Three queries at most, however many items, where it is given what *counts*: as
    `annotations.metrics.metric` knows it of the study.
    """
    items = list(items)
    texts = [item for item in items if item.trial_id is None]
    found = _labelled(study, texts) if texts else {}
    trials = [item for item in items if item.trial_id is not None]
    if not trials:
        return found
    counts = counts or metric_of(study).in_force
    if study.unit == Study.Unit.TRIAL:
        return found | _of_trials(study, trials, counts)
    if counts.metric_id is None and _is_from_elsewhere(study):
        return found | _labelled(study, trials)
    if study.unit == Study.Unit.ANSWER:
        found |= _of_answers(study, trials, counts)
    return found


def _labelled(study: Study, items: list[Item]) -> dict[int, Automated]:
    """What the metric of the study said of the items themselves."""
    rows = AutomatedLabel.objects.filter(item__in=items, scorer=study.metric_name)
    return {row.item_id: Automated(row.label or None) for row in rows}


def _is_from_elsewhere(study: Study) -> bool:
    """Whether the metric of the study labels its items, parts of trials, and scores no trial."""
    labels = AutomatedLabel.objects.filter(item__study=study, scorer=study.metric_name)
    return labels.exists()


def automated_labels(study: Study, items: Iterable[Item]) -> Mapping[int, str]:
    """The automated label by item id; an item without one is left out."""
    known = automated_of(study, items)
    return {item: found.label for item, found in known.items() if found.label is not None}


def scores_that_count(study: Study, trial_ids: Iterable[int]) -> dict[int, Score]:
    """The score of each of these trials by the metric of *study*; one query."""
    return scores_of(list(trial_ids), metric_of(study).metric)


def _of_trials(study: Study, items: list[Item], counts: InForce) -> dict[int, Automated]:
    trials = [item.trial_id for item in items if item.trial_id]
    scores = scores_of(trials, counts.metric_id)
    # A trial that was scored in full had no ambiguous answer to be scored from.
    doubtful = [
        item.trial_id
        for item in items
        if item.trial_id and not _is_complete(scores.get(item.trial_id))
    ]
    ambiguous = {
        trial
        for (trial, _), read in _readings(counts, doubtful).items()
        if read.outcome == _AMBIGUOUS
    }
    doubtful_flags = doubts()
    return {
        item.pk: Automated(
            _label_of(study, scores.get(item.trial_id)),
            tuple(flag for flag in _flags(scores.get(item.trial_id)) if flag in doubtful_flags),
            item.trial_id in ambiguous,
        )
        for item in items
        if item.trial_id in scores or item.trial_id in ambiguous
    }


_AMBIGUOUS = Reading.Outcome.AMBIGUOUS


def _of_answers(study: Study, items: list[Item], counts: InForce) -> dict[int, Automated]:
    """One answer has no score of its own; what it says was read from it."""
    kind = _question_of(study)
    readings = _readings(counts, [item.trial_id for item in items if item.trial_id])
    found = {}
    for item in items:
        if read := readings.get((item.trial_id or 0, item.answer_number or 0)):
            label = kind.label_of_reading(read.outcome, read.label)
            found[item.pk] = Automated(label, is_ambiguous=read.outcome == _AMBIGUOUS)
    return found


def _question_of(study: Study) -> QuestionKind:
    return question_kind(asked_by(study.kind, study.scale))


def _readings(counts: InForce, trial_ids: list[int]) -> dict[tuple[int, int], Reading]:
    """How the reader of the metric read each answer, by trial and item number."""
    return readings_of(trial_ids, counts.reader) if trial_ids else {}


def _flags(score: Score | None) -> list[str]:
    return score.flags if score else []


def _is_complete(score: Score | None) -> bool:
    return bool(score and score.outcome == Score.Outcome.SCORED and "incomplete" not in score.flags)


def _label_of(study: Study, score: Score | None) -> str | None:
    """The score in the words of the study's question; None where it says nothing to it."""
    if score is None:
        return None
    return _question_of(study).label_of_score(score, scale_of_study(study))
