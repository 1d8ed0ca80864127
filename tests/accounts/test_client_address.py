"""A request comes from its client, whatever proxies stand between and whatever it claims."""

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from accounts.client_address import client_address

PROXY, CLIENT = "10.0.0.1", "203.0.113.9"


def address(remote, forwarded=None):
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers))


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        (CLIENT, None, CLIENT),
        (CLIENT, "198.51.100.1", CLIENT),  # no proxy of ours wrote that
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"198.51.100.1, {CLIENT}", CLIENT),  # the first one is the client's own claim
        (PROXY, f"{CLIENT}, 10.0.0.2", CLIENT),
        (PROXY, f"{CLIENT}:4711", CLIENT),
        (PROXY, "[2001:db8::1]:443", "2001:db8::1"),
        (f"::ffff:{PROXY}", CLIENT, CLIENT),
        (PROXY, None, PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{CLIENT}, ' or 1=1", PROXY),
        ("", CLIENT, ""),
    ],
)
def test_the_address_is_the_last_that_no_proxy_of_ours_has(settings, remote, forwarded, client):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert address(remote, forwarded) == client


@given(st.text(max_size=60))
def test_no_header_makes_a_client_another(header):
    claimed = header.encode("latin-1", "ignore").decode("latin-1").replace("\n", "")
    assert address(CLIENT, claimed) == CLIENT
