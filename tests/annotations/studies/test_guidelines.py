"""Guidelines are versioned: a change adds a version, nothing is lost, and no change adds none."""

import pytest

from accounts.models import AuditEvent
from annotations.studies.guidelines import GuidelineRefused, changes_of, revise
from tests.annotations.conftest import make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(cast):
    return make_study(cast.project)


def test_a_change_is_a_new_version_and_the_old_one_stays(cast, study):
    first = revise(study, cast.researcher, instructions="Read it.", consent="I agree.")
    second = revise(study, cast.researcher, instructions="Read it twice.")
    assert (first.version, second.version) == (1, 2)
    assert (second.instructions, second.consent) == ("Read it twice.", "I agree.")
    first.refresh_from_db()
    assert first.instructions == "Read it."
    event = AuditEvent.objects.filter(verb="guideline revised").latest("pk")
    change = {"before": {"version": 1}, "after": {"version": 2}}
    assert event.detail == {**change, "changed": ["instructions"]}


def test_no_change_is_no_version(cast, study):
    first = revise(study, cast.researcher, instructions="Read it.")
    assert revise(study, cast.researcher, instructions="  Read it.\r\n") == first
    assert study.guidelines.count() == 1


def test_a_text_that_is_too_long_is_refused(cast, study):
    with pytest.raises(GuidelineRefused, match="Codebook has 50,001 characters"):
        revise(study, cast.researcher, codebook="x" * 50_001)
    assert not study.guidelines.exists()


def test_versions_are_compared_line_by_line(cast, study):
    old = revise(study, cast.researcher, instructions="one\ntwo", thanks="bye")
    new = revise(study, cast.researcher, instructions="one\nthree")
    (change,) = changes_of(new, old)
    assert change.title == "Instructions"
    assert [(line.mark, line.text) for line in change.lines] == [
        (" ", "one"),
        ("-", "two"),
        ("+", "three"),
    ]
    assert [change.name for change in changes_of(old, None)] == ["instructions", "thanks"]
