"""Raters read in their language; staff pages stay English as a whole."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from accounts.languages import multilingual
from hvae_site.language import LanguageMiddleware


@multilingual
def for_raters(request):
    return HttpResponse(translation.get_language())


def for_staff(request):
    return HttpResponse(translation.get_language())


def answer(view, accepts: str) -> HttpResponse:
    request = RequestFactory().get("/", headers={"accept-language": accepts})

    def respond(request):
        middleware.process_view(request, view, (), {})
        return view(request)

    middleware = LanguageMiddleware(respond)
    return middleware(request)


@pytest.mark.parametrize(
    ("accepts", "language"),
    [("ar", "ar"), ("es-MX,es;q=0.9", "es"), ("zh-CN", "zh-hans"), ("de", "en"), ("", "en")],
)
def test_a_raters_page_speaks_the_language_of_the_browser(accepts, language):
    response = answer(for_raters, accepts)
    assert response.content.decode() == language
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]


def test_a_staff_page_is_english():
    response = answer(for_staff, "ar")
    assert response.content == b"en"
    assert "Vary" not in response.headers


def test_the_language_ends_with_the_request():
    with translation.override("en"):
        answer(for_raters, "ar")
        assert translation.get_language() == "en"


@pytest.mark.django_db
def test_a_chosen_language_is_kept_over_the_browsers(client):
    page = client.get("/account/login/?language=ar", headers={"accept-language": "es"})
    assert b'<html lang="ar" dir="rtl">' in page.content
    page = client.get("/account/login/", headers={"accept-language": "es"})
    assert b'<html lang="ar" dir="rtl">' in page.content


@pytest.mark.django_db
def test_a_language_that_the_site_does_not_speak_cannot_be_chosen(client):
    page = client.get("/account/login/?language=tlh")
    assert b'<html lang="en"' in page.content
    assert "django_language" not in page.cookies


@pytest.mark.django_db
def test_the_other_languages_are_a_link_away_on_the_same_page(client):
    page = client.get("/account/login/?next=/p/lab/")
    assert b'href="?next=%2Fp%2Flab%2F&amp;language=es"' in page.content


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_says_so_in_the_readers_language(client):
    page = client.get("/nowhere/", headers={"accept-language": "ar"})
    assert page.status_code == 404
    assert b'<html lang="ar" dir="rtl">' in page.content


def test_what_is_missing_on_a_staff_page_is_said_in_english(cast):
    client = cast.client("researcher")
    page = client.get("/p/lab/runs/999999/", headers={"accept-language": "ar"})
    assert page.status_code == 404
    assert b'<html lang="en" dir="ltr">' in page.content
