"""Typed readers of environment variables; docs/operations.md lists them all, a test checks it."""

import contextlib
import os
import secrets
import tempfile
from ipaddress import ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """A variable that is there but empty says nothing: the default holds."""
    return os.environ.get(name) or default


def boolean(name: str, default: bool) -> bool:
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.strip().lower() in TRUE:
        return True
    if raw.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is not a yes or no: use 1 or 0.")


def integer(name: str, default: int) -> int:
    raw = os.environ.get(name, "")
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number.") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def networks(name: str, default: str = "") -> list[str]:
    """A comma-separated list of addresses and networks, such as '10.0.0.0/8'."""
    found = words(name, default)
    for one in found:
        try:
            ip_network(one)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {error}; write 10.0.0.5 or 10.0.0.0/8.") from None
    return found


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    raw = os.environ.get(name, default)
    if raw not in allowed:
        raise ImproperlyConfigured(f"{name}={raw!r} is not one of {', '.join(allowed)}.")
    return raw


def choices(name: str, allowed: tuple[str, ...]) -> list[str]:
    """A comma-separated list of some of the words *allowed*; none by default."""
    found = words(name)
    if unknown := [word for word in found if word not in allowed]:
        raise ImproperlyConfigured(f"{name}: {unknown[0]!r} is not one of {', '.join(allowed)}.")
    return found


def kept_secret(name: str, file: Path) -> str:
    """The secret in the variable, or one generated once and kept in a file only its owner can read.

    The file is created exclusively and complete, so that two processes that start together agree.
    """
    if value := os.environ.get(name):
        return value
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=file.name, dir=file.parent)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        Path(draft).unlink()
    return file.read_text()
