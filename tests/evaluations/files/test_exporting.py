"""What is exported can be imported elsewhere, and scores are the same there."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Project
from evaluations.definitions.catalogue import SHIPPED, instrument, store
from evaluations.files.exporting import export_lines, export_scores, export_table, score_columns
from evaluations.files.importing import import_trials
from evaluations.instruments.kinds import KINDS
from evaluations.models import Answer, Cell, Endpoint, PromptPack, Run, Score, Turn
from evaluations.running.conversations import advance, resume
from evaluations.running.planning import Design, create_run
from tests.support.scores import add_score

pytestmark = pytest.mark.django_db

SCORE = ("number", "label", "outcome", "hit", "flags", "detail", "distance")
CONDITION = ("target", "with_goal", "induction", "value_place", "condition")


@pytest.fixture
def finished(make_run):
    """A run with a cell of every kind, complete."""
    run = make_run(
        targets=["prosocial", ""],
        with_goal=[True, False],
        value_places=["dialogue", "system"],
        own={
            "option_order": ["shuffled", "reversed"],
            "answer_format": ["free", "constrained"],
            "item_set": ["all"],
            "payoff_scale": [1.0, 7.5],
        },
        trials_per_cell=1,
    )
    advance(run)
    return run


def scores_of(run):
    return list(Score.objects.filter(trial__run=run).order_by("trial_id").values_list(*SCORE))


def test_exported_trials_are_the_same_when_imported_into_another_project(finished):
    lines = list(export_lines(Run.objects.filter(pk=finished.pk)))
    other = Project.objects.create(slug="other", name="Other")
    report = import_trials(other, lines, run_name="copy", instrument=instrument())
    assert report.rejected == [] and report.added == finished.trials.count() == len(lines)
    assert scores_of(report.run) == scores_of(finished)
    for copied, original in zip(report.run.cells.all(), finished.cells.all(), strict=True):
        for name in CONDITION:
            assert getattr(copied, name) == getattr(original, name)
    words = [
        list(Turn.objects.filter(trial__run=run).values_list("role", "step", "text", "call"))
        for run in (finished, report.run)
    ]
    assert words[0] == words[1]


def test_a_table_holds_the_same_trials(finished):
    table = "".join(export_table(Run.objects.filter(pk=finished.pk)))
    other = Project.objects.create(slug="other", name="Other")
    report = import_trials(
        other, StringIO(table), file_format="csv", run_name="copy", instrument=instrument()
    )
    assert report.rejected == [] and report.added == finished.trials.count()
    words = [
        list(Turn.objects.filter(trial__run=run).values_list("role", "step", "text", "call"))
        for run in (finished, report.run)
    ]
    assert words[0] == words[1]
    fields = ("number", "seed", "parameters", "is_simulated", "model_returned")
    assert list(report.run.trials.values_list(*fields)) == list(
        finished.trials.values_list(*fields)
    )


@pytest.fixture
def in_other_words(project):
    """A run of a pack that says it in French and the other's share first, on one line, of items
    with names and a task for each value, at payoffs that show fewer digits than they have;
    complete."""
    words = json.loads((SHIPPED / "prompt_packs" / "plain-en.json").read_text("utf-8"))
    words |= {"key": "autre", "name": "Autrement", "language": "fr"}
    words["item"]["option"] = "{letter}) {other} pour l'autre et {self} pour vous"
    words["item"] |= {"separator": " / ", "numbers": [f"question {n}" for n in "abcdefghijklmno"]}
    words["goal"]["paragraphs"] = "all"
    words["task"]["name"] = {value: f"Vous êtes {value}." for value in words["values"]}
    endpoint = Endpoint.objects.create(
        project=project,
        name="respondent",
        kind=Endpoint.Kind.SIMULATED,
        model="simulated",
        parameters={"angle": 30.0, "noise": 4.0, "seed": 0},
    )
    design = Design(
        targets=["prosocial", ""],
        with_goal=[True, False],
        own={"option_order": ["shuffled"], "item_set": ["all"], "payoff_scale": [333.333]},
        trials_per_cell=1,
    )
    pack = store(PromptPack, words, "autre.json")
    run = create_run(project, "autre", design, [endpoint], instrument(), pack)
    resume(run)
    advance(run)
    return run


@pytest.mark.parametrize("file_format", ["jsonl", "csv"])
def test_trials_of_a_pack_in_other_words_come_back_with_the_same_scores(
    in_other_words, file_format
):
    run = in_other_words
    export = {"jsonl": export_lines, "csv": export_table}[file_format]
    other = Project.objects.create(slug="other", name="Other")
    lines = list(export(Run.objects.filter(pk=run.pk)))
    source = StringIO("".join(lines)) if file_format == "csv" else lines
    report = import_trials(
        other, source, file_format=file_format, run_name="copy", instrument=instrument()
    )
    assert report.rejected == [] and report.added == run.trials.count() == 4
    assert scores_of(report.run) == scores_of(run)
    shown = [
        list(Answer.objects.filter(trial__run=one).values_list("item_number", "shown"))
        for one in (run, report.run)
    ]
    assert shown[0] == shown[1]


def test_an_exported_line_names_its_format_and_condition(finished):
    line = json.loads(next(export_lines(Run.objects.filter(pk=finished.pk))))
    assert line["format"] == "valuecheck-trial/1"
    assert (line["option_order"], line["simulated"]) == ("shuffled", True)


def test_trials_that_are_not_complete_are_not_exported(make_run):
    make_run()
    assert list(export_lines(Run.objects.all())) == []


def test_the_table_has_a_row_for_each_score_and_one_for_an_unscored_trial(make_run):
    run = make_run(trials_per_cell=2)
    advance(run)
    first = run.trials.first()
    Score.objects.filter(trial=first).delete()
    rows = list(csv.DictReader(StringIO("".join(export_scores(Run.objects.all())))))
    assert tuple(rows[0]) == score_columns([KINDS["svo"]]) and len(rows) == 2
    assert rows[0]["angle"] == "" and rows[0]["model"] == "simulated"
    assert float(rows[1]["angle"]) == Score.objects.get().number


def test_the_table_says_which_version_of_a_metric_counts(make_run):
    run = make_run(trials_per_cell=2)
    advance(run)
    old = Score.objects.first().metric.version
    add_score(run.trials.first(), "svo-slider", "newer", label="prosocial")
    rows = list(csv.DictReader(StringIO("".join(export_scores(Run.objects.all())))))
    said = {(row["version"], row["in_force"]) for row in rows}
    assert said == {(old, "True"), ("newer", "False")}


def test_a_name_that_looks_like_a_formula_is_text_in_the_table(make_run):
    advance(make_run("=cmd", trials_per_cell=1))
    rows = list(csv.DictReader(StringIO("".join(export_scores(Run.objects.all())))))
    assert rows[0]["run"] == "'=cmd"


def test_the_command_writes_a_file_whole(finished, tmp_path):
    out = tmp_path / "trials.jsonl"
    call_command("export_trials", "--run", finished.name, "--out", str(out))
    assert len(out.read_text(encoding="utf-8").splitlines()) == finished.trials.count()
    assert list(tmp_path.iterdir()) == [out]
    screen = StringIO()
    call_command("export_trials", "--format", "scores", stdout=screen)
    assert len(screen.getvalue().splitlines()) == finished.trials.count() + 1


def test_an_unknown_run_is_named(project):
    with pytest.raises(CommandError, match="no run 'nothing'"):
        call_command("export_trials", "--run", "nothing")


def test_partial_imports_the_good_lines_and_hands_the_bad_ones_back(make_run, tmp_path):
    advance(make_run(trials_per_cell=3))
    good = list(export_lines(Run.objects.all()))
    Project.objects.create(slug="other", name="Other")
    file = tmp_path / "mixed.jsonl"
    file.write_text("\n".join([good[0], '{"model": "m"}', *good[1:], "nonsense"]))
    problems = StringIO()
    options = ["--project", "other", "--partial"]
    with pytest.raises(CommandError, match=r"2 trials rejected; they are in .*mixed.rejects.jsonl"):
        call_command("import_trials", str(file), *options, stderr=problems, stdout=StringIO())
    assert "line 2: lacks" in problems.getvalue() and "line 5: is not JSON" in problems.getvalue()
    rejects = tmp_path / "mixed.rejects.jsonl"
    assert rejects.read_text() == '{"model": "m"}\nnonsense\n'
    assert Run.objects.get(name="mixed").trials.count() == 3


def test_partial_with_no_good_line_leaves_nothing(project):
    report = import_trials(
        project, ["nonsense"], run_name="bad", instrument=instrument(), keep_good=True
    )
    assert report.run is None and not Run.objects.exists() and not Cell.objects.exists()
    assert not Endpoint.objects.exists()


def test_names_hide_nothing_in_the_table(make_run):
    run = make_run(trials_per_cell=1)
    advance(run)
    Run.objects.update(name="m\x1b[31m\u202ex")
    rows = list(csv.DictReader(StringIO("".join(export_scores(Run.objects.all())))))
    assert rows[0]["run"] == "m‹U+001B›[31m‹U+202E›x"
