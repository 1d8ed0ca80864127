"""The pages on which disputes are settled."""

import re

import pytest

from annotations.exchange.assignment import current_or_next
from annotations.judging.judging import submit
from annotations.judging.sent import Form
from annotations.models import Assignment, Decision, Dispute, Item, ProblemReport
from annotations.studies.simulated import simulate_judgments
from annotations.taking_part.excluding import exclude
from evaluations.models import Reading, Turn
from tests.annotations.conftest import make_rater, make_study, make_text_study, make_trial
from tests.annotations.disputes.test_disputes import say

pytestmark = pytest.mark.django_db

DISPUTES = "/p/lab/disputes/"


@pytest.fixture
def dispute(cast, cell) -> Dispute:
    trial = make_trial(cell, texts=("I first liked D. So I take B.",), score="prosocial")
    Turn.objects.create(trial=trial, position=1, role="user", step="task", text="the instruction")
    reading = Reading.objects.create(
        answer=trial.answers.get(),
        reader="prose",
        version="1",
        outcome="choice",
        value=2,
        label="B",
        method="choice sentence",
    )
    reading.evidence.create(start=20, end=28)
    say(make_study(cast.project, [trial]), "competitive", "competitive", "unclear")
    return Dispute.objects.get()


def get(cast, who: str, url: str) -> str:
    response = cast.client(who).get(url)
    assert response.status_code == 200
    return response.content.decode()


def url_of(dispute: Dispute, rest: str = "") -> str:
    return f"{DISPUTES}{dispute.pk}/{rest}"


def test_the_queue_says_why_and_what_raters_said(cast, dispute):
    page = get(cast, "reviewer", DISPUTES)
    assert "The automated label differs from the consensus of the raters." in page
    assert "<bdi>competitive</bdi> × 2, <bdi>unclear</bdi> × 1" in page
    assert url_of(dispute) in page


def test_the_queue_shows_one_state_and_one_study(cast, dispute):
    Dispute.objects.update(state="decided")
    assert "Nothing to settle" in get(cast, "reviewer", DISPUTES)
    assert url_of(dispute) in get(cast, "reviewer", f"{DISPUTES}?state=decided")
    assert url_of(dispute) in get(cast, "reviewer", f"{DISPUTES}?state=")
    slug = dispute.item.study.slug
    assert url_of(dispute) in get(cast, "reviewer", f"{DISPUTES}?state=&study={slug}")
    assert "Nothing to settle" in get(cast, "reviewer", f"{DISPUTES}?state=&study=another")


@pytest.mark.parametrize("slug", ["%00", "a%00b", "no%20slug"])
def test_what_is_no_slug_names_no_study(cast, dispute, slug):
    assert "Nothing to settle" in get(cast, "reviewer", f"{DISPUTES}?study={slug}")


def test_the_queue_costs_the_same_queries_however_long_it_is(cast, django_assert_max_num_queries):
    study = make_text_study(cast.project, 40, overlap=2)
    say(study, "unclear", "competitive")
    for item in study.items.all():
        Dispute.objects.get_or_create(item=item, defaults={"reasons": ["raters_split"]})
    client = cast.client("reviewer")
    with django_assert_max_num_queries(10):
        client.get(DISPUTES)


def test_the_page_shows_judgments_conversation_and_evidence(cast, dispute):
    page = get(cast, "reviewer", url_of(dispute))
    assert '<mark class="evidence">I take B</mark>' in page
    assert "the instruction" in page
    assert "read as B (option 2 of the instrument) by choice sentence" in " ".join(page.split())
    assert "30.00°" in page
    for judgment in dispute.item.judgments.select_related("rater"):
        assert judgment.rater.pseudonym in page


def test_simulated_raters_are_labelled(cast, cell):
    study = make_study(cast.project, [make_trial(cell, score="prosocial")])
    simulate_judgments(study)
    dispute = Dispute.objects.create(item=study.items.get(), reasons=["raters_split"])
    assert get(cast, "reviewer", url_of(dispute)).count("simulated</span>") == 3


def test_an_imported_item_shows_its_text_and_labels(cast):
    study = make_text_study(cast.project, 1, source="import", metric_name="machine")
    item = Item.objects.get()
    item.automated_labels.create(scorer="machine", label="unclear")
    dispute = Dispute.objects.create(item=item, reasons=["automated_differs"])
    page = get(cast, "reviewer", url_of(dispute))
    assert "text 1" in page and "machine" in page
    assert study.name in page


def test_a_reviewer_decides_with_a_reason(cast, dispute):
    fields = {"label": "competitive", "reason": "takes more each time"}
    response = cast.client("reviewer").post(url_of(dispute, "decide/"), fields)
    assert response.headers["Location"] == DISPUTES  # it was the last one
    assert Decision.objects.get().reviewer == cast.reviewer
    assert "takes more each time" in get(cast, "reviewer", url_of(dispute))


@pytest.mark.parametrize("fields", [{"label": "competitive"}, {"reason": "x"}, {"label": "kind"}])
def test_a_decision_without_label_or_reason_is_refused_on_the_page(cast, dispute, fields):
    response = cast.client("reviewer").post(url_of(dispute, "decide/"), fields)
    assert response.status_code == 422
    assert not Decision.objects.exists()


def test_a_second_decision_is_refused_in_words(cast, dispute):
    client = cast.client("reviewer")
    fields = {"label": "competitive", "reason": "once"}
    client.post(url_of(dispute, "decide/"), fields)
    late = {"label": "unclear", "reason": "They never\nsettle."}
    response = client.post(url_of(dispute, "decide/"), late)
    page = response.content.decode()
    assert response.status_code == 422
    assert "This dispute is decided: only an open one can be decided." in page
    assert page.index("This was not stored") < page.index("What the raters said")  # seen first
    assert "<bdi>unclear</bdi>" in page and "They never<br>settle." in page
    assert Decision.objects.count() == 1


