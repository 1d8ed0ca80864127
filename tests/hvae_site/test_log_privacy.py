"""The log of a whole part holds nothing that leads to a person: no id, link, account or address.

Everything is logged, from the lowest level on, and every handler there is is read.
"""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from django.conf import settings
from django.db import IntegrityError
from django.test import Client

from annotations.models import Assignment, Identity, Judgment, Rater, Study
from annotations.taking_part.invitations import path_of, token_of
from hvae_site.log_privacy import hide_people
from hvae_site.management.commands.demo import server_command
from tests.annotations.conftest import judge_url, make_text_study, send
from tests.annotations.taking_part.way_support import (
    make_invitation,
    make_whole_study,
    walk_to_judging,
    way_url,
)

PERSON = "UNMISTAKABLE-ID"
QUERY = f"?PROLIFIC_PID={PERSON}&STUDY_ID=STUDY-ELSEWHERE&SESSION_ID=SESSION-ELSEWHERE"
BROWSER = {
    "REMOTE_ADDR": "203.0.113.77",
    "HTTP_X_FORWARDED_FOR": "198.51.100.99",
    "HTTP_USER_AGENT": "UNMISTAKABLE-AGENT",
    "HTTP_REFERER": f"https://app.prolific.com/{PERSON}",
}
SECRETS = (PERSON, "STUDY-ELSEWHERE", "SESSION-ELSEWHERE", *BROWSER.values())


@pytest.mark.parametrize(
    ("logged", "kept"),
    [
        ("GET /join/abc:DEF-_1/?PROLIFIC_PID=p1&SESSION_ID=t", "GET /join/…/"),
        ("Not Found: /join/abc:DEF/", "Not Found: /join/…/"),
        ("POST /invited/AbC-_9/", "POST /invited/…/"),
        ("GET /p/lab/members/17/remove/", "GET /p/lab/members/…/remove/"),
        ("/in/1:x:y/p/lab/studies/s/way/?answered=3", "/in/…/p/lab/studies/s/way/"),
        ("GET /p/lab/studies/?state=open", "GET /p/lab/studies/?state=open"),
        ("POST /p/lab/joint/in/", "POST /p/lab/joint/in/"),
        ("GET /account/login/?next=/join/a:b/%3FPROLIFIC_PID%3Dp1", "GET /account/login/"),
        ("GET /account/password/reset/key/3-abc/", "GET /account/password/reset/key/…"),
        ("GET /account/confirm-email/MQ:1:2/", "GET /account/confirm-email/…"),
        ("GET /p/lab/studies/s/judge/last/3/?PROLIFIC_PID=p", "GET /p/lab/studies/s/judge/last/…/"),
        ("POST /p/lab/studies/s/raters/30/act/", "POST /p/lab/studies/s/raters/…/act/"),
        ("duplicate key\nDETAIL:  Key (external_id)=(p1).", "duplicate key\nDETAIL: …"),
    ],
)
def test_what_leads_to_a_person_is_cut(logged, kept):
    assert hide_people(None, "info", {"request": logged})["request"] == kept


def test_who_asked_is_left_out_and_other_values_stay():
    event = {"code": 200, "event": "request_finished"}
    asked = {"ip": "203.0.113.77", "user_id": 3, "user_agent": "x"}
    assert hide_people(None, "info", event | asked) == event


# --- a whole part ---------------------------------------------------------------------------------


