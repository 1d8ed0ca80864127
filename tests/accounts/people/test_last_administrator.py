"""In Django's admin no account goes without which a project had nobody to administer it."""

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.people.members import administered_alone, change_roles

pytestmark = pytest.mark.django_db
DELETE = {"post": "yes"}


@pytest.fixture
def chief(client):
    made = User.objects.create_superuser("chief", "chief@example.org", "a long phrase of words")
    client.force_login(made)
    return client


def delete(chief, person):
    return chief.post(reverse("admin:accounts_user_delete", args=[person.pk]), DELETE)


def test_the_last_administrator_of_a_project_is_not_deleted(chief, cast):
    answer = delete(chief, cast.administrator)
    assert "administrator is the last administrator of Lab" in answer.content.decode()
    assert User.objects.filter(pk=cast.administrator.pk).exists()


def test_one_of_two_administrators_is(chief, cast):
    change_roles(cast.project, None, cast.researcher, ["researcher", "administrator"])
    delete(chief, cast.administrator)
    assert not User.objects.filter(pk=cast.administrator.pk).exists()


def test_two_who_would_go_together_do_not_stand_in_for_each_other(cast):
    change_roles(cast.project, None, cast.researcher, ["researcher", "administrator"])
    both = administered_alone([cast.administrator, cast.researcher])
    assert {person for _, person in both} == {cast.administrator, cast.researcher}


def test_who_cannot_sign_in_administers_nothing(cast):
    change_roles(cast.project, None, cast.researcher, ["researcher", "administrator"])
    User.objects.filter(pk=cast.researcher.pk).update(is_active=False)
    assert administered_alone([cast.administrator]) == [(cast.project, cast.administrator)]


def test_a_member_of_no_project_is_deleted(chief, cast):
    delete(chief, cast.stranger)
    assert not User.objects.filter(pk=cast.stranger.pk).exists()
