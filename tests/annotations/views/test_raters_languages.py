"""Every kind of page a rater meets is in their language as a whole, and says which it is."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from annotations.forms.settings import SettingsForm
from annotations.models import Assignment, Item, Rater, Study
from annotations.svo.questions import ANGLE
from annotations.taking_part.framing import framed
from annotations.taking_part.invitations import path_of
from tests.annotations.conftest import judge_url, make_text_study, make_trial, send
from tests.annotations.readers import marked, unmarked
from tests.annotations.taking_part.way_support import (
    act,
    add_known,
    agree,
    join,
    make_invitation,
    make_whole_study,
    way_url,
)
from tests.cast import PARTS

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _ in settings.LANGUAGES]
PROLIFIC = "?PROLIFIC_PID=p1&STUDY_ID=s1&SESSION_ID=t1"
ACCEPTED = "?assignmentId=a1&hitId=h1&workerId=w1&turkSubmitTo=https://www.mturk.com"
FURTHER = [
    {"key": "place", "kind": "angle", "prompt": ANGLE.prompt, "required": True},
    {"key": "values", "kind": "vector", "prompt": "Which?", "categories": ["x y", "z"]},
    {"key": "warm", "kind": "interval", "prompt": "How warm?", "required": True},
]
SURE = {"confidence": "7", "q-place": "90", "q-warm": "none", "q-values": "2,2"}
Pages = Iterator[tuple[str, str]]


def text(response) -> str:
    return response.content.decode()


def browser(language: str, signed_in: Client | None = None) -> Client:
    client = signed_in or Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def pages_of_the_way(cast, client: Client) -> Pages:
    study = make_whole_study(cast.project, further_questions=FURTHER, control_feedback=True)
    invitation = make_invitation(study, cast.researcher, completion="C0DE")
    yield "landing", text(client.get(path_of(invitation)))
    join(invitation, client)
    rater = study.raters.get()
    yield "consent", text(client.get(way_url(study)))
    yield "words changed", text(act(client, study, "consent", answer="yes", guideline=0))
    agree(client, study)
    yield "own measure", text(client.get(way_url(study)))
    yield "own measure, missing", text(act(client, study, "own_measure", answer="yes"))
    act(client, study, "own_measure", answer="no")
    yield "instructions", text(client.get(way_url(study)))
    act(client, study, "instructions")
    for stage in ("practice", "qualification"):
        for _ in range(2):
            yield stage, text(client.get(way_url(study)))
            held = rater.assignments.get(state="reserved")
            form = {"assignment": held.pk, "revision": 0, "label": "prosocial"}
            yield f"{stage}, refused", text(act(client, study, stage, **form, **SURE))
            fine = {"q-place": "30", "q-warm": "1"}
            response = act(client, study, stage, **form, **fine)
            if stage == "practice":
                yield "feedback", text(client.get(response.url))
        if stage == "practice":
            yield "practised", text(client.get(way_url(study)))
            act(client, study, "practice")
    yield from pages_of_judging(client, study, rater)
    yield "pause", text(client.get(way_url(study, "pause/")))
    yield "own data", text(client.get(way_url(study, "data/")))
    yield from ends(client, study)
    deleted = client.post(way_url(study, "data/delete/"), {"sure": "on"})
    yield "own data deleted", text(deleted)


def pages_of_judging(client: Client, study: Study, rater: Rater) -> Pages:
    yield "judge", text(client.get(judge_url(study)))
    held = rater.assignments.get(state="reserved").pk
    yield "judge, refused", text(send(client, study, htmx=False, assignment=held, **SURE))
    for fields in ({"act": "skip"}, {"act": "report"}):
        yield f"judge, {fields}", text(send(client, study, assignment=held, **fields))
    fine = {"q-place": "30", "q-warm": "1", "q-values": "1,-1", "assignment": held}
    yield "next item", text(send(client, study, **fine))
    yield "stored already", text(send(client, study, **fine))
    yield "last judgments", text(client.get(judge_url(study, "last/")))
    yield "correct", text(client.get(judge_url(study, f"last/{held}/")))
    for state in ("paused", "closed"):
        Study.objects.filter(pk=study.pk).update(state=state)
        yield f"judge, {state}", text(client.get(judge_url(study)))
        yield f"way, {state}", text(client.get(way_url(study)))
        Study.objects.filter(pk=study.pk).update(state="open")
        Rater.objects.filter(pk=rater.pk).update(stage="judging")
    Rater.objects.filter(pk=rater.pk).update(paused_by_staff=True)
    yield "part paused", text(client.get(way_url(study)))
    yield "part paused, judge", text(client.get(judge_url(study)))
    Rater.objects.filter(pk=rater.pk).update(paused_by_staff=False)


def ends(client: Client, study: Study) -> Pages:
    for stage in ("done", "refused", "screened_out", "failed_attention", "withdrawn"):
        study.raters.update(stage=stage)
        yield stage, text(client.get(way_url(study)))


def pages_of_invitations(cast, client: Client) -> Pages:
    yield "gone", text(client.get("/join/nonsense/"))
    yield "gone in a frame", text(client.get("/in/x/p/lab/studies/y/way/"))
    study = make_text_study(cast.project, 1)
    ways = {
        platform: make_invitation(study, cast.researcher, platform=platform)
        for platform in ("link", "prolific", "mturk")
    }
    yield "not from the platform", text(client.get(path_of(ways["prolific"])))
    add_known(study, Item.Kind.PRACTICE, 1)
    yield "preview", text(client.get(path_of(ways["mturk"])))
    for platform, query in (("prolific", PROLIFIC), ("mturk", ACCEPTED)):
        address = path_of(ways[platform]) + query
        entered = client.post(address)
        yield f"{platform}, back", text(client.get(address))
        page = entered.url.removesuffix("judge/")
        yield f"{platform}, pause", text(client.get(f"{page}pause/"))
        Rater.objects.update(stage="done")
        yield f"{platform}, done", text(client.get(entered.url))
    yield "already", text(client.get(path_of(ways["mturk"]) + ACCEPTED.replace("a1", "a2")))
    for state in ("draft", "paused", "closed"):
        Study.objects.filter(pk=study.pk).update(state=state)
        yield f"no entry, {state}", text(Client(headers=spoken(client)).get(path_of(ways["link"])))
    Study.objects.filter(pk=study.pk).update(state="open")
    for fields in (
        {"expires_at": timezone.now()},
        {"expires_at": None, "most_raters": 0},
        {"most_raters": None, "closed_at": timezone.now()},
    ):
        type(ways["link"]).objects.filter(pk=ways["link"].pk).update(**fields)
        yield f"no entry, {fields}", text(Client(headers=spoken(client)).get(path_of(ways["link"])))


def spoken(client: Client) -> dict[str, str]:
    return {"accept-language": client.cookies[settings.LANGUAGE_COOKIE_NAME].value}


def pages_of_members(cast, cell, language: str) -> Pages:
    study = make_text_study(cast.project, 0, name="Study of answers", slug="answers")
    trial = make_trial(cell)
    Item.objects.create(study=study, position=1, trial=trial, places=3)
    member = browser(language, cast.client("rater"))
    yield "studies to judge", text(member.get("/p/lab/studies/"))
    yield "answers of a trial", text(member.get(judge_url(study)))
    yield "no judgments yet", text(member.get(judge_url(study, "last/")))
    Assignment.objects.update(expires_at=timezone.now())
    Item.objects.update(places=0, taken=0)
    for who in ("reviewer", "administrator"):
        yield f"{who}", text(browser(language, cast.client(who)).get(judge_url(study)))
    Study.objects.update(state="paused")
    yield "studies, paused", text(member.get("/p/lab/studies/"))
    newcomer = browser(language, cast.client("second_rater"))
    yield "not now", text(newcomer.get(judge_url(study)))
    Study.objects.update(state="closed")
    yield "no studies", text(member.get("/p/lab/studies/"))
    yield "no projects", text(browser(language, cast.client("stranger")).get("/"))
    nobody = browser(language)
    yield "sign in", text(nobody.get("/account/login/"))
    yield "sign in, wrong", text(nobody.post("/account/login/", {"login": "x", "password": "y"}))
    yield "no sign-up", text(nobody.get("/account/signup/"))
    yield "forgotten password", text(nobody.get("/account/password/reset/"))
    yield "404", text(nobody.get("/nowhere/"))
    yield "404 of a study", text(member.get(judge_url(study, "last/99/")))


def walk(cast, cell, language: str) -> Pages:
    yield from pages_of_the_way(cast, browser(language))
    yield from pages_of_invitations(cast, browser(language))
    yield from pages_of_members(cast, cell, language)


def known_words(cast) -> set[str]:
    people = set(PARTS)
    names = set(Study.objects.values_list("name", flat=True)) | {cast.project.name}
    names |= set(Rater.objects.values_list("pseudonym", flat=True))
    return names | people | {"Valuecheck", *(name for _, name in settings.LANGUAGES)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_rater_is_in_their_language_as_a_whole(monkeypatch, cast, cell, language):
    direction = "rtl" if language == "ar" else "ltr"
    problems = {}
    with marked(monkeypatch, language) as untranslated:
        for name, html in walk(cast, cell, language):
            found = unmarked(html, known_words(cast))
            if "<html" in html and f'<html lang="{language}" dir="{direction}">' not in html:
                found.append("another language")
            if found:
                problems[name] = found
    assert problems == {}
    assert untranslated == set()


def test_a_word_that_is_not_translated_is_found():
    html = '<p title="Hint">\ue000Elige\ue001 one <bdi>Study</bdi></p><p lang="en">English</p>'
    assert unmarked(html, set()) == ["Hint", "one"]


# --- the language a rater has chosen -------------------------------------------------------------


def speaks(response) -> str:
    return re.search(r'<html lang="([^"]+)"', text(response))[1]


def test_the_language_of_the_consent_is_kept_with_the_part(cast):
    study = make_whole_study(cast.project)
    client = join(make_invitation(study, cast.researcher), browser("es"))
    client.get(way_url(study) + "?language=ar")
    agree(client, study)
    assert study.raters.get().language == "ar"


def test_a_language_can_be_chosen_on_every_page_of_a_part(cast):
    study = make_text_study(cast.project, 1)
    client = join(make_invitation(study, cast.researcher), browser("es"))
    assert speaks(client.get(judge_url(study))) == "es"
    page = client.get(judge_url(study))
    assert 'href="?language=zh-hans"' in text(page)
    assert speaks(client.get(judge_url(study) + "?language=zh-hans")) == "zh-hans"
    assert speaks(client.get(judge_url(study))) == "zh-hans"
    assert study.raters.get().language == "zh-hans"


def test_in_a_frame_the_choice_lasts_without_a_cookie(cast):
    study = make_whole_study(cast.project)
    invitation = make_invitation(study, cast.researcher, platform="mturk")
    client = Client(headers={"accept-language": "es"})
    landing = path_of(invitation) + ACCEPTED
    assert speaks(client.get(landing)) == "es"
    entered = client.post(landing + "&language=ar")
    client.cookies.clear()
    assert speaks(client.get(entered.url)) == "ar"
    chosen = client.get(entered.url + "?language=zh-hans")
    assert speaks(chosen) == "zh-hans"
    assert not chosen.cookies
    assert speaks(client.get(entered.url)) == "zh-hans"


def test_an_address_in_a_frame_speaks_the_language_of_its_part_alone(cast):
    study = make_whole_study(cast.project)
    invitation = make_invitation(study, cast.researcher, platform="mturk")
    Client(headers={"accept-language": "ar"}).post(path_of(invitation) + ACCEPTED)
    address = framed(study.raters.get(), way_url(study))
    assert speaks(browser("es").get(address)) == "ar"


# --- the language of the study -------------------------------------------------------------------


@pytest.fixture
def spanish(cast) -> Study:
    """A study whose texts, question and categories are Spanish."""
    return make_text_study(
        cast.project,
        1,
        language="es",
        kind="declared",
        question="¿Es cierto?",
        categories=["sí", "no"],
    )


def test_the_study_s_own_words_say_their_language(cast, spanish):
    page = text(browser("ar", cast.client("rater")).get(judge_url(spanish)))
    for own in ("¿Es cierto?", "sí", "text 1"):
        assert re.search(rf'<(bdi|span|div)[^>]* lang="es"[^>]*>{re.escape(own)}<', page), own
    with translation.override("ar"):
        assert f"{translation.gettext('How sure are you?')}</bdi>" in page


@pytest.mark.parametrize(
    ("language", "said"),
    [("ar", "لغة النص: الإسبانيّة"), ("en", "Language of the text: Spanish"), ("es", None)],
)
def test_another_language_than_the_page_s_is_announced(cast, spanish, language, said):
    page = text(browser(language, cast.client("rater")).get(judge_url(spanish)))
    if said:
        assert said in page
    else:
        assert "Idioma del texto" not in page


def test_the_platform_s_own_question_is_asked_in_the_reader_s_language(cast):
    study = make_text_study(cast.project, 1, language="en")
    page = text(browser("es", cast.client("rater")).get(judge_url(study)))
    assert "<bdi>¿Qué orientación de valores expresan estas elecciones?</bdi>" in page
    assert ">altruista<" in page


def test_what_is_stored_does_not_depend_on_the_language(cast):
    study = make_text_study(cast.project, 1)
    client = browser("ar", cast.client("rater"))
    client.get(judge_url(study))
    send(client, study, assignment=Assignment.objects.get().pk, label="refusal")
    assert study.items.get().judgments.get().label == "refusal"


@pytest.mark.parametrize(("tag", "is_fine"), [("de", True), ("pt-BR", True), ("in German", False)])
def test_a_study_may_be_in_any_language_that_has_a_tag(tag, is_fine):
    form = SettingsForm({"language": tag})
    assert ("language" not in form.errors) is is_fine
