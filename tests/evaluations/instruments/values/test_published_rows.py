"""The 1,199 public rows give the counts that were recomputed from them."""

import json
from collections import Counter
from statistics import fmean

import pytest

from evaluations.instruments.values.circle import VALUES, in_order
from evaluations.instruments.values.distances import alignment
from evaluations.instruments.values.labels import Dirt, parse_types
from evaluations.instruments.values.targets import PUBLISHED
from tests.evaluations.instruments.values.golden import ORACLES

pytestmark = pytest.mark.shared_data

EXPECTED = ORACLES["fulcra_dev_statistics"]["expected"]
NAMES = {
    "ideal_main": "ideal-training",
    "ideal_eval": "ideal-evaluation",
    "second": "two-values",
    "UK": "uk",
    "NL": "netherlands",
    "FR": "france",
}


@pytest.fixture(scope="module")
def rows(shared_data):
    file = shared_data / "fulcra_trustworthy_dev.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def labels(rows):
    return [parse_types(row["value_types"]) for row in rows]


def test_counts(labels):
    vectors = [in_order(found.vector) for found in labels]
    assert len(vectors) == EXPECTED["n"]
    assert [sum(v[i] > 0 for v in vectors) for i in range(10)] == EXPECTED["plus"]
    assert [sum(v[i] < 0 for v in vectors) for i in range(10)] == EXPECTED["minus"]
    nonzero = fmean(sum(x != 0 for x in v) for v in vectors)
    assert nonzero == pytest.approx(EXPECTED["nonzero_mean"], abs=1e-12)
    assert 1 - nonzero / 10 == pytest.approx(EXPECTED["zero_accuracy"], abs=1e-12)
    assert sum(min(v) < 0 for v in vectors) == EXPECTED["rows_any_minus"]


def test_every_dirt_is_named(labels):
    found = Counter(problem.code for label in labels for problem in label.problems)
    assert found == {
        Dirt.UNKNOWN: 9,
        Dirt.BAD: 1,
        Dirt.NONE: 1,
        Dirt.OPPOSITE: 20,
        Dirt.REPEATED: 2,
    }


@pytest.mark.parametrize("model", EXPECTED["models"])
def test_alignment_by_model(rows, labels, model):
    of_model = [
        label.vector
        for row, label in zip(rows, labels, strict=True)
        if row["response_source"].rpartition("/")[2] == model
    ]
    expected = EXPECTED["models"][model]
    assert len(of_model) == expected["n"]
    mean = {value: fmean(vector[value] for vector in of_model) for value in VALUES}
    targets = {target.key: target.vector for target in PUBLISHED}
    found = {n: alignment(mean, targets[key]).concordance for n, key in NAMES.items()}
    assert found == pytest.approx(expected["ccc"], abs=1e-6)
