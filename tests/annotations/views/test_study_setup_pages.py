"""The pages on which a study is set up: what they take, what they refuse, and in which words."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from annotations.exchange.assignment import current_or_next
from annotations.forms.further_questions import further_questions
from annotations.judging.judging import submit
from annotations.judging.sent import Form
from annotations.models import Item, Judgment, Study
from annotations.questions.question import MAX_FURTHER
from annotations.studies.guidelines import revise
from annotations.taking_part.excluding import exclude
from tests.annotations.conftest import (
    make_rater,
    make_score,
    make_study,
    make_text_study,
    make_trial,
)
from tests.annotations.views.test_researcher_pages import FORM, STUDIES

pytestmark = pytest.mark.django_db


def upload(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("file.csv", text.encode())


@pytest.fixture
def study(cast, cell):
    return make_study(cast.project, [make_trial(cell)], state="draft")


@pytest.fixture
def client(cast):
    return cast.client("researcher")


def text_of(response) -> str:
    return response.content.decode()


def test_a_study_with_its_own_scale_and_further_questions(cast, client, cell):
    trials = [make_trial(cell) for _ in range(2)]
    fields = FORM | {
        "name": "Own",
        "runs": [trials[0].run_id],
        "kind": "declared",
        "question": "How does it sound?",
        "scale": "vector",
        "categories": "kind\nfair\n",
        "repeat_percent": "12.5",
        "further-TOTAL_FORMS": 2,
        "further-0-prompt": "How polite is it?",
        "further-0-kind": "ordinal",
        "further-0-categories": "not\nsomewhat\nvery",
        "further-1-kind": "nominal",
    }
    response = client.post(f"{STUDIES}new/", fields)
    assert response.status_code == 302
    study = Study.objects.get()
    assert (study.unit, study.scale, study.categories) == ("trial", "vector", ["kind", "fair"])
    assert (study.items.count(), study.repeat_share) == (2, 0.125)
    (question,) = study.further_questions
    assert question["key"] == "how_polite_is_it"
    assert question["categories"] == ["not", "somewhat", "very"]


def test_texts_of_ones_own_are_imported_and_a_new_study_leads_there(client):
    page = text_of(client.get(f"{STUDIES}new/"))
    assert 'href="/p/lab/import/texts/"' in page
    assert 'name="texts"' not in page and 'type="file"' not in page


def test_a_request_cannot_have_a_hundred_million_forms_made():
    found = further_questions({"further-TOTAL_FORMS": "100000000", "further-INITIAL_FORMS": "0"})
    assert len(found.forms) == MAX_FURTHER + 1
    assert not found.is_valid()


def test_ways_out_are_declared_in_the_form_and_shown(cast, client, cell):
    fields = FORM | {
        "name": "Own",
        "runs": [make_trial(cell).run_id],
        "kind": "declared",
        "question": "Does it comply?",
        "scale": "nominal",
        "categories": "yes\nno\ncannot say",
        "ways_out": "cannot say",
    }
    assert client.post(f"{STUDIES}new/", fields).status_code == 302
    study = Study.objects.get()
    assert study.ways_out == ["cannot say"]
    page = text_of(client.get(study.get_absolute_url()))
    assert re.search(r"<dt>Ways out</dt><dd[^>]*>cannot say</dd>", page)
    wrong = fields | {"name": "Wrong", "ways_out": "perhaps"}
    shown = text_of(client.post(f"{STUDIES}new/", wrong))
    assert "The way out &#x27;perhaps&#x27; is none of: yes, no, cannot say." in shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0.2, 'value="20"'), (0.125, 'value="12.5"')], ids=["whole", "part"]
)
def test_a_percentage_is_shown_as_it_was_typed(cast, client, share, shown):
    study = make_text_study(cast.project, 1, state="draft", repeat_share=share)
    page = text_of(client.get(f"{STUDIES}{study.slug}/settings/"))
    assert f'name="repeat_percent" {shown}' in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": "text"}, "text is not one of the available choices"),
        ({"runs": []}, "Choose at least one run"),
        ({"kind": "option"}, "judge single answers"),
        (
            {"further-TOTAL_FORMS": 1, "further-0-prompt": "Why?", "further-0-kind": "nominal"},
            "2 to 200 categories are needed.",
        ),
    ],
)
def test_the_form_says_what_does_not_fit(cast, client, cell, change, words):
    make_trial(cell, texts=("A",))
    fields = FORM | {"name": "x", "runs": [cell.run.pk]} | change
    response = client.post(f"{STUDIES}new/", fields)
    assert response.status_code == 422
    assert words in text_of(response).replace("&#x27;", "'")
    assert not Study.objects.exists()


def test_a_sample_with_more_of_the_boundary_cases_is_drawn_in_the_browser(client, cell):
    for number in range(6):
        trial = make_trial(cell, texts=("A",))
        make_score(trial, "prosocial", flags=["boundary_case"] if number < 2 else [])
    fields = FORM | {"name": "x", "runs": [cell.run.pk]}
    refused = client.post(f"{STUDIES}new/", fields | {"n": 1, "share_boundary": 100})
    assert "leave no place for the other units" in text_of(refused)
    client.post(f"{STUDIES}new/", fields | {"n": 4, "share_boundary": 50})
    weights = Study.objects.get().items.values_list("weight", flat=True)
    assert sorted(weights) == [1.0, 1.0, 2.0, 2.0]


def settings_of(study) -> dict:
    """What the settings page would send as it stands."""
    return FORM | {"name": study.name, "kind": study.kind, "question": study.question}


def test_settings_are_stored(client, study):
    url = f"{study.get_absolute_url()}settings/"
    fields = settings_of(study) | {"cap": 20, "option_order": "balanced"}
    assert client.post(url, fields).status_code == 302
    study.refresh_from_db()
    assert (study.cap, study.option_order) == (20, "balanced")


def test_what_cannot_change_is_switched_off_with_the_reason(client, study):
    study.state = "pilot"
    study.save()
    rater = make_rater(study)
    held = current_or_next(rater)
    submit(rater, Form(assignment_id=held.pk, revision=0, label="prosocial"))
    url = f"{study.get_absolute_url()}settings/"
    assert "This question was answered 1 time already" in text_of(client.get(url))
    late = settings_of(study) | {"question": "Another?", "cap": 7}
    assert client.post(url, late).status_code == 422
    assert client.post(url, settings_of(study) | {"cap": 7}).status_code == 302
    study.refresh_from_db()
    assert study.cap == 7
    assert study.question != "Another?"


def test_an_open_study_says_that_it_is_not_edited(client, cast, cell):
    study = make_study(cast.project, [make_trial(cell)])
    url = f"{study.get_absolute_url()}settings/"
    found = text_of(client.get(url))
    assert "The study is open: only a draft or a pilot is edited." in found
    assert client.post(url, settings_of(study) | {"cap": 7}).status_code in (302, 422)
    study.refresh_from_db()
    assert study.cap is None


@pytest.mark.parametrize("fields", [{"source": "import"}, {"state": "closed"}])
def test_what_reviewers_are_asked_can_change_as_long_as_there_are_disputes(client, cast, fields):
    study = make_text_study(cast.project, 1, **fields)
    sent = {"quick_reasons": "It says so.\nIt is a joke.", "reason_required": ""}
    assert client.post(f"{study.get_absolute_url()}settings/", sent).status_code == 302
    study.refresh_from_db()
    assert study.quick_reasons == ["It says so.", "It is a joke."]
    assert study.reason_required is False


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        (["x"] * 2, "stands there twice"),
        ([str(n) for n in range(10)], "There are 10 quick reasons"),
        (["x" * 121], "has 121 characters"),
    ],
)
def test_quick_reasons_that_no_key_can_give_are_refused(client, cast, reasons, why):
    study = make_text_study(cast.project, 1)
    sent = settings_of(study) | {"quick_reasons": "\n".join(reasons)}
    answer = client.post(f"{study.get_absolute_url()}settings/", sent)
    assert answer.status_code == 422 and why in text_of(answer)
    study.refresh_from_db()
    assert study.quick_reasons == []


def test_guidelines_are_written_and_compared(cast, client, study):
    url = f"{study.get_absolute_url()}guidelines/"
    assert client.post(url, {"instructions": "Read **it**."}).status_code == 302
    client.post(url, {"instructions": "Read **it** twice."})
    found = text_of(client.get(f"{url}2/"))
    assert "<ins>Read **it** twice.</ins>" in found
    assert "<p>Read <strong>it</strong> twice.</p>" in found
    assert client.get(f"{url}3/").status_code == 404


def test_reviewers_read_guidelines_and_do_not_write_them(cast, study):
    revise(study, None, instructions="Read it.")
    client = cast.client("reviewer")
    url = f"{study.get_absolute_url()}guidelines/"
    assert "Write a new version" not in text_of(client.get(url))
    assert client.post(url, {"instructions": "x"}).status_code == 403
    assert study.guidelines.count() == 1


def test_a_control_item_is_added_and_taken_away(client, study, cell):
    spare = make_trial(cell, score="prosocial")
    url = f"{study.get_absolute_url()}controls/"
    assert f"Trial {spare.pk}</a>" in text_of(client.get(url))
    fields = {"kind": "gold", "trial": spare.pk, "expected": "prosocial", "feedback": "It shares."}
    assert client.post(url, fields).status_code == 302
    item = study.items.get(kind="gold")
    assert (item.trial, item.feedback) == (spare, "It shares.")
    client.post(f"{url}{item.pk}/remove/")
    assert not study.items.filter(kind="gold").exists()


def test_regular_items_are_not_taken_away(client, study):
    item = study.items.get()
    response = client.post(f"{study.get_absolute_url()}controls/{item.pk}/remove/")
    assert response.status_code == 404
    assert Item.objects.filter(pk=item.pk).exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "gold", "text": "x", "expected": "kind"}, "is none of"),
        ({"kind": "gold", "expected": "prosocial"}, "Give a trial or a text"),
        ({"kind": "gold", "trial": 999_999, "expected": "prosocial"}, "no complete trial 999999"),
    ],
)
def test_the_control_form_says_what_is_wrong(client, study, fields, words):
    response = client.post(f"{study.get_absolute_url()}controls/", fields)
    assert response.status_code == 422
    assert words in text_of(response)


@pytest.fixture
def judged(cast):
    study = make_text_study(cast.project, 2, overlap=1)
    rater = make_rater(study, "rater-quartz")
    held = current_or_next(rater)
    submit(rater, Form(assignment_id=held.pk, revision=0, label="prosocial"))
    return rater


def act(client, rater, **fields):
    url = f"{rater.study.get_absolute_url()}raters/{rater.pk}/act/"
    return client.post(url, fields, follow=True)


def test_a_rater_is_paused_excluded_and_included_on_their_page(client, judged):
    assert "handed no more items" in text_of(act(client, judged, act="pause", reason="a look"))
    said = act(client, judged, act="exclude", reason="at random", reopen_places="on")
    assert "1 place can be judged by others now." in text_of(said)
    assert not Judgment.objects.counted().exists()
    assert "count again" in text_of(act(client, judged, act="include", reason="by mistake"))
    assert Judgment.objects.counted().count() == 1
    found = text_of(client.get(f"{judged.study.get_absolute_url()}raters/{judged.pk}/"))
    assert "rater excluded by researcher: <bdi>at random</bdi> (1 place reopened)" in found


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"act": "exclude", "reason": ""}, "This field is required."),
        ({"act": "include", "reason": "why"}, "is not excluded"),
    ],
)
def test_an_act_on_a_rater_that_makes_no_sense_is_refused(client, judged, fields, words):
    response = act(client, judged, **fields)
    assert response.status_code == 422
    assert words in text_of(response)


def test_reviewers_see_raters_and_do_not_act(cast, judged):
    client = cast.client("reviewer")
    exclude(judged, cast.researcher, "at random")
    found = text_of(client.get(f"{judged.study.get_absolute_url()}raters/{judged.pk}/"))
    assert "at random" in found and "Include again" not in found
    assert act(client, judged, act="include", reason="x").status_code == 403
