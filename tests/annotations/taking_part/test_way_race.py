"""People who come, walk, judge and leave at the same moment."""

import pytest

from annotations.models import Dispute, Identity, Item, Judgment, Rater, Study
from annotations.taking_part.invitations import NotLetIn, let_in
from annotations.taking_part.platforms import Arrival
from annotations.taking_part.privacy import erase
from annotations.taking_part.stages import Stage, advance, move
from tests.annotations.conftest import make_rater, make_text_study
from tests.annotations.exchange.test_assignment_race import all_at_once, judge_all
from tests.annotations.taking_part.way_support import make_invitation, make_whole_study

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_person_who_comes_many_times_at_once_gets_one_part(cast, many_connections):
    study = make_text_study(cast.project, 3)
    invitation = make_invitation(study, cast.researcher)
    acts = [lambda: let_in(invitation, Arrival("one")).pk] * 8
    assert len(set(all_at_once(acts, many_connections))) == 1
    assert Rater.objects.count() == Identity.objects.count() == 1


def test_no_invitation_lets_in_more_than_it_may(cast, many_connections):
    study = make_text_study(cast.project, 3)
    invitation = make_invitation(study, cast.researcher, most_raters=3)

    def come(number: int) -> bool:
        try:
            return bool(let_in(invitation, Arrival(f"person {number}")))
        except NotLetIn:
            return False

    acts = [lambda number=number: come(number) for number in range(12)]
    assert sum(all_at_once(acts, many_connections)) == 3
    assert Identity.objects.count() == 3


def test_every_second_rater_has_the_options_reversed(cast, many_connections):
    study = make_text_study(cast.project, 3, option_order=Study.OptionOrder.BALANCED)
    invitation = make_invitation(study, cast.researcher)
    acts = [lambda number=number: let_in(invitation, Arrival(str(number))) for number in range(8)]
    all_at_once(acts, many_connections)
    assert Rater.objects.filter(reverses_options=True).count() == 4


def test_of_two_ways_out_of_a_stage_one_is_taken(cast, many_connections):
    study = make_whole_study(cast.project)
    rater = let_in(make_invitation(study, cast.researcher), Arrival("one"))
    acts = [
        lambda: move(Rater.objects.get(pk=rater.pk), Stage.CONSENT, Stage.REFUSED).stage,
        lambda: (
            advance(Rater.objects.select_related("study").get(pk=rater.pk), Stage.CONSENT).stage
        ),
    ] * 4
    (stage,) = set(all_at_once(acts, many_connections))
    assert stage in (Stage.REFUSED, Stage.OWN_MEASURE)


def test_data_are_removed_while_others_judge(cast, many_connections):
    study = make_text_study(cast.project, 12, overlap=3, on_deletion=Study.OnDeletion.REMOVED)
    leaving = [make_rater(study) for _ in range(2)]
    for rater in leaving:
        judge_all(rater, "competitive")
    staying = [make_rater(study) for _ in range(4)]
    acts = [lambda rater=rater: judge_all(rater) for rater in staying]
    acts += [lambda rater=rater: erase(rater) for rater in leaving]
    all_at_once(acts, many_connections)
    assert not Judgment.objects.filter(label="competitive").exists()
    for item in Item.objects.all():
        counted = item.assignments.filter(state__in=["reserved", "judged"]).count()
        assert item.taken == counted
        assert item.judgments.count() == counted
    # Everybody who is left agrees, so no dispute stands.
    assert not Dispute.objects.filter(state="open").exists()
