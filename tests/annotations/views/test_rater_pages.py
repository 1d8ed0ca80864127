"""The rater's way in the browser: with script, without it, and back to correct."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from annotations.models import Assignment, Judgment, Rater
from tests.annotations.conftest import judge_url, make_study, make_text_study, make_trial, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(cast, cell):
    return make_study(cast.project, [make_trial(cell, texts=(f"words {n}",)) for n in range(3)])


def held_by(user) -> Assignment:
    return Assignment.objects.get(rater__user=user, state="reserved")


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_page_offers_six_choices_with_keys_and_explanations(cast, study):
    page = text_of(cast.client("rater").get(judge_url(study)))
    for key, value in enumerate(study.categories, start=1):
        assert f'value="{value}" required data-key="{key}"' in page
        assert f'<kbd class="choice__key" aria-hidden="true">{key}</kbd>' in page
    assert page.count("choice__help") == 6
    assert 'data-key="Enter"' in page


def test_the_page_counts_honestly(cast, study):
    client = cast.client("rater")
    assert "0 judged by you · 3 still open for you" in text_of(client.get(judge_url(study)))
    response = send(client, study, assignment=held_by(cast.rater).pk)
    assert "1 judged by you · 2 still open for you" in text_of(response)


def test_one_exchange_stores_the_judgment_and_brings_the_next_item(cast, study):
    client = cast.client("rater")
    client.get(judge_url(study))
    first = held_by(cast.rater)
    response = send(client, study, assignment=first.pk)
    assert response.status_code == 200
    assert "<html" not in text_of(response)
    assert f'name="assignment" value="{held_by(cast.rater).pk}"' in text_of(response)
    assert "say" in response.headers["HX-Trigger"]
    assert Judgment.objects.get().assignment == first


def test_without_script_the_page_comes_anew_with_the_next_item(cast, study):
    client = cast.client("rater")
    client.get(judge_url(study))
    response = send(client, study, htmx=False, assignment=held_by(cast.rater).pk)
    assert (response.status_code, response.headers["Location"]) == (302, judge_url(study))
    assert "Your judgment is stored." in text_of(client.get(judge_url(study)))


def test_a_double_click_counts_once(cast, study):
    client = cast.client("rater")
    client.get(judge_url(study))
    place = held_by(cast.rater).pk
    answers = [text_of(send(client, study, assignment=place)) for _ in range(2)]
    assert Judgment.objects.count() == 1
    following = f'name="assignment" value="{held_by(cast.rater).pk}"'
    assert all(following in answer for answer in answers)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_missing_choice_is_said_and_what_was_filled_in_stays(cast, study, htmx):
    client = cast.client("rater")
    client.get(judge_url(study))
    place = held_by(cast.rater).pk
    response = send(client, study, htmx=htmx, assignment=place, label="", comment="my words")
    assert response.status_code == 422
    assert "Choose an answer first." in text_of(response)
    assert "my words" in text_of(response)
    assert not Judgment.objects.exists()


@pytest.mark.parametrize("place", ["", "x", "999999"])
def test_a_form_for_no_place_of_mine_is_not_found(cast, study, place):
    assert send(cast.client("rater"), study, assignment=place).status_code == 404


def test_at_the_end_there_are_thanks(cast, study):
    client = cast.client("rater")
    client.get(judge_url(study))
    for _ in range(3):
        response = send(client, study, assignment=held_by(cast.rater).pk)
    assert "Done: thank you" in text_of(response)
    assert "Done: thank you" in text_of(client.get(judge_url(study)))


def test_going_back_corrects_a_judgment(cast, study):
    client = cast.client("rater")
    client.get(judge_url(study))
    place = held_by(cast.rater).pk
    send(client, study, assignment=place, comment="first thought")
    url = judge_url(study, f"last/{place}/")
    assert url in text_of(client.get(judge_url(study, "last/")))
    page = text_of(client.get(url))
    assert "first thought" in page
    assert 'value="prosocial" required data-key="2" checked' in page
    fields = {"assignment": place, "revision": 1, "label": "unclear"}
    assert client.post(url, fields).status_code == 302
    assert list(Judgment.objects.current().values_list("label", flat=True)) == ["unclear"]


def test_a_wrong_correction_is_said(cast, study):
    client = cast.client("rater")
    client.get(judge_url(study))
    place = held_by(cast.rater).pk
    send(client, study, assignment=place)
    fields = {"assignment": place, "revision": 1, "label": "kind"}
    response = client.post(judge_url(study, f"last/{place}/"), fields)
    assert response.status_code == 422
    assert "is none of" in text_of(response)


def test_only_the_last_ten_are_listed_newest_first(cast):
    study = make_text_study(cast.project, 12)
    client = cast.client("rater")
    client.get(judge_url(study))
    for number in range(12):
        send(client, study, assignment=held_by(cast.rater).pk, comment=f"comment-{number:02}")
    page = text_of(client.get(judge_url(study, "last/")))
    listed = re.findall(r"comment-\d\d", page)
    assert listed == [f"comment-{number:02}" for number in range(11, 1, -1)]


def test_nobody_opens_the_judgment_of_another(cast, study):
    client = cast.client("rater")
    client.get(judge_url(study))
    place = held_by(cast.rater).pk
    send(client, study, assignment=place)
    other = cast.client("second_rater")
    assert other.get(judge_url(study, f"last/{place}/")).status_code == 404


@pytest.mark.parametrize("act", ["", "skip", "report"])
@pytest.mark.parametrize("number", ["0", "-1", "9" * 19, "9" * 25, "9" * 5000])
def test_a_number_that_is_no_assignment_s_is_not_found(cast, study, number, act):
    fields = {"act": act, "skip_reason": "other", "problem": "words"}
    assert send(cast.client("rater"), study, assignment=number, **fields).status_code == 404


def test_an_item_not_judged_yet_cannot_be_corrected(cast, study):
    client = cast.client("rater")
    client.get(judge_url(study))
    place = held_by(cast.rater).pk
    assert client.get(judge_url(study, f"last/{place}/")).status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [("paused", "The study is paused"), ("closed", "The study is closed")],
)
def test_a_study_at_rest_says_so(cast, cell, state, words):
    study = make_study(cast.project, [make_trial(cell)], state=state)
    assert words in text_of(cast.client("rater").get(judge_url(study)))


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_looking_at_a_study_at_rest_begins_no_part_in_it(cast, cell, state):
    study = make_study(cast.project, [make_trial(cell)], state=state)
    client = cast.client("rater")
    for rest in ("", "last/", "last/1/"):
        assert f"The study is {state}" in text_of(client.get(judge_url(study, rest)))
    assert f"The study is {state}" in text_of(send(client, study, assignment=1))
    assert not Rater.objects.exists()


def test_imported_judgments_are_not_judged_here(cast):
    study = make_text_study(cast.project, 1, source="import")
    assert cast.client("rater").get(judge_url(study)).status_code == 404
    assert not Rater.objects.exists()


@pytest.mark.parametrize("role", ["researcher", "reviewer", "administrator"])
def test_a_rater_who_can_see_scores_does_not_judge(cast, study, role):
    Membership.objects.create(user=cast.rater, project=cast.project, role=role)
    client = cast.client("rater")
    refused = client.get(judge_url(study))
    assert refused.status_code == 403
    assert "your judgment would not be blind; use the preview" in text_of(refused)
    for rest in ("last/", "last/1/"):
        assert client.get(judge_url(study, rest)).status_code == 403
    assert send(client, study, assignment=1).status_code == 403
    assert not Rater.objects.exists()


def test_a_draft_does_not_exist_for_raters(cast, cell):
    study = make_study(cast.project, [make_trial(cell)], state="draft")
    assert cast.client("rater").get(judge_url(study)).status_code == 404


@pytest.mark.parametrize("who", ["researcher", "reviewer"])
def test_who_does_not_rate_previews_instead(cast, study, who):
    client = cast.client(who)
    assert client.get(judge_url(study)).status_code == 403
    page = text_of(client.get(judge_url(study, "preview/")))
    assert "fieldset" in page and "disabled" in page and "words" in page
    assert not Rater.objects.exists()


def queries_of_an_exchange(client, study, user) -> int:
    place = Assignment.objects.get(item__study=study, rater__user=user, state="reserved").pk
    with CaptureQueriesContext(connection) as captured:
        assert send(client, study, assignment=place).status_code == 200
    return len(captured)


def test_an_exchange_costs_the_same_queries_however_much_there_is(cast):
    client, counts = cast.client("rater"), set()
    for items in (4, 200):
        study = make_text_study(cast.project, items)
        client.get(judge_url(study))
        counts |= {queries_of_an_exchange(client, study, cast.rater) for _ in range(3)}
    # Session, user, part; savepoint, place, judgments, three writes, two of the reservation (on
    # PostgreSQL one each), release of the savepoint; count of open items.
    assert counts == {10 if connection.vendor == "postgresql" else 13}


@pytest.mark.parametrize("act", ["", "skip", "report"])
@pytest.mark.parametrize("number", ["9" * 30, "-1", "1_0", "٣"])
def test_a_number_that_no_row_can_have_is_no_assignment(cast, act, number):
    study = make_text_study(cast.project, 1)
    client = cast.client("rater")
    fields = {"assignment": number, "revision": 0, "label": "prosocial", "act": act}
    fields |= {"skip_reason": "other", "problem": "What is this?"}
    assert client.post(judge_url(study), fields).status_code == 404


def test_a_vector_as_the_first_question_is_judged_by_its_rows(cast):
    fields = {"kind": "declared", "scale": "vector", "categories": ["kind", "fair"]}
    study = make_text_study(cast.project, 1, question="How is it?", **fields)
    client = cast.client("second_rater")
    client.get(judge_url(study))
    rows = {"label": "", "label-0": "1", "label-1": "-1"}
    response = send(client, study, assignment=held_by(cast.second_rater).pk, **rows)
    assert response.status_code == 200
    assert Judgment.objects.get().label == "1,-1"
