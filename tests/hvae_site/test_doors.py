"""What holds for every page alike."""

import pytest
from django.test import Client
from django.urls import reverse

from hvae_site.doors import METHODS


@pytest.fixture
def pages(world):
    study = world.study
    return [
        reverse("account_login"),
        reverse("studies", args=["lab"]),
        f"/p/lab/studies/{study.slug}/judge/",
        f"/p/lab/studies/{study.slug}/report/",
    ]


@pytest.mark.parametrize("method", ["FOO", "PUT", "DELETE", "TRACE", "OPTIONS"])
def test_a_method_that_pages_have_not_is_refused(cast, pages, method):
    for address in pages[1:]:
        found = cast.client("researcher").generic(method, address)
        assert found.status_code == 405, address
        assert found.headers["Allow"] == ", ".join(METHODS)


def test_nobody_on_the_way_keeps_a_page(cast, pages):
    for address in pages:
        kept = cast.client("researcher").get(address).headers["Cache-Control"]
        assert "private" in kept and "no-store" in kept, address


def test_pages_may_use_no_feature_of_the_browser_they_do_not_need(db):
    policy = Client().get(reverse("account_login")).headers["Permissions-Policy"]
    assert "camera=()" in policy and "geolocation=()" in policy
