"""What each model of a run used, as a table."""

import csv

import pytest

from evaluations.files.usage import export_usage
from evaluations.models import Endpoint, Run, Turn

pytestmark = pytest.mark.django_db


def used(make_run, usage, **prices):
    endpoint = Endpoint(name="lab", kind="openai", model="m", base_url="http://127.0.0.1/v1")
    for name, price in prices.items():
        setattr(endpoint, name, price)
    run = make_run(endpoint=endpoint)
    Turn.objects.create(
        trial=run.trials.first(),
        position=1,
        role="assistant",
        step="goal",
        text="x",
        call={"usage": usage, "retries": 1},
    )
    (row,) = csv.DictReader(export_usage(Run.objects.all()))
    return row


USAGE = {"prompt_tokens": 1_000_000, "completion_tokens": 500_000, "reasoning_tokens": 400_000}


@pytest.mark.parametrize(
    "cached", ["cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens"]
)
def test_cached_and_reasoning_tokens_are_summed_whatever_servers_call_them(make_run, cached):
    row = used(make_run, USAGE | {cached: 900_000}, input_price=2, output_price=10)
    assert (row["calls"], row["repeated"]) == ("2", "1")
    assert (row["input_tokens"], row["cached_tokens"]) == ("1000000", "900000")
    assert (row["output_tokens"], row["reasoning_tokens"]) == ("500000", "400000")
    assert float(row["cost"]) == 7


def test_cached_input_costs_what_the_endpoint_asks_for_it(make_run):
    prices = {"input_price": 2, "cached_input_price": 1, "output_price": 10}
    assert float(used(make_run, USAGE | {"cached_tokens": 900_000}, **prices)["cost"]) == 6.1


def test_a_cost_that_is_not_known_says_why(make_run):
    row = used(make_run, USAGE)
    assert (row["cost"], row["undefined"]) == ("", "lab: no prices are stated")
