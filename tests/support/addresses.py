"""Every address of the site: what there is to name for it, and who gets in.

A row gives the answers to GET in the order of PARTS. Acts take POST only; their rows say who is
refused, and anything but a refusal (a redirect, a form with errors) is an entry. A participant, who
has a part in a study and no account, is anybody without an account where a row does not say else.
"""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Role
from accounts.people.invitations import invite
from annotations.studies.imports.waiting import keep
from annotations.tasks import see_to
from api.tokens.scopes import Scope
from api.tokens.tokens import make_token
from evaluations.background.happened import Event, emit
from webhooks import receivers

#        nobody stranger other rater second researcher reviewer administrator participant
EVERYBODY = (200, 200, 200, 200, 200, 200, 200, 200)
MEMBERS = (302, 404, 404, 200, 200, 200, 200, 200)
STAFF = (302, 404, 404, 403, 403, 200, 200, 200)
RATERS = (403, 404, 404, 200, 200, 403, 403, 403, 200)
ON_THE_WAY = (403, 404, 404, 302, 302, 403, 403, 403, 302)
INVITED = (200, 200, 200, 302, 302, 403, 403, 403, 302)
RESEARCHERS = (302, 404, 404, 403, 403, 200, 403, 200)
ADMINISTRATORS = (302, 404, 404, 403, 403, 403, 403, 200)
REVIEWERS = (302, 404, 404, 403, 403, 403, 200, 200)
SIGNED_IN = (302, 200, 200, 200, 200, 200, 200, 200)
SIGNED_OUT = (200, 302, 302, 302, 302, 302, 302, 302)
SENT_ON = (302,) * 8
SHARED_BY_ALL = (302, 404, 404, 403, 403, 404, 403, 404)
"""What the cast's project has is shared by all: there is nothing of its own to share."""
OWN_TOKEN = (302, 404, 404, 403, 403, 200, 404, 200)
"""A token of the researcher: administrators revoke it as well."""
OWN_FILE = (302, 404, 404, 403, 403, 200, 403, 404)
"""A file that the researcher sent: nobody else sees it, nor imports it."""
NOT_SET_UP = (302, 404, 404, 404, 404, 404, 404, 404)

MATRIX: dict[str, tuple[int, ...]] = {
    "home": (200, 200, 302, 302, 302, 302, 302, 302),
    "project": (302, 404, 404, 302, 302, 200, 200, 200),
    "project_delete": ADMINISTRATORS,
    "project_archive": ADMINISTRATORS,
    # Machines that watch over the site have no account; the figures need a token of the site's.
    "live": EVERYBODY,
    "ready": EVERYBODY,
    "metrics": (404,) * 8,
    "trail": ADMINISTRATORS,
    "trail_file": ADMINISTRATORS,
    "site_trail": NOT_SET_UP,
    "site_trail_file": NOT_SET_UP,
    # evaluations
    "run_delete": RESEARCHERS,
    "run_file": STAFF,
    "endpoint_delete": RESEARCHERS,
    "runs": STAFF,
    "run": STAFF,
    "run_new": RESEARCHERS,
    "run_plan": RESEARCHERS,
    "run_preview": RESEARCHERS,
    "run_progress": STAFF,
    "batches": RESEARCHERS,
    "run_figure": STAFF,
    "scorings": STAFF,
    "scoring_new": RESEARCHERS,
    "scoring_plan": RESEARCHERS,
    "endpoints": STAFF,
    "endpoint_new": RESEARCHERS,
    "endpoint": RESEARCHERS,
    "definitions": STAFF,
    "definition_new": RESEARCHERS,
    "instrument": STAFF,
    "prompt_pack": STAFF,
    "frame": STAFF,
    "trial": STAFF,
    # annotations
    "studies": MEMBERS,
    "study_new": RESEARCHERS,
    "study": STAFF,
    "study_settings": RESEARCHERS,
    "study_delete": RESEARCHERS,
    "study_metric": RESEARCHERS,
    "study_guidelines": STAFF,
    "study_guideline": STAFF,
    "study_controls": STAFF,
    "study_rater": STAFF,
    "rater_board": STAFF,
    "judge": RATERS,
    "judge_last": RATERS,
    "judge_correct": (403, 404, 404, 200, 404, 403, 403, 403, 404),
    "join": INVITED,
    "way": ON_THE_WAY,
    "way_pause": RATERS,
    "own_data": RATERS,
    "own_data_file": RATERS,
    "invitations": RESEARCHERS,
    "judgments_file": RESEARCHERS,
    "participants_file": RESEARCHERS,
    "judge_preview": STAFF,
    "upload_new": RESEARCHERS,
    "upload": OWN_FILE,
    "upload_file": OWN_FILE,
    "upload_progress": OWN_FILE,
    "uploads": RESEARCHERS,
    "disputes": STAFF,
    "dispute": STAFF,
    # analysis
    "report": STAFF,
    "report_items": STAFF,
    "report_file": STAFF,
    "report_figure": STAFF,
    "report_archive": STAFF,
    "report_progress": STAFF,
    "compare": STAFF,
    "compare_progress": STAFF,
    "planning": STAFF,
    "run_statistics": STAFF,
    # api: its pages; what programs may do is walked below
    "tokens": STAFF,
    "api-docs": EVERYBODY,
    "api-schema": EVERYBODY,
    "api-not-there": (404,) * 8,
    # accounts
    "project_new": (302, 403, 200, 403, 403, 200, 403, 200),
    "all_projects": (302, 403, 403, 403, 403, 403, 403, 403),
    "invited": (200, 200, 200, 302, 302, 200, 200, 200),
    "project_leave": MEMBERS,
    "members": ADMINISTRATORS,
    "member": ADMINISTRATORS,
    # webhooks
    "webhooks": RESEARCHERS,
    "webhook": RESEARCHERS,
    # accounts, by allauth
    "account_login": SIGNED_OUT,
    "account_logout": SIGNED_IN,
    "account_inactive": EVERYBODY,
    "account_signup": SIGNED_OUT,
    "account_reauthenticate": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_email_verification_sent": EVERYBODY,
    "account_change_password": SIGNED_IN,
    "account_set_password": SENT_ON,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_reset_password_from_key_done": EVERYBODY,
    "account_confirm_email": EVERYBODY,
    "account_confirm_login_code": SENT_ON,
    "own_account": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": SENT_ON,
    "mfa_reauthenticate": SENT_ON,
    "mfa_activate_totp": SENT_ON,
    "mfa_deactivate_totp": NOT_SET_UP,
    "mfa_view_recovery_codes": NOT_SET_UP,
    "mfa_generate_recovery_codes": SENT_ON,
    "mfa_download_recovery_codes": NOT_SET_UP,
}

