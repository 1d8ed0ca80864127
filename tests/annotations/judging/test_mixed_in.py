"""Items with a known answer, repeats, the cap and skipping: who is handed what besides."""

import re

import pytest

from annotations.exchange.assignment import current_or_next
from annotations.exchange.mixed_in import REPEATED_AFTER
from annotations.judging.judging import submit
from annotations.judging.problems import report_problem
from annotations.judging.results import Result
from annotations.judging.sent import Form
from annotations.judging.skipping import skip
from annotations.models import Assignment, Dispute, Item, Judgment, ProblemReport, Rater, Study
from annotations.questions.controls import InvalidExpectation, checked_expectation, is_right
from annotations.questions.question import InvalidJudgment, Question
from annotations.studies.queries import progress_of
from tests.annotations.conftest import judge_url, make_rater, make_text_study, send

pytestmark = pytest.mark.django_db


def add_controls(study: Study, kind: str, count: int, expected: str = "prosocial") -> list[Item]:
    start = study.items.count() + 1
    return Item.objects.bulk_create(
        Item(
            study=study,
            kind=kind,
            position=start + number,
            text=f"{kind} {number}",
            expected=expected,
            feedback="It shares.",
            places=0,
        )
        for number in range(count)
    )


def judge_all(rater: Rater, label: str = "prosocial") -> list[Assignment]:
    """Every item the rater is handed, in order."""
    handed, held = [], current_or_next(rater)
    while held is not None:
        handed.append(held)
        held = submit(rater, Form(held.pk, 0, label)).next
    return handed


def kinds(handed: list[Assignment]) -> list[str]:
    return [assignment.item.kind for assignment in handed]


# --- items with a known answer --------------------------------------------------------------------


def test_one_control_comes_among_so_many_items_handed_out(cast):
    study = make_text_study(cast.project, 16, control_every=5)
    add_controls(study, "gold", 2)
    add_controls(study, "attention", 2)
    handed = kinds(judge_all(make_rater(study)))
    assert len(handed) == 20
    for start in range(0, 20, 5):
        assert sum(kind != "regular" for kind in handed[start : start + 5]) == 1


def test_controls_stand_at_other_places_for_other_raters(cast):
    study = make_text_study(cast.project, 20, overlap=5, control_every=5)
    add_controls(study, "gold", 6)
    orders = [tuple(kinds(judge_all(make_rater(study)))) for _ in range(5)]
    assert len(set(orders)) > 1


def test_a_control_is_seen_once_and_takes_no_place(cast):
    study = make_text_study(cast.project, 12, control_every=2)
    controls = add_controls(study, "gold", 3)
    handed = judge_all(make_rater(study))
    seen = [assignment.item_id for assignment in handed]
    assert len(seen) == len(set(seen)) == 15
    assert set(Item.objects.filter(pk__in=[c.pk for c in controls]).values_list("taken")) == {(0,)}
    assert Rater.objects.get().judged == 12
    assert Rater.objects.get().handed == 15
    assert Judgment.objects.counted().count() == 12


def test_the_count_a_rater_sees_moves_with_every_judgment_and_with_no_skip(cast):
    study = make_text_study(cast.project, 4, control_every=2)
    add_controls(study, "attention", 2)
    rater = make_rater(study)
    seen = []
    held = skip(rater, current_or_next(rater).pk, "other").next
    while held is not None:
        seen.append(progress_of(rater, held).judged)
        held = submit(rater, Form(held.pk, 0, "prosocial")).next
    assert seen == list(range(len(seen)))
    assert Rater.objects.get().judged < len(seen)


def test_a_control_opens_no_dispute(cast):
    study = make_text_study(cast.project, 0, control_every=1, overlap=1)
    add_controls(study, "gold", 1)
    for label in ("prosocial", "unclear", "competitive"):
        judge_all(make_rater(study), label)
    assert Judgment.objects.count() == 3
    assert not Dispute.objects.exists()