def handlers() -> set[logging.Handler]:
    """Every handler of every logger, but for those of the test runner."""
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    found = {handler for logger in loggers for handler in logger.handlers}
    return {one for one in found if not type(one).__module__.startswith("_pytest")}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What all handlers write, with everything logged."""
    stream, root = io.StringIO(), logging.getLogger()
    streams = [one for one in handlers() if isinstance(one, logging.StreamHandler)]
    earlier = [(handler, handler.setStream(stream)) for handler in streams]
    level = root.level
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    for handler, before in earlier:
        handler.setStream(before)


def test_every_handler_writes_through_the_processor_that_hides_people():
    found = handlers()
    assert found
    for handler in found - {logging.lastResort}:
        if isinstance(handler, logging.NullHandler):
            continue
        assert isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter), handler
        assert hide_people in handler.formatter.processors


def secrets_of(client: Client, study: Study) -> list[str]:
    """What else must not be logged of a browser that takes part."""
    identity = Identity.objects.get()
    cookies = [cookie.value for cookie in client.cookies.values()]
    return [*cookies, token_of(study.invitations.get()), identity.browser]


@pytest.mark.django_db
def test_the_log_of_a_whole_part_leads_to_nobody(cast, log, monkeypatch):
    study = make_whole_study(cast.project)
    invitation = make_invitation(study, cast.researcher, platform="prolific", completion="CODE")
    client = Client(raise_request_exception=False, **BROWSER)
    door = path_of(invitation) + QUERY
    client.get(door)
    client.post(door)
    walk_to_judging(client, study)
    client.get(judge_url(study) + QUERY)
    held = Assignment.objects.get(state="reserved")
    send(client, study, assignment=held.pk, label="")  # 422
    send(client, study, assignment=held.pk, comment=PERSON)
    client.get(judge_url(study, "last/999999/"))  # 404
    for page in ("pause/", "data/", "data/file/"):
        client.get(way_url(study, page))
    secrets = secrets_of(client, study)
    Client(**BROWSER).post(door)  # another browser
    Client(enforce_csrf_checks=True, **BROWSER).post(door)
    Client(**BROWSER).get(way_url(study) + QUERY)
    Client(**BROWSER).get(f"/account/login/?next={door}")
    Client(**BROWSER).post("/account/login/", {"login": PERSON, "password": PERSON})
    fail(monkeypatch)
    assert client.get(way_url(study, "data/")).status_code == 500
    monkeypatch.undo()
    client.post(way_url(study, "data/delete/"), {"sure": "on"})
    client.post(door)  # has taken part
    written = log.getvalue()
    assert "/join/…/" in written
    assert "IntegrityError" in written
    assert [secret for secret in (*SECRETS, *secrets) if secret in written] == []


def fail(monkeypatch) -> None:
    """Let the database refuse something of the person, as PostgreSQL says it."""

    def refuse(rater: Rater) -> None:
        raise IntegrityError(f"duplicate key\nDETAIL:  Key (external_id)=({PERSON}) exists.")

    monkeypatch.setattr("annotations.views.own_data.stored_about", refuse)


@pytest.mark.django_db
def test_nor_does_that_of_a_member(cast, log):
    cast.rater.set_password("a long password")
    cast.rater.username = "UNMISTAKABLE-NAME"
    cast.rater.save()
    study = make_text_study(cast.project, 2)
    client = Client(**BROWSER)
    fields = {"login": "UNMISTAKABLE-NAME", "password": "a long password"}
    assert client.post("/account/login/?next=/", fields).status_code == 302
    client.get(judge_url(study))
    send(client, study, assignment=Assignment.objects.get().pk)
    client.get(judge_url(study, "last/999999/"))
    client.get(way_url(study, "data/"))
    assert Judgment.objects.count() == 1
    written = log.getvalue()
    assert "/judge/" in written
    found = (*SECRETS, "UNMISTAKABLE-NAME", cast.rater.email, "user_id", client.session.session_key)
    assert [secret for secret in found if secret in written] == []


@pytest.mark.django_db
def test_what_went_wrong_can_still_be_found(client, log, monkeypatch):
    client.raise_request_exception = False

    def broken(*args: object) -> None:
        raise ValueError("what went wrong")

    monkeypatch.setattr("annotations.views.joining.invitation_of", broken)
    client.get("/join/made:up/")
    assert "ValueError: what went wrong" in log.getvalue()
    assert "in broken" in log.getvalue()
    assert "request_id" in log.getvalue()


# --- the web server -------------------------------------------------------------------------------


def test_granian_keeps_no_access_log_where_we_start_it_or_say_how():
    operations = Path(settings.BASE_DIR, "docs", "operations.md").read_text()
    commands = [line for line in operations.splitlines() if "-m granian" in line]
    assert commands
    assert not [line for line in commands if "--access-log" in line]
    assert "--no-access-log" in " ".join(commands)
    assert "--no-access-log" in server_command(8000)
