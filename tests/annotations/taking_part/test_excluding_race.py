"""Raters are excluded while everybody judges: no place is lost or doubled, no error."""

import pytest

from annotations.disputes.disputes import refresh_study
from annotations.models import Assignment, Dispute, Item, Judgment
from annotations.taking_part.excluding import exclude, include
from tests.annotations.conftest import make_rater, make_text_study
from tests.annotations.exchange.test_assignment_race import all_at_once, judge_all

pytestmark = pytest.mark.django_db(transaction=True)

HOLDING = (Assignment.State.RESERVED, Assignment.State.JUDGED)


def test_excluding_while_others_judge_keeps_every_count(cast, many_connections):
    study = make_text_study(cast.project, 15, overlap=3)
    wild = [make_rater(study) for _ in range(3)]
    for rater in wild:
        judge_all(rater, "competitive")
    Item.objects.filter(study=study).update(places=6)
    study.overlap = 6
    study.save()

    def in_and_out(rater):
        exclude(rater, cast.researcher, "at random", reopen_places=True)
        include(rater, cast.researcher, "a second look")
        return exclude(rater, cast.researcher, "at random after all", reopen_places=True)

    acts = [lambda rater=rater: in_and_out(rater) for rater in wild]
    others = [make_rater(study) for _ in range(7)]
    acts += [lambda rater=rater: judge_all(rater) for rater in others]
    all_at_once(acts, many_connections)
    for _ in wild:  # no item can lack more places than there were raters to give some back
        judge_all(make_rater(study))

    for item in Item.objects.filter(study=study):
        held = item.assignments.filter(state__in=HOLDING, is_regular=True).count()
        assert (item.taken, held) == (6, 6)
        assert Judgment.objects.counted().filter(item=item).count() == 6
    assert Judgment.objects.current().filter(rater__in=wild).count() == 45
    live = set(Dispute.objects.filter(state="open").values_list("item", flat=True))
    refresh_study(study)
    assert live == set(Dispute.objects.filter(state="open").values_list("item", flat=True))