ACTS: dict[str, tuple[int, ...]] = {
    "run_state": RESEARCHERS,
    "run_extend": RESEARCHERS,
    "batch_export": RESEARCHERS,
    "batch_give_back": RESEARCHERS,
    "instrument_share": SHARED_BY_ALL,
    "prompt_pack_share": SHARED_BY_ALL,
    "frame_share": RESEARCHERS,
    "scoring_act": RESEARCHERS,
    "endpoint_try": RESEARCHERS,
    "webhook_act": RESEARCHERS,
    "upload_act": OWN_FILE,
    "webhook_send_again": RESEARCHERS,
    "study_state": RESEARCHERS,
    "study_archive": RESEARCHERS,
    "report_refresh": STAFF,
    "report_keep": STAFF,
    "compare_again": STAFF,
    "own_data_delete": RATERS,
    "invitation_act": RESEARCHERS,
    "participant_act": RESEARCHERS,
    "study_control_remove": RESEARCHERS,
    "study_rater_act": RESEARCHERS,
    "token_act": OWN_TOKEN,
    "dispute_decide": REVIEWERS,
    "dispute_reopen": REVIEWERS,
    "project_hand_over": ADMINISTRATORS,
    "member_remove": ADMINISTRATORS,
    "member_invitation_revoke": ADMINISTRATORS,
}
"""Addresses that only take POST; 200 stands for 'may act'."""

NAMESPACES = {"admin": SENT_ON}
"""The admin as a whole: nobody in the cast is staff of the site, so all are sent to its sign-in."""


def addresses(
    patterns: list[URLPattern | URLResolver] | None = None, namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site as (namespace:name, pattern)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace]))
            yield from addresses(pattern.url_patterns, inner)
        else:
            yield ":".join(filter(None, [namespace, pattern.name or str(pattern.pattern)])), pattern


@pytest.fixture
def arguments(world, cast) -> dict[str, object]:
    """Something to name for every argument of every address."""
    invitation, token = invite(cast.project, cast.administrator, Role.RATER, days=1)
    parts = {"file_format": "json", "name": "confusion", "suffix": "svg", "uidb36": "x", "key": "x"}
    parts |= {
        "trail_format": "ndjson",
        "judgments_form": "csv",
        "figure": "ring",
        "computation_id": 0,
        "comparison_id": 0,
    }
    parts |= {"invite_token": token, "member_invitation_id": invitation.pk}
    parts["user_id"] = cast.second_rater.pk
    api_token, _ = make_token(cast.project, cast.researcher, "script", [Scope.READ])
    parts["token_id"] = api_token.pk
    receiver = receivers.add(cast.project, cast.researcher, "http://127.0.0.1:9/", list(Event))
    emit(cast.project, Event.RUN_FINISHED)
    parts |= {"receiver_id": receiver.pk, "delivery_id": receiver.deliveries.get().pk}
    sent = SimpleUploadedFile("made.csv", b"item,rater,value\ni1,anna,yes\ni1,bert,maybe\n")
    options = {"study": "Made", "scale": "nominal", "categories": ["yes", "no"], "question": ""}
    options |= {"ways_out": [], "raters_are": "", "value_from": []}
    upload = keep(cast.project, cast.researcher, "judgments", sent, options)
    see_to(upload)
    parts["part"] = "reasons"
    parts |= {"upload_id": upload.pk, "what": "trials", "file_name": "scores.csv"}
    return {**world.arguments, **parts}


def url_of(name: str, arguments: dict[str, object]) -> str:
    needed = {
        argument
        for found, pattern in addresses()
        if found == name
        for argument in pattern.pattern.regex.groupindex
    }
    return reverse(name, kwargs={argument: arguments[argument] for argument in needed})
