"""The kinds of files that come in by the browser, by the word that stands in their addresses."""

from annotations.studies.imports.found import Door
from annotations.studies.imports.items import take_controls, take_texts
from annotations.studies.imports.judged import take_judgments
from annotations.studies.imports.trials import take_trials
from annotations.studies.imports.values.dialogues import DIALOGUES

DOORS = {
    "trials": Door(
        name="trials",
        lead="Conversations with models that ran elsewhere become a run, read and scored as trials "
        "of our own.",
        takes="JSON Lines or CSV of ours, a log of inspect_ai (.eval, .json), samples of "
        "lm-evaluation-harness, or Parquet. What it is is told by its content.",
        section="runs",
        command="import_trials",
        take=take_trials,
    ),
    "dialogues": DIALOGUES,
    "judgments": Door(
        name="judgments",
        lead="What people judged elsewhere becomes a closed study with disputes and a report.",
        takes="A table with the columns item, rater and value, or a file of Label Studio, Argilla, "
        "doccano, Potato or Qualtrics, or Parquet. What it is is told by its content.",
        section="studies",
        command="import_judgments",
        take=take_judgments,
    ),
    "texts": Door(
        name="texts",
        lead="Texts of your own become a study in draft, for raters to judge.",
        takes="CSV with the columns id, text and, if wanted, language and weight.",
        section="studies",
        command="create_study --texts",
        take=take_texts,
    ),
    "controls": Door(
        name="control items",
        lead="Items with a known answer teach, test and check the raters of a study.",
        takes="CSV with the columns kind, expected, and trial (with answer) or text; feedback if "
        "wanted.",
        section="studies",
        command="",
        take=take_controls,
    ),
}
