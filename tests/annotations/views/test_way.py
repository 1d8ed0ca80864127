"""The rater's way: each stage is entered once, in its order, whatever tabs and reloads do."""

import pytest

from annotations.models import Assignment, Guideline, Judgment, OwnMeasure, Rater, Study
from annotations.studies.guidelines import revise
from annotations.taking_part.stages import stages_of
from tests.annotations.conftest import judge_url, make_text_study, send
from tests.annotations.taking_part.way_support import (
    act,
    add_known,
    agree,
    answer_known,
    join,
    make_invitation,
    make_whole_study,
    take_measure,
    walk_to_judging,
    way_url,
)

pytestmark = pytest.mark.django_db
Stage = Rater.Stage


@pytest.fixture
def study(cast):
    return make_whole_study(cast.project)


@pytest.fixture
def client(cast, study):
    """A browser that came by a link."""
    return join(make_invitation(study, cast.researcher))


@pytest.fixture
def rater(client, study) -> Rater:
    return study.raters.get()


def stage_of(rater: Rater) -> str:
    rater.refresh_from_db()
    return rater.stage


def page_of(client, study) -> str:
    return client.get(way_url(study)).content.decode()


def test_the_whole_way(client, study, rater):
    assert "I agree that my answers are stored." in page_of(client, study)
    agree(client, study)
    assert "your own choices" in page_of(client, study)
    take_measure(client, study)
    assert "Read the text, then choose." in page_of(client, study)
    act(client, study, "instructions")
    response = answer_known(client, study, rater)
    feedback = client.get(response.url).content.decode()
    assert "That is what was expected." in feedback
    assert "Both get much." in feedback
    response = answer_known(client, study, rater, "competitive")
    assert "Expected was: prosocial" in client.get(response.url).content.decode()
    assert "1 of 2 of your answers were as expected." in page_of(client, study)
    act(client, study, "practice")
    for _ in range(2):
        answer_known(client, study, rater)
    assert stage_of(rater) == Stage.JUDGING
    assert client.get(way_url(study)).url == judge_url(study)
    for _ in range(2):
        client.get(judge_url(study))
        send(client, study, assignment=rater.assignments.get(state="reserved").pk)
    assert stage_of(rater) == Stage.DONE
    page = page_of(client, study)
    assert "You helped us a lot." in page
    assert "You judged 2 texts." in page


def test_a_member_walks_the_same_way_without_an_invitation(cast, study):
    client = cast.client("rater")
    assert client.get(judge_url(study)).url == way_url(study)
    rater = study.raters.get()
    assert rater.stage == Stage.CONSENT
    walk_to_judging(client, study)
    assert client.get(judge_url(study)).status_code == 200


def test_a_study_without_words_starts_with_judging(cast):
    study = make_text_study(cast.project, 1)
    assert stages_of(study) == [Stage.JUDGING]
    assert cast.client("rater").get(judge_url(study)).status_code == 200


def test_judging_waits_for_the_stages_before_it(client, study):
    assert client.get(judge_url(study)).url == way_url(study)
    response = send(client, study, assignment=1)
    assert response.headers["HX-Redirect"] == way_url(study)
    assert not Judgment.objects.exists()


def test_a_second_tab_moves_nobody_twice(client, study, rater):
    agree(client, study)
    assert stage_of(rater) == Stage.OWN_MEASURE
    assert agree(client, study).url == way_url(study)
    assert stage_of(rater) == Stage.OWN_MEASURE
    act(client, study, "instructions")
    assert stage_of(rater) == Stage.OWN_MEASURE


def test_a_practice_item_counts_once(client, study, rater):
    agree(client, study)
    act(client, study, "own_measure", answer="no")
    act(client, study, "instructions")
    client.get(way_url(study))
    held = rater.assignments.get()
    for _ in range(2):
        act(client, study, "practice", assignment=held.pk, revision=0, label="prosocial")
    assert Judgment.objects.count() == 1
    assert not Judgment.objects.counted().exists()


def test_practice_and_qualification_take_no_place_and_count_as_nothing_judged(client, study, rater):
    walk_to_judging(client, study)
    assert set(study.items.values_list("taken", flat=True)) == {0}
    rater.refresh_from_db()
    assert (rater.judged, rater.handed) == (0, 0)


# --- consent -------------------------------------------------------------------------------------


def test_consent_keeps_the_version_agreed_to(client, study, rater):
    agree(client, study)
    rater.refresh_from_db()
    assert rater.guideline == study.guidelines.get()
    assert rater.consented_at is not None


