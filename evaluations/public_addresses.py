"""Which addresses lie out in the world, whatever they are written as. Pure.

An address can carry another one, and lead there: IPv4 within IPv6 (RFC 4291), through a translator
(NAT64, RFC 6052), 6to4 (RFC 3056) or Teredo (RFC 4380). What it carries is looked at as well.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

NAT64 = ip_network("64:ff9b::/96")
INWARD = tuple(
    map(
        ip_network,
        (
            "64:ff9b:1::/48",  # translation for one's own network (RFC 8215)
            "::/96",  # IPv4-compatible, given up long ago (RFC 4291)
            "fec0::/10",  # site-local, given up (RFC 3879)
            "192.0.0.0/24",  # protocol assignments; clouds keep metadata there
            "168.63.129.16/32",  # a cloud's own host, on a public address
            "100.64.0.0/10",  # shared by a provider's customers
        ),
    )
)
"""Networks that lead inward though not all are registered as private."""


def is_public(address: str) -> bool:
    """Whether *address* and every address it carries is out in the world. ValueError for what is no
    address."""
    return all(_is_out_there(one) for one in _carried(ip_address(address.partition("%")[0])))


def _carried(address: Address) -> Iterator[Address]:
    yield address
    if isinstance(address, IPv4Address):
        return
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    for one in filter(None, inner):
        yield from _carried(one)


def _is_out_there(address: Address) -> bool:
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address in NAT64):
        return True  # what it carries decides
    inward = any(address.version == net.version and address in net for net in INWARD)
    return address.is_global and not address.is_multicast and not inward
