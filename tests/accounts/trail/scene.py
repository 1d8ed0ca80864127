"""What an example of an act has at hand, and what it left in the trail and in the database."""

import base64
import hmac
import struct
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from allauth.account.internal.flows import login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings

from accounts.models import AuditEvent
from api.tokens.scopes import Scope
from api.tokens.tokens import make_token
from evaluations.definitions.catalogue import instrument, prompt_pack
from evaluations.models import Endpoint, Run
from evaluations.running.planning import Design, create_run
from tests.cast import Cast
from tests.support.world import World

PASSWORD = "a long pass phrase"


@dataclass
class Scene:
    """The world before an act, and the browser of whoever does it."""

    cast: Cast
    world: World
    who: str = "administrator"
    arguments: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.person = getattr(self.cast, self.who, None)
        if self.person:
            self.person.refresh_from_db()  # a password set by an act that was undone is none
        self.client: Client = self.cast.client(self.who)
        self.arguments = {**self.world.arguments, **self.arguments}

    @property
    def study(self):
        return self.world.study

    def url(self, address: str, /, **changed: Any) -> str:
        from tests.support.addresses import url_of

        return url_of(address, self.arguments | changed)

    def shown(self, name: str, *forms: str) -> dict[str, Any]:
        """What a browser would send back of the forms of a page, as they are shown."""
        context = self.client.get(self.url(name)).context
        sent: dict[str, Any] = {}
        for one in forms or ("form",):
            sent |= values_of(context[one])
        return sent

    def sign_in_with_password(self) -> None:
        """Some pages of an account want a sign-in of a moment ago."""
        self.person.set_password(PASSWORD)
        self.person.save()
        mine = {"user": self.person, "email": self.person.email}
        EmailAddress.objects.create(**mine, primary=True, verified=True)
        self.client.force_login(self.person)
        session = self.client.session
        session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(self.person.pk)
        session.save()

    def program(self) -> Client:
        """A program with a token of theirs that may do all that they may."""
        _, secret = make_token(self.cast.project, self.person, "script", list(Scope))
        return Client(headers={"authorization": f"Bearer {secret}"})

    def with_second_factor(self) -> str:
        """Set one up, without a page; returns its secret."""
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        secret = generate_totp_secret()
        TOTP.activate(self.person, secret)
        return secret

    def endpoint(self, **fields: Any) -> Endpoint:
        return Endpoint.objects.create(project=self.cast.project, **fields)

    def model(self) -> Endpoint:
        where = {"model": "judge-model", "base_url": "http://127.0.0.1:9/v1"}
        return self.endpoint(name="judge", kind="openai", **where)

    def by_files(self) -> Run:
        """A run that can be asked by files."""
        endpoint = Endpoint.objects.create(
            project=self.cast.project,
            name="by files",
            kind=Endpoint.Kind.OPENAI,
            model="m",
            base_url="http://127.0.0.1:9/v1",
        )
        design = Design(["prosocial"], [False], trials_per_cell=1)
        at = (design, [endpoint], instrument(), prompt_pack())
        return create_run(self.cast.project, "by files", *at)

    def planned(self) -> Run:
        design = Design(["prosocial"], [False], trials_per_cell=1)
        at = (design, [self.world.endpoint], instrument(), prompt_pack())
        return create_run(self.cast.project, "planned", *at)


def values_of(form: Any) -> dict[str, Any]:
    """What a browser sends of a form that nobody touched."""
    return {
        bound.html_name: bound.value()
        for bound in form
        if bound.value() not in (None, "", False, []) and not bound.field.disabled
    }


class Act(NamedTuple):
    """An example of an act on a page: what is sent, by whom, after what was prepared.

    *data* is what is sent, or makes it from the scene after *prepare*, which may return arguments
    of the address.
    """

    data: dict[str, Any] | str | Callable[[Scene], dict[str, Any]]
    prepare: Callable[[Scene], dict[str, Any] | None] = lambda scene: None
    who: str = "administrator"
    entries: int = 1
    settings: Mapping[str, Any] = {}
    query: str = ""
    content_type: str = "application/json"

    def begin(self, cast: Cast, world: World, name: str) -> Callable[[], HttpResponse]:
        """Prepare; returns what does it."""
        scene = Scene(cast, world, self.who)
        scene.arguments |= self.prepare(scene) or {}
        data = self.data(scene) if callable(self.data) else self.data
        method, _, address = name.rpartition(" ")
        url = f"{scene.url(address)}{self.query}"
        program = scene.program() if method else None

        def do() -> HttpResponse:
            with override_settings(**self.settings):
                if method:
                    return getattr(program, method.lower())(url, data, self.content_type)
                return scene.client.post(url, data)

        return do


def entries_since(last: int) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(pk__gt=last).order_by("pk"))


def last_entry() -> int:
    newest = AuditEvent.objects.order_by("-pk").first()
    return newest.pk if newest else 0


NOT_LOOKED_AT = {
    "sessions.Session",
    "usersessions.UserSession",
    "django_tasks_database.DBTaskResult",
    "admin.LogEntry",
}
"""Who is signed in, and what lies in a queue."""


def rows_of_all() -> dict[str, list[tuple]]:
    """Every row of every table but those."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_models()
        if model._meta.label not in NOT_LOOKED_AT and model._meta.managed
    }


def differing(before: dict[str, list[tuple]], after: dict[str, list[tuple]]) -> list[str]:
    return sorted(label for label in after if after[label] != before[label])


@contextmanager
def undone():
    """Whatever is done in here is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def deepest_entries():
    """How deep in transactions each entry was written that is written in here."""
    found: list[int] = []

    def look(execute, sql, params, many, context):
        if sql.startswith("INSERT") and AuditEvent._meta.db_table in sql:
            found.append(len(connection.savepoint_ids))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


class EntryRefused(Exception):
    """The entry could not be written."""


@contextmanager
def no_entry_is_written():
    def refuse(execute, sql, params, many, context):
        if sql.startswith("INSERT") and AuditEvent._meta.db_table in sql:
            raise EntryRefused
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def totp(secret: str) -> str:
    """The code of a second factor at this moment (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def factor_of(scene: Scene) -> Authenticator:
    return Authenticator.objects.get(user=scene.person, type="totp")
