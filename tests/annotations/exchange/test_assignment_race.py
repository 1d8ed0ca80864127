"""Many raters at the same moment: every place is given once, and nobody is told 'error'."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.utils import timezone

from annotations.exchange.assignment import current_or_next
from annotations.exchange.releasing import release_expired
from annotations.judging.judging import submit
from annotations.judging.sent import Form
from annotations.judging.skipping import skip
from annotations.models import Assignment, Dispute, Item, Judgment, Rater
from annotations.taking_part.parts import rater_for
from tests.annotations.conftest import make_rater, make_text_study

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(acts, close) -> list:
    """Run the acts in threads that start together; their results, or the first error."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=30)
            return act()
        finally:
            close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=120) for future in [pool.submit(run, act) for act in acts]]


def judge_all(rater: Rater, label: str = "prosocial") -> int:
    held, count = current_or_next(rater), 0
    while held is not None:
        form = Form(assignment_id=held.pk, revision=0, label=label)
        held, count = submit(rater, form).next, count + 1
    return count


def test_sixteen_raters_fill_sixty_places_exactly(cast, many_connections):
    study = make_text_study(cast.project, 20)
    raters = [make_rater(study) for _ in range(16)]
    acts = [lambda rater=rater: judge_all(rater) for rater in raters]
    assert sum(all_at_once(acts, many_connections)) == 60
    assert Counter(Item.objects.values_list("taken", flat=True)) == {3: 20}
    judged = Judgment.objects.values_list("item", "rater")
    assert len(judged) == len(set(judged)) == 60
    assert sum(Rater.objects.values_list("judged", flat=True)) == 60


def test_last_place_goes_to_one_of_many(cast, many_connections):
    study = make_text_study(cast.project, 1, overlap=1)
    raters = [make_rater(study) for _ in range(12)]
    acts = [lambda rater=rater: current_or_next(rater) for rater in raters]
    held = all_at_once(acts, many_connections)
    assert sum(place is not None for place in held) == 1


def test_one_rater_in_many_tabs_holds_one_place(cast, many_connections):
    study = make_text_study(cast.project, 10)
    acts = [lambda: current_or_next(rater_for(study, cast.rater)).pk] * 8
    assert len(set(all_at_once(acts, many_connections))) == 1
    assert Rater.objects.count() == Assignment.objects.count() == 1


def test_one_form_sent_many_times_at_once_counts_once(cast, many_connections):
    study = make_text_study(cast.project, 10)
    rater = make_rater(study)
    form = Form(assignment_id=current_or_next(rater).pk, revision=0, label="prosocial")
    acts = [lambda: submit(rater, form).next.pk] * 8
    assert len(set(all_at_once(acts, many_connections))) == 1
    assert Judgment.objects.count() == 1


def test_judgments_that_arrive_together_open_the_dispute(cast, many_connections):
    study = make_text_study(cast.project, 1)
    raters = [make_rater(study) for _ in range(3)]
    forms = [
        (rater, Form(assignment_id=current_or_next(rater).pk, revision=0, label=label))
        for rater, label in zip(raters, ("prosocial", "unclear", "competitive"), strict=True)
    ]
    all_at_once([lambda pair=pair: submit(*pair).result for pair in forms], many_connections)
    assert Dispute.objects.get().reasons == ["raters_split"]


def test_late_judgments_that_arrive_together_open_the_dispute(cast, many_connections):
    study = make_text_study(cast.project, 1)
    raters = [make_rater(study) for _ in range(3)]
    forms = [
        (rater, Form(assignment_id=current_or_next(rater).pk, revision=0, label=label))
        for rater, label in zip(raters, ("prosocial", "unclear", "competitive"), strict=True)
    ]
    Assignment.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert release_expired(study) == 3
    all_at_once([lambda pair=pair: submit(*pair).result for pair in forms], many_connections)
    assert Judgment.objects.count() == 3
    assert Dispute.objects.get().reasons == ["raters_split"]


