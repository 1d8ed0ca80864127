"""The language that translated pages speak to somebody wherever they sign in."""

from django.db import transaction

from accounts.audit import Change, record
from accounts.models import User


@transaction.atomic
def choose_language(user: User, language: str) -> None:
    """Keep *language* (a code of the site's, '' for that of the browser) with the account."""
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.language == language:
        return
    change = Change({"language": held.language}, {"language": language})
    held.language = language
    held.save(update_fields=["language"])
    record(None, user, "language chosen", user, change)
