"""The pages on which studies are made and followed."""

import html

import pytest

from annotations.models import Rater, Study
from annotations.questions.of_study import primary_question
from annotations.questions.question import InvalidJudgment
from annotations.studies.simulated import simulate_judgments
from tests.annotations.conftest import make_rater, make_run, make_study, make_trial

pytestmark = pytest.mark.django_db

STUDIES = "/p/lab/studies/"

FORM = {
    "unit": "trial",
    "kind": "orientation",
    "overlap": 3,
    "seed": 0,
    "option_order": "fixed",
    "language": "en",
    "on_deletion": "anonymous",
    "further-TOTAL_FORMS": 0,
    "further-INITIAL_FORMS": 0,
}
"""The form of a new study as it is shown, but for the name and the runs."""


def page(cast, who: str, url: str) -> str:
    response = cast.client(who).get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("who", ["researcher", "reviewer", "administrator"])
def test_staff_see_every_study_with_its_state(cast, cell, who):
    make_study(cast.project, [make_trial(cell)], name="A draft", slug="a-draft", state="draft")
    found = page(cast, who, STUDIES)
    assert "A draft" in found and "draft" in found


def test_raters_see_the_studies_they_can_judge_in_and_no_others(cast, cell):
    make_study(cast.project, name="Draft one", slug="draft-one", state="draft")
    make_study(cast.project, name="Open one", slug="open-one")
    make_study(cast.other_project, name="Elsewhere", slug="elsewhere")
    found = page(cast, "rater", STUDIES)
    assert "/p/lab/studies/open-one/judge/" in found
    assert "Draft one" not in found and "Elsewhere" not in found


def test_the_list_costs_the_same_queries_however_many_studies_there_are(
    cast, cell, django_assert_max_num_queries
):
    trials = [make_trial(cell) for _ in range(2)]
    for _ in range(2):
        make_study(cast.project, trials)
    client = cast.client("researcher")
    client.get(STUDIES)
    for _ in range(8):
        make_study(cast.project, trials)
    with django_assert_max_num_queries(8):
        client.get(STUDIES)


@pytest.mark.parametrize("who", ["rater", "reviewer"])
def test_only_researchers_make_studies(cast, who):
    assert cast.client(who).get(f"{STUDIES}new/").status_code == 403


