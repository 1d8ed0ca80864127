"""Items with a known answer: added by hand or from a file, and taken away while nobody met them."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from accounts.audit import Change, record, snapshot
from accounts.models import User
from annotations.disputes.automated import scores_that_count
from annotations.files.item_files import ControlRow, kinds_in_words
from annotations.models import Assignment, Item, Study
from annotations.questions.controls import checked_expectation
from annotations.questions.of_study import primary_question
from annotations.scales.numerals import LARGEST_KEY
from evaluations.models import Answer, Trial
from evaluations.text.table_reader import Problem


class ControlsRefused(Exception):
    """Control items that cannot be added or removed; ``problems`` says why, row by row."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@transaction.atomic
def add_controls(study: Study, actor: User | None, rows: Sequence[ControlRow]) -> list[Item]:
    """Add *rows* as items with a known answer, all or none; raises ControlsRefused.

    They take no places and no part in reports. A trial that raters judge in the study cannot also
    be one of them: nobody could tell then which of the two a judgment was.
    """
    locked = Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
    if locked.source == Study.Source.IMPORT or locked.state == Study.State.CLOSED:
        raise _refused(f"The study takes no control items any more: it is {locked.state}.")
    check_controls(study, rows)
    last = study.items.aggregate(last=Max("position"))["last"] or 0
    question = primary_question(study)
    items = Item.objects.bulk_create(
        Item(
            study=study,
            kind=row.kind,
            position=position,
            trial_id=row.trial,
            answer_number=row.answer_number,
            text=row.text,
            expected=checked_expectation(question, row.expected),
            feedback=row.feedback,
            places=0,
        )
        for position, row in enumerate(rows, start=last + 1)
    )
    added = Change(None, {"control items": kinds_in_words(rows)})
    record(study.project, actor, "control items added", study, added)
    return items


def check_controls(study: Study, rows: Sequence[ControlRow]) -> None:
    """Raise ControlsRefused where a row could not be added to the study."""
    if problems := _problems(study, rows):
        raise ControlsRefused(problems)


def _refused(words: str) -> ControlsRefused:
    return ControlsRefused([Problem(0, words)])


def _problems(study: Study, rows: Sequence[ControlRow]) -> list[Problem]:
    """What is wrong with each row: its expected answer, and the trial it names."""
    question = primary_question(study)
    named = {row.trial for row in rows if row.trial is not None and row.trial <= LARGEST_KEY}
    known = _complete_trials(study, named)
    answers = set(
        Answer.objects.filter(trial__in=known).values_list("trial_id", "item_number")
        if study.unit == Study.Unit.ANSWER
        else []
    )
    used = set(
        study.items.filter(trial__in=named).order_by().values_list("trial_id", "answer_number")
    )
    problems = []
    for row in rows:
        try:
            checked_expectation(question, row.expected)
            _check_what(study, row, known, answers, used)
        except ValueError as error:
            problems.append(Problem(row.line, str(error)))
    return problems


def _complete_trials(study: Study, ids: set[int]) -> set[int]:
    trials = Trial.objects.filter(run__project=study.project, state=Trial.State.COMPLETE)
    return set(trials.filter(pk__in=ids).values_list("pk", flat=True))


def _check_what(
    study: Study,
    row: ControlRow,
    known: set[int],
    answers: set[tuple[int, int]],
    used: set[tuple[int, int | None]],
) -> None:
    """Raise ValueError where the row shows nothing that raters of the study could be shown."""
    if row.trial is None:
        return
    if study.unit == Study.Unit.TEXT:
        raise ValueError("this study is about texts: give a text")
    if row.trial not in known:
        raise ValueError(f"the project has no complete trial {row.trial}")
    single = study.unit == Study.Unit.ANSWER
    if single and row.answer_number is None:
        raise ValueError("single answers are judged here: give the number of the answer")
    if not single and row.answer_number is not None:
        raise ValueError("whole trials are judged here: leave the answer empty")
    if single and (row.trial, row.answer_number) not in answers:
        raise ValueError(f"trial {row.trial} has no answer {row.answer_number}")
    if (row.trial, row.answer_number) in used:
        raise ValueError(f"trial {row.trial} is an item of this study already: choose another")
    used.add((row.trial, row.answer_number))


@transaction.atomic
def remove_control(item: Item, actor: User | None) -> None:
    """Take an item with a known answer away; ControlsRefused once a rater has met it."""
    if item.kind == Item.Kind.REGULAR:
        raise _refused("Only items with a known answer can be taken away.")
    Study.objects.select_for_update(of=("self",)).get(pk=item.study_id)
    if Assignment.objects.filter(item=item).exists():
        raise _refused("Raters have met this item already: it stays, with what they said of it.")
    gone = Change(snapshot(item, ("kind", "expected", "trial_id")), {})
    record(item.study.project, actor, "control item removed", item.study, gone)
    item.delete()


def controls_of(study: Study) -> QuerySet[Item]:
    """The items with a known answer, in the order in which they were added."""
    return study.items.exclude(kind=Item.Kind.REGULAR).order_by("position")


CANDIDATES = 30


def control_candidates(study: Study) -> list[Trial]:
    """Some complete trials of the study's runs that raters do not judge in it, each with the
    ``scored`` label by the metric of the study: what a control item can be made of. Two queries."""
    if study.unit == Study.Unit.TEXT:
        return []
    runs = study.items.filter(trial__isnull=False).order_by().values("trial__run_id").distinct()
    used = Item.objects.filter(study=study, trial=OuterRef("pk"))
    trials = list(
        Trial.objects.filter(~Exists(used), run__in=runs, state=Trial.State.COMPLETE)
        .select_related("run", "cell__endpoint")
        .order_by("pk")[:CANDIDATES]
    )
    scores = scores_that_count(study, [trial.pk for trial in trials])
    for trial in trials:
        score = scores.get(trial.pk)
        trial.scored = score.label if score else ""  # type: ignore[attr-defined]
    return trials
