"""Marks go where their judgment goes; a culture is a person's own; places by culture hold."""

import csv
import io
import json

import pytest
from django.db import IntegrityError, transaction

from accounts.append_only import AppendOnlyError
from annotations.exchange.bulk import Said, store_judgments
from annotations.files.judgment_table import judgment_table
from annotations.models import ItemPlaces, Judgment, Mark, Rater
from annotations.studies.deleting import delete_study
from annotations.taking_part.privacy import erase, stored_about
from tests.annotations.conftest import make_rater, make_text_study

pytestmark = pytest.mark.django_db

POWER = {"dimension": "power", "start": 3, "end": 17}


@pytest.fixture
def study(cast):
    return make_text_study(cast.project, 2)


@pytest.fixture
def rater(study) -> Rater:
    """Somebody who judged both texts and marked something in the first."""
    rater = make_rater(study)
    Rater.objects.filter(pk=rater.pk).update(culture="Nordic")
    rater.refresh_from_db()
    items = study.items.values_list("pk", flat=True)
    store_judgments(Said(item, rater.pk, "prosocial") for item in items)
    first = Judgment.objects.order_by("pk").first()
    Mark.objects.create(judgment=first, **POWER)
    Mark.objects.create(judgment=first, dimension="security", start=0, end=2)
    return rater


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3)])
def test_a_mark_has_a_length(rater, start, end):
    judgment = Judgment.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(judgment=judgment, dimension="power", start=start, end=end)


def test_a_mark_is_never_changed(rater):
    with pytest.raises(AppendOnlyError):
        Mark.objects.update(end=20)
    with pytest.raises(AppendOnlyError):
        Mark.objects.first().save()


def test_marks_and_culture_are_among_what_is_stored_about_a_person(rater):
    stored = stored_about(rater)
    marked, unmarked = stored["judgments"]
    nothing_more = {"sign": "", "quotation": "", "text_sha256": ""}
    security = {"dimension": "security", "start": 0, "end": 2}
    assert marked["marks"] == [security | nothing_more, POWER | nothing_more]
    assert "marks" not in unmarked
    assert stored["part"]["culture"] == "Nordic"


def test_the_table_of_judgments_tells_the_marks(study, rater):
    rows = list(csv.DictReader(io.StringIO("".join(judgment_table(study)))))
    marks = [json.loads(row["marks"] or "[]") for row in rows]
    assert [[(one["dimension"], one["start"]) for one in found] for found in marks] == [
        [("security", 0), ("power", 3)],
        [],
    ]


def test_the_table_of_a_study_without_marks_has_no_such_column(cast):
    (head, *_rows) = judgment_table(make_text_study(cast.project, 1))
    assert "marks" not in head


@pytest.mark.parametrize(("on_deletion", "left"), [("anonymous", 2), ("removed", 0)])
def test_marks_go_with_the_judgments_and_the_culture_goes_anyway(study, rater, on_deletion, left):
    study.on_deletion = on_deletion
    study.save()
    rater.study = study
    erase(rater)
    assert Mark.objects.count() == left
    assert not Rater.objects.filter(culture="Nordic").exists()


def test_marks_go_with_the_study(cast, study, rater):
    study.state = "closed"
    study.save()
    assert delete_study(study, cast.researcher, study.name).counts["marks"] == 2
    assert not Mark.objects.exists()


def test_no_more_places_of_a_culture_are_taken_than_there_are(study):
    item = study.items.first()
    places = ItemPlaces.objects.create(item=item, culture="Nordic", places=1, taken=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemPlaces.objects.filter(pk=places.pk).update(taken=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemPlaces.objects.create(item=item, culture="Nordic", places=2)
