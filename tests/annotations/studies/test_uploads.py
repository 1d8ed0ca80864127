"""A file sent by the browser: understood first, stored when its owner says so, or not at all."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from annotations import tasks
from annotations.models import Judgment, Study, Upload
from annotations.studies.imports import waiting
from evaluations.definitions.catalogue import SHIPPED
from evaluations.definitions.catalogue import instrument as shipped_instrument
from evaluations.models import Run, Trial

pytestmark = pytest.mark.django_db

TRIALS = (SHIPPED / "smollm2" / "smollm2_trials_reversed.jsonl").read_bytes()
JUDGED = b"item,rater,value\ni1,anna,yes\ni1,bert,no\ni2,anna,yes\n"


def send(client, what, content, name="made.csv", **fields):
    """The page that answers to a file sent with these fields."""
    given = {"file": SimpleUploadedFile(name, content)} | fields
    return client.post(reverse("upload_new", args=["lab", what]), given, follow=True)


def send_trials(client, content, name="made.jsonl", **fields):
    given = {"instrument": shipped_instrument().pk, "run": "Made"} | fields
    return send(client, "trials", content, name, **given)


def send_judgments(client, content, name="made.csv", **fields):
    given = {"study": "Made", "scale": "nominal", "categories": "yes\nno"} | fields
    return send(client, "judgments", content, name, **given)


def act(client, button="import"):
    address = reverse("upload_act", args=["lab", Upload.objects.first().pk])
    return client.post(address, {button: "1"}, follow=True)


def file_of(client, part):
    """The file of that part of the newest upload, and its name."""
    answer = client.get(reverse("upload_file", args=["lab", Upload.objects.first().pk, part]))
    return answer.getvalue(), answer.headers["Content-Disposition"]


@pytest.fixture
def client(cast):
    return cast.client("researcher")


def text(answer):
    return answer.content.decode()


def test_trials_are_understood_before_anything_is_stored(client):
    page = text(send_trials(client, TRIALS))
    assert "Nothing is stored yet" in page
    assert "8 trials added to the run Made; 0 already there, 0 rejected" in page
    assert not Run.objects.exists() and not Trial.objects.exists()
    assert not AuditEvent.objects.filter(verb="import trials").exists()


def test_what_was_foretold_of_trials_is_what_importing_does(client, cast):
    send_trials(client, TRIALS)
    page = act(client)
    run = Run.objects.get()
    assert page.redirect_chain[-1][0] == run.get_absolute_url()
    assert (run.name, run.trials.count(), run.created_by) == ("Made", 8, cast.researcher)
    assert AuditEvent.objects.get(verb="import trials").actor == cast.researcher


def test_what_was_imported_waits_no_more_and_says_what_it_became(client):
    send_trials(client, TRIALS)
    act(client)
    upload = Upload.objects.get()
    assert not upload.pieces.exists()
    page = text(client.get(upload.get_absolute_url()))
    assert f'href="{Run.objects.get().get_absolute_url()}"' in page
    assert 'name="import"' not in page


def test_a_run_is_named_after_its_file_where_nothing_else_is_said(client):
    send_trials(client, TRIALS, "my trials.v2.jsonl", run="")
    act(client)
    assert Run.objects.get().name == "my trials.v2"


def test_a_file_imported_twice_adds_nothing(client):
    for _ in range(2):
        send_trials(client, TRIALS)
        page = text(act(client))
    assert "is imported" in page
    assert Trial.objects.count() == 8


def test_a_bad_trial_keeps_the_others_out_and_is_named(client):
    page = text(send_trials(client, TRIALS + b'{"model": "m"}\n'))
    assert "cannot be imported as it is" in page
    assert "line 9" in page
    assert 'name="import"' not in page
    act(client)
    assert not Run.objects.exists()


def test_the_good_trials_go_in_on_request_and_the_bad_ones_can_be_downloaded(client):
    bad = b'{"model": "m"}\n'
    page = text(send_trials(client, TRIALS + bad, partial="on"))
    assert "8 trials added to the run Made; 0 already there, 1 rejected" in page
    content, name = file_of(client, "rejects")
    assert content == bad
    assert 'filename="made.rejects.jsonl"' in name
    act(client)
    assert Trial.objects.count() == 8


def test_judgments_become_a_study_when_their_owner_says_so(client, cast):
    page = text(send_judgments(client, JUDGED))
    assert "A closed study Made: 3 judgments of 2 items by 2 raters" in page
    assert "anna" in page
    assert not Study.objects.exists()
    page = act(client)
    study = Study.objects.get()
    assert page.redirect_chain[-1][0] == study.get_absolute_url()
    assert Judgment.objects.filter(item__study=study).count() == 3
    assert AuditEvent.objects.filter(actor=cast.researcher, subject_id=str(study.pk)).exists()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"item,rater,value\n", "a.csv", "the file holds no judgment"),
        (b"item,rater,value\ni1,anna,maybe\n", "a.csv", "line 2"),
        (b"item,rater\ni1,anna\n", "a.csv", "value"),
        (b"item,rater,value\ni1,anna,yes\ni1,anna,no\n", "a.csv", "line 3"),
        (b'item,rater,value\n"i1,anna,yes\n', "a.csv", "line 2"),
        (b"item,rater,value\ni1,an\x00na,yes\n", "a.csv", "line 2"),
        (b"\x50\x4b\x03\x04 no archive", "a.xlsx", "archive"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe\x00", "a.png", ""),
        (b"\xff\xfei\x00t\x00", "a.csv", ""),
    ],
)
def test_a_broken_table_is_told_what_is_wrong_and_leaves_nothing(client, content, name, words):
    answer = send_judgments(client, content, name)
    assert answer.status_code == 200
    page = text(answer)
    assert words in page
    assert 'name="import"' not in page
    assert not Study.objects.exists()


def test_a_workbook_is_told_to_be_saved_as_csv_whatever_its_name(client):
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    page = text(send_judgments(client, book.getvalue(), "judgments.csv"))
    assert "a workbook of a spreadsheet: save its sheet as CSV" in page
    assert 'name="import"' not in page


def test_a_nul_is_shown_as_what_it_is_not(client):
    send_judgments(client, b"item,rater,value\ni1,an\x00na,yes\n")
    assert Upload.objects.get().found["rows"][1] == ["i1", "an\ufffdna", "yes"]


def test_columns_between_semicolons_are_shown_apart(client):
    send_judgments(client, b"item;rater;value\ni1;anna;yes\n")
    assert Upload.objects.get().found["rows"][1] == ["i1", "anna", "yes"]


def test_a_file_of_nothing_but_bad_trials_is_not_read_to_its_end(client, monkeypatch):
    monkeypatch.setattr("evaluations.files.reading.MOST_REJECTED", 3)
    send_trials(client, b"x\n" * 1000)
    found = Upload.objects.get().found
    assert found["total"] == 4
    assert found["problems"][3] == (
        "line 4: 3 trials were rejected before this one; nothing was read after it"
    )


def test_what_was_converted_is_said_before_anything_is_stored(client):
    page = text(send_judgments(client, b"item;rater;value\r\ni1;anna;yes\r\n"))
    assert "semicolon" in page
    assert "1 judgment of 1 item by 1 rater" in page


def test_a_file_of_another_program_is_told_by_its_content(client):
    task = {
        "id": 1,
        "data": {"text": "An answer"},
        "annotations": [
            {
                "id": 1,
                "completed_by": 7,
                "result": [
                    {
                        "from_name": "said",
                        "to_name": "text",
                        "type": "choices",
                        "value": {"choices": ["yes"]},
                    }
                ],
            }
        ],
    }
    page = text(send_judgments(client, json.dumps([task]).encode(), "export.json"))
    assert "Label Studio" in page
    assert "1 judgment of 1 item by 1 rater" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"categories": "yes"}, "at least 2"),
        ({"scale": "interval"}, "no categories"),
        ({"ways_out": "unclear"}, "unclear"),
        ({"study": ""}, "required"),
    ],
)
def test_what_cannot_be_is_said_at_the_form(client, fields, words):
    answer = send_judgments(client, JUDGED, **fields)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Upload.objects.exists()


def test_an_empty_file_is_named(client):
    answer = send_judgments(client, b"")
    assert answer.status_code == 422
    assert "0 bytes" in text(answer)


def test_a_file_too_large_for_a_browser_is_sent_to_the_command(client, settings):
    settings.UPLOAD_LARGEST = 10
    answer = send_judgments(client, JUDGED)
    assert answer.status_code == 422
    assert "manage.py import_judgments" in text(answer)


def test_a_discarded_file_leaves_nothing(client):
    send_judgments(client, JUDGED)
    act(client, "discard")
    assert not Upload.objects.exists() and not Study.objects.exists()


def test_a_name_taken_meanwhile_is_told_and_nothing_is_lost(client, cast):
    send_judgments(client, JUDGED)
    Study.objects.create(project=cast.project, name="Made", slug="made")
    page = text(act(client))
    assert "was not imported" in page
    assert Upload.objects.get().found["total"] == 1
    assert Study.objects.count() == 1


def test_pressing_twice_imports_once(client):
    send_judgments(client, JUDGED)
    address = reverse("upload_act", args=["lab", Upload.objects.get().pk])
    assert client.post(address, {"import": "1"}).status_code == 302
    assert client.post(address, {"import": "1"}).url == Study.objects.get().get_absolute_url()


def test_files_of_others_are_not_there(client, cast):
    send_judgments(client, JUDGED)
    address = reverse("upload", args=["lab", Upload.objects.get().pk])
    assert cast.client("administrator").get(address).status_code == 404


def test_a_file_that_nobody_imported_is_forgotten(client):
    send_judgments(client, JUDGED)
    Upload.objects.update(created_at=timezone.now() - Upload.KEPT - timedelta(minutes=1))
    send_judgments(client, JUDGED, study="Other")
    tasks.sweep()
    assert Upload.objects.get().options["study"] == "Other"


def test_no_more_files_wait_than_there_is_room_for(client, monkeypatch):
    monkeypatch.setattr(waiting, "MOST_WAITING", 2)
    for name in ("a", "b", "c"):
        send_judgments(client, JUDGED, study=name)
    assert {row.options["study"] for row in Upload.objects.all()} == {"b", "c"}