def test_after_gold_the_rater_is_told_where_the_study_says_so(cast):
    study = make_text_study(cast.project, 1, control_every=1, control_feedback=True)
    add_controls(study, "gold", 1, expected="competitive|individualistic")
    rater = make_rater(study)
    gold = current_or_next(rater)
    told = submit(rater, Form(gold.pk, 0, "prosocial")).feedback
    assert (told.right, told.expected, told.why) == (
        False,
        "competitive / individualistic",
        "It shares.",
    )


def test_an_answer_that_was_looked_at_is_not_corrected(cast):
    study = make_text_study(cast.project, 1, control_every=1, control_feedback=True)
    add_controls(study, "gold", 1)
    rater = make_rater(study)
    gold = current_or_next(rater)
    assert not submit(rater, Form(gold.pk, 0, "unclear")).feedback.right
    assert submit(rater, Form(gold.pk, 1, "prosocial")).result is Result.OTHER_STORED
    assert Judgment.objects.get().label == "unclear"


def test_without_that_nothing_is_told(cast):
    study = make_text_study(cast.project, 1, control_every=1)
    add_controls(study, "gold", 1)
    rater = make_rater(study)
    assert submit(rater, Form(current_or_next(rater).pk, 0, "prosocial")).feedback is None


def test_the_page_says_what_was_expected(cast):
    study = make_text_study(cast.project, 1, control_every=1, control_feedback=True)
    add_controls(study, "gold", 1)
    client = cast.client("rater")
    client.get(judge_url(study))
    held = Assignment.objects.get()
    page = send(client, study, assignment=held.pk, label="unclear").content.decode()
    assert "Your last answer is not what was expected." in page
    assert "Expected: prosocial." in page
    assert ">It shares.<" in page


def test_a_long_reason_stays_out_of_the_header(cast):
    study = make_text_study(cast.project, 1, control_every=1, control_feedback=True)
    add_controls(study, "gold", 1)
    Item.objects.filter(kind="gold").update(feedback="لأن" * 1000)
    client = cast.client("rater")
    client.get(judge_url(study))
    response = send(client, study, assignment=Assignment.objects.get().pk)
    assert "Expected: prosocial." in response.headers["HX-Trigger"]
    assert len(response.headers["HX-Trigger"]) < 3000
    assert "لأن" * 1000 in response.content.decode()


def test_missed_attention_checks_end_the_part_at_the_limit(cast):
    study = make_text_study(cast.project, 9, control_every=1, attention_limit=2)
    add_controls(study, "attention", 3)
    rater = make_rater(study)
    handed = judge_all(rater, "unclear")
    assert kinds(handed) == ["attention", "attention"]
    rater = Rater.objects.get()
    assert (rater.missed_attention, rater.stage) == (2, Rater.Stage.FAILED_ATTENTION)
    assert not Assignment.objects.filter(state="reserved").exists()


def test_attention_checks_that_are_right_end_nothing(cast):
    study = make_text_study(cast.project, 3, control_every=2, attention_limit=1)
    add_controls(study, "attention", 2)
    assert len(judge_all(make_rater(study))) == 5
    assert Rater.objects.get().missed_attention == 0


@pytest.mark.parametrize(
    ("kind", "expected", "label", "right"),
    [
        ("nominal", "a", "a", True),
        ("nominal", "a | b", "b", True),
        ("nominal", "a", "b", False),
        ("vector", "+1,0", "1,0", True),
        ("vector", "1,0", "1,1", False),
        ("angle", "45", "55", True),
        ("angle", "45", "55.1", False),
        ("angle", "45±5", "50", True),
        ("angle", "45+/-5", "51", False),
        ("angle", "10|45±1", "20", True),
        ("interval", "3", "3.0", True),
        ("interval", "3", "3.1", False),
    ],
)
def test_what_counts_as_right(kind, expected, label, right):
    categories = {"nominal": ("a", "b"), "vector": ("x", "y")}.get(kind, ())
    assert is_right(Question("k", kind, "?", categories), expected, label) is right


@pytest.mark.parametrize(("kind", "expected"), [("nominal", "c"), ("angle", "99"), ("angle", "x")])
def test_an_answer_nobody_could_give_is_not_expected(kind, expected):
    categories = ("a", "b") if kind == "nominal" else ()
    with pytest.raises(InvalidExpectation):
        checked_expectation(Question("k", kind, "?", categories), expected)