def test_the_form_draws_a_study(cast, cell):
    for _ in range(4):
        make_trial(cell, texts=("A",))
    fields = FORM | {"name": "First look", "runs": [cell.run.pk], "n": 3, "overlap": 4, "seed": 1}
    response = cast.client("researcher").post(f"{STUDIES}new/", fields)
    study = Study.objects.get()
    assert response.headers["Location"] == study.get_absolute_url() == f"{STUDIES}first-look/"
    assert (study.items.count(), study.overlap, study.created_by) == (3, 4, cast.researcher)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n": 99}, "Cannot draw 99 of 1"),
        ({"overlap": 0}, "greater than or equal to 1"),
        ({"overlap": 51}, "less than or equal to 50"),
        ({"seed": -1}, "greater than or equal to 0"),
        ({"seed": 2**31}, "less than or equal to 2147483647"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_the_form_says_what_is_wrong(cast, cell, change, words):
    make_trial(cell, texts=("A",))
    fields = FORM | {"name": "x", "runs": [cell.run.pk]} | change
    response = cast.client("researcher").post(f"{STUDIES}new/", fields)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Study.objects.exists()


@pytest.mark.parametrize(("change", "field"), [({"n": 99}, "n"), ({"share": 0}, "share")])
def test_a_sample_that_cannot_be_drawn_is_said_at_its_field(cast, cell, change, field):
    make_trial(cell, texts=("A",))
    fields = FORM | {"name": "x", "runs": [cell.run.pk]} | change
    response = cast.client("researcher").post(f"{STUDIES}new/", fields)
    assert list(response.context["form"].errors) == [field]


def test_a_run_of_another_project_cannot_be_drawn_from(cast):
    other = make_run(cast.other_project)
    fields = FORM | {"name": "x", "runs": [other.pk]}
    assert cast.client("researcher").post(f"{STUDIES}new/", fields).status_code == 422


def test_the_study_page_counts_and_labels_simulated_raters(cast, cell):
    study = make_study(cast.project, [make_trial(cell, score="prosocial") for _ in range(4)])
    simulate_judgments(study, raters=2)
    make_rater(study, "rater-quartz")
    found = page(cast, "researcher", study.get_absolute_url())
    assert "of 12 wanted" in found
    assert "simulated-1" in found and "rater-quartz" in found
    assert found.count("simulated</span>") == 2


def test_the_study_page_names_no_person(cast, cell):
    study = make_study(cast.project, [make_trial(cell)])
    Rater.objects.create(study=study, user=cast.second_rater, pseudonym="rater-quartz")
    found = page(cast, "researcher", study.get_absolute_url())
    assert "second_rater" not in found


def test_the_study_page_costs_the_same_queries_however_much_was_judged(
    cast, cell, django_assert_max_num_queries
):
    small = make_study(cast.project, [make_trial(cell)])
    large = make_study(cast.project, [make_trial(cell) for _ in range(10)])
    for study in (small, large):
        simulate_judgments(study)
        client = cast.client("researcher")
        with django_assert_max_num_queries(10):
            client.get(study.get_absolute_url())


def test_a_study_of_another_project_is_not_found(cast):
    study = make_study(cast.other_project)
    assert cast.client("researcher").get(f"{STUDIES}{study.slug}/").status_code == 404


def test_a_researcher_opens_and_pauses(cast, cell):
    study = make_study(cast.project, [make_trial(cell)], state="draft")
    client = cast.client("researcher")
    for state in ("open", "paused"):
        client.post(f"{study.get_absolute_url()}state/", {"state": state})
        study.refresh_from_db()
        assert study.state == state


def test_a_step_that_does_not_exist_is_said(cast, cell):
    study = make_study(cast.project, [make_trial(cell)], state="draft")
    client = cast.client("researcher")
    response = client.post(f"{study.get_absolute_url()}state/", {"state": "closed"}, follow=True)
    assert "it can become open" in response.content.decode()


@pytest.mark.parametrize("who", ["rater", "reviewer"])
def test_only_researchers_move_a_study(cast, cell, who):
    study = make_study(cast.project, [make_trial(cell)], state="draft")
    url = f"{study.get_absolute_url()}state/"
    assert cast.client(who).post(url, {"state": "open"}).status_code == 403


def test_states_move_by_post_only(cast, cell):
    study = make_study(cast.project, [make_trial(cell)])
    url = f"{study.get_absolute_url()}state/"
    assert cast.client("researcher").get(url).status_code == 405


def test_a_scale_of_ones_own_can_have_ends(cast, cell):
    make_trial(cell)
    asked = {"kind": "declared", "question": "How polite?", "scale": "interval"}
    fields = FORM | asked | {"name": "Polite", "runs": [cell.run_id]}
    client = cast.client("researcher")
    refused = client.post(f"{STUDIES}new/", fields | {"ends": "10 0"})
    assert refused.status_code == 422
    assert "The range of this scale is 10 0: give its lower and its upper end" in html.unescape(
        refused.content.decode()
    )
    labels = {"scale": "nominal", "categories": "yes\nno", "ends": "0 10"}
    assert client.post(f"{STUDIES}new/", fields | labels).status_code == 422
    client.post(f"{STUDIES}new/", fields | {"ends": "0 10"})
    study = Study.objects.get()
    assert study.ranges == {"raters": [0, 10]}
    question = primary_question(study)
    assert question.checked("10") == 10
    with pytest.raises(InvalidJudgment, match="A number from 0 to 10 is needed"):
        question.checked("11")
    page = client.get(f"{study.get_absolute_url()}settings/").content.decode()
    assert 'value="0 10"' in page
