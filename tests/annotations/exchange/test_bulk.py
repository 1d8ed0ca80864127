"""Many judgments at once are rows like any others, and the database still refuses what is wrong."""

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from annotations.exchange.bulk import Said, store_judgments
from annotations.exchange.loading import Loader, new_keys
from annotations.models import Assignment, Item, Judgment, Rater
from tests.annotations.conftest import make_text_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(cast):
    return make_text_study(cast.project, 3, overlap=2)


def raters(study, count):
    return [
        Rater.objects.create(study=study, kind=Rater.Kind.SIMULATED, pseudonym=f"s{n}")
        for n in range(count)
    ]


def test_a_loaded_row_is_the_row_django_would_have_written(study):
    (rater,) = raters(study, 1)
    item = study.items.first()
    store_judgments([Said(item.pk, rater.pk, "prosocial", None, 4, 2.5)])
    loaded = Judgment.objects.get()
    other = Judgment.objects.model(
        assignment=loaded.assignment, item=item, rater=rater, label="prosocial"
    )
    other.confidence, other.seconds = 4, 2.5
    assert model_to_dict(loaded, exclude=["id"]) == model_to_dict(other, exclude=["id"])
    assert loaded.created_at is not None
    closed = loaded.assignment
    assert (closed.state, closed.is_regular, closed.round) == ("judged", True, 0)
    assert closed.closed_at == closed.reserved_at


def test_places_and_parts_are_counted_and_later_rows_get_keys_of_their_own(study):
    first, second = raters(study, 2)
    items = list(study.items.all())
    store_judgments(Said(item.pk, first.pk, "prosocial") for item in items)
    store_judgments([Said(items[0].pk, second.pk, "prosocial")])
    assert list(study.items.order_by("pk").values_list("taken", flat=True)) == [2, 1, 1]
    first.refresh_from_db()
    assert first.judged == 3
    last = Assignment.objects.latest("pk").pk
    row = Assignment.objects.get(pk=last)
    row.pk, row.rater, row.item = None, second, items[1]
    row.save(force_insert=True)
    assert row.pk > last


def test_the_database_refuses_a_second_judgment_and_one_without_a_place(study):
    people = raters(study, 3)
    item = study.items.first()
    store_judgments(Said(item.pk, rater.pk, "prosocial") for rater in people[:2])
    for rater in (people[0], people[2]):
        with pytest.raises(IntegrityError), transaction.atomic():
            store_judgments([Said(item.pk, rater.pk, "prosocial")])
    assert Judgment.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_keys_are_reserved_before_they_are_used(study):
    with transaction.atomic():
        keys, more = new_keys(Item, 3), new_keys(Item, 2)
    assert keys == sorted(set(keys)) and min(more) > max(keys)
    assert min(keys) > study.items.latest("pk").pk


def test_json_and_times_are_written_as_they_are_read(study):
    (rater,) = raters(study, 1)
    item = study.items.first()
    store_judgments([Said(item.pk, rater.pk, "prosocial")])
    (assignment,) = Assignment.objects.filter(rater=rater)
    Judgment.objects.all().delete()
    when = assignment.reserved_at
    said = {"why": 'a "quoted"\ttab\nand line', "vector": "1,0", "none": None}
    loader = Loader(
        Judgment,
        "assignment_id",
        "item_id",
        "rater_id",
        "label",
        "answers",
        "created_at",
        "comment",
    )
    loader.write([(assignment.pk, item.pk, rater.pk, "x\\N", said, when, "\\N\ta\\b")])
    row = Judgment.objects.get()
    assert (row.answers, row.created_at, row.label, row.comment) == (
        said,
        when,
        "x\\N",
        "\\N\ta\\b",
    )
