"""Dialogues come in as a run with their labels as judgments; again adds nothing."""

import csv
import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from annotations.models import Item, Judgment, Study
from evaluations.files.exporting import export_lines, export_scores
from evaluations.files.importing import import_trials
from evaluations.models import Run, Score, Trial

pytestmark = pytest.mark.django_db

LINES = [
    {"id": "a", "prompt": "Why?", "answer": "Be kind.", "model": "m", "topic": "advice"},
    {"id": "a", "prompt": "Why?", "answer": "Be kind.", "model": "n"},
    {"id": "b", "prompt": "How?", "answer": "", "model": "m"},
]
LABELS = [["benevolence: +1", "power: -1"], ["benevolence: -1", "benevolence: +1"], []]
LABELLED = [line | {"value_types": said} for line, said in zip(LINES, LABELS, strict=True)]


@pytest.fixture
def load(cast, tmp_path, capsys):
    def load(lines, *options):
        file = tmp_path / "said.jsonl"
        file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
        call_command("import_dialogues", str(file), "--project", "lab", "--run", "said", *options)
        return capsys.readouterr()

    return load


def test_dialogues_are_trials_of_their_prompts_and_twice_adds_nothing(load):
    assert "3 dialogues added" in load(LINES).out
    assert "0 dialogues added, 3 were already there" in load(LINES).out
    assert list(Trial.objects.values_list("prompt", "cell__endpoint__model")) == [
        ("a", "m"),
        ("a", "n"),
        ("b", "m"),
    ]


def test_an_empty_answer_is_unscorable_and_never_zero(load):
    load(LINES)
    scores = dict(Score.objects.values_list("trial__prompt", "outcome"))
    assert scores == {"a": "scored", "b": "unscorable"}


def test_labels_are_what_a_rater_judged(load):
    said = load(LABELLED, "--labels-as", "people")
    study = Study.objects.get(name="said: labels")
    assert (study.kind, study.state, study.overlap) == ("values", "closed", 1)
    judged = list(Judgment.objects.order_by("item__position").values_list("label", "comment"))
    assert judged == [
        ("0,0,0,0,-1,0,0,0,1,0", ""),
        ("0,0,0,0,0,0,0,0,1,0", "both signs, the last counts: benevolence"),
    ]
    assert "line 3: value_types: there are no labels" in said.err
    load(LABELLED, "--labels-as", "people")
    assert Judgment.objects.count() == 2


def test_another_rater_judges_the_same_items(load):
    load(LABELLED, "--labels-as", "people")
    load(LABELLED, "--labels-as", "others")
    assert Study.objects.get().overlap == 2
    assert list(Item.objects.values_list("places", "taken")) == [(2, 2)] * 2


def test_a_bad_line_leaves_nothing_behind_and_every_one_is_named(load, capsys):
    with pytest.raises(CommandError, match="2 lines rejected, nothing was imported"):
        load([*LINES, {"id": 1}, {"prompt": ""}])
    assert "line 4: has neither" in (err := capsys.readouterr().err) and "line 5: prompt" in err
    assert not Run.objects.exists()


def test_the_good_lines_go_in_on_request(load, tmp_path):
    with pytest.raises(CommandError, match="1 line rejected; they are in"):
        load([*LINES, {"id": 1}], "--partial")
    assert Trial.objects.count() == 3
    assert (tmp_path / "said.rejects.jsonl").read_text() == '{"id": 1}\n'


def test_labels_where_there_are_none_are_refused(load):
    with pytest.raises(CommandError, match="no line of the file carries a label"):
        load(LINES, "--labels-as", "people")
    assert not Run.objects.exists()


def test_scores_go_out_with_the_ids_and_a_column_for_each_value(load):
    load(LINES)
    rows = list(csv.DictReader(StringIO("".join(export_scores(Run.objects.all())))))
    assert [row["id"] for row in rows] == ["a", "a", "b"]
    assert [row["power"] for row in rows] == ["0", "0", ""]


def test_its_trials_go_out_and_come_back(cast, load):
    load(LINES)
    run = Run.objects.get()
    lines = list(export_lines(Run.objects.all()))
    report = import_trials(cast.project, lines, run_name="copy", instrument=run.instrument)
    assert (report.added, report.rejected) == (3, [])
    shown = list(run.trials.order_by("pk").values_list("prompt", "answers__shown"))
    copied = report.run.trials.order_by("pk").values_list("prompt", "answers__shown")
    assert list(copied) == shown


def test_the_page_of_an_answer_to_no_options_speaks_of_no_choice(load, cast):
    load(LINES)
    said = []
    for trial in Trial.objects.order_by("pk"):
        page = cast.client("researcher").get(f"/p/lab/trials/{trial.pk}/").content.decode()
        foot = page[page.index("turn__foot") :].partition("</footer>")[0]
        said.append(" ".join(re.sub(r"<[^>]*>", " ", foot.partition(">")[2]).split()))
    assert said[0] == "answered 2 words"
    assert said[2] == "nothing said the answer is empty: there is nothing to score"
