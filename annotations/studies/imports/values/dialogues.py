"""Dialogues from a file that came in, as an imported run; their labels, where asked for, as what a
rater judged, in a study."""

from annotations.studies.imports.found import Door, Store, Taking, counted
from annotations.studies.imports.trials import report_of
from annotations.studies.imports.values.labelled import store_labels
from evaluations.files.values.dialogue_records import Dialogues

TOLD_REMARKS = 50


def take_dialogues(taking: Taking) -> Store:
    """Dialogues, one JSON object a line, in FULCRA's layout or a plain one."""
    taking.found.format = "dialogues, a JSON object a line"
    if taking.only_looks:
        _take(taking)

    def store() -> str:
        taking.storing()
        return _take(taking)

    return store


def _take(taking: Taking) -> str:
    dialogues, rater = Dialogues(), taking.options["labels_as"]
    report = report_of(taking, dialogues.open, False, "dialogue")
    labels, remarks = len(dialogues.labels), dialogues.remarks
    if rater and not labels:
        raise ValueError("No line of the file carries a label of a value: leave its rater empty")
    taking.found.notes += [f"Labels, {remark}" for remark in remarks[:TOLD_REMARKS]]
    if more := len(remarks) - TOLD_REMARKS:
        taking.found.notes += [f"Labels: {more:,} more remarks"] if more > 0 else []
    if report.run is None:
        return ""
    if rater:
        taking.found.would += f"; {counted(labels, 'label')} kept as the judgments of {rater}"
    elif labels:
        taking.found.would += f"; the labels of {labels:,} are not kept"
    if not taking.only_looks and rater:
        study, _ = store_labels(report.run, rater, dialogues.labels, taking.upload.owner)
        return study.get_absolute_url()
    return "" if taking.only_looks else report.run.get_absolute_url()


DIALOGUES = Door(
    name="dialogues",
    lead="Dialogues made elsewhere become a run; labels of values that came with them may become "
    "the judgments of a rater.",
    takes="JSON Lines, a dialogue a line: in FULCRA's layout, or with id, prompt, answer, model, "
    "topic and language.",
    section="runs",
    command="import_dialogues",
    take=take_dialogues,
)
