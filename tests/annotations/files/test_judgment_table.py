"""What was judged leaves as one table, and comes back from it as it was."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from annotations.files.judgment_table import judgment_table
from annotations.models import Assignment, Item, Judgment, Rater, Study
from annotations.studies.guidelines import revise
from tests.annotations.conftest import make_text_study

pytestmark = pytest.mark.django_db

WHEN = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
FURTHER = [
    {"key": "tone", "kind": "nominal", "prompt": "Which tone?", "categories": ["warm", "cold"]},
    {"key": "warmth", "kind": "interval", "prompt": "How warm?"},
    {"key": "sides", "kind": "vector", "prompt": "For whom?", "categories": ["self", "other"]},
]
SCALES = {
    "nominal": (["A", "=B", "C"], ["A", "=B", "C"]),
    "ordinal": (["1", "2", "3"], ["3", "1", "2"]),
    "interval": ([], ["-3", "12.5", "7"]),
    "vector": (["one", "two"], ["1,0", "-1,1", "0,0"]),
}


def judge(item, rater, label, *, round=0, state="judged", **fields):
    regular = item.kind == Item.Kind.REGULAR and not round
    assignment = Assignment.objects.create(
        item=item,
        rater=rater,
        state=state,
        round=round,
        is_regular=regular,
        reserved_at=WHEN,
        expires_at=WHEN + timedelta(hours=1),
        closed_at=WHEN + timedelta(minutes=2),
    )
    number = float(label) if item.study.scale == "interval" else None
    judgment = Judgment.objects.create(
        assignment=assignment,
        item=item,
        rater=rater,
        label=label,
        number=number,
        is_regular=regular,
        **fields,
    )
    if regular and state == "judged":
        item.taken += 1
        item.save()
    return judgment


def make(cast, scale="nominal"):
    """A study in which everything there is was judged: two items, a repeat, a control of each
    kind; by two raters and an excluded one, whose place was given on."""
    categories, labels = SCALES[scale]
    study = make_text_study(
        cast.project,
        2,
        kind="declared",
        scale=scale,
        categories=categories,
        further_questions=FURTHER,
        overlap=3,
        repeat_share=0.5,
        question="Which one?",
    )
    guideline = revise(study, None, instructions="Look.")
    people = [
        Rater.objects.create(
            study=study,
            pseudonym=name,
            kind="simulated" if name == "bob" else "person",
            language=language,
            guideline=guideline,
            consented_at=WHEN,
            user=user,
        )
        for name, language, user in (
            ("ann", "es", cast.rater),
            ("bob", "", None),
            ("-cleo", "ar", cast.second_rater),
        )
    ]
    ann, bob, cleo = people
    cleo.excluded_at, cleo.excluded_reason = WHEN, "Too fast; always A"
    cleo.save()
    first, second = study.items.order_by("position")
    details = {
        "confidence": 4,
        "seconds": 12.25,
        "away_seconds": 1.5,
        "focus_losses": 2,
        "comment": '=1+1, "really"\nyes',
        "guideline": guideline,
        "answers": {"tone": "cold", "warmth": -2.5, "sides": "-1,0"},
    }
    judge(first, ann, labels[0], **details)
    judge(second, ann, labels[1])
    judge(first, bob, labels[0], seconds=3.0, answers={"tone": "warm"})
    judge(second, bob, labels[2])
    judge(first, cleo, labels[2], state="withdrawn")
    judge(second, cleo, labels[1])
    judge(first, ann, labels[1], round=1, confidence=2)
    for position, kind in enumerate(["practice", "qualification", "gold", "attention"], start=3):
        item = Item.objects.create(
            study=study,
            kind=kind,
            position=position,
            text=f"a {kind} item",
            expected=labels[0],
            places=0,
        )
        judge(item, ann, labels[position % 3], comment=f"{kind}!")
    return study


def rows_of(study):
    return list(csv.DictReader(io.StringIO("".join(judgment_table(study)), newline="")))


@pytest.mark.parametrize("scale", SCALES)
def test_everything_that_was_judged_comes_back_from_its_table(cast, tmp_path, scale):
    study = make(cast, scale)
    table, questions, out = tmp_path / "j.csv", tmp_path / "q.json", io.StringIO()
    call_command("export_judgments", study=study.name, out=table, questions=questions, stdout=out)
    assert json.loads(questions.read_text()) == FURTHER
    command = ["--scale", scale, *(["--categories", *study.categories] if study.categories else [])]
    assert f"Read again with: import_judgments {table}" in out.getvalue()
    options = ["--study", "again", "--project", "elsewhere", "--further", str(questions)]
    call_command("import_judgments", str(table), *command, *options, stdout=out)
    assert "Ignored columns: revision, trial, answer." in out.getvalue()
    again = Study.objects.get(name="again")
    assert again.further_questions == FURTHER
    assert [row | {"rater_kind": ""} for row in rows_of(again)] == [
        row | {"rater_kind": ""} for row in rows_of(study)
    ]
    for one in (study, again):
        counted = Judgment.objects.counted().filter(item__study=one)
        assert counted.count() == 4
    kinds = dict(again.raters.values_list("pseudonym", "kind"))
    assert kinds == {"ann": "imported", "bob": "simulated", "-cleo": "imported"}
    places = list(again.items.order_by("position").values_list("places", "taken")[:2])
    assert places == [(2, 2), (3, 3)]


def test_every_row_says_what_it_is_of(cast):
    rows = rows_of(make(cast))
    stages = [row["stage"] for row in rows]
    assert stages.count("judging") == 6
    assert stages.count("repeat") == 1
    assert stages[-4:] == ["practice", "qualification", "gold", "attention"]
    left_out = {(row["rater"], row["item"]): row["left_out"] for row in rows if row["left_out"]}
    assert left_out == {
        ("'-cleo", "text-1"): "rater excluded: Too fast; always A; place given on",
        ("'-cleo", "text-2"): "rater excluded: Too fast; always A",
    }
    (said,) = [row for row in rows if row["confidence"] == "4"]
    assert said["comment"] == '\'=1+1, "really"\nyes'
    assert (said["guideline"], said["consent"], said["language"]) == ("1", "1", "es")
    assert (said["answer.tone"], said["answer.warmth"]) == ("cold", "-2.5")
    assert said["shown_at"] == WHEN.isoformat()


@pytest.mark.parametrize("how", ["withdrawn", "deleted"])
def test_comments_of_people_who_withdrew_or_were_deleted_are_gone(cast, how):
    study = make(cast)
    fields = {"stage": "withdrawn"} if how == "withdrawn" else {"user": None}
    study.raters.filter(pseudonym="ann").update(**fields)
    rows = rows_of(study)
    assert not any(row["comment"] for row in rows)
    assert len(rows) == 11


def test_nothing_in_the_table_leads_to_a_person(cast):
    text = "".join(judgment_table(make(cast)))
    assert cast.rater.username not in text.replace("rater", "", 1).split(",")
    assert cast.rater.email not in text


def test_an_unknown_study_is_named(cast):
    make_text_study(cast.project, 1)
    with pytest.raises(CommandError, match="no study is called 'nothing'; there are: study"):
        call_command("export_judgments", study="nothing")


@pytest.mark.parametrize(
    ("columns", "row", "words"),
    [
        ("confidence", "6", "the confidence '6' is no whole number from 1 to 5"),
        ("seconds", "-1", "the seconds '-1' is no number from 0"),
        ("sent_at", "yesterday", "the sent_at 'yesterday' is no time such as"),
        (
            "sent_at",
            "2026-03-01T12:30:00",
            "the sent_at '2026-03-01T12:30:00' is a time without its zone",
        ),
        ("left_out", "dull", "the left_out 'dull' is neither"),
        ("stage", "warm-up", "the stage 'warm-up' is none of: judging, repeat, practice"),
        ("stage", "gold", "the expected answer is empty"),
        ("stage", "repeat", "repeats a judgment that is not in the file"),
    ],
)
def test_a_cell_that_cannot_be_taken_refuses_the_file(cast, tmp_path, columns, row, words):
    file = tmp_path / "j.csv"
    file.write_text(f"item,rater,value,{columns}\n1,ann,yes,\n2,ann,yes,{row}\n")
    problems = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was stored"):
        call_command(
            *("import_judgments", str(file), "--study", "s", "--scale", "nominal"),
            *("--categories", "yes", "no", "--project", "lab"),
            stderr=problems,
        )
    assert f"line 3: {words}" in problems.getvalue()
    assert not Study.objects.exists()


def test_what_is_said_of_a_rater_must_be_the_same_throughout(cast, tmp_path):
    file = tmp_path / "j.csv"
    file.write_text("item,rater,value,language\n1,ann,yes,es\n2,ann,yes,\n3,ann,yes,de\n")
    problems = io.StringIO()
    with pytest.raises(CommandError):
        call_command(
            *("import_judgments", str(file), "--study", "s", "--scale", "nominal"),
            *("--categories", "yes", "no", "--project", "lab"),
            stderr=problems,
        )
    assert "line 4: this rater has another language in an earlier line" in problems.getvalue()


def test_researchers_download_the_table_from_the_page_of_the_study(cast):
    study = make(cast)
    client = cast.client("researcher")
    page = client.get(f"/p/lab/studies/{study.slug}/").content.decode()
    address = f"/p/lab/studies/{study.slug}/judgments.csv"
    assert address in page
    response = client.get(address)
    assert "".join(part.decode() for part in response.streaming_content) == "".join(
        judgment_table(study)
    )
    assert (
        address not in cast.client("reviewer").get(f"/p/lab/studies/{study.slug}/").content.decode()
    )
