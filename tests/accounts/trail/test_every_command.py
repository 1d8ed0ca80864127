"""Every command that changes something writes its entries as a command's, or says why not."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from accounts.models import AuditEvent, Door
from annotations.studies.choosing_metric import choices
from evaluations.definitions.catalogue import SHIPPED
from evaluations.models import Score
from tests.accounts.trail.scene import (
    EntryRefused,
    Scene,
    differing,
    last_entry,
    no_entry_is_written,
    rows_of_all,
)
from tests.support.world import TRIALS
from tests.test_repository import OUR_APPS

READS = "only reads"
ANSWERS = "needs a model: begun and ended by entries of their own (tests/evaluations/scoring)"
NO_ENTRY = {
    "export_judgments": READS,
    "export_trials": READS,
    "score_svo": "works on files, without a database",
    "read_answers": "works on files, without a database",
    "serve_local_model": "serves a model, without a database",
    "worker": "does what others asked for; runs that end by it have entries as a worker's",
    "demo": "calls the other commands and acts",
    "score_with_model": ANSWERS,
    "reread_with_model": ANSWERS,
}
PROJECT = ("--project", "lab")


def import_trials(scene, folder):
    return ("import_trials", str(TRIALS), *PROJECT, "--run", "again")


def import_judgments(scene, folder):
    file = folder / "judgments.csv"
    file.write_text("item,rater,value\n1,a,yes\n1,b,no\n2,a,yes\n2,b,yes\n", "utf-8")
    return (
        "import_judgments",
        str(file),
        *PROJECT,
        "--study",
        "Imported",
        "--scale",
        "nominal",
        "--categories",
        "yes",
        "no",
    )


def import_dialogues(scene, folder):
    file = folder / "dialogues.jsonl"
    said = {"id": "a", "prompt": "Why?", "answer": "Be kind.", "model": "m"}
    file.write_text(json.dumps(said | {"value_types": ["benevolence: +1"]}), "utf-8")
    return ("import_dialogues", str(file), *PROJECT, "--run", "said", "--labels-as", "people")


def labelled(folder):
    """A run 'said' of dialogues that people labelled, enough to learn from."""
    file = folder / "labelled.jsonl"
    lines = [
        {
            "id": f"{sign}{turn}",
            "prompt": f"Prompt {turn}?",
            "answer": f"{words} {turn}",
            "model": "m",
            "value_types": [f"security: {sign}"] if sign else ["power: +1"],
        }
        for turn in range(20)
        for sign, words in (("+1", "Stay safe and careful."), ("", "Take control of them."))
    ]
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    call_command("import_dialogues", str(file), *PROJECT, "--run", "said", "--labels-as", "people")


def train_evaluator(scene, folder):
    labelled(folder)
    options = ("--run", "said", "--labels", "people", "--name", "ours")
    return ("train_evaluator", *options, *PROJECT)


def score_values(scene, folder):
    call_command(*train_evaluator(scene, folder))
    return ("score_values", "--run", "said", "--metric", "ours", *PROJECT)


def create_study(scene, folder):
    return ("create_study", "--run", "trials", "--name", "Another", *PROJECT)


def study_metric(scene, folder):
    return ("study_metric", scene.study.slug, choices(scene.study)[1][0], *PROJECT)


def run_evaluation(scene, folder):
    asked = ("--simulated", "30", "--values", "prosocial", "--trials", "1", "--background")
    return ("run_evaluation", *asked, "--name", "asked", *PROJECT)


def change_run(scene, folder):
    scene.planned()
    return ("change_run", "planned", *PROJECT, "extend", "2")


def batch_file(scene, folder):
    scene.by_files()
    return ("batch_file", "by files", *PROJECT, "export", str(folder / "questions.jsonl"))


def rescore_trials(scene, folder):
    Score.objects.all().delete()
    return ("rescore_trials", *PROJECT)


def agreement_report(scene, folder):
    return ("agreement_report", scene.study.slug, "--replicates", "100", *PROJECT)


def createproject(scene, folder):
    return ("createproject", "new-lab", "New lab", "--administrator", "researcher")


def addmember(scene, folder):
    return ("addmember", "lab", "stranger", "rater")


EXAMPLES = {
    "createproject": (createproject, ["project made", "joined the project"]),
    "addmember": (addmember, ["joined the project"]),
    "import_trials": (import_trials, ["import trials"]),
    "import_judgments": (import_judgments, ["study imported", "study complete"]),
    "import_dialogues": (import_dialogues, ["import trials", "labels imported", "study complete"]),
    "train_evaluator": (train_evaluator, ["evaluator trained"]),
    "score_values": (score_values, ["score anew"]),
    "create_study": (create_study, ["study created"]),
    "study_metric": (study_metric, ["metric chosen"]),
    "run_evaluation": (run_evaluation, ["add endpoint", "plan run", "resume run"]),
    "change_run": (change_run, ["extend run"]),
    "batch_file": (batch_file, ["export batch file"]),
    "rescore_trials": (rescore_trials, ["score anew"]),
    "agreement_report": (agreement_report, ["kept"]),
}
"""How to call each, and the acts it does, each with its entry."""

DERIVED = {"analysis.DataSet"}
"""Content by its hash, made from what is there: nothing is changed by one that nobody uses."""


def ours() -> set[str]:
    return {name for name, app in get_commands().items() if app in OUR_APPS}


def test_every_command_is_known():
    assert ours() - set(EXAMPLES) - set(NO_ENTRY) == set()


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_command_writes_its_entries_and_says_that_it_was_one(world, cast, tmp_path, name):
    example, acts = EXAMPLES[name]
    command = example(Scene(cast, world), tmp_path)
    last = last_entry()
    call_command(*command)
    entries = AuditEvent.objects.filter(pk__gt=last).order_by("pk")
    assert [entry.verb for entry in entries if not entry.verb.startswith("dispute")] == acts
    assert {entry.door for entry in entries} == {Door.COMMAND}
    assert all(entry.by.endswith(f": {name}") and entry.actor is None for entry in entries)


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - {"run_evaluation"}))
def test_nothing_stays_of_a_command_whose_entry_is_not_written(world, cast, tmp_path, name):
    command = EXAMPLES[name][0](Scene(cast, world), tmp_path)
    before = rows_of_all()
    with no_entry_is_written(), pytest.raises(EntryRefused):
        call_command(*command)
    assert set(differing(before, rows_of_all())) <= DERIVED


def test_a_definition_of_ones_own_has_an_entry_where_a_command_stores_it(world, tmp_path: Path):
    path = SHIPPED / "instruments" / "svo-slider.json"
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"version": "2"}), "utf-8")
    call_command("import_trials", str(TRIALS), *PROJECT, "--run", "b", "--instrument", str(file))
    entry = AuditEvent.objects.filter(verb="add definition").latest("pk")
    assert entry.detail["after"]["version"] == "2"
