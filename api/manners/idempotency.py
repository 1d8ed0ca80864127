"""The same key twice is one act (draft-ietf-httpapi-idempotency-key-header).

The key is stored first, in the transaction of the act: whoever comes with it at the same time
waits for that transaction and then finds the answer. An act that was refused leaves no key behind,
so that the same key may be used once it is mended.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.models import Project, User
from api.manners.problem import Problem
from api.models import KeptAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 255
KEPT = timedelta(days=7)


def key_of(request: Request) -> str:
    """The key that a request carries, '' for none; ValidationError for one that is none."""
    key = request.headers.get(HEADER, "")
    if len(key) > LONGEST or not key.isprintable() or not key.isascii():
        words = f"Give at most {LONGEST} visible characters of ASCII, such as a UUID."
        raise ValidationError({HEADER: words})
    return key.strip()


def once(
    key: str, project: Project, user: User, request: Request, act: Callable[[], Response]
) -> Response:
    """The answer of *act*, which is done only if it was not done under *key* before.

    Raises Problem (409) where the key was used for another request.
    """
    same = {"project": project, "user": user, "key": key}
    asked = _digest(request)
    try:
        with transaction.atomic():
            kept = KeptAnswer.objects.create(**same, request=asked)
            response = act()
            KeptAnswer.objects.filter(pk=kept.pk).update(
                status=response.status_code,
                body="" if response.data is None else JSONRenderer().render(response.data).decode(),
            )
    except IntegrityError:
        known = KeptAnswer.objects.filter(**same).first()
        if known is None:  # not the key: a fault of the act
            raise
        return _again(known, asked)
    KeptAnswer.objects.filter(created_at__lt=clock.now() - KEPT).delete()
    return response


def _again(known: KeptAnswer, asked: str) -> Response:
    if known.request != asked:
        words = f"This {HEADER} was used for another request."
        raise Problem("other_request", words)
    data = json.loads(known.body) if known.body else None
    return Response(data, status=known.status, headers={REPLAYED: "true"})


def _digest(request: Request) -> str:
    """Of what is asked: method, address and the body, whatever the order of its names."""
    body = json.dumps(request.data, sort_keys=True, default=str)
    words = f"{request.method} {request.get_full_path()}\n{body}"
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