# --- repeats --------------------------------------------------------------------------------------


def test_a_share_of_the_items_comes_again_once_and_late_enough(cast):
    study = make_text_study(cast.project, 40, repeat_share=0.1)
    handed = judge_all(make_rater(study))
    order = [assignment.item_id for assignment in handed]
    again = [place for place, one in enumerate(handed) if one.round == 1]
    assert len(handed) == 44
    assert len(again) == 4
    for place in again:
        assert place - order.index(order[place]) > REPEATED_AFTER


def test_what_is_owed_at_the_end_comes_even_if_it_is_near(cast):
    study = make_text_study(cast.project, 4, repeat_share=0.5)
    handed = judge_all(make_rater(study))
    assert [assignment.round for assignment in handed] == [0, 0, 0, 0, 1, 1]


def test_a_repeat_takes_no_place_and_counts_for_no_consensus(cast):
    study = make_text_study(cast.project, 2, repeat_share=1.0, overlap=1)
    judge_all(make_rater(study))
    assert set(Item.objects.values_list("taken", flat=True)) == {1}
    assert Judgment.objects.count() == 4
    assert Judgment.objects.counted().count() == 2
    assert Rater.objects.get().judged == 2


def test_the_earlier_answer_is_not_shown_with_a_repeat(cast):
    study = make_text_study(cast.project, 1, repeat_share=1.0)
    client = cast.client("rater")
    client.get(judge_url(study))
    held = Assignment.objects.get()
    page = send(client, study, assignment=held.pk, comment="first thought").content.decode()
    assert Assignment.objects.filter(round=1, state="reserved").exists()
    assert "first thought" not in page
    assert "checked" not in re.sub(r"data-keys-switch.*?</label>", "", page)


# --- cap ------------------------------------------------------------------------------------------


def test_nobody_judges_more_regular_items_than_the_cap(cast):
    study = make_text_study(cast.project, 10, cap=4, control_every=3)
    add_controls(study, "gold", 5)
    handed = kinds(judge_all(make_rater(study)))
    assert handed.count("regular") == 4


def test_the_page_counts_up_to_the_cap(cast):
    study = make_text_study(cast.project, 10, cap=4)
    page = cast.client("rater").get(judge_url(study)).content.decode()
    assert "4 still open for you" in page


# --- skipping and reporting -----------------------------------------------------------------------


def test_a_skipped_item_is_free_again_and_never_comes_back_to_them(cast):
    study = make_text_study(cast.project, 3, overlap=1)
    rater = make_rater(study)
    held = current_or_next(rater)
    submitted = skip(rater, held.pk, "language", " no Greek ")
    assert submitted.result is Result.SKIPPED
    assert submitted.next.item_id != held.item_id
    row = Assignment.objects.get(pk=held.pk)
    assert (row.state, row.skip_reason, row.skip_comment) == ("skipped", "language", "no Greek")
    rest = judge_all(rater)
    assert held.item_id not in [assignment.item_id for assignment in rest]
    assert [one.item_id for one in judge_all(make_rater(study))] == [held.item_id]
    assert Rater.objects.first().judged == 2


def test_skipping_twice_frees_one_place(cast):
    study = make_text_study(cast.project, 2)
    rater = make_rater(study)
    held = current_or_next(rater)
    results = [skip(rater, held.pk, "technical").result for _ in range(2)]
    assert results == [Result.SKIPPED, Result.SKIPPED]
    assert Item.objects.get(pk=held.item_id).taken == 0


def test_what_was_skipped_is_not_judged_and_what_was_judged_is_not_skipped(cast):
    study = make_text_study(cast.project, 2)
    rater = make_rater(study)
    first = current_or_next(rater)
    second = skip(rater, first.pk, "other").next
    assert submit(rater, Form(first.pk, 0, "prosocial")).result is Result.SKIPPED_BEFORE
    submit(rater, Form(second.pk, 0, "prosocial"))
    assert skip(rater, second.pk, "other").result is Result.JUDGED_BEFORE
    assert Judgment.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "no such"])
