"""The pages of receivers: the secret once, the log, acts in the trail."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from evaluations.background.happened import Event
from tests.webhooks.receiving import status
from webhooks import receivers
from webhooks.delivering import deliver
from webhooks.models import Delivery, Receiver

pytestmark = pytest.mark.django_db
ADDRESS = "http://127.0.0.1:9/hook"


def post(cast, name, *arguments, who="researcher", **data):
    url = reverse(name, args=["lab", *arguments])
    return cast.client(who).post(url, data, follow=True)


def test_the_secret_is_shown_when_it_is_made_and_never_again(cast):
    answer = post(cast, "webhooks", url=ADDRESS, kinds=["run.finished"])
    secret = receivers.secret_for(Receiver.objects.get())
    assert secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    for url in (reverse("webhooks", args=["lab"]), reverse("webhook", args=["lab", 1])):
        assert secret not in cast.client("researcher").get(url).content.decode()


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"url": ADDRESS}, "required"),
        ({"url": ADDRESS, "kinds": ["else"]}, "not one of the available"),
        ({"url": "http://user:word@127.0.0.1/", "kinds": ["run.finished"]}, "user name"),
    ],
)
def test_what_cannot_be_is_named(cast, sent, word):
    answer = post(cast, "webhooks", **sent)
    assert answer.status_code == 422 and word in answer.content.decode()
    assert not Receiver.objects.exists()


def test_a_private_address_is_refused_where_it_may_not_be_called(cast, settings):
    settings.LLM_ALLOW_PRIVATE_ADDRESSES = False
    answer = post(cast, "webhooks", url=ADDRESS, kinds=["run.finished"])
    assert answer.status_code == 422 and "private address" in answer.content.decode()


def test_an_address_is_added_once_and_ten_at_most(cast):
    for number in range(receivers.MOST):
        receivers.add(cast.project, None, f"{ADDRESS}{number}", list(Event))
    assert (
        "10 receivers at most"
        in post(cast, "webhooks", url=ADDRESS, kinds=["run.finished"]).content.decode()
    )


def test_the_log_tells_how_it_went_and_sends_again(cast, server, receiver, delivery):
    server.answer = status(500)
    for _ in range(Delivery.ATTEMPTS):
        deliver(delivery.pk)
        Delivery.objects.update(lease_expires_at=None)
    page = cast.client("researcher").get(reverse("webhook", args=["lab", receiver.pk]))
    assert "status 500, 10 attempts" in page.content.decode()
    post(cast, "webhook_send_again", receiver.pk, delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("queued", 0)


@pytest.mark.parametrize(
    ("act", "verb"),
    [
        ("off", "receiver switched off"),
        ("secret", "receiver's secret changed"),
        ("remove", "receiver removed"),
    ],
)
def test_an_act_is_in_the_trail(cast, receiver, act, verb):
    post(cast, "webhook_act", receiver.pk, act=act)
    assert AuditEvent.objects.first().verb == verb


def test_what_is_done_twice_is_in_the_trail_once(cast, receiver):
    for act in ("off", "off", "on", "on"):
        post(cast, "webhook_act", receiver.pk, act=act)
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    done = [verb for verb in verbs if verb.startswith("receiver switched")]
    assert done == ["receiver switched off", "receiver switched on"]


def test_why_the_worker_switched_it_off_is_kept(cast, receiver):
    stale = Receiver.objects.get(pk=receiver.pk)
    receivers.switch_off(receiver, None, "Nothing arrived for a day.")
    receivers.switch_off(stale, cast.researcher)
    assert Receiver.objects.get().switched_off_reason == "Nothing arrived for a day."
    receivers.remove(receiver, None)
    receivers.remove(stale, None)
    assert AuditEvent.objects.filter(verb="receiver removed").count() == 1


def test_a_receiver_of_another_project_is_not_found(cast, receiver):
    theirs = receivers.add(cast.other_project, None, ADDRESS, list(Event))
    url = reverse("webhook", args=["lab", theirs.pk])
    assert cast.client("administrator").get(url).status_code == 404
