"""The page on which a run is asked by files."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evaluations.definitions.catalogue import instrument, prompt_pack
from evaluations.models import Endpoint, Run
from evaluations.running.planning import Design, create_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast) -> Run:
    endpoint = Endpoint.objects.create(
        project=cast.project, name="lab", kind="openai", model="m", base_url="http://127.0.0.1:9/v1"
    )
    design = Design(["prosocial"], [True], trials_per_cell=2)
    return create_run(cast.project, "by files", design, [endpoint], instrument(), prompt_pack())


def at(cast, run, name="batches"):
    return reverse(name, args=[cast.project.slug, run.pk])


def test_the_file_of_questions_is_downloaded_and_said_to_be_waited_for(cast, run):
    client = cast.client("researcher")
    assert "2 trials wait" in client.get(at(cast, run)).content.decode()
    file = client.post(at(cast, run, "batch_export"), {"endpoint": "lab"})
    assert file.headers["Content-Disposition"].startswith('attachment; filename="by-files-lab-')
    lines = [json.loads(line) for line in file.getvalue().splitlines()]
    assert [line["body"]["model"] for line in lines] == ["m", "m"]
    assert all(line["url"] == "/v1/chat/completions" for line in lines)
    page = client.get(at(cast, run)).content.decode()
    assert "2 answers to the file of" in page and "Give them back" in page


def test_lines_that_cannot_be_taken_stand_on_the_page(cast, run):
    sent = SimpleUploadedFile("answers.jsonl", b'{"custom_id": "<b>x</b>"}\n')
    answer = cast.client("researcher").post(at(cast, run), {"file": sent})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Line 1:" in page and "<b>x</b>" not in page and "exported here" in page


def test_a_file_of_another_encoding_is_refused_in_words(cast, run):
    sent = SimpleUploadedFile("answers.jsonl", "é".encode("utf-16"))
    answer = cast.client("researcher").post(at(cast, run), {"file": sent})
    assert answer.status_code == 422 and "is not UTF-8" in answer.content.decode()


def test_a_running_run_says_that_it_has_to_be_paused(cast, run):
    Run.objects.update(state=Run.State.RUNNING)
    page = cast.client("researcher").get(at(cast, run)).content.decode()
    assert "Pause it" in page and "Questions to lab" not in page
