"""Whoever has their data deleted, however their part ended, does not come back as somebody new."""

import threading

import pytest
from django.test import Client

from annotations.models import Assignment, Identity, Judgment, Rater, Study, TakenPart
from annotations.taking_part.excluding import exclude
from annotations.taking_part.invitations import NotLetIn, let_in, path_of
from annotations.taking_part.parts import rater_for
from annotations.taking_part.platforms import Arrival
from annotations.taking_part.privacy import erase
from annotations.taking_part.taken_part import TookPart, account, check_is_new
from tests.annotations.conftest import judge_url, make_text_study, send
from tests.annotations.taking_part.way_support import join, make_invitation, way_url

PROLIFIC = "?PROLIFIC_PID=UNMISTAKABLE&STUDY_ID=s1&SESSION_ID=t1"
ACCEPTED = "?assignmentId=a1&hitId=h1&workerId=w1&turkSubmitTo=https://www.mturk.com"


@pytest.fixture(params=["anonymous", "removed"])
def study(cast, request) -> Study:
    return make_text_study(cast.project, 2, on_deletion=request.param)


@pytest.fixture
def prolific(cast, study):
    return make_invitation(study, cast.researcher, platform="prolific", completion="PAID")


def judge_all(client: Client, study: Study) -> None:
    client.get(judge_url(study))
    while held := Assignment.objects.filter(rater__user=None, state="reserved").first():
        send(client, study, assignment=held.pk)


def delete(client: Client, study: Study):
    return client.post(way_url(study, "data/delete/"), {"sure": "on"})


def words(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.django_db
def test_one_person_is_not_two_agreeing_raters_and_gets_one_code(study, prolific):
    client = join(prolific, query=PROLIFIC)
    judge_all(client, study)
    assert "PAID" in words(client.get(way_url(study)))
    judged = Judgment.objects.count()
    delete(client, study)
    for browser in (client, Client()):
        for method in ("get", "post"):
            response = getattr(browser, method)(path_of(prolific) + PROLIFIC)
            assert response.status_code == 403
            assert "You have taken part in this study already" in words(response)
            assert "PAID" not in words(response)
    assert not Identity.objects.exists()
    assert Judgment.objects.count() == (judged if study.on_deletion == "anonymous" else 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "stage", ["consent", "judging", "done", "below", "refused", "screened_out", "withdrawn"]
)
def test_no_end_of_a_part_is_undone_by_deleting_it(study, prolific, stage):
    client = join(prolific, query=PROLIFIC)
    Rater.objects.update(stage=stage)
    delete(client, study)
    with pytest.raises(TookPart):
        let_in(prolific, Arrival("UNMISTAKABLE", {"SESSION_ID": "t2"}, browser="another"))


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["failed attention", "excluded"])
def test_who_was_found_out_does_not_come_back_fresh(cast, study, prolific, how):
    client = join(prolific, query=PROLIFIC)
    if how == "excluded":
        exclude(Rater.objects.get(), cast.researcher, "at random")
    else:
        Rater.objects.update(stage="failed_attention")
    delete(client, study)
    assert client.post(path_of(prolific) + PROLIFIC).status_code == 403


@pytest.mark.django_db
def test_a_worker_in_a_frame_neither(cast, study):
    invitation = make_invitation(study, cast.researcher, platform="mturk")
    address = Client().post(path_of(invitation) + ACCEPTED).url
    Client().post(address + "data/delete/", {"sure": "on"})
    again = Client().post(path_of(invitation) + ACCEPTED.replace("a1", "a2"))
    assert again.status_code == 403
    assert "Please return this task" in words(again)


@pytest.mark.django_db
def test_a_plain_link_knows_the_browser_and_no_more(cast, study):
    link = make_invitation(study, cast.researcher)
    client = join(link)
    delete(client, study)
    assert client.post(path_of(link)).status_code == 403
    # Documented: a cleared browser is a second person to a plain link.
    assert Client().post(path_of(link)).status_code == 302


@pytest.mark.django_db
def test_the_browser_of_a_platform_s_participant_is_known_to_a_plain_link(cast, study, prolific):
    client = join(prolific, query=PROLIFIC)
    delete(client, study)
    assert client.post(path_of(make_invitation(study, cast.researcher))).status_code == 403


