"""Messages on their way: signed, tried again, given up, sent again."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent
from evaluations.background import leases
from evaluations.background.happened import Event, emit
from tests.webhooks.receiving import status
from webhooks import receivers
from webhooks.delivering import PATIENCE, deliver
from webhooks.models import RESTS, Delivery, Message
from webhooks.receivers import ReceiverRefused, secret_for
from webhooks.signing import signature
from webhooks.tasks import nudge

pytestmark = pytest.mark.django_db


def after_a_rest(delivery):
    Delivery.objects.filter(pk=delivery.pk).update(lease_expires_at=timezone.now())


def test_a_message_arrives_signed(server, receiver, delivery):
    assert deliver(delivery.pk)
    headers, body = server.came[0]
    name, moment = headers["webhook-id"], int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == signature(secret_for(receiver), name, moment, body)
    assert json.loads(body)["type"] == "run.finished"
    assert json.loads(body)["data"] == {"run": {"id": 7, "name": "Größe"}}


def test_what_arrived_is_not_sent_twice(server, delivery):
    deliver(delivery.pk)
    assert not deliver(delivery.pk)
    assert len(server.came) == 1


def test_what_does_not_arrive_rests_and_is_tried_again(server, delivery):
    server.answer = status(503)
    assert not deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.status, delivery.is_resting) == ("queued", 503, True)
    assert not deliver(delivery.pk) and len(server.came) == 1
    server.answer = status(200)
    after_a_rest(delivery)
    assert deliver(delivery.pk)
    first, second = (headers for headers, _ in server.came)
    assert first["webhook-id"] == second["webhook-id"]
    assert server.came[0][1] == server.came[1][1]


def test_it_is_tried_for_a_day(server, delivery):
    server.answer = status(500)
    total = sum(RESTS, timedelta())
    assert timedelta(hours=23, minutes=55) < total < timedelta(hours=24, minutes=5)
    for _ in range(Delivery.ATTEMPTS):
        deliver(delivery.pk)
        after_a_rest(delivery)
    delivery.refresh_from_db()
    assert (delivery.state, len(server.came)) == ("failed", Delivery.ATTEMPTS)
    assert "status 500" in delivery.error


def test_a_receiver_that_fails_for_a_day_is_switched_off_with_a_word(server, receiver, delivery):
    server.answer = status(500)
    receiver.failing_since = timezone.now() - PATIENCE
    receiver.save()
    deliver(delivery.pk)
    receiver.refresh_from_db()
    assert not receiver.is_on and "Nothing arrived for a day" in receiver.switched_off_reason
    assert AuditEvent.objects.filter(verb="receiver switched off", actor=None).count() == 1


def test_a_receiver_that_is_gone_is_switched_off_at_once(server, receiver, delivery):
    server.answer = status(410)
    deliver(delivery.pk)
    receiver.refresh_from_db()
    assert not receiver.is_on and "wants nothing more" in receiver.switched_off_reason


def test_an_arrival_ends_the_count_of_the_day(server, receiver, delivery):
    receiver.failing_since = timezone.now() - timedelta(hours=23)
    receiver.save()
    deliver(delivery.pk)
    receiver.refresh_from_db()
    assert receiver.failing_since is None


def test_switched_on_again_it_gets_what_failed(server, cast, receiver, delivery):
    receivers.switch_off(receiver, cast.researcher)
    assert not deliver(delivery.pk) and server.came == []
    assert receivers.switch_on(receiver, cast.researcher) == 1
    assert deliver(delivery.pk)


def test_nothing_new_is_written_for_one_that_is_off(cast, receiver):
    receivers.switch_off(receiver, cast.researcher)
    emit(cast.project, Event.RUN_FINISHED)
    assert not Message.objects.exists()


def test_what_arrived_can_be_sent_again_under_the_same_id(server, cast, delivery):
    deliver(delivery.pk)
    assert receivers.send_again(delivery, cast.researcher)
    assert deliver(delivery.pk)
    assert len({headers["webhook-id"] for headers, _ in server.came}) == 1


def test_nothing_is_sent_again_to_one_that_is_off(cast, receiver, delivery):
    receivers.switch_off(receiver, cast.researcher)
    delivery.receiver.refresh_from_db()
    with pytest.raises(ReceiverRefused, match="switched off"):
        receivers.send_again(delivery, cast.researcher)


def test_a_worker_that_died_over_it_leaves_it_to_the_next(server, delivery):
    held = leases.claim(Delivery.objects.all(), delivery.pk)
    assert held and not deliver(delivery.pk)
    after_a_rest(delivery)
    assert deliver(delivery.pk)


def test_a_message_is_undone_with_its_act(cast, receiver):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        emit(cast.project, Event.RUN_FINISHED)
        raise ZeroDivisionError
    assert not Message.objects.exists() and not Delivery.objects.exists()


def test_only_what_was_chosen_and_only_the_own_project_is_told_of(cast, receiver):
    receivers.change_kinds(receiver, cast.researcher, [Event.REPORT_READY])
    emit(cast.project, Event.RUN_FINISHED)
    emit(cast.other_project, Event.REPORT_READY)
    assert not Delivery.objects.exists()
    emit(cast.project, Event.REPORT_READY)
    assert Delivery.objects.count() == 1


def test_a_new_secret_makes_the_old_signature_fit_no_more(server, cast, receiver, delivery):
    old = secret_for(receiver)
    receivers.new_secret(receiver, cast.researcher)
    deliver(delivery.pk)
    headers, body = server.came[0]
    name, moment = headers["webhook-id"], int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] != signature(old, name, moment, body)


def test_secrets_stand_nowhere_in_the_trail(cast, receiver):
    receivers.new_secret(receiver, cast.researcher)
    told = str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert receiver.nonce not in told and secret_for(receiver) not in told


def test_a_sweep_nudges_what_waits(delivery, django_capture_on_commit_callbacks):
    Delivery.objects.update(nudged_at=None)
    with django_capture_on_commit_callbacks() as nudges:
        nudge()
    assert len(nudges) == 1