def test_a_refusal_is_respected_and_said(client, study, rater):
    act(client, study, "consent", answer="no")
    assert stage_of(rater) == Stage.REFUSED
    assert "You said no, and that is fine." in page_of(client, study)
    assert client.get(judge_url(study)).url == way_url(study)
    assert rater.consented_at is None


def test_a_refusal_can_be_taken_back(client, study, rater):
    act(client, study, "consent", answer="no")
    act(client, study, "refused")
    assert stage_of(rater) == Stage.CONSENT


def test_nobody_agrees_to_words_they_have_not_seen(client, study, rater):
    old = study.guidelines.get()
    Guideline.objects.create(study=study, version=2, consent="I agree to more.")
    response = act(client, study, "consent", answer="yes", guideline=old.pk)
    assert "have changed while you were reading" in response.content.decode()
    assert stage_of(rater) == Stage.CONSENT


def test_changed_consent_is_asked_anew_and_nothing_is_walked_twice(cast, client, study, rater):
    walk_to_judging(client, study)
    revise(study, cast.researcher, consent="I agree to more.", instructions="Read twice.")
    assert client.get(judge_url(study)).url == way_url(study)
    assert "has changed since you agreed" in page_of(client, study)
    agree(client, study)
    assert stage_of(rater) == Stage.INSTRUCTIONS  # they may have changed with it
    act(client, study, "instructions")
    assert stage_of(rater) == Stage.JUDGING


def test_consent_that_comes_later_is_asked_of_who_is_judging_already(cast):
    study = make_text_study(cast.project, 1)
    client = cast.client("rater")
    client.get(judge_url(study))
    held = study.raters.get().assignments.get(state="reserved")
    revise(study, cast.researcher, consent="I agree.")
    assert client.get(judge_url(study)).url == way_url(study)
    agree(client, study)
    client.get(judge_url(study))
    assert study.raters.get().assignments.get(state="reserved") == held


def test_other_changes_of_the_guideline_ask_nothing_anew(cast, client, study, rater):
    walk_to_judging(client, study)
    revise(study, cast.researcher, instructions="Read twice.")
    assert stage_of(rater) == Stage.JUDGING


# --- own measure --------------------------------------------------------------------------


def test_the_own_measure_is_scored_and_kept_once(client, study, rater):
    agree(client, study)
    take_measure(client, study, option=1)
    own = OwnMeasure.objects.get(rater=rater)
    assert own.choices == {str(number): 1 for number in range(1, 7)}
    # Means of the first options: 470/6 to oneself, 400/6 to the other; atan2(16.67, 28.33).
    assert own.angle == pytest.approx(30.4655, abs=1e-4)
    assert own.orientation == "prosocial"
    take_measure(client, study, option=9)
    assert OwnMeasure.objects.get(rater=rater).choices["1"] == 1


def test_a_question_left_out_is_said_and_the_others_stay(client, study, rater):
    agree(client, study)
    chosen = {f"item-{number}": 3 for number in range(1, 6)}
    response = act(client, study, "own_measure", answer="yes", **chosen)
    page = response.content.decode()
    assert response.status_code == 422
    assert "One question has no answer yet." in page
    assert page.count(" checked") == 5
    assert not OwnMeasure.objects.exists()


@pytest.mark.parametrize("raw", ["0", "10", "x", "01"])
def test_an_option_that_is_not_there_is_no_answer(client, study, rater, raw):
    agree(client, study)
    chosen = {f"item-{number}": 3 for number in range(1, 6)} | {"item-6": raw}
    assert act(client, study, "own_measure", answer="yes", **chosen).status_code == 422


def test_the_own_measure_can_be_left_out(client, study, rater):
    agree(client, study)
    act(client, study, "own_measure", answer="no")
    assert stage_of(rater) == Stage.INSTRUCTIONS
    assert not OwnMeasure.objects.exists()


def test_it_is_not_asked_where_the_study_does_not_ask_it(cast):
    study = make_whole_study(cast.project, asks_own_measure=False)
    assert Stage.OWN_MEASURE not in stages_of(study)


# --- practice ------------------------------------------------------------------------------------


def test_after_a_practice_item_it_stands_beside_the_answer_and_what_was_expected(
    client, study, rater
):
    agree(client, study)
    act(client, study, "own_measure", answer="no")
    act(client, study, "instructions")
    page = client.get(answer_known(client, study, rater, "unclear").url).content.decode()
    assert study.items.filter(kind="practice").first().text in page
    assert "Expected was: prosocial" in page
    assert "Your answer: unclear" in page
    assert "Both get much." in page


