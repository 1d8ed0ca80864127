"""How allauth signs people up and in here."""

from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.core.internal import ratelimit
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from accounts.client_address import client_address
from accounts.people.signing_up import remembered

FAILURES_OF_A_NAME = "100/h/key"
"""Wrong sign-ins of one name from anywhere; more than one client can make of the limit below."""


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed unless the operator opens it (SIGNUP_OPEN) or one was invited to a project.

    Wrong sign-ins are counted for a client, and for a client and a name together, so that nobody
    can lock others out.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP_OPEN or remembered(request) is not None

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail what is about a change once that is stored; nothing waits in the transaction."""
        transaction.on_commit(
            partial(self._send_mail, current.request, template_prefix, email, context)
        )

    def _send_mail(self, request: HttpRequest, *about: Any) -> None:
        with current.request_context(request):
            super().send_mail(*about)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or super().get_client_ip(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What wrong sign-ins of one name are counted by: with the name alone, whoever knows it
        could keep its owner out."""
        name = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{name}:{self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if not self._may_fail_again(request, credentials, dry_run=True):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._may_fail_again(request, credentials)

    def _may_fail_again(
        self, request: HttpRequest, credentials: dict[str, Any], dry_run: bool = False
    ) -> bool:
        name = super()._get_login_attempts_cache_key(request, **credentials)
        action = "login_failed_by_name"
        limits = {action: FAILURES_OF_A_NAME}
        used = ratelimit.consume(
            request, app="accounts", action=action, config=limits, key=name, dry_run=dry_run
        )
        return used is not None
