"""That somebody took part in a study is remembered after their data were deleted: a one-way mark.

What leads to the person goes when they ask for it. So that nobody takes part twice by deleting
themselves in between, the study keeps a number made from what they were known by (their id on a
platform, the number of their browser, or their account) with a key made from SECRET_KEY and the
study. No id can be read from it, and the marks of two studies cannot be put together. Whoever holds
the key and an id can find out that this id took part; docs/privacy.md says so.
"""

from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac

from annotations.models import Identity, Invitation, Rater, Study, TakenPart

ACCOUNT = "account"

Known = tuple[str, str]
"""What somebody is known by: the platform (or `ACCOUNT`), and their id there."""


class TookPart(Exception):
    """Somebody comes again who had their data deleted: each person takes part once."""

    def __init__(self, study: Study) -> None:
        super().__init__(study.pk)
        self.study = study


def remember(rater: Rater) -> None:
    """Mark what *rater* is known by; call it in the transaction that deletes it."""
    marks = [TakenPart(mark=_mark(rater.study_id, one), study=rater.study) for one in _known(rater)]
    TakenPart.objects.bulk_create(marks, ignore_conflicts=True)


def check_is_new(study: Study, known: Known) -> None:
    """Raise TookPart where somebody known by this had their data deleted in the study.

    Ask only after there was no part to be found: whoever deletes it writes the mark with that.
    """
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    marks = [_mark(study.pk, known, key) for key in keys]
    if TakenPart.objects.filter(study=study, mark__in=marks).exists():
        raise TookPart(study)


def account(user_id: int) -> Known:
    return ACCOUNT, str(user_id)


def _known(rater: Rater) -> Iterable[Known]:
    if rater.user_id is not None:
        yield account(rater.user_id)
    identity = Identity.objects.filter(rater=rater).first()
    if identity is not None:
        yield identity.platform, identity.external_id
        if identity.browser:
            yield Invitation.Platform.LINK, identity.browser


def _mark(study_id: int, known: Known, secret: str | bytes | None = None) -> str:
    salt = f"annotations.taking_part.taken_part/{study_id}"
    return salted_hmac(salt, "/".join(known), secret=secret, algorithm="sha256").hexdigest()
