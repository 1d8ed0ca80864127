"""A rater asks for their judgments to be removed: frozen data go, hashes and reports stay."""

import pytest

from analysis.data.dataset import DataSetError, freeze, thaw
from analysis.data.parameters import Parameters
from analysis.making.computations import look
from analysis.making.reporting import make_report
from analysis.models import Computation, DataSet
from annotations.models import Study
from annotations.taking_part.privacy import erase
from tests.analysis.studies import imported_study

pytestmark = pytest.mark.django_db
NOTHING = Parameters()
ROWS = [("x", "r1", "no"), ("x", "r2", "yes"), ("y", "r1", "yes"), ("y", "r2", "yes")]


@pytest.fixture
def study(project):
    study = imported_study(
        project, ROWS, categories=["yes", "no"], automated={"metric": {"x": "yes", "y": "no"}}
    )
    study.on_deletion = Study.OnDeletion.REMOVED
    study.save()
    study.items.update(places=2, taken=2)
    return study


def test_the_frozen_data_go_and_the_hash_and_the_report_stay(study):
    report = make_report(study)
    before = report.data_set
    erase(study.raters.get(pseudonym="r1"))
    after = DataSet.objects.get(pk=before.pk)
    assert (after.sha256, bytes(after.content)) == (before.sha256, b"")
    assert type(report).objects.get(pk=report.pk).result == report.result
    with pytest.raises(DataSetError, match="asked for their judgments to be removed"):
        thaw(after)


def test_a_new_report_is_made_from_what_is_left(study):
    make_report(study)
    erase(study.raters.get(pseudonym="r1"))
    left = thaw(make_report(study).data_set)
    assert left["raters"]["pseudonym"] == ["r2"]


def test_data_without_that_rater_are_left_alone(study):
    without = freeze(study, Parameters(exclude_raters=("r1",)))
    erase(study.raters.get(pseudonym="r1"))
    assert thaw(DataSet.objects.get(pk=without.pk))


def test_judgments_that_are_kept_leave_the_frozen_data_alone(study):
    study.on_deletion = Study.OnDeletion.ANONYMOUS
    study.save()
    data_set = freeze(study, NOTHING)
    erase(study.raters.get(pseudonym="r1"))
    assert thaw(DataSet.objects.get(pk=data_set.pk))


@pytest.mark.parametrize("on_deletion", ["anonymous", "removed"])
def test_what_nobody_kept_is_forgotten(study, on_deletion):
    study.on_deletion = on_deletion
    study.save()
    look(study, Parameters())
    assert Computation.objects.exists()
    erase(study.raters.get(pseudonym="r1"))
    assert not Computation.objects.exists()
    assert "r1" not in str(look(study, Parameters()).made.result["raters"])


def test_a_kept_report_goes_on_naming_the_old_pseudonym(study):
    study.on_deletion = Study.OnDeletion.ANONYMOUS
    study.save()
    report = make_report(study, Parameters())
    erase(study.raters.get(pseudonym="r1"))
    report.refresh_from_db()
    assert "r1" in thaw(report.data_set)["raters"]["pseudonym"]
    assert "r1" in [row["rater"] for row in report.result["raters"]["rows"]]
