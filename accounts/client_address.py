"""Where a request comes from, behind proxies or not.

A proxy hands on the address of whoever asked it in X-Forwarded-For. The header is believed as far
as proxies that an operator named (TRUSTED_PROXIES) wrote it: anybody can send one.
"""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client: the last one on the way that is none of our proxies.

    Empty where the server knows none, as on a socket without addresses.
    """
    address = request.META.get("REMOTE_ADDR", "")
    before = request.headers.get("x-forwarded-for", "").split(",")
    while before and _is_trusted(address):
        said = _without_port(before.pop().strip())
        if not said:
            break
        address = said
    return address


def _is_trusted(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in ip_network(one) for one in settings.TRUSTED_PROXIES)


def _without_port(said: str) -> str:
    """An address as proxies write it ('10.0.0.1:5000', '[::1]:5000'); empty for what is none."""
    if said.startswith("["):
        said = said[1:].partition("]")[0]
    elif said.count(":") == 1:
        said = said.partition(":")[0]
    try:
        return str(ip_address(said))
    except ValueError:
        return ""
