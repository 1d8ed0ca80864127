"""Addresses that lead inward are found, whatever they are written as."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.respondents.public_addresses import is_public


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"],
)
def test_the_world(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "240.0.0.1"),
        *("192.0.0.192", "168.63.129.16", "100.100.100.200"),
        *("::1", "::", "::127.0.0.1", "::8.8.8.8", "fec0::1", "fe80::1%eth0", "fd00:ec2::254"),
        *("64:ff9b::a00:1", "64:ff9b:1::1", "64:ff9b::a83f:8110", "::ffff:168.63.129.16"),
        *("2002:a00:1::", "2002:7f00:1::1", "2001:0:a00:1::1", "ff02::1"),
        # Translated IPv4 (RFC 2765), segment routing (RFC 9602), documentation, what nobody has.
        *("::ffff:0:127.0.0.1", "5f00::1", "3fff::1", "4000::1", "192.88.99.1"),
    ],
)
def test_inside(address):
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_as_public_as_by_itself(address: IPv4Address):
    within = IPv6Address((0x64FF9B << 96) | int(address))
    mapped = IPv6Address((0xFFFF << 32) | int(address))
    sixtofour = IPv6Address((0x2002 << 112) | (int(address) << 80) | 1)
    public = is_public(str(address))
    assert is_public(str(within)) == is_public(str(mapped)) == is_public(str(sixtofour)) == public