@pytest.mark.django_db
def test_a_member_neither(cast, study):
    client = cast.client("rater")
    client.get(judge_url(study))
    delete(client, study)
    response = client.get(judge_url(study))
    assert response.status_code == 403
    assert "You have taken part in this study already" in words(response)
    with pytest.raises(TookPart):
        rater_for(study, cast.rater)
    assert cast.client("second_rater").get(judge_url(study)).status_code == 200


@pytest.mark.django_db
def test_deleting_by_the_researcher_marks_as_well(cast, study, prolific):
    join(prolific, query=PROLIFIC)
    erase(Rater.objects.get(), cast.researcher)
    with pytest.raises(TookPart):
        let_in(prolific, Arrival("UNMISTAKABLE"))


@pytest.mark.django_db
def test_the_mark_holds_no_id_and_differs_by_study(cast, study, prolific):
    other = make_text_study(cast.project, 1)
    elsewhere = make_invitation(other, cast.researcher, platform="prolific")
    for invitation in (prolific, elsewhere):
        client = join(invitation, query=PROLIFIC)
        delete(client, invitation.study)
    rows = list(TakenPart.objects.values())
    assert "UNMISTAKABLE" not in str(rows)
    assert len({row["mark"] for row in rows}) == len(rows) == 4  # the id and the browser, twice
    assert {field.name for field in TakenPart._meta.get_fields()} == {"mark", "study"}


@pytest.mark.django_db
def test_it_takes_the_key_to_recognise_anybody(study, prolific, settings):
    delete(join(prolific, query=PROLIFIC), study)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key"
    check_is_new(study, ("prolific", "UNMISTAKABLE"))
    settings.SECRET_KEY_FALLBACKS = [old]
    with pytest.raises(TookPart):
        check_is_new(study, ("prolific", "UNMISTAKABLE"))


@pytest.mark.django_db
def test_others_are_let_in_and_whoever_deletes_nothing_comes_back(study, prolific):
    client = join(prolific, query=PROLIFIC)
    check_is_new(study, account(1))
    assert not TakenPart.objects.exists()
    assert client.post(path_of(prolific) + PROLIFIC).status_code == 302
    assert Rater.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["data/", "consent"])
def test_pages_say_that_a_mark_is_kept(cast, study, prolific, where):
    client = Client()
    landing = words(client.get(path_of(prolific) + PROLIFIC))
    assert "So that each person takes part once, a mark then stays with the study" in landing
    join(prolific, client, PROLIFIC)
    page = words(client.get(way_url(study, "data/")))
    assert "a mark is kept in place of your id" in page
    assert "you cannot take part in this study again" in page
    assert "A mark that tells that you took part is kept" in words(delete(client, study))


def test_deleting_and_coming_back_at_once_makes_nobody_new(cast, many_connections):
    """Whichever comes first: at no moment is there neither the part nor the mark."""
    study = make_text_study(cast.project, 2)
    prolific = make_invitation(study, cast.researcher, platform="prolific")
    arrival = Arrival("UNMISTAKABLE", browser="b")
    rater = let_in(prolific, arrival)
    barrier = threading.Barrier(6)
    made: list[int] = []

    def come() -> None:
        barrier.wait()
        for _ in range(20):
            try:
                made.append(let_in(prolific, arrival).pk)
            except (TookPart, NotLetIn):
                break
        many_connections()

    def go() -> None:
        barrier.wait()
        erase(rater)
        many_connections()

    threads = [threading.Thread(target=come) for _ in range(5)] + [threading.Thread(target=go)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(made) <= {rater.pk}
    assert not Identity.objects.exists()
    assert TakenPart.objects.filter(study=study).count() == 2


def test_two_deletions_at_once_leave_one_mark(cast, many_connections):
    study = make_text_study(cast.project, 2)
    prolific = make_invitation(study, cast.researcher, platform="prolific")
    rater = let_in(prolific, Arrival("UNMISTAKABLE"))
    barrier = threading.Barrier(2)

    def go() -> None:
        barrier.wait()
        erase(Rater.objects.select_related("study__project").get(pk=rater.pk))
        many_connections()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert TakenPart.objects.count() == 1
