"""Two people at once, or a page that stood open while its study moved on: whoever comes second is
told why nothing was stored, and gets back what they wrote. (Disputes: test_reviewer_pages;
endpoints: tests/evaluations/test_pages_endpoints.)"""

import pytest

from annotations.models import Judgment, Study
from annotations.studies.guidelines import revise
from annotations.studies.studies import change_state
from annotations.taking_part.excluding import exclude
from tests.annotations.conftest import judge_url, make_rater, make_text_study, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(cast) -> Study:
    return make_text_study(cast.project, 2, state=Study.State.DRAFT)


def url_of(study: Study, rest: str) -> str:
    return f"/p/{study.project.slug}/studies/{study.slug}/{rest}/"


def post(cast, who: str, url: str, fields: dict) -> tuple[int, str]:
    response = cast.client(who).post(url, fields)
    return response.status_code, response.content.decode()


def test_a_setting_that_was_fixed_meanwhile_is_not_dropped_in_silence(cast, study):
    page = cast.client("researcher").get(url_of(study, "settings"))
    fields = {f.html_name: f.value() for f in page.context["form"] if f.value() not in (None, [])}
    fields |= {"question": "Which one, then?", "name": study.name, "language": "en"}
    fields |= {f"further-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    change_state(study, cast.administrator, Study.State.OPEN)
    status, page = post(cast, "researcher", url_of(study, "settings"), fields)
    assert status == 422
    assert page.count("not stored.") == 1  # what nobody changed is not spoken of
    assert "The question: not stored." in page
    assert "Which one, then?</dd>" in page


def test_a_further_question_that_comes_too_late_is_not_dropped_in_silence(cast, study):
    change_state(study, cast.administrator, Study.State.OPEN)
    fields = {"further-TOTAL_FORMS": 1, "further-INITIAL_FORMS": 0}
    fields |= {"further-0-prompt": "How warm is it?", "further-0-kind": "interval"}
    status, page = post(cast, "researcher", url_of(study, "settings"), fields)
    assert status == 422
    assert "Further questions: not stored." in page
    assert "How warm is it?" in page


def test_a_guideline_undoes_none_that_was_stored_while_it_was_written(cast, study):
    revise(study, cast.administrator, instructions="As it was.")
    mine = {"instructions": "My words.", "based_on": 1}
    revise(study, cast.researcher, instructions="Somebody's words.")
    status, page = post(cast, "researcher", url_of(study, "guidelines"), mine)
    assert status == 422
    assert "Version 2 was stored by researcher while you wrote" in page
    assert "My words.</textarea>" in page
    assert 'name="based_on" value="2"' in page
    assert study.guidelines.count() == 2
    status, _page = post(cast, "researcher", url_of(study, "guidelines"), mine | {"based_on": 2})
    assert status == 302
    assert study.guidelines.last().instructions == "My words."


def test_who_excludes_somebody_second_is_told(cast, study):
    rater = make_rater(study)
    exclude(rater, cast.researcher, "answers at random")
    fields = {"act": "exclude", "reason": "Too fast by far."}
    status, page = post(cast, "researcher", url_of(study, f"raters/{rater.pk}/act"), fields)
    assert status == 422
    assert "is excluded already." in page
    assert 'value="Too fast by far."' in page


def test_somebody_who_is_gone_meanwhile_is_said_to_be_gone(cast, study):
    fields = {"name": "rater-who-left", "act": "returned"}
    status, page = post(cast, "researcher", url_of(study, "participant"), fields)
    assert status == 422
    assert "Nobody of that name or id takes part in this study." in page
    assert 'value="rater-who-left"' in page


def test_a_correction_that_is_not_stored_stands_on_the_page(cast, study):
    change_state(study, cast.administrator, Study.State.OPEN)
    client = cast.client("second_rater")
    client.get(judge_url(study))
    place = study.raters.get().assignments.get()
    send(client, study, assignment=place.pk)
    fields = {"assignment": place.pk, "label": "unclear", "comment": "On second thought."}
    url = judge_url(study, f"last/{place.pk}/")
    client.post(url, fields | {"revision": 1, "comment": "In another tab.", "label": "refusal"})
    response = client.post(url, fields | {"revision": 1})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Another answer of yours to this item is stored already" in page
    assert "On second thought.</textarea>" in page
    assert client.post(url, fields | {"revision": 2}).status_code == 302
    assert Judgment.objects.current().get().comment == "On second thought."


def test_a_skip_or_report_that_is_refused_keeps_its_words(cast, study):
    change_state(study, cast.administrator, Study.State.OPEN)
    client = cast.client("second_rater")
    client.get(judge_url(study))
    place = study.raters.get().assignments.get()
    fields = {"act": "skip", "assignment": place.pk, "revision": 0, "skip_comment": "It is odd."}
    page = client.post(judge_url(study), fields).content.decode()
    assert "Choose why you skip it." in page
    assert 'value="It is odd."' in page
