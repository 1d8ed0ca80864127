"""The filters of a report page: from the address to parameters and back."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from analysis import queries
from analysis.parameters import Parameters
from annotations.models import Study

FILTERS = ("scorer", "exclude", "people_only")


def parameters_of(query: QueryDict) -> Parameters:
    """The parameters an address asks for: ``scorer``, ``exclude`` (a rater, repeatable) and
    ``people_only`` (no simulated raters). What it does not name stays at its default."""
    return Parameters(
        scorer=query.get("scorer", "").strip()[:100],
        exclude_raters=tuple(sorted(set(filter(None, query.getlist("exclude"))))),
        include_simulated=not query.get("people_only"),
    )


def address_of(parameters: Parameters) -> str:
    """The query string of *parameters*; empty for the defaults."""
    query = QueryDict(mutable=True)
    if parameters.scorer:
        query["scorer"] = parameters.scorer
    if parameters.exclude_raters:
        query.setlist("exclude", list(parameters.exclude_raters))
    if not parameters.include_simulated:
        query["people_only"] = "1"
    return query.urlencode()


def filter_choices(study: Study, parameters: Parameters) -> dict[str, Any]:
    """What the filter form offers: the scorers with a label and the raters, each with its state."""
    scorers = sorted(
        {"@".join(pair) for pair in queries.scorer_versions(study)}
        | {row[0] for row in queries.automated_of_items(study)}
    )
    raters = queries.rater_rows(study)
    return {
        "scorers": [(name, name == parameters.scorer) for name in scorers],
        "raters": [(name, name in parameters.exclude_raters) for _, name, _ in raters],
        "has_simulated": any(kind == "simulated" for _, _, kind in raters),
        "people_only": not parameters.include_simulated,
        "active": bool(address_of(parameters)),
    }