def test_a_second_reopening_is_refused_in_words(cast, dispute):
    client = cast.client("reviewer")
    client.post(url_of(dispute, "decide/"), {"label": "competitive", "reason": "once"})
    client.post(url_of(dispute, "reopen/"), {"reason": "a rater was mistaken"})
    page = client.post(url_of(dispute, "reopen/"), {"reason": "Two were."}).content.decode()
    assert "This dispute is open: only a decided one can be reopened." in page
    assert "Two were." in page and 'id="decide-head">Decide' in page


def test_a_decision_that_lacks_something_stands_in_its_form_again(cast, dispute):
    url = url_of(dispute, "decide/")
    page = cast.client("reviewer").post(url, {"label": "unclear"}).content.decode()
    assert re.search(r'value="unclear"[^>]* checked', page)
    page = cast.client("reviewer").post(url, {"reason": "It says so."}).content.decode()
    assert "Choose an answer first." in page and "It says so.</textarea>" in page


def test_a_decision_can_be_reopened_and_stays_in_the_history(cast, dispute):
    client = cast.client("reviewer")
    client.post(url_of(dispute, "decide/"), {"label": "competitive", "reason": "at first"})
    client.post(url_of(dispute, "reopen/"), {"reason": "a rater was mistaken"})
    dispute.refresh_from_db()
    assert dispute.state == "open"
    page = get(cast, "reviewer", url_of(dispute))
    assert "at first" in page and "no longer in force" in page and "a rater was mistaken" in page


def test_a_researcher_reads_and_does_not_decide(cast, dispute):
    assert "Store the decision" not in get(cast, "researcher", url_of(dispute))
    fields = {"label": "competitive", "reason": "mine"}
    assert cast.client("researcher").post(url_of(dispute, "decide/"), fields).status_code == 403
    assert cast.client("researcher").post(url_of(dispute, "reopen/"), fields).status_code == 403


def test_a_rater_sees_no_dispute(cast, dispute):
    assert cast.client("rater").get(DISPUTES).status_code == 403
    assert cast.client("rater").get(url_of(dispute)).status_code == 403


def test_a_dispute_of_another_project_is_not_found(cast, dispute):
    url = f"/p/elsewhere/disputes/{dispute.pk}/"
    assert cast.client("other_researcher").get(url).status_code == 404


def test_no_page_of_a_dispute_names_a_rater_s_person(cast, dispute):
    rater = dispute.item.judgments.first().rater
    rater.user = cast.second_rater
    rater.save()
    assert "second_rater" not in get(cast, "reviewer", url_of(dispute))


def test_the_queue_is_filtered_by_reason(cast, cell):
    study = make_text_study(cast.project, 2)
    for item, reasons in zip(study.items.all(), (["flagged"], ["raters_split"]), strict=True):
        item.dispute = Dispute.objects.create(item=item, reasons=reasons)
    client = cast.client("reviewer")
    found = client.get("/p/lab/disputes/?reason=flagged").content.decode()
    assert "Item 1<" in found and "Item 2<" not in found
    assert "Item 2<" in client.get("/p/lab/disputes/?reason=nonsense").content.decode()


def test_a_dispute_shows_what_does_not_count_and_what_was_reported(cast):
    study = make_text_study(cast.project, 1, overlap=2)
    raters = [make_rater(study, name) for name in ("rater-quartz", "rater-opal")]
    for rater, label in zip(raters, ("prosocial", "competitive"), strict=True):
        submit(rater, Form(current_or_next(rater).pk, revision=0, label=label))
    dispute = Dispute.objects.get()
    exclude(raters[1], cast.researcher, "answers at random")
    ProblemReport.objects.create(item=study.items.get(), rater=raters[0], text="It is cut off.")
    page = cast.client("reviewer").get(f"/p/lab/disputes/{dispute.pk}/").content.decode()
    said = "rater-opal said <bdi>competitive</bdi>: excluded, <bdi>answers at random</bdi>"
    assert said in page
    assert "It is cut off." in page


def test_a_vector_is_read_and_decided_by_its_dimensions(cast):
    fields = {"kind": "declared", "scale": "vector", "categories": ["kind", "fair"], "overlap": 2}
    study = make_text_study(cast.project, 1, question="How is it?", **fields)
    for label in ("1,0", "-1,0"):
        rater = make_rater(study)
        submit(rater, Form(current_or_next(rater).pk, revision=0, label=label))
    dispute = Dispute.objects.get()
    client = cast.client("reviewer")
    page = client.get(f"/p/lab/disputes/{dispute.pk}/").content.decode()
    assert "kind +1, fair 0" in page and 'name="label-1" value="-1"' in page
    url = f"/p/lab/disputes/{dispute.pk}/decide/"
    assert client.post(url, {"label": "2,0", "reason": "x"}).status_code == 422
    client.post(url, {"label": "1,0", "reason": "It says so."})
    dispute.refresh_from_db()
    assert dispute.decisions.get().label == "1,0"
    judged = Assignment.objects.get(rater=rater)
    submit(rater, Form(judged.pk, revision=1, label="-1,1"))
    page = client.get(f"/p/lab/disputes/{dispute.pk}/").content.decode()
    shown = page.partition('id="decisions-head"')[2]
    assert "kind +1, fair 0" in shown and "1,0" not in shown
    assert "said <bdi>kind -1, fair 0</bdi> at first" in page
    of_rater = f"/p/lab/studies/{study.slug}/raters/{rater.pk}/"
    assert "<bdi>kind -1, fair +1</bdi>" in get(cast, "researcher", of_rater)
