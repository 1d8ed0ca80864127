import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.templatetags.headings import sentence_case


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Change Password", "Change password"),
        ("Two-Factor Authentication", "Two-factor authentication"),
        ("\n  Email Addresses\n", "\n  Email addresses\n"),
        ("Your TOTP Code", "Your TOTP code"),
        ("Sign in", "Sign in"),
        ("", ""),
    ],
)
def test_only_the_first_word_keeps_its_capital(given, shown):
    with override("en"):
        assert sentence_case(given) == shown


def test_another_language_keeps_its_capitals():
    with override("de"):
        assert sentence_case("Neues Passwort") == "Neues Passwort"


@pytest.mark.parametrize(
    "name",
    ["account_email", "account_change_password", "account_logout", "mfa_index"],
)
def test_headings_and_buttons_of_account_pages_are_written_like_ours(cast, name):
    body = cast.client("researcher").get(reverse(name)).content.decode()
    found = re.findall(r"<(?:h1|h2|title|button)[^>]*>([^<]+)<", body)
    assert found
    ours = [text.strip().removesuffix(" · Valuecheck") for text in found]
    assert [text for text in ours if re.search(r"[\s-][A-Z][a-z]", text)] == []
