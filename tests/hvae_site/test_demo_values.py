"""What `make demo` holds of ten values, and that it loads it once."""

import pytest

from annotations.models import Judgment, Rater, Study
from evaluations.models import Evaluator, Score, Trial
from hvae_site import demo
from hvae_site.demo import ten_values


@pytest.fixture
def loaded(db, monkeypatch):
    """The part of the demo about ten values alone: the other is large, and tested elsewhere."""
    for other in ("load_real_trials", "load_simulated_run", "load_study"):
        monkeypatch.setattr(demo, other, lambda *told: None)
    demo.load(lambda line: None)
    ten_values.load(lambda line: None)


def test_an_evaluator_read_what_it_did_not_learn_from_and_an_open_study_judges_that(loaded):
    row = Evaluator.objects.get()
    assert row.run.name == ten_values.LEARNED_FROM
    assert 110 <= len(row.learned_from) <= 120  # those of whose values most raters said the same
    read = Score.objects.filter(metric=row.metric)
    assert read.count() == 120 and set(read.values_list("outcome", flat=True)) == {"scored"}
    study = Study.objects.get(name=ten_values.STUDY)
    assert study.state == Study.State.OPEN and study.metric_name == ten_values.EVALUATOR
    assert all(item.taken == 3 and item.places == 5 for item in study.items.all())
    assert set(Judgment.objects.values_list("rater__kind", flat=True)) == {Rater.Kind.SIMULATED}
    before = Trial.objects.count(), Judgment.objects.count(), Study.objects.count()
    ten_values.load(lambda line: None)
    assert (Trial.objects.count(), Judgment.objects.count(), Study.objects.count()) == before