def test_places_that_ran_out_are_given_on_once_each(cast, many_connections):
    study = make_text_study(cast.project, 6, overlap=2)
    for _ in range(6):
        current_or_next(make_rater(study))
    Assignment.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    raters = [make_rater(study) for _ in range(8)]
    acts = [lambda rater=rater: judge_all(rater) for rater in raters]
    assert sum(all_at_once(acts, many_connections)) == 12
    assert set(Item.objects.values_list("taken", flat=True)) == {2}


def mixed_study(project, items: int, **fields):
    """A study that mixes everything in: gold items, attention checks, repeats and a cap."""
    study = make_text_study(
        project, items, control_every=4, repeat_share=0.2, cap=items // 2, **fields
    )
    Item.objects.bulk_create(
        Item(study=study, kind=kind, position=items + n, text="?", expected="unclear", places=0)
        for n, kind in enumerate(("gold", "attention", "gold", "attention"), start=1)
    )
    return study


def judge_or_skip_all(rater: Rater) -> None:
    held, count = current_or_next(rater), 0
    while held is not None:
        if count % 5 == 4:
            held = skip(rater, held.pk, "other").next
        else:
            held = submit(rater, Form(assignment_id=held.pk, revision=0, label="prosocial")).next
        count += 1


def test_with_everything_mixed_in_no_limit_is_passed(cast, many_connections):
    study = mixed_study(cast.project, 20, overlap=2)
    raters = [make_rater(study) for _ in range(8)]
    all_at_once(
        [lambda rater=rater: judge_or_skip_all(rater) for rater in raters], many_connections
    )
    rows = Assignment.objects.all()
    regular = rows.filter(is_regular=True)
    in_use = Counter(regular.filter(state="judged").values_list("item", flat=True))
    assert dict(Item.objects.filter(taken__gt=0).values_list("pk", "taken")) == dict(in_use)
    assert max(in_use.values()) <= 2
    pairs = rows.values_list("item", "rater", "round")
    assert len(pairs) == len(set(pairs))
    repeats = set(rows.filter(round=1).values_list("item", "rater"))
    first = set(regular.filter(state="judged").values_list("item", "rater"))
    assert repeats <= first
    per_rater = Counter(regular.filter(state="judged").values_list("rater", flat=True))
    assert all(count <= study.cap for count in per_rater.values())
    for rater in Rater.objects.all():
        assert rater.judged == per_rater[rater.pk]
        assert rater.handed == rater.assignments.exclude(state="released").count()


def test_one_skip_sent_many_times_at_once_frees_one_place(cast, many_connections):
    study = make_text_study(cast.project, 10)
    rater = make_rater(study)
    held = current_or_next(rater)
    acts = [lambda: skip(rater, held.pk, "other").next.pk] * 8
    assert len(set(all_at_once(acts, many_connections))) == 1
    assert Item.objects.get(pk=held.item_id).taken == 0


def test_a_judgment_and_a_skip_at_once_leave_one_of_them(cast, many_connections):
    study = make_text_study(cast.project, 10)
    rater = make_rater(study)
    held = current_or_next(rater)
    form = Form(assignment_id=held.pk, revision=0, label="prosocial")
    acts = [lambda: submit(rater, form).result, lambda: skip(rater, held.pk, "other").result] * 4
    all_at_once(acts, many_connections)
    state = Assignment.objects.get(pk=held.pk).state
    judged = Judgment.objects.filter(assignment=held).count()
    assert (state, judged) in {("judged", 1), ("skipped", 0)}
    assert Item.objects.get(pk=held.item_id).taken == judged


def test_nobody_waits_for_another_at_one_attention_check(cast, many_connections):
    study = make_text_study(cast.project, 0, control_every=1, overlap=1)
    Item.objects.create(
        study=study, kind="attention", position=1, text="?", expected="unclear", places=0
    )
    raters = [make_rater(study) for _ in range(12)]
    acts = [lambda rater=rater: judge_all(rater) for rater in raters]
    assert all_at_once(acts, many_connections) == [1] * 12
    assert set(Rater.objects.values_list("missed_attention", flat=True)) == {1}
