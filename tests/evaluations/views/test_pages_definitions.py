import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEvent
from evaluations.definitions.catalogue import SHIPPED, instrument, prompt_pack, share, store
from evaluations.formats.definitions import DefinitionError
from evaluations.models import Instrument, PromptPack

pytestmark = pytest.mark.django_db


def shipped(path, **changes):
    text = (SHIPPED / path).read_text(encoding="utf-8")
    return json.loads(text) | changes


def upload(cast, definition, who="researcher"):
    content = definition if isinstance(definition, bytes) else json.dumps(definition).encode()
    file = SimpleUploadedFile("mine.json", content)
    return cast.client(who).post(reverse("definition_new", args=["lab"]), {"file": file})


def test_what_is_shipped_is_listed_before_anybody_asked_for_it(cast):
    body = cast.client("reviewer").get(reverse("definitions", args=["lab"])).content.decode()
    assert "svo-slider 1" in body and "plain-en 1" in body


@pytest.mark.parametrize(
    ("path", "model"),
    [("instruments/svo-slider.json", Instrument), ("prompt_packs/plain-en.json", PromptPack)],
)
def test_a_new_version_is_stored_under_what_the_file_says_it_is(cast, path, model):
    response = upload(cast, shipped(path, version="2"))
    assert response.status_code == 302
    assert model.objects.get(version="2").key == shipped(path)["key"]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{"format": 1,\n oops}', "line 2, column 2"),
        (b"\xff", "byte 0"),
        (b'{"format": "other"}', "format: is &#x27;other&#x27;"),
        (b"[]", "format: is None"),
        (b'{"format": NaN}', "NaN is no number here"),
        (b'{"key": "a", "key": "b"}', "has the entry &#x27;key&#x27; twice"),
        (b'{"format": ' + b"9" * 5000 + b"}", "is no number here"),
        (b'{"format": "\\u0000"}', "holds NUL"),
        (b'{"format": "\\ud800"}', "holds NUL or half a surrogate"),
        (b"[" * 5000, "nested too deeply"),
        (b"[" * 200 + b"]" * 200, "nested too deeply"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_place(cast, content, place):
    response = upload(cast, content)
    assert response.status_code == 422
    assert place in response.content.decode()


def test_a_definition_that_does_not_fit_is_refused_with_the_place(cast):
    wrong = shipped("instruments/svo-slider.json", version="2")
    wrong["items"][2]["options"][4] = [1]
    response = upload(cast, wrong)
    assert "items[2].options[4]: must be a pair" in response.content.decode()
    assert not Instrument.objects.filter(version="2").exists()


def test_a_used_version_keeps_its_content(cast):
    instrument()
    response = upload(cast, shipped("instruments/svo-slider.json", name="Another"))
    assert "raise the version" in response.content.decode()


def test_a_version_shows_its_hash_and_every_payoff(cast):
    row = instrument()
    url = reverse("instrument", args=["lab", row.pk])
    body = cast.client("reviewer").get(url).content.decode()
    assert row.sha256 in body
    assert all(f"Options of item {number}" in body for number in range(1, 16))


def test_a_prompt_pack_shows_the_words_of_every_step(cast):
    row = prompt_pack()
    url = reverse("prompt_pack", args=["lab", row.pk])
    body = cast.client("reviewer").get(url).content.decode()
    assert "Induction, value by definition" in body and "Answer, constrained" in body


def test_only_those_who_act_may_upload(cast):
    assert upload(cast, {}, "reviewer").status_code == 403
    assert upload(cast, {}, "rater").status_code == 403


def test_without_its_record_no_definition_is_stored(cast, monkeypatch):
    def refuse(*_, **__):
        raise OSError("no record")

    monkeypatch.setattr("accounts.audit.record", refuse)
    with pytest.raises(OSError, match="no record"):
        upload(cast, shipped("instruments/svo-slider.json", version="2"))
    assert not Instrument.objects.filter(version="2").exists()


def test_an_upload_is_the_projects_own_until_it_is_shared(cast):
    upload(cast, shipped("prompt_packs/plain-en.json", version="2"))
    row = PromptPack.objects.get(version="2")
    here = reverse("prompt_pack", args=["lab", row.pk])
    there = reverse("prompt_pack", args=["elsewhere", row.pk])
    researcher, other = cast.client("researcher"), cast.client("other_researcher")
    assert "Only this project can read" in researcher.get(here).content.decode()
    assert other.get(there).status_code == 404
    assert (
        "plain-en 2" not in other.get(reverse("definitions", args=["elsewhere"])).content.decode()
    )
    assert prompt_pack("plain-en@2", cast.project) == row
    with pytest.raises(DefinitionError):
        prompt_pack("plain-en@2", cast.other_project)

    share = reverse("prompt_pack_share", args=["elsewhere", row.pk])
    assert other.post(share).status_code == 404
    researcher.post(reverse("prompt_pack_share", args=["lab", row.pk]))
    assert other.get(there).status_code == 200
    event = AuditEvent.objects.get(verb="share definition")
    assert (event.project, event.actor) == (cast.project, cast.researcher)


def test_projects_may_have_versions_of_one_name_with_contents_of_their_own(cast):
    words = shipped("prompt_packs/plain-en.json", key="mine")
    ours = store(PromptPack, words, "ours", cast.project)
    theirs = store(PromptPack, words | {"name": "Another"}, "theirs", cast.other_project)
    assert prompt_pack("mine", cast.project) == ours != theirs
    assert prompt_pack("mine", cast.other_project) == theirs
    share(ours, cast.researcher)
    with pytest.raises(DefinitionError, match="All projects share another mine 1"):
        share(theirs, cast.other_researcher)


def test_a_form_offers_no_definition_of_another_project(cast):
    store(PromptPack, shipped("prompt_packs/plain-en.json", key="theirs"), "x", cast.other_project)
    body = cast.client("researcher").get(reverse("run_new", args=["lab"])).content.decode()
    assert "plain-en 1" in body and "theirs 1" not in body
