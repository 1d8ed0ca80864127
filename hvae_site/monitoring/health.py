"""Whether this process can serve: what it needs and whether it answers."""

from collections.abc import Callable
from uuid import uuid4

import structlog
from django.core.cache import cache
from django.db import connection

from accounts.migrated import missing_migrations

logger = structlog.get_logger(__name__)


def database() -> str:
    """'' where the database answers, else what is wrong."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def migrations() -> str:
    """'' where the database has had every migration of this program."""
    missing = missing_migrations()
    return f"{len(missing)} migrations are missing: run manage.py migrate" if missing else ""


def shared_cache() -> str:
    """'' where what is put into the cache is found there: sessions and limits live in it."""
    value = uuid4().hex
    cache.set("health", value, 10)
    # Another process may have put its own there meanwhile: what matters is that one is found.
    return "" if cache.get("health") else "what was put into it was not found"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "cache": shared_cache,
}


def readiness() -> dict[str, str]:
    """Each thing that is needed, and 'ok' or what is wrong with it.

    An error is named by its kind alone: its words may hold addresses and names of a system that
    strangers have no business with. The log has them.
    """
    return {name: _found(name, check) for name, check in CHECKS.items()}


def _found(name: str, check: Callable[[], str]) -> str:
    try:
        return check() or "ok"
    except Exception as error:
        logger.exception("not_ready", needs=name)
        return f"does not answer ({type(error).__name__}; the log says more)"