# --- qualification -------------------------------------------------------------------------------


def to_qualification(client, study, rater) -> None:
    agree(client, study)
    act(client, study, "own_measure", answer="no")
    act(client, study, "instructions")
    for _ in range(2):
        answer_known(client, study, rater)
    act(client, study, "practice")


@pytest.mark.parametrize(
    ("threshold", "labels", "stage"),
    [
        (1.0, ("prosocial", "prosocial"), Stage.JUDGING),
        (1.0, ("prosocial", "unclear"), Stage.SCREENED_OUT),
        (0.5, ("unclear", "prosocial"), Stage.JUDGING),
        (0.51, ("unclear", "prosocial"), Stage.SCREENED_OUT),
        (None, ("unclear", "unclear"), Stage.JUDGING),
    ],
)
def test_the_threshold_decides(client, study, rater, threshold, labels, stage):
    study.qualification_pass = threshold
    study.save()
    to_qualification(client, study, rater)
    for label in labels:
        answer_known(client, study, rater, label)
    assert stage_of(rater) == stage


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5000, "-1", "two"])
def test_a_number_that_is_no_answer_s_shows_the_next_item(client, study, rater, number):
    agree(client, study)
    take_measure(client, study)
    act(client, study, "instructions")
    response = client.get(way_url(study), {"answered": number})
    assert "0 of 2 answered." in response.content.decode()


def test_the_qualification_tells_nothing_and_has_one_attempt(client, study, rater):
    to_qualification(client, study, rater)
    response = answer_known(client, study, rater, "unclear")
    page = client.get(response.url).content.decode()
    assert "Expected was" not in page
    assert "1 of 2 answered." in page
    first = rater.assignments.get(item__kind="qualification", state="judged")
    fields = {"assignment": first.pk, "revision": 1, "label": "prosocial"}
    act(client, study, "qualification", **fields)
    answer_known(client, study, rater)
    assert stage_of(rater) == Stage.SCREENED_OUT
    assert "says nothing about you" in page_of(client, study)
    assert client.get(judge_url(study)).url == way_url(study)


def test_a_wrong_form_says_so_and_keeps_what_was_filled_in(client, study, rater):
    to_qualification(client, study, rater)
    client.get(way_url(study))
    held = rater.assignments.get(state="reserved")
    fields = {"assignment": held.pk, "revision": 0, "label": "", "comment": "my words"}
    response = act(client, study, "qualification", **fields)
    assert response.status_code == 422
    assert "my words" in response.content.decode()


# --- studies that rest, pauses and the end -------------------------------------------------------


@pytest.mark.parametrize(("state", "words"), [("paused", "is paused"), ("closed", "is closed")])
def test_a_study_at_rest_says_so_at_every_stage(client, study, rater, state, words):
    study.state = state
    study.save()
    assert words in page_of(client, study)
    agree(client, study)
    assert stage_of(rater) == Stage.CONSENT


def test_who_came_from_a_platform_and_judged_nothing_is_asked_to_return_the_task(cast):
    study = make_whole_study(cast.project)
    invitation = make_invitation(study, cast.researcher, platform="prolific")
    client = join(invitation, query="?PROLIFIC_PID=p1&STUDY_ID=s1&SESSION_ID=t1")
    Study.objects.update(state="closed")
    assert "Please return the task" in page_of(client, study)
    study.raters.update(stage=Stage.JUDGING)
    assert "Please return the task" in client.get(judge_url(study)).content.decode()


def test_who_judged_before_the_study_closed_is_done(client, study, rater):
    walk_to_judging(client, study)
    client.get(judge_url(study))
    send(client, study, assignment=rater.assignments.get(state="reserved").pk)
    study.state = "closed"
    study.save()
    assert "Done: thank you" in page_of(client, study)


def test_who_is_done_can_still_correct_themselves(cast):
    study = make_text_study(cast.project, 1)
    client = join(make_invitation(study, cast.researcher))
    client.get(judge_url(study))
    held = study.raters.get().assignments.get()
    send(client, study, assignment=held.pk)
    assert judge_url(study, "last/") in page_of(client, study)
    listed = client.get(judge_url(study, "last/")).content.decode()
    assert judge_url(study, f"last/{held.pk}/") in listed
    assert way_url(study) in listed
    assert client.get(judge_url(study, f"last/{held.pk}/")).status_code == 200


