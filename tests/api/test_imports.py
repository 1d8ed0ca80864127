"""Judgments made elsewhere come in by the API as by a file: all of them, or none."""

import pytest

from accounts.models import AuditEvent
from annotations.models import Judgment, Study

ADDRESS = "imports/?study=Elsewhere&scale=nominal&categories=yes&categories=no"
TABLE = "item,rater,value\n" + "".join(f"i{n},{r},yes\n" for n in range(4) for r in "pq")


@pytest.fixture
def send(program):
    """``send(table)``: the answer to it, sent as CSV."""
    ask = program("researcher")

    def sent(table, address=ADDRESS, content_type="text/csv", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask.client.post(
            f"{ask.root}{address}", table, content_type=content_type, headers=named
        )

    return sent


def test_a_table_becomes_a_closed_study(send, cast):
    answer = send(TABLE)
    assert answer.status_code == 201, answer.json()
    study = Study.objects.get(slug=answer.json()["slug"])
    assert (study.state, study.created_by, study.categories) == (
        "closed",
        cast.researcher,
        ["yes", "no"],
    )
    assert Judgment.objects.filter(item__study=study, label="yes").count() == 8


def test_every_wrong_row_is_named_and_nothing_is_stored(send):
    answer = send(f"{TABLE}i9,p,maybe\ni9,,yes\n")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == ["line 10", "line 11"]
    assert not Study.objects.exists()
    assert not AuditEvent.objects.filter(verb="study imported").exists()


def test_the_same_key_imports_once(send):
    first, again = (send(TABLE, Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    assert Study.objects.count() == 1
    assert send(f"{TABLE}i9,p,no\n", Idempotency_Key="k").json()["code"] == "other_request"


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("imports/?scale=nominal", "study"),
        ("imports/?study=a&scale=odd", "scale"),
        (f"{ADDRESS}&colour=red", "colour"),
    ],
)
def test_a_wrong_declaration_is_named(send, address, field):
    answer = send(TABLE, address)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_name_that_is_taken_is_refused(send):
    send(TABLE)
    answer = send(TABLE)
    assert (answer.status_code, answer.json()["code"]) == (422, "import_refused")
    assert Study.objects.count() == 1


def test_no_body_is_no_table(send):
    answer = send("")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["file"]


def test_json_is_no_table(send):
    answer = send("{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
