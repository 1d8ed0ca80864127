"""The one statement that finds a member's part brings what models would bring, and nobody else."""

import pytest

from accounts.models import Membership
from annotations.exchange.whose_part import part_of_member
from annotations.models import Rater
from annotations.taking_part.parts import rater_for
from tests.annotations.conftest import make_text_study

pytestmark = pytest.mark.django_db


def values(row) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_rater_study_and_project_are_as_models_load_them(cast):
    further = [{"key": "k", "kind": "nominal", "prompt": "?", "categories": ["a", "b"]}]
    study = make_text_study(cast.project, 1, further_questions=further, repeat_share=0.25, cap=7)
    rater_for(study, cast.rater)
    found = part_of_member(cast.rater.pk, cast.project.slug, study.slug)
    expected = Rater.objects.select_related("study__project").get()
    for one, other in (
        (found, expected),
        (found.study, expected.study),
        (found.study.project, expected.study.project),
    ):
        assert values(one) == values(other)
        assert [type(value) for value in values(one).values()] == [
            type(value) for value in values(other).values()
        ]
    found.pseudonym = "renamed"
    found.save()
    assert Rater.objects.get().pseudonym == "renamed"


@pytest.mark.parametrize("role", ["researcher", "reviewer", "administrator"])
def test_whoever_sees_scores_is_not_found(cast, role):
    study = make_text_study(cast.project, 1)
    rater_for(study, cast.rater)
    Membership.objects.create(user=cast.rater, project=cast.project, role=role)
    assert part_of_member(cast.rater.pk, cast.project.slug, study.slug) is None


def test_whoever_is_a_member_no_more_is_not_found(cast):
    study = make_text_study(cast.project, 1)
    rater_for(study, cast.rater)
    Membership.objects.filter(user=cast.rater).delete()
    assert part_of_member(cast.rater.pk, cast.project.slug, study.slug) is None


@pytest.mark.parametrize(("project", "study"), [("lab", "other"), ("elsewhere", None)])
def test_a_part_is_found_under_its_own_address_only(cast, project, study):
    own = make_text_study(cast.project, 1)
    rater_for(own, cast.rater)
    assert part_of_member(cast.rater.pk, project, study or own.slug) is None


def test_whoever_judges_elsewhere_only_is_not_found_here(cast):
    study = make_text_study(cast.project, 1)
    rater_for(study, cast.rater)
    Membership.objects.filter(user=cast.rater).update(project=cast.other_project)
    assert part_of_member(cast.rater.pk, cast.project.slug, study.slug) is None


def test_whoever_sees_scores_elsewhere_only_judges_here(cast):
    study = make_text_study(cast.project, 1)
    own = rater_for(study, cast.rater)
    Membership.objects.create(user=cast.rater, project=cast.other_project, role="researcher")
    assert part_of_member(cast.rater.pk, cast.project.slug, study.slug) == own


def test_everybody_finds_their_own_part(cast):
    study = make_text_study(cast.project, 1)
    for user in (cast.rater, cast.second_rater):
        own = rater_for(study, user)
        assert part_of_member(user.pk, cast.project.slug, study.slug) == own