def test_a_study_that_closes_before_somebody_judging_gives_them_their_way_back(cast):
    study = make_text_study(cast.project, 3)
    client = join(make_invitation(study, cast.researcher, completion="C0DE-42"))
    rater = study.raters.get()
    client.get(judge_url(study))
    send(client, study, assignment=rater.assignments.get(state="reserved").pk)
    Study.objects.update(state="closed")
    late = rater.assignments.get(state="reserved").pk
    assert send(client, study, assignment=late).headers["HX-Redirect"] == way_url(study)
    page = page_of(client, study)
    assert "C0DE-42" in page
    assert "The study was closed meanwhile" in page


def test_a_closed_study_keeps_a_members_part_as_it_is(cast):
    study = make_text_study(cast.project, 3)
    client = cast.client("rater")
    client.get(judge_url(study))
    rater = study.raters.get()
    send(client, study, assignment=rater.assignments.get(state="reserved").pk)
    Study.objects.update(state="closed")
    assert "The study is closed" in client.get(judge_url(study)).content.decode()
    assert stage_of(rater) == Stage.JUDGING


def test_a_member_is_done_at_the_cap_only(cast):
    study = make_text_study(cast.project, 2, cap=1)
    client = cast.client("rater")
    client.get(judge_url(study))
    rater = study.raters.get()
    send(client, study, assignment=rater.assignments.get(state="reserved").pk)
    assert stage_of(rater) == Stage.DONE


KEPT = "kept for you for half an hour"


def test_the_pause_says_how_to_come_back_and_keeps_a_text_only_while_one_is_held(client, study):
    page = client.get(way_url(study, "pause/")).content.decode()
    assert "/join/" in page
    assert KEPT not in page
    walk_to_judging(client, study)
    client.get(judge_url(study))
    assert KEPT in client.get(way_url(study, "pause/")).content.decode()
    Assignment.objects.filter(state="reserved").update(state="released")
    assert KEPT not in client.get(way_url(study, "pause/")).content.decode()


def test_whose_part_has_ended_finds_no_pause(client, study, rater):
    Rater.objects.update(stage=Stage.DONE)
    answer = client.get(way_url(study, "pause/"))
    assert (answer.status_code, answer["Location"]) == (302, way_url(study))


def test_a_rater_paused_by_the_researchers_is_told(client, study, rater):
    Rater.objects.update(paused_by_staff=True)
    assert "have paused your part" in page_of(client, study)


def test_words_without_a_consent_are_read_once(cast):
    study = make_text_study(cast.project, 1)
    revise(study, cast.researcher, about="What we look at.")
    client = cast.client("rater")
    page = page_of(client, study)
    assert "What we look at." in page
    assert "I do not want to take part" not in page
    agree(client, study)
    assert client.get(judge_url(study)).status_code == 200


def test_missed_attention_checks_end_the_part_with_the_code_for_it(cast):
    study = make_text_study(cast.project, 5, control_every=1, attention_limit=1)
    add_known(study, "attention", 1)
    fields = {"platform": "prolific", "failed_attention": "FAIL1"}
    invitation = make_invitation(study, cast.researcher, **fields)
    client = join(invitation, query="?PROLIFIC_PID=p1&STUDY_ID=s1&SESSION_ID=t1")
    client.get(judge_url(study))
    held = study.raters.get().assignments.get(state="reserved")
    assert held.item.kind == "attention"
    response = send(client, study, assignment=held.pk, label="competitive")
    assert response.headers["HX-Redirect"] == way_url(study)
    page = page_of(client, study)
    assert "complete?cc=FAIL1" in page
    assert "your part ends here" in page
    assert client.get(judge_url(study)).url == way_url(study)


@pytest.mark.parametrize("stage", [Stage.CONSENT, Stage.WITHDRAWN, Stage.FAILED_ATTENTION])
def test_nothing_is_corrected_once_the_part_is_over_or_consent_is_asked_anew(cast, stage):
    study = make_text_study(cast.project, 2)
    client = cast.client("rater")
    client.get(judge_url(study))
    held = study.raters.get().assignments.get()
    send(client, study, assignment=held.pk)
    Rater.objects.update(stage=stage)
    fields = {"assignment": held.pk, "revision": 1, "label": "unclear"}
    response = client.post(judge_url(study, f"last/{held.pk}/"), fields)
    assert response.url == way_url(study)
    assert Judgment.objects.get().label == "prosocial"


def test_an_answer_that_no_row_can_be_has_no_feedback(cast):
    study = make_whole_study(cast.project)
    client = join(make_invitation(study, cast.researcher))
    study.raters.update(stage=Stage.PRACTICE)
    assert client.get(way_url(study), {"answered": "9" * 30}).status_code == 200
