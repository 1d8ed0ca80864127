"""The pages of the trail: who may read it, what is found, page by page and as files."""

import csv
import io
import json

import pytest
from django.urls import reverse

from accounts.audit import Change
from accounts.models import AuditEvent, Door, User
from accounts.trail.queries import PER_PAGE
from tests.support.entries import write_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(cast):
    change = Change({"name": "Lab"}, {"name": "<b>Laboratory</b>"})
    write_entry(cast.project, cast.researcher, "renamed", cast.project, change)
    write_entry(cast.project, None, "run paused", cast.project, reason="=1+1")
    write_entry(cast.other_project, cast.other_researcher, "elsewhere", cast.other_project)


def page(cast, **query):
    return cast.client("administrator").get(reverse("trail", args=["lab"]), query)


def verbs(answer):
    return [entry.event.verb for entry in answer.context["page"].entries]


def test_it_shows_what_was_before_and_after(cast, entries):
    body = page(cast).content.decode()
    assert "renamed" in body and "&lt;b&gt;Laboratory&lt;/b&gt;" in body


def test_a_project_shows_its_own_alone(cast, entries):
    assert verbs(page(cast)) == ["run paused", "renamed"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"who": "resea"}, ["renamed"]),
        ({"what": "PAUSED"}, ["run paused"]),
        ({"thing": "accounts.project", "what": "renamed"}, ["renamed"]),
        ({"number": "0"}, []),
        ({"since": "2100-01-01"}, []),
        ({"until": "2000-01-01"}, []),
        ({"since": "2000-01-01", "until": "2100-01-01"}, ["run paused", "renamed"]),
        ({"door": Door.WORKER}, []),
    ],
)
def test_it_is_filtered(cast, entries, query, found):
    assert verbs(page(cast, **query)) == found


def test_a_filter_that_cannot_be_is_named(cast, entries):
    answer = page(cast, since="yesterday")
    assert answer.status_code == 422 and "Enter a valid date" in answer.content.decode()


def test_pages_go_on_from_the_last_entry_and_back(cast):
    for number in range(PER_PAGE + 5):
        write_entry(cast.project, None, f"act {number}", cast.project)
    first = page(cast)
    older = page(cast, before=first.context["page"].older)
    assert verbs(older) == [f"act {number}" for number in (4, 3, 2, 1, 0)]
    back = page(cast, after=older.context["page"].newer)
    assert verbs(back) == verbs(first) and older.context["page"].older is None


def test_a_page_asks_as_many_questions_whatever_there_is(cast, django_assert_max_num_queries):
    for number in range(PER_PAGE):
        write_entry(cast.project, cast.researcher, f"act {number}", cast.project)
    client = cast.client("administrator")
    with django_assert_max_num_queries(8):
        client.get(reverse("trail", args=["lab"]))


def export(cast, form, **query):
    address = reverse("trail_file", args=["lab", form])
    return b"".join(cast.client("administrator").get(address, query).streaming_content).decode()


def test_a_file_of_lines_holds_every_entry(cast, entries):
    rows = [json.loads(line) for line in export(cast, "ndjson").splitlines()]
    assert [row["what"] for row in rows] == ["run paused", "renamed"]
    assert rows[1]["who"] == "researcher" and rows[1]["detail"]["before"] == {"name": "Lab"}


def test_a_table_is_filtered_like_the_page(cast, entries):
    rows = list(csv.DictReader(io.StringIO(export(cast, "csv", what="renamed"))))
    assert [row["what"] for row in rows] == ["renamed"]


def test_there_is_no_other_format(cast):
    address = reverse("trail_file", args=["lab", "xlsx"])
    assert cast.client("administrator").get(address).status_code == 404


def test_the_sites_administrators_see_all_of_it(cast, entries, client):
    chief = User.objects.create(username="chief", is_superuser=True)
    write_entry(None, chief, "account made", chief)
    client.force_login(chief)
    answer = client.get(reverse("site_trail"))
    assert verbs(answer) == ["account made", "elsewhere", "run paused", "renamed"]
    file = client.get(reverse("site_trail_file", args=["ndjson"]))
    assert len(b"".join(file.streaming_content).splitlines()) == AuditEvent.objects.count()
