"""What runs used of each model as a table: calls, tokens and cost."""

from collections.abc import Iterator

from django.db.models import QuerySet

from evaluations.files.trial_tables import csv_line
from evaluations.models import Run
from evaluations.running.spending import spent
from evaluations.text.storable import values_with_marks_shown

COLUMNS = (
    "run",
    "endpoint",
    "model",
    "role",
    "calls",
    "repeated",
    "input_tokens",
    "cached_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cost",
    "currency",
    "undefined",
)
"""``role``: respondent, or judge of its answers. ``repeated``: of the calls, those that brought no
answer of their own. ``cached_tokens``: of the input, what the server had in its cache.
``reasoning_tokens``: of the output. ``undefined``: why there is no cost."""


def export_usage(runs: QuerySet[Run]) -> Iterator[str]:
    """Lines of CSV (with their line ends): the names of the columns, then a row for each model of
    each run that was run here; every call that was sent is counted, failed ones too."""
    yield csv_line(COLUMNS)
    for run in runs.filter(source=Run.Source.RUN).order_by("pk"):
        _, by_model = spent(run)
        for one in by_model:
            used = one.spend
            said = [
                run.name,
                one.endpoint.name,
                one.endpoint.model,
                "judge" if one.judged else "respondent",
                *(used.calls, used.repeated, used.input_tokens, used.cached_tokens),
                *(used.output_tokens, used.reasoning_tokens),
                "" if used.cost is None else str(used.cost.normalize()),
                used.currency,
                used.reason,
            ]
            yield csv_line(values_with_marks_shown(said))