def test_a_skip_needs_a_reason(cast, reason):
    study = make_text_study(cast.project, 1)
    rater = make_rater(study)
    with pytest.raises(InvalidJudgment) as refused:
        skip(rater, current_or_next(rater).pk, reason)
    assert list(refused.value.errors) == ["skip_reason"]


def test_the_page_skips(cast):
    study = make_text_study(cast.project, 2)
    client = cast.client("rater")
    client.get(judge_url(study))
    held = Assignment.objects.get()
    refused = send(client, study, assignment=held.pk, act="skip")
    assert refused.status_code == 422
    assert "Choose why you skip it." in refused.content.decode()
    page = send(client, study, assignment=held.pk, act="skip", skip_reason="distressing")
    following = Assignment.objects.get(state="reserved")
    assert f'name="assignment" value="{following.pk}"' in page.content.decode()


def test_a_reported_problem_is_kept_and_brought_to_a_reviewer(cast):
    study = make_text_study(cast.project, 2)
    rater = make_rater(study)
    held = current_or_next(rater)
    for _ in range(2):
        report_problem(rater, held.pk, " cut off in the middle ")
    assert [report.text for report in ProblemReport.objects.all()] == ["cut off in the middle"]
    assert Dispute.objects.get().item_id == held.item_id
    assert submit(rater, Form(held.pk, 0, "prosocial")).result is Result.STORED


def test_the_page_reports_and_stays_as_it_is(cast):
    study = make_text_study(cast.project, 2)
    client = cast.client("rater")
    client.get(judge_url(study))
    held = Assignment.objects.get()
    response = send(client, study, assignment=held.pk, act="report", problem="wrong language")
    assert response.headers["HX-Reswap"] == "none"
    assert "reported" in response.headers["HX-Trigger"]
    assert ProblemReport.objects.get().item_id == held.item_id
    assert send(client, study, assignment=held.pk, act="report").status_code == 422


@pytest.mark.parametrize("state", [Study.State.CLOSED, Study.State.DRAFT])
def test_a_study_that_takes_nothing_takes_no_skip_and_no_report(cast, state):
    study = make_text_study(cast.project, 1)
    rater = make_rater(study)
    held = current_or_next(rater)
    Study.objects.update(state=state)
    assert skip(rater, held.pk, "other").result is Result.STUDY_CLOSED
    assert report_problem(rater, held.pk, "cut off") is Result.STUDY_CLOSED
    assert Assignment.objects.get().state == Assignment.State.RESERVED
    assert not ProblemReport.objects.exists()


@pytest.mark.parametrize(
    "sent", [{"act": "skip", "skip_reason": "other"}, {"act": "report", "problem": "cut off"}]
)
def test_the_page_says_that_the_study_was_closed_meanwhile(cast, sent):
    study = make_text_study(cast.project, 1)
    client = cast.client("rater")
    client.get(judge_url(study))
    Study.objects.update(state=Study.State.CLOSED)
    for htmx in (True, False):
        answer = send(client, study, htmx=htmx, assignment=Assignment.objects.get().pk, **sent)
        said = answer.content.decode() + str(answer.headers)
        said += "" if htmx else client.get(judge_url(study)).content.decode()
        assert "The study was closed meanwhile" in said


# --- several questions, time away, the guideline --------------------------------------------------

TONE = {"key": "tone", "kind": "ordinal", "prompt": "Tone?", "categories": ["cold", "warm"]}
VALUES = {"key": "values", "kind": "vector", "prompt": "Values?", "categories": ["power", "peace"]}


def test_all_answers_of_a_form_are_kept(cast):
    further = [TONE | {"required": True}, VALUES, {"key": "ring", "kind": "angle", "prompt": "?"}]
    study = make_text_study(cast.project, 1, further_questions=further)
    client = cast.client("rater")
    client.get(judge_url(study))
    fields = {"q-tone": "warm", "q-values-0": "1", "q-values-1": "-1", "q-ring": "37.5"}
    send(client, study, assignment=Assignment.objects.get().pk, **fields)
    assert Judgment.objects.get().answers == {"tone": "warm", "values": "1,-1", "ring": 37.5}


