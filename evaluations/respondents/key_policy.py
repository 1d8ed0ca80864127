"""Which key may go to which host, and which addresses may be called at all.

An administrator opens environment variables one by one, each bound to the hosts it may be sent to
(setting LLM_KEY_VARIABLES: ``OPENAI_API_KEY@api.openai.com,OTHER_KEY@a.example|b.example:8443``).
Whoever describes an endpoint names a variable; nobody can have a key sent to a host of their
choice, and no key is ever stored. Loopback and private addresses are called only with
LLM_ALLOW_PRIVATE_ADDRESSES, because whoever names an address could otherwise look around inside
the network of the server.
"""

import ipaddress
import os
import socket
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from evaluations.respondents.public_addresses import is_public
from evaluations.respondents.respondent import RespondentError

NO_KEY = "no-key-needed"
"""What is sent in place of a key: the client insists on some text."""


def opened_variables(entries: Iterable[str] | None = None) -> dict[str, frozenset[str]]:
    """The variables an administrator has opened, each with its hosts ('host' or 'host:port')."""
    opened: dict[str, frozenset[str]] = {}
    for entry in settings.LLM_KEY_VARIABLES if entries is None else entries:
        name, _, hosts = entry.partition("@")
        bound = frozenset(host.strip().lower() for host in hosts.split("|") if host.strip())
        if not name.strip().isidentifier() or not bound:
            raise ImproperlyConfigured(
                f"LLM_KEY_VARIABLES: {entry!r} is not NAME@host or NAME@host|host"
            )
        opened[name.strip()] = opened.get(name.strip(), frozenset()) | bound
    return opened


def key_for(base_url: str, variable: str) -> str:
    """The key in *variable*, if it may be sent to the host of *base_url*.

    Without a variable no key is sent. Raises RespondentError (which never contains the key) when
    the variable is not opened, is bound to other hosts, is empty or holds what no header can carry,
    or the way is not encrypted.
    """
    if not variable:
        return NO_KEY
    url = _parsed(base_url)
    opened = opened_variables()
    if variable not in opened:
        known = ", ".join(sorted(opened)) or "none"
        raise _refused(
            f"the key variable {variable} is not opened; opened are: {known}. "
            "An administrator opens one in LLM_KEY_VARIABLES"
        )
    host = (url.hostname or "").lower()
    if not {host, f"{host}:{_port(url)}"} & opened[variable]:
        raise _refused(
            f"the key {variable} may not be sent to {host}; "
            f"it is bound to {', '.join(sorted(opened[variable]))}"
        )
    if url.scheme != "https" and not is_loopback(host):
        raise _refused(f"the key {variable} is only sent encrypted: use https for {host}")
    key = os.environ.get(variable, "").strip()
    if not key:
        raise _refused(f"the environment variable {variable} is empty or not set on this server")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise _refused(
            f"the environment variable {variable} holds no key: a space, a control character or a "
            "letter beyond ASCII is in it. Set it again, without quotes or line breaks"
        )
    return key


def allowed_addresses(base_url: str) -> list[str]:
    """The addresses the host of *base_url* may be called at; none where all are allowed.

    Resolves the host (blocking) unless all are allowed; every address it has must be. Raises
    RespondentError. Whoever connects must do so to one of these: asked again a moment later, a name
    server may say something else.
    """
    url = _parsed(base_url)
    if settings.LLM_ALLOW_PRIVATE_ADDRESSES:
        return []
    host = url.hostname or ""
    try:
        found = socket.getaddrinfo(host, _port(url), type=socket.SOCK_STREAM)
    except OSError as error:
        raise RespondentError(
            "connection", f"the host {host} is not found ({error})", retryable=True
        ) from None
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    for address in addresses:
        if not is_public(address):
            raise RespondentError(
                "address",
                f"{host} is the private address {address}; an administrator allows such with "
                "LLM_ALLOW_PRIVATE_ADDRESSES=1",
                stops_endpoint=True,
            )
    return addresses


def is_loopback(host: str) -> bool:
    """Whether the host is this very machine, by its name or address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parsed(base_url: str) -> SplitResult:
    try:
        url = urlsplit(base_url)
        port_is_valid = url.port is None or url.port > 0
    except ValueError:
        port_is_valid = False
    if not port_is_valid or url.scheme not in ("http", "https") or not url.hostname:
        raise RespondentError(
            "address",
            f"the address {base_url!r} is not a URL like https://host/v1",
            stops_endpoint=True,
        )
    if url.username or url.password:
        raise _refused("the address must not contain a user name or password")
    return url


def _port(url: SplitResult) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _refused(message: str) -> RespondentError:
    return RespondentError("key", message, stops_endpoint=True)
