"""What is left of a run is learned from its complete trials."""

import pytest

from evaluations.costs.left import left_of
from evaluations.models import Endpoint, Trial, Turn

pytestmark = pytest.mark.django_db


def run_with(make_run, tokens, trials=6, **prices):
    """A run whose first trials are complete and took so many tokens out, and 100 in."""
    address = "http://127.0.0.1/v1"
    run = make_run(
        endpoint=Endpoint(name="lab", kind="openai", model="m", base_url=address, **prices),
        trials_per_cell=trials,
    )
    for trial, out in zip(run.trials.order_by("pk"), tokens, strict=False):
        usage = {"prompt_tokens": 100, "completion_tokens": out}
        said = {"role": "assistant", "step": "goal", "text": "x", "call": {"usage": usage}}
        Turn.objects.create(trial=trial, position=1, **said)
        Trial.objects.filter(pk=trial.pk).update(state="complete")
    return run


def test_trials_that_are_alike_leave_no_doubt(make_run):
    left = left_of(run_with(make_run, [50, 50, 50], input_price=1000, output_price=2000))
    assert (left.trials, left.learned_from, left.unlearned) == (3, 3, 0)
    assert (left.tokens.expected, left.tokens.low, left.tokens.high) == (450, 450, 450)
    assert left.cost.expected == pytest.approx(3 * (0.1 + 0.1))


def test_the_interval_is_that_of_a_sum_to_come(make_run):
    left = left_of(run_with(make_run, [40, 50, 60]))
    # s = 10, n = 3, 3 to come: 10 sqrt(3 + 9/3) = 24.49; t(2) = 4.3027
    assert left.tokens.expected == 450
    assert left.tokens.high - 450 == pytest.approx(4.302653 * 10 * 6**0.5, rel=1e-5)
    assert left.cost is None


def test_too_few_teach_nothing_and_are_told_of(make_run):
    left = left_of(run_with(make_run, [50, 60]))
    assert (left.trials, left.unlearned, left.tokens) == (4, 4, None)


def test_the_page_of_the_run_says_it(cast):
    from tests.evaluations.views.test_pages import simulate

    run = simulate(cast.project, trials=4)
    page = cast.client("researcher").get(f"/p/lab/runs/{run.pk}/").content.decode()
    assert f"Left: {run.trials.count()} trials. Of {run.trials.count()} nothing is learned" in page
