"""Samples of lm-evaluation-harness by the browser, with the file that names their model."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotations.models import Upload
from evaluations.definitions.catalogue import instrument
from evaluations.models import Trial
from tests.evaluations.interchange.fixtures import SAMPLES

pytestmark = pytest.mark.django_db
(RESULTS,) = SAMPLES.parent.glob("results_*.json")


def send(client, *, with_results):
    sent = {"run": "harness", "instrument": instrument().pk, "partial": "on"}
    sent["file"] = SimpleUploadedFile(SAMPLES.name, SAMPLES.read_bytes())
    if with_results:
        sent["beside"] = SimpleUploadedFile("mine.json", RESULTS.read_bytes())
    address = reverse("upload_new", args=["lab", "trials"])
    return client.post(address, sent, follow=True).content.decode()


def test_samples_with_their_results_are_understood_and_imported(cast):
    client = cast.client("researcher")
    page = send(client, with_results=True)
    assert "samples of lm-evaluation-harness" in page and "harness" in page
    client.post(reverse("upload_act", args=["lab", Upload.objects.get().pk]), {"import": "yes"})
    assert Trial.objects.exists()


def test_samples_alone_say_what_to_send_with_them(cast):
    page = send(cast.client("researcher"), with_results=False)
    assert "on a page, send it with them" in page
