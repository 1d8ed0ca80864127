"""Passages go out with the table of judgments and come in again, held to the text they stand in."""

import csv
import io
import json

import pytest
from django.core.management import call_command

from annotations.exchange.bulk import More, Said, store_judgments
from annotations.files.judgment_table import judgment_table
from annotations.models import Judgment, Mark, Study
from annotations.values.stances import CANNOT_TELL
from evaluations.instruments.values.circle import VALUES
from evaluations.text.passages.spans import Span, digest
from tests.annotations.conftest import make_rater, make_text_study

pytestmark = pytest.mark.django_db

TEXT = "Be kind. \U0001f600 Win!"
BOTH = "0,0,0,0,both,0,0,0,1,0"


def span(**changed) -> Span:
    facts = {"start": 0, "end": 8, "dimension": "benevolence", "sign": "1", "quotation": "Be kind."}
    return Span(**(facts | {"text_sha256": digest(TEXT)} | changed))


WIN = span(start=9, end=15, dimension="power", sign="-1", quotation="\U0001f600 Win!")


@pytest.fixture
def table(cast) -> str:
    """A study of two texts, one judged with passages, and who cannot tell of the other."""
    study = make_text_study(cast.project, 2, kind="values", categories=list(VALUES))
    study.items.update(text=TEXT)
    rater = make_rater(study, "ada")
    first, second = study.items.values_list("pk", flat=True)
    more = More(marks=[span(), WIN], at_once=["hedonism", "security"])
    said = [Said(first, rater.pk, BOTH, more=more), Said(second, rater.pk, CANNOT_TELL)]
    store_judgments(said, in_detail=True)
    return "".join(judgment_table(study))


def test_what_was_exported_comes_in_as_it_was(table, load):
    load(table, "--scale", "values", name="again")
    study = Study.objects.get(name="again")
    assert (study.kind, study.categories) == ("values", list(VALUES))
    told, untold = Judgment.objects.filter(item__study=study).order_by("item__position")
    assert (told.label, told.at_once) == (BOTH, ["hedonism", "security"])
    assert untold.label == CANNOT_TELL
    names = list(Span.__dataclass_fields__)
    assert [Span(*row) for row in told.marks.order_by("start").values_list(*names)] == [span(), WIN]


def test_passages_come_back_from_parquet_as_they_were(table, load, tmp_path):
    (study,) = Study.objects.all()
    out = tmp_path / "judged.parquet"
    call_command("export_judgments", study=study.slug, format="parquet", out=out, verbosity=0)
    load(out.read_bytes(), "--scale", "values", name="again")
    told, _ = Judgment.objects.filter(item__study__name="again").order_by("item__position")
    assert (told.label, told.at_once) == (BOTH, ["hedonism", "security"])
    names = list(Span.__dataclass_fields__)
    assert [Span(*row) for row in told.marks.order_by("start").values_list(*names)] == [span(), WIN]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"quotation": "Be cruel"}, "line 2: “Be cruel” does not stand where it was marked"),
        ({"sign": "-1"}, "line 2: “Be kind.” is marked for something else than what was said"),
        ({"text_sha256": "0" * 64}, "line 2: A passage was marked in another text than this"),
        ({"start": "0"}, "is no JSON list of passages"),
    ],
)
def test_a_passage_that_does_not_fit_is_named_by_its_line(table, load, changed, said):
    rows = list(csv.DictReader(io.StringIO(table)))
    marks = json.loads(rows[0]["marks"])
    rows[0]["marks"] = json.dumps([marks[0] | changed])
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    studies = Study.objects.count()
    with pytest.raises(Exception, match="not imported") as refused:
        load(out.getvalue(), "--scale", "values", name="again")
    assert said in str(refused.value)
    assert (Study.objects.count(), Mark.objects.count()) == (studies, 2)