def test_every_question_that_was_not_answered_is_named(cast):
    study = make_text_study(cast.project, 1, further_questions=[TONE | {"required": True}])
    client = cast.client("rater")
    client.get(judge_url(study))
    page = send(client, study, assignment=Assignment.objects.get().pk, label="")
    assert page.status_code == 422
    assert page.content.decode().count("Choose an answer first.") == 2


def test_a_correction_shows_every_answer_as_it_was_given(cast):
    study = make_text_study(cast.project, 2, further_questions=[TONE, VALUES])
    client = cast.client("rater")
    client.get(judge_url(study))
    place = Assignment.objects.get().pk
    fields = {"q-tone": "warm", "q-values-0": "1", "q-values-1": "-1"}
    send(client, study, assignment=place, **fields)
    page = client.get(judge_url(study, f"last/{place}/")).content.decode()
    for name, value in (("q-tone", "warm"), ("q-values-0", "1"), ("q-values-1", "-1")):
        assert re.search(rf'name="{name}" value="{value}"[^>]* checked', page), name


def test_time_away_and_lost_focus_are_kept(cast):
    study = make_text_study(cast.project, 1)
    client = cast.client("rater")
    client.get(judge_url(study))
    place = Assignment.objects.get()
    place.reserved_at -= place.expires_at - place.reserved_at
    place.save()
    shown = place.reserved_at.timestamp()
    send(client, study, assignment=place.pk, shown_at=shown, away="12.5", losses="2")
    judgment = Judgment.objects.get()
    assert (judgment.away_seconds, judgment.focus_losses) == (12.5, 2)


@pytest.mark.parametrize("nonsense", ["-1", "x", "1e9", "nan", ""])
def test_a_time_nobody_can_have_been_away_is_not_believed(cast, nonsense):
    study = make_text_study(cast.project, 1)
    client = cast.client("rater")
    client.get(judge_url(study))
    place = Assignment.objects.get().pk
    send(client, study, assignment=place, away=nonsense, losses=nonsense)
    judgment = Judgment.objects.get()
    assert (judgment.away_seconds, judgment.focus_losses) == (None, None)


def test_a_judgment_remembers_the_guideline_it_was_made_under(cast):
    study = make_text_study(cast.project, 3)
    client = cast.client("rater")
    client.get(judge_url(study))  # They are judging before there are instructions to read first.
    first = study.guidelines.create(version=1, instructions="Judge *calmly*.")
    page = client.get(judge_url(study)).content.decode()
    assert "<em>calmly</em>" in page
    assert f'name="guideline" value="{first.pk}"' in page
    second = study.guidelines.create(version=2, instructions="Judge quickly.")
    held = Assignment.objects.get(state="reserved")
    response = send(client, study, assignment=held.pk, guideline=first.pk)
    assert Judgment.objects.get().guideline == first
    assert response.headers["HX-Refresh"] == "true"
    page = client.get(judge_url(study)).content.decode()
    assert "The instructions have changed" in page
    held = Assignment.objects.get(state="reserved")
    send(client, study, assignment=held.pk, guideline=second.pk)
    assert Judgment.objects.last().guideline == second


def test_every_second_rater_meets_the_options_the_other_way_round(cast):
    study = make_text_study(cast.project, 3, option_order="balanced")
    orders = []
    for who in ("rater", "second_rater"):
        page = cast.client(who).get(judge_url(study)).content.decode()
        orders.append(re.findall(r'name="label" value="(\w+)"[^>]*data-key="(\d)"', page))
    plain, reversed_ = orders
    assert [value for value, _ in plain[:4]] == [value for value, _ in reversed_[:4]][::-1]
    assert [value for value, _ in plain[4:]] == [value for value, _ in reversed_[4:]]
    assert [key for _, key in reversed_] == list("123456")


def test_a_paused_rater_is_handed_nothing(cast):
    study = make_text_study(cast.project, 3)
    client = cast.client("rater")
    client.get(judge_url(study))
    Rater.objects.update(paused_by_staff=True)
    assert "Your part is paused" in client.get(judge_url(study)).content.decode()
