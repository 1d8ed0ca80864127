"""Reference values of the ten values, by name."""

import json
from pathlib import Path

ORACLES = {
    oracle["name"]: oracle
    for oracle in json.loads(
        (Path(__file__).parents[3] / "golden" / "oracles_values.json").read_text(encoding="utf-8")
    )
}


def by_name(numbers):
    """A vector in the published order as one by name."""
    order = ORACLES["fulcra_distances"]["data"]["dimension_order"]
    return dict(zip(order, numbers, strict=True))
