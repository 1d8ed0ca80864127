"""The command that imports judgments, on files of other programs: the same rules as for our own."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from annotations.models import AutomatedLabel, Judgment, Study
from tests.annotations.interchange.fixtures import ALL, MADE

pytestmark = pytest.mark.django_db

QUESTION = {"label-studio": ["stance"], "argilla": ["stance"]}


def run(*arguments):
    """Call the command; what it printed, its problems, and how it failed."""
    out, problems = StringIO(), StringIO()
    scale = ["--scale", "nominal", "--categories", "agree,disagree,other", "--project", "lab"]
    words = [*map(str, arguments), "--study", "theirs", *scale]
    try:
        call_command("import_judgments", *words, stdout=out, stderr=problems)
    except CommandError as error:
        problems.write(f"\n{error}")
    return out.getvalue(), problems.getvalue()


@pytest.mark.parametrize(("key", "file"), ALL.items())
def test_a_file_of_each_program_becomes_a_study(cast, key, file):
    asked = ["--value-from", *QUESTION[key]] if key in QUESTION else []
    out, problems = run(MADE / file, *asked)
    count = 18 if key in ("argilla", "parquet") else 17
    assert f"{count} judgments of 6 items by 3 raters" in out and problems == ""
    assert Judgment.objects.filter(item__study__name="theirs").count() == count


def test_labels_come_from_the_same_file(cast):
    file = MADE / "argilla/nested.json"
    out, _ = run(file, "--automated", file, "--value-from", "stance")
    assert "6 automated labels" in out
    assert set(AutomatedLabel.objects.values_list("scorer", flat=True)) == {"words-1"}


def test_only_checking_stores_nothing(cast):
    out, _ = run(MADE / "potato", "--check")
    assert "Can be imported; nothing was stored: 17 judgments" in out
    assert not Study.objects.exists()


def test_what_is_left_out_is_named_before_anything_is_stored(cast):
    out, _ = run(MADE / "label-studio.json", "--value-from", "stance")
    assert "label-studio.json: Left out: task 13: nobody annotated it." in out


def test_a_problem_refuses_the_file(cast):
    _, problems = run(MADE / "label-studio.json", "--value-from", "sure")
    assert "task 7, annotation 19: the value '1' is none of: agree, disagree, other" in problems
    assert "17 problems. Nothing was stored." in problems and not Study.objects.exists()


def test_a_file_that_fits_no_format_says_what_was_tried_and_why_not(cast, tmp_path):
    file = tmp_path / "other.json"
    file.write_text('[{"words": "a"}]')
    _, problems = run(file)
    assert "the header lacks item, rater, value" in problems
    assert "no export of Label Studio: its first element has no data" in problems
    assert "no responses of Qualtrics" in problems


def test_a_folder_that_fits_no_format_says_so(cast, tmp_path):
    _, problems = run(tmp_path)
    assert "is a folder without judgments: no export of Label Studio" in problems


def test_a_format_that_is_named_and_wrong_says_why(cast):
    _, problems = run(MADE / "potato_exports/potato.jsonl", "--format", "label-studio")
    assert "the file is no export of Label Studio: it is a JSON Lines, no JSON list" in problems
