"""A part is deleted in one tab while a request of another is under way: words, never an error."""

import pytest

from annotations.models import Assignment, Identity, Judgment, OwnMeasure, Rater
from annotations.taking_part import parts, privacy
from annotations.views import invitations, raters
from tests.annotations.conftest import judge_url, send
from tests.annotations.taking_part.way_support import (
    act,
    join,
    make_invitation,
    make_whole_study,
    walk_to_judging,
    way_url,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study(cast):
    return make_whole_study(cast.project, on_deletion="removed")


@pytest.fixture
def client(cast, study):
    return join(make_invitation(study, cast.researcher))


@pytest.fixture
def judging(client, study):
    """The browser of somebody who holds an item."""
    walk_to_judging(client, study)
    client.get(judge_url(study))
    return client


@pytest.fixture
def deleted_meanwhile(monkeypatch):
    """From the call on, parts are deleted as soon as a request has found them."""

    def delete() -> None:
        found = parts.part_of

        def part_of(*arguments):
            rater = found(*arguments)
            privacy.erase(Rater.objects.select_related("study__project").get(pk=rater.pk))
            return rater

        monkeypatch.setattr(parts, "part_of", part_of)

    return delete


def is_told(response) -> bool:
    return response.status_code == 410 and "Your data are deleted" in response.content.decode()


SENT = [{}, {"act": "skip", "skip_reason": "other"}, {"act": "report", "problem": "cut off"}]


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("fields", SENT)
def test_what_is_sent_is_answered_in_words(judging, study, deleted_meanwhile, fields, htmx):
    held = Assignment.objects.get(state="reserved").pk
    deleted_meanwhile()
    assert is_told(send(judging, study, htmx=htmx, assignment=held, **fields))
    assert not Judgment.objects.exists()


def test_opening_the_item_is_answered_in_words(judging, study, deleted_meanwhile):
    deleted_meanwhile()
    assert is_told(judging.get(judge_url(study)))
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("stage", ["consent", "own_measure", "instructions"])
def test_the_way_is_answered_in_words(client, study, deleted_meanwhile, stage):
    Rater.objects.update(stage=stage)
    choices = {f"item-{number}": 1 for number in range(1, 7)}
    guideline = study.guidelines.get().pk
    deleted_meanwhile()
    sent = act(client, study, stage, answer="yes", guideline=guideline, **choices)
    assert is_told(sent)
    assert not OwnMeasure.objects.exists()


def test_deleting_twice_at_once_is_answered_in_words(client, study, deleted_meanwhile):
    deleted_meanwhile()
    assert is_told(client.post(way_url(study, "data/delete/"), {"sure": "on"}))


def test_an_error_of_somebody_who_is_still_there_is_not_hidden(client, study, monkeypatch):
    def fail(*arguments, **fields):
        raise Identity.DoesNotExist

    monkeypatch.setattr("annotations.views.way.stages_of", fail)
    with pytest.raises(Identity.DoesNotExist):
        client.get(way_url(study))


def test_staff_who_act_on_them_are_told(cast, client, study, monkeypatch):
    rater = Rater.objects.get()

    def gone(*arguments, **fields):
        raise Rater.DoesNotExist

    monkeypatch.setattr(raters, "pause", gone)
    monkeypatch.setattr(invitations, "mark_returned", gone)
    staff = cast.client("researcher")
    base = f"/p/{study.project.slug}/studies/{study.slug}/"
    acted = staff.post(f"{base}raters/{rater.pk}/act/", {"act": "pause", "reason": "a look"})
    assert acted.status_code == 404
    fields = {"name": rater.pseudonym, "act": "returned"}
    page = staff.post(f"{base}participant/", fields, follow=True).content.decode()
    assert "had their data deleted themselves meanwhile" in page
