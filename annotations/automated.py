"""What the automated metric concluded of the items of a study, on the study's own scale.

A trial counts with its score of the highest scorer version: which row was written last says
nothing. (A report waits with a new version until it has scored as many trials.) Where the metric
measures something else than the study asks, it has no label.
"""

from collections.abc import Iterable, Mapping

from annotations.consensus import Automated
from annotations.models import AutomatedLabel, Item, Study
from evaluations.models import Extraction, Score
from evaluations.natural import natural

NOTHING = Automated()


def automated_of(study: Study, items: Iterable[Item]) -> Mapping[int, Automated]:
    """What is known of each item, by item id; items of which nothing is known are left out.

    Three queries at most, however many items.
    """
    items = list(items)
    texts = [item.pk for item in items if item.trial_id is None]
    rows = AutomatedLabel.objects.filter(item__in=texts, scorer=study.scorer) if texts else []
    found = {row.item_id: Automated(row.label) for row in rows}
    trials = [item for item in items if item.trial_id is not None]
    if study.unit == Study.Unit.TRIAL and trials:
        found |= _of_trials(study, trials)
    if study.unit == Study.Unit.ANSWER and trials:
        found |= _of_answers(study, trials)
    return found


def automated_labels(study: Study, items: Iterable[Item]) -> Mapping[int, str]:
    """The automated label by item id; an item without one is left out."""
    known = automated_of(study, items)
    return {item: found.label for item, found in known.items() if found.label is not None}


def highest_scores(trial_ids: Iterable[int], scorer: str) -> dict[int, Score]:
    """The score of each trial in the highest version of *scorer*; one query."""
    scores = Score.objects.filter(trial_id__in=list(trial_ids), scorer=scorer)
    ordered = sorted(scores, key=lambda score: (natural(score.version), score.pk))
    return {score.trial_id: score for score in ordered}


def _of_trials(study: Study, items: list[Item]) -> dict[int, Automated]:
    scores = highest_scores([item.trial_id for item in items if item.trial_id], study.scorer)
    # A trial that was scored in full had no ambiguous answer to be scored from.
    doubtful = [
        item.trial_id
        for item in items
        if item.trial_id and not _is_complete(scores.get(item.trial_id))
    ]
    ambiguous = {
        trial for (trial, _), read in _readings(doubtful).items() if read.outcome == _AMBIGUOUS
    }
    return {
        item.pk: Automated(
            _label_of(study, scores.get(item.trial_id)),
            "boundary_case" in _flags(scores.get(item.trial_id)),
            item.trial_id in ambiguous,
        )
        for item in items
        if item.trial_id in scores or item.trial_id in ambiguous
    }


_AMBIGUOUS = Extraction.Outcome.AMBIGUOUS


def _of_answers(study: Study, items: list[Item]) -> dict[int, Automated]:
    """One answer has no orientation of its own; which option it chose was read from it."""
    readings = _readings([item.trial_id for item in items if item.trial_id])
    found = {}
    for item in items:
        if read := readings.get((item.trial_id or 0, item.answer_number or 0)):
            label = _option_of(read) if study.kind == Study.Kind.OPTION else None
            found[item.pk] = Automated(label, is_ambiguous=read.outcome == _AMBIGUOUS)
    return found


def _option_of(read: Extraction) -> str | None:
    if read.outcome == Extraction.Outcome.CHOICE:
        return read.letter
    return "none" if read.outcome == Extraction.Outcome.NONE else None


def _readings(trial_ids: list[int]) -> dict[tuple[int, int], Extraction]:
    """How each answer was read by the highest version, by trial and item number; one query."""
    if not trial_ids:
        return {}
    rows = Extraction.objects.filter(answer__trial_id__in=trial_ids).select_related("answer")
    ordered = sorted(rows, key=lambda read: (natural(read.version), read.pk))
    return {(read.answer.trial_id, read.answer.item_number): read for read in ordered}


def _flags(score: Score | None) -> list[str]:
    return score.flags if score else []


def _is_complete(score: Score | None) -> bool:
    return bool(score and score.outcome == Score.Outcome.SCORED and "incomplete" not in score.flags)


def _label_of(study: Study, score: Score | None) -> str | None:
    """The score in the words of the study's question; None where it says nothing to it."""
    if score is None:
        return None
    if study.kind == Study.Kind.ANGLE:
        return None if score.angle is None else f"{score.angle:g}"
    return (score.orientation or None) if study.kind == Study.Kind.ORIENTATION else None
