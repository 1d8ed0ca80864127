import socket

import pytest
from django.core.exceptions import ImproperlyConfigured

from evaluations.respondents.key_policy import (
    NO_KEY,
    allowed_addresses,
    is_loopback,
    key_for,
    opened_variables,
)
from evaluations.respondents.respondent import RespondentError

SECRET = "sk-very-secret"


@pytest.fixture
def opened(settings, monkeypatch):
    settings.LLM_KEY_VARIABLES = ["LAB_KEY@api.example.org|other.example.org:8443", "EMPTY@e.org"]
    monkeypatch.setenv("LAB_KEY", SECRET)
    monkeypatch.setenv("HOME_KEY", SECRET)


def test_a_key_goes_to_the_hosts_it_is_bound_to(opened):
    assert key_for("https://api.example.org/v1", "LAB_KEY") == SECRET
    assert key_for("https://API.example.org:444/v1", "LAB_KEY") == SECRET
    assert key_for("https://other.example.org:8443/v1", "LAB_KEY") == SECRET


@pytest.mark.parametrize(
    ("url", "variable", "reason"),
    [
        ("https://evil.example.net/v1", "LAB_KEY", "may not be sent to evil.example.net"),
        ("https://api.example.org.evil.net/v1", "LAB_KEY", "may not be sent"),
        ("https://api.example.org@evil.net/v1", "LAB_KEY", "must not contain a user name"),
        ("https://other.example.org:9999/v1", "LAB_KEY", "may not be sent to other.example.org"),
        ("http://api.example.org/v1", "LAB_KEY", "only sent encrypted"),
        (
            "https://api.example.org/v1",
            "HOME_KEY",
            "HOME_KEY is not opened; opened are: EMPTY, LAB",
        ),
        ("https://e.org/v1", "EMPTY", "EMPTY is empty or not set"),
        ("file:///etc/passwd", "LAB_KEY", "is not a URL"),
        ("https://host:99999/v1", "LAB_KEY", "is not a URL"),
    ],
)
def test_a_key_goes_nowhere_else(opened, url, variable, reason):
    with pytest.raises(RespondentError, match=reason) as error:
        key_for(url, variable)
    assert SECRET not in str(error.value)
    assert error.value.stops_endpoint


def test_without_a_variable_no_key_is_sent(settings):
    settings.LLM_KEY_VARIABLES = []
    assert key_for("http://127.0.0.1:8081/v1", "") == NO_KEY


@pytest.mark.parametrize("entry", ["OPENAI_API_KEY", "@host", "A B@host", "KEY@", "KEY@|"])
def test_a_variable_without_hosts_is_a_mistake_of_the_administrator(entry):
    with pytest.raises(ImproperlyConfigured, match="is not NAME@host"):
        opened_variables([entry])


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "[fd00::1]", "0.0.0.0"]
)
def test_private_addresses_are_closed_unless_allowed(settings, address):
    settings.LLM_ALLOW_PRIVATE_ADDRESSES = False
    with pytest.raises(RespondentError, match="private address"):
        allowed_addresses(f"http://{address}:8081/v1")
    settings.LLM_ALLOW_PRIVATE_ADDRESSES = True
    assert allowed_addresses(f"http://{address}:8081/v1") == []


def test_a_name_that_leads_to_a_private_address_is_closed(settings, monkeypatch):
    settings.LLM_ALLOW_PRIVATE_ADDRESSES = False
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in ("8.8.8.8", "10.0.0.5")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
    with pytest.raises(
        RespondentError, match=r"intern.example.org is the private address 10.0.0.5"
    ):
        allowed_addresses("https://intern.example.org/v1")


def test_a_name_with_public_addresses_is_open(settings, monkeypatch):
    settings.LLM_ALLOW_PRIVATE_ADDRESSES = False
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
    assert allowed_addresses("https://api.example.org/v1") == ["8.8.8.8"]


def test_what_loopback_is():
    assert is_loopback("localhost") and is_loopback("127.0.0.9") and is_loopback("::1")
    assert not is_loopback("localhost.evil.net") and not is_loopback("10.0.0.1")


@pytest.mark.parametrize("key", ["sk-a\x01b", "sk-a\nb", "sk-a b", "sk-é"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_quoted(opened, monkeypatch, key):
    monkeypatch.setenv("LAB_KEY", key)
    with pytest.raises(RespondentError, match="LAB_KEY holds no key") as caught:
        key_for("https://api.example.org/v1", "LAB_KEY")
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("https://api.example.org/v1", 443),
        ("http://api.example.org/v1", 80),
        ("https://api.example.org:8443/v1", 8443),
    ],
)
def test_a_key_bound_to_a_port_and_a_name_looked_up_use_the_port_of_the_address(
    settings, monkeypatch, url, port
):
    asked = []

    def look_up(host, port, **_options):
        asked.append((host, port))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", port))]

    settings.LLM_ALLOW_PRIVATE_ADDRESSES = False
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    allowed_addresses(url)
    assert asked == [("api.example.org", port)]


def test_a_key_bound_to_the_usual_port_goes_to_the_address_without_one(settings, monkeypatch):
    settings.LLM_KEY_VARIABLES = ["LAB_KEY@api.example.org:443"]
    monkeypatch.setenv("LAB_KEY", SECRET)
    assert key_for("https://api.example.org/v1", "LAB_KEY") == SECRET
    with pytest.raises(RespondentError, match=r"it is bound to api\.example\.org:443$"):
        key_for("https://api.example.org:444/v1", "LAB_KEY")


def test_a_name_that_is_not_found_may_be_found_later(settings, monkeypatch):
    def look_up(*_arguments, **_options):
        raise OSError("no such name")

    settings.LLM_ALLOW_PRIVATE_ADDRESSES = False
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(RespondentError, match="is not found") as caught:
        allowed_addresses("https://api.example.org/v1")
    assert (caught.value.retryable, caught.value.stops_endpoint) == (True, False)
