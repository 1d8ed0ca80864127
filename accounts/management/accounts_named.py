"""The account that a command names."""

from django.core.management.base import CommandError
from django.db.models import Q

from accounts.models import User


def account_named(name: str) -> User:
    """The account of that user name or e-mail address; CommandError where there is none."""
    found = User.objects.filter(Q(username=name) | Q(email__iexact=name)).exclude(username="")
    exact = sorted(found, key=lambda user: user.username != name)
    if not exact:
        raise CommandError(
            f"there is no account {name!r}: make one with createsuperuser, or have them invited on "
            "the page People of the project"
        )
    return exact[0]
