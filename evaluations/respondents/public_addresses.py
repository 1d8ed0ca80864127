"""Which addresses lie out in the world, whatever they are written as. Pure.

An address can carry another one, and lead there: IPv4 within IPv6 (RFC 4291), through a translator
(NAT64, RFC 6052), 6to4 (RFC 3056) or Teredo (RFC 4380). What it carries is looked at as well.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

NAT64 = ip_network("64:ff9b::/96")
UNICAST = ip_network("2000::/3")
"""All of IPv6 that is handed out to the world; the rest leads inward (local networks, translation
within one's own, IPv4 in forms given up) or nowhere yet."""
INWARD = tuple(
    map(
        ip_network,
        (
            "3fff::/20",  # documentation (RFC 9637)
            "192.0.0.0/24",  # protocol assignments; clouds keep metadata there
            "168.63.129.16/32",  # a cloud's own host, on a public address
            "192.88.99.0/24",  # a relay nearby, given up (RFC 7526)
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
    if isinstance(address, IPv6Address) and address not in UNICAST:
        return False
    inward = any(address.version == net.version and address in net for net in INWARD)
    return address.is_global and not address.is_multicast and not inward
