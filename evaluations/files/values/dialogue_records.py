"""The dialogues of a file as trials, and the labels of values that came with them. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field

from evaluations.files.records import Record, Records
from evaluations.files.trial_files import FileTrial, parse_object
from evaluations.instruments.base import InstrumentDefinition
from evaluations.instruments.values.conversation import PROMPT_STEP
from evaluations.instruments.values.dialogues import Dialogue, parse_dialogue
from evaluations.instruments.values.labels import Labels
from evaluations.text.file_lines import raw_lines
from evaluations.text.table_reader import Notes, Problem, Problems, Source


@dataclass
class Dialogues:
    """Opens a file of dialogues (see `importing.import_trials`) and remembers, of those that could
    be read, the labels by the key of the trial, and by line what is wrong with labels."""

    labels: dict[str, Labels] = field(default_factory=dict)
    remarks: list[Problem] = field(default_factory=list)

    def open(self, source: Source, notes: Notes, on_read: Callable[[int], object]) -> Records:
        """One record a line; blank lines are skipped. Raises RejectedFile for what is no text."""
        return Records(
            Record(number, line, self._reads(number, line))
            for number, line in enumerate(raw_lines(source, notes, Problems(), on_read), start=1)
            if line.strip()
        )

    def _reads(self, number: int, line: str | bytes) -> Callable[[InstrumentDefinition], FileTrial]:
        def read(instrument: InstrumentDefinition) -> FileTrial:
            dialogue = parse_dialogue(line)
            trial = parse_object(_as_trial(dialogue), instrument)
            self.remarks += [Problem(number, remark) for remark in dialogue.remarks]
            if dialogue.labels is not None:
                self.labels[trial.source_key] = dialogue.labels
            return trial

        return read


def _as_trial(dialogue: Dialogue) -> dict[str, object]:
    """A line of a trial file (docs/reference/trial-files.md)."""
    shown = {"prompt": dialogue.prompt, **dialogue.facts}
    question = {"role": "user", "content": dialogue.prompt, "step": PROMPT_STEP, "options": shown}
    return {
        "model": dialogue.model,
        "target_value": None,
        "trial": 1,
        "prompt": dialogue.id,
        "messages": [question, {"role": "assistant", "content": dialogue.answer}],
    }
