"""Django's admin is one more way to act: what is changed there is in the trail."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import AuditEvent, Door, Membership, User
from accounts.trail.admin_site import Audited
from tests.accounts.trail.scene import (
    EntryRefused,
    differing,
    no_entry_is_written,
    rows_of_all,
    values_of,
)

PASSWORD = {"password1": "another long phrase", "password2": "another long phrase"}


@pytest.fixture
def chief(cast, client):
    user = User.objects.create(username="chief", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def sent_back(client, url, **changed):
    context = client.get(url).context
    forms = [context["adminform"].form]
    for formset in context.get("inline_admin_formsets", []):
        forms += [formset.formset.management_form, *formset.formset.initial_forms]
    sent = {}
    for form in forms:
        sent |= values_of(form)
    return sent | changed


def test_whoever_registers_a_model_with_the_admin_gets_the_trail():
    registered = admin.site._registry.values()
    assert [one for one in registered if not isinstance(one, Audited)] == []


def test_nothing_is_done_to_many_rows_at_once(chief, rf):
    request = rf.get("/")
    request.user = chief
    assert [one for one in admin.site._registry.values() if one.get_actions(request)] == []


def test_what_is_changed_has_its_values_before_and_after(chief, cast, client):
    url = reverse("admin:accounts_project_change", args=[cast.project.pk])
    assert client.post(url, sent_back(client, url, name="Laboratory")).status_code == 302
    entry = AuditEvent.objects.get()
    assert (entry.verb, entry.actor, entry.door) == ("project changed", chief, Door.ADMIN)
    assert entry.project == cast.project
    assert entry.detail == {"before": {"name": "Lab"}, "after": {"name": "Laboratory"}}


def test_what_is_saved_as_it_was_has_no_entry(chief, cast, client):
    url = reverse("admin:accounts_user_change", args=[cast.rater.pk])
    client.post(url, sent_back(client, url, date_joined_0="2026-01-01", date_joined_1="10:00:00"))
    first = AuditEvent.objects.count()
    client.post(url, sent_back(client, url, date_joined_0="2026-01-01", date_joined_1="10:00:00"))
    assert AuditEvent.objects.count() == first


def test_an_account_that_is_added_has_an_entry_without_its_password(chief, client):
    sent = {"username": "new", "usable_password": "true", **PASSWORD}
    assert client.post(reverse("admin:accounts_user_add"), sent).status_code == 302
    entry = AuditEvent.objects.get()
    assert (entry.verb, entry.detail["after"]["username"]) == ("user added", "new")
    assert entry.detail["after"]["password"] == "(hidden)"


def test_a_password_that_is_set_is_hidden(chief, cast, client):
    url = reverse("admin:auth_user_password_change", args=[cast.rater.pk])
    assert client.post(url, {**PASSWORD, "usable_password": "true"}).status_code == 302
    entry = AuditEvent.objects.get()
    assert (entry.subject_id, entry.verb) == (str(cast.rater.pk), "user changed")
    assert entry.detail["after"] == {"password": "(hidden)"}


def test_an_account_that_is_deleted_is_told_of(chief, cast, client):
    url = reverse("admin:accounts_user_delete", args=[cast.stranger.pk])
    assert client.post(url, {"post": "yes"}).status_code == 302
    entry = AuditEvent.objects.get()
    assert (entry.verb, entry.detail["before"]["username"]) == ("user deleted", "stranger")


def test_nothing_stays_of_a_change_whose_entry_is_not_written(chief, cast, client):
    url = reverse("admin:auth_user_password_change", args=[cast.rater.pk])
    before = rows_of_all()
    with no_entry_is_written(), pytest.raises(EntryRefused):
        client.post(url, {**PASSWORD, "usable_password": "true"})
    assert differing(before, rows_of_all()) == []


def test_ones_own_password_is_changed_on_the_page_of_the_account(chief, client):
    answer = client.post(reverse("admin:password_change"), PASSWORD)
    assert answer.url == reverse("account_change_password")


def test_roles_and_projects_are_made_on_pages_of_their_own(chief, client):
    """There a project keeps an administrator; the admin would not ask."""
    shown = {one.model for found in admin.site._registry.values() for one in found.inlines}
    assert Membership not in shown | set(admin.site._registry)
    assert client.get(reverse("admin:accounts_project_add")).status_code == 403
