"""What is asked changes while the first judgment of a pilot is on its way: one of the two wins."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from annotations.exchange import storing
from annotations.exchange.assignment import current_or_next
from annotations.judging.judging import submit
from annotations.judging.results import Result
from annotations.judging.sent import Form
from annotations.models import Judgment, Rater, Study
from annotations.studies import settings
from annotations.studies.settings import SettingsRefused, change_settings
from tests.annotations.conftest import judge_url, make_rater, make_text_study, send

NEW = {"question": "Which orientation do you see?"}
A_MOMENT = 0.5
"""Seconds in which the one that should wait would be through if it did not."""


@pytest.fixture
def study(cast) -> Study:
    return make_text_study(cast.project, 2, state=Study.State.PILOT)


@pytest.fixture
def held(study):
    return current_or_next(make_rater(study))


def form(held, **fields) -> Form:
    return Form(assignment_id=held.pk, revision=0, label="prosocial", **fields)


def both(first, paused_in, second, close):
    """Run *first* until it has done *paused_in* (module, name), then *second*, then the rest of
    both; what each returned or raised."""
    module, name, monkeypatch = paused_in
    reached, may_go_on = Event(), Event()
    whole = getattr(module, name)

    def halting(*arguments, **fields):
        done = whole(*arguments, **fields)
        reached.set()
        may_go_on.wait(30)
        return done

    def closing(act):
        try:
            return act()
        except SettingsRefused as refused:
            return refused
        finally:
            close()

    monkeypatch.setattr(module, name, halting)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(closing, first)
        assert reached.wait(30)
        other = pool.submit(closing, second)
        assert not Event().wait(A_MOMENT)
        may_go_on.set()
        return one.result(60), other.result(60)


@pytest.mark.django_db(transaction=True)
def test_a_judgment_on_its_way_keeps_its_question(cast, held, many_connections, monkeypatch):
    study = held.item.study
    stored, refused = both(
        lambda: submit(held.rater, form(held)),
        (storing, "store_first", monkeypatch),
        lambda: change_settings(study, cast.researcher, NEW),
        many_connections,
    )
    assert stored.result is Result.STORED
    assert "question" in refused.errors
    study.refresh_from_db()
    assert (study.question_version, study.question == NEW["question"]) == (1, False)


@pytest.mark.django_db(transaction=True)
def test_a_change_on_its_way_is_not_answered(cast, held, many_connections, monkeypatch):
    study = held.item.study
    rater = Rater.objects.select_related("study__project").get()
    changed, sent = both(
        lambda: change_settings(study, cast.researcher, NEW),
        (settings, "record", monkeypatch),
        lambda: submit(rater, form(held)),
        many_connections,
    )
    assert changed.question == NEW["question"]
    assert (sent.result, sent.next.pk) == (Result.QUESTION_CHANGED, held.pk)
    assert rater.study.question == NEW["question"]
    assert not Judgment.objects.exists()
    assert Rater.objects.get().judged == 0
    held.refresh_from_db()
    assert held.state == "reserved"


@pytest.mark.django_db
@pytest.mark.parametrize("htmx", [True, False])
def test_a_page_from_before_the_change_is_shown_the_new_question(cast, study, htmx):
    client = cast.client("rater")
    page = client.get(judge_url(study)).content.decode()
    assert 'name="question_version" value="1"' in page
    change_settings(study, cast.researcher, NEW)
    held = study.raters.get().assignments.get()
    answer = send(client, study, htmx=htmx, assignment=held.pk, question_version=1)
    page = (answer if htmx else client.get(judge_url(study))).content.decode()
    assert "What is asked was changed meanwhile" in page
    assert NEW["question"] in page
    assert 'name="question_version" value="2"' in page
    assert not Judgment.objects.exists()
    send(client, study, assignment=held.pk, question_version=2)
    assert Judgment.objects.get().label == "prosocial"


@pytest.mark.django_db
def test_other_settings_ask_nothing_anew(cast, study):
    changed = change_settings(study, cast.researcher, {"cap": 5})
    assert (changed.cap, changed.question_version) == (5, 1)
