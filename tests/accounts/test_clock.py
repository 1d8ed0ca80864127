"""The clock of the site is the database's: a host whose own is wrong does no harm by it."""

from datetime import timedelta

import pytest

from accounts import clock
from tests.support.clocks import database_time

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=2)
A_MOMENT = timedelta(seconds=5)


@pytest.mark.parametrize("by", [-MINUTES, MINUTES])
def test_it_is_what_the_database_says(wrong_host, by):
    wrong_host(by)
    assert abs(clock.now() - database_time()) < A_MOMENT


def test_it_is_asked_again_when_the_answer_is_old(wrong_host, monkeypatch):
    first = clock.now()
    old = clock.Reading(first - timedelta(hours=1), clock._last.at - clock.ASKED_EVERY - 1)
    monkeypatch.setattr(clock, "_last", old)
    assert abs(clock.now() - database_time()) < A_MOMENT


def test_it_is_no_query_of_a_page(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(clock, "_last", None)
    with django_assert_num_queries(0):
        assert clock.now().tzinfo is not None
