"""The choices of a report page: from the address to parameters and back."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from analysis.data import queries
from analysis.data.dataset import FACTS
from analysis.data.declared import words_of
from analysis.data.parameters import ParameterError, Parameters
from analysis.words.thresholds import CONVENTIONS, in_force
from annotations.models import Study

NAMES = {
    "exclude": "exclude_raters",
    "rater": "raters",
    "kind": "kinds",
    "model": "models",
    "target": "target_values",
    "condition": "conditions",
    "language": "languages",
    "property": "properties",
}
"""The name in an address, repeatable, of each choice that is a list."""

TITLES = {
    "model": "Model",
    "target": "Target value",
    "condition": "Condition",
    "language": "Language",
}


def parameters_of(query: QueryDict) -> Parameters:
    """The parameters an address asks for: ``scorer``, the lists of NAMES, a threshold by its code,
    and ``pingouin``. What it does not name stays at its default; ParameterError for what
    cannot be."""
    lists: dict[str, Any] = {
        name: tuple(filter(None, query.getlist(asked))) for asked, name in NAMES.items()
    }
    return Parameters(
        scorer=query.get("scorer", "").strip()[:100],
        thresholds=_thresholds(query),
        crosscheck=bool(query.get("pingouin")),
        **lists,
    )


def parameters_of_side(query: QueryDict, letter: str) -> Parameters:
    """The parameters of one side of a comparison; raises ParameterError."""
    own = QueryDict(mutable=True)
    for name, values in query.lists():
        if name.startswith(f"{letter}_"):
            own.setlist(name[2:], values)
    return parameters_of(own)


def _thresholds(query: QueryDict) -> tuple[tuple[str, float], ...]:
    found = []
    for row in CONVENTIONS:
        text = query.get(row.code, "").strip()
        if not text:
            continue
        try:
            found.append((row.code, float(text)))
        except ValueError:
            raise ParameterError(
                f"threshold {row.code} {text[:20]!r}: use a number from 0 to 1."
            ) from None
    return tuple(found)


def address_of(parameters: Parameters) -> str:
    """The query string of *parameters*; empty for the defaults."""
    query = QueryDict(mutable=True)
    if parameters.scorer:
        query["scorer"] = parameters.scorer
    for asked, name in NAMES.items():
        if chosen := getattr(parameters, name):
            query.setlist(asked, list(chosen))
    for code, value in parameters.thresholds:
        query[code] = repr(value)
    if parameters.crosscheck:
        query["pingouin"] = "1"
    return query.urlencode()


def side_address(letter: str, study: Study, parameters: Parameters) -> str:
    """What the address of a comparison says of one side: the study and the choices within it."""
    asked = QueryDict(mutable=True)
    asked[letter] = study.slug
    for name, values in QueryDict(address_of(parameters)).lists():
        asked.setlist(f"{letter}_{name}", values)
    return asked.urlencode()


MOST_VALUES = 30
"""Values of a property that the form offers; one with more is chosen by its address alone."""


def further_names(study: Study) -> list[str]:
    """The properties of the study's items that no filter of their own asks for."""
    known = {name for _, _, name in FACTS.values()}
    return [name for name in study.properties if name not in known]


def filter_choices(study: Study, parameters: Parameters) -> dict[str, Any]:
    """What the form offers, each with whether it is chosen: scorers, facts of the cells that
    differ, kinds of raters that differ, raters; and the thresholds in force."""
    scorers = sorted(
        {f"{metric.name}@{metric.version}" for metric in queries.metrics_of(study)}
        | {row[0] for row in queries.automated_of_items(study)}
    )
    raters = queries.rater_rows(study)
    cells = queries.cell_rows(study)
    properties = queries.item_properties(study)
    facts = []
    for asked, title in TITLES.items():
        chosen = getattr(parameters, NAMES[asked])
        fact, _, name = FACTS[NAMES[asked]]
        there = sorted({fact(cell) for cell in cells} | words_of(name, properties))
        if len(there) > 1 or chosen:
            facts.append((asked, title, [(word, word, word in chosen) for word in there]))
    for name in further_names(study):
        words = sorted(words_of(name, properties))
        pairs = [
            (f"{name}={word}", word, f"{name}={word}" in parameters.properties) for word in words
        ]
        if 1 < len(words) <= MOST_VALUES or any(chosen for _, _, chosen in pairs):
            facts.append(("property", name, pairs))
    kinds = sorted({row.kind for row in raters})
    return {
        "scorers": [(name, name == parameters.scorer) for name in scorers],
        "facts": facts,
        "kinds": [(kind, kind in parameters.kinds) for kind in kinds] if len(kinds) > 1 else [],
        "raters": [(row.pseudonym, row.pseudonym in parameters.exclude_raters) for row in raters],
        "chosen_raters": parameters.raters,
        "thresholds": in_force(dict(parameters.thresholds)),
        "crosscheck": parameters.crosscheck,
        "active": bool(address_of(parameters)),
    }
