"""What inspect_ai's scorers and the metrics of lm-evaluation-harness said, as automated labels.
Pure."""

from collections.abc import Callable, Iterator
from typing import Any

from annotations.interchange.said import Said
from evaluations.interchange.found import Broken, LeftOut
from evaluations.interchange.looked_at import Looked

VALUE = "value"

Scores = Callable[[Looked], Iterator[tuple[str, str, str, Any] | Broken | LeftOut]]


def labels_of(scores: Scores) -> Callable[[Looked], Iterator[Said | Broken | LeftOut]]:
    """What reads scores as labels; one that says nothing is no valid label."""

    def read(looked: Looked) -> Iterator[Said | Broken | LeftOut]:
        for found in scores(looked):
            if isinstance(found, Broken | LeftOut):
                yield found
                continue
            place, item, scorer, value = found
            yield Said(f"{place}, {scorer}", item, scorer, {} if value is None else {VALUE: value})

    return read
