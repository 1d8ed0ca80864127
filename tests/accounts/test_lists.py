"""Lists of many things: searched, of one state, in an order, a part at a time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.views.lists import PER_PAGE, listing
from annotations.models import Study
from annotations.studies import queries
from tests.annotations.conftest import make_text_study

pytestmark = pytest.mark.django_db
STATES = Study.State.choices


@pytest.fixture
def many(cast):
    """Thirty studies, of which every third is closed."""
    for number in range(30):
        state = "closed" if number % 3 == 0 else "open"
        make_text_study(cast.project, number % 4, name=f"Study {number:02}", state=state)
    return Study.objects.all()


def names(found):
    return [study.name for study in found.page_obj]


def test_the_newest_stand_first_and_the_rest_on_the_next_part(many):
    first = names(listing({}, many, STATES))
    assert (first[0], len(first)) == ("Study 29", PER_PAGE)
    assert names(listing({"page": "2"}, many, STATES)) == [f"Study 0{n}" for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "STUDY 1", "sort": "name", "state": "closed"}, [12, 15, 18]),
        ({"q": "no such"}, []),
        (
            {"q": "Study 2", "sort": "oldest", "state": "closed"},
            [21, 24, 27],
        ),
    ],
)
def test_a_list_is_searched_and_ordered(many, query, expected):
    assert names(listing(query, many, STATES)) == [f"Study {n}" for n in expected]


@pytest.mark.parametrize(
    "query", [{"sort": "x; drop"}, {"state": "gone"}, {"page": "-1"}, {"q": "\x00"}, {"page": "no"}]
)
def test_what_there_is_not_is_as_if_it_was_not_asked_for(many, query):
    assert listing(query, many, STATES).page_obj.paginator.count == 30


def test_numbers_are_counted_for_the_part_alone(many):
    found = listing({"q": "Study 07"}, many, STATES, queries.counted)
    assert [study.items_total for study in found.page_obj] == [3]


def test_a_long_list_costs_no_more_queries(cast, many):
    client = cast.client("researcher")
    with CaptureQueriesContext(connection) as all_of_them:
        client.get("/p/lab/studies/")
    with CaptureQueriesContext(connection) as few:
        client.get("/p/lab/studies/?q=Study 07")
    assert len(all_of_them) == len(few)


def test_the_page_says_that_nothing_is_like_that(cast, many):
    page = cast.client("researcher").get("/p/lab/studies/?q=moon").content.decode()
    assert "No study like that" in page and 'value="moon"' in page
