"""Going on with one's part in another browser: by a code that only the part's own pages show.

An id of a platform is no secret, so it opens nothing. A part belongs to the browser that began it
(its signed cookie) or, inside a platform's frame, where there are no cookies, to the assignment it
was begun in. `Identity.browser` keeps which, as a number made from it and the study.
"""

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

from annotations.models import Identity, Rater, Study
from annotations.taking_part.platforms import Arrival
from annotations.taking_part.stages import ENDED

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None of them is taken for another."""

SECRET_LETTERS = 12


class BegunElsewhere(Exception):
    """Somebody comes with the id of a part that another browser or session began."""


def new_browser_id() -> str:
    return secrets.token_urlsafe(24)


def browser_number(study: Study, browser_id: str) -> str:
    """What is stored of a browser: made from its id and the study, so that nobody's parts in
    several studies can be put together."""
    return salted_hmac("annotations.link_rater", f"{study.pk}/{browser_id}").hexdigest()


def session_number(study: Study, session: str) -> str:
    """The same for an assignment inside a frame."""
    return salted_hmac("annotations.framed_session", f"{study.pk}/{session}").hexdigest()


def code_of(identity: Identity) -> str:
    """The code by which the person goes on elsewhere; another one once it was used."""
    return f"{_letters(identity.pk)}-{'-'.join(_groups(_secret(identity)))}"


def by_code(study: Study, code: str) -> Identity | None:
    """The part in *study* that a code belongs to."""
    letters = "".join(letter for letter in code.lower() if letter in LETTERS)
    number, secret = letters[:-SECRET_LETTERS], letters[-SECRET_LETTERS:]
    if not 0 < len(number) <= 12:
        return None
    identities = Identity.objects.filter(study=study, pk=_number(number))
    identity = identities.select_related("rater__study__project", "invitation").first()
    if identity is None or not constant_time_compare(_secret(identity), secret):
        return None
    return identity


def is_their_own(identity: Identity, arrival: Arrival) -> bool:
    """Whether who arrives comes from the browser or session that began the part.

    A part of before browsers were kept belongs to the one that comes first while it is under way.
    """
    if identity.browser:
        return constant_time_compare(identity.browser, arrival.browser)
    return identity.external_id == arrival.browser or identity.rater.stage not in ENDED


def bind(identity: Identity, arrival: Arrival) -> None:
    """Let the part belong to where the person is now."""
    if arrival.browser and identity.browser != arrival.browser:
        Identity.objects.filter(pk=identity.pk).update(browser=arrival.browser)
        identity.browser = arrival.browser


def own_code(rater: Rater) -> str:
    """The code of a rater who came by an invitation; '' for members, who sign in."""
    identity = Identity.objects.filter(rater=rater).first()
    return code_of(identity) if identity else ""


def _secret(identity: Identity) -> str:
    digest = salted_hmac(
        "annotations.continue", f"{identity.pk}/{identity.browser}", algorithm="sha256"
    ).digest()
    return _letters(int.from_bytes(digest))[-SECRET_LETTERS:]


def _groups(letters: str) -> list[str]:
    return [letters[at : at + 4] for at in range(0, len(letters), 4)]


def _letters(number: int) -> str:
    found = ""
    while True:
        number, digit = divmod(number, len(LETTERS))
        found = LETTERS[digit] + found
        if not number:
            return found


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * len(LETTERS) + LETTERS.index(letter)
    return number
