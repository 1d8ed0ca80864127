"""What an item has to be to stand behind a number of a report: conditions, by the word that asks.

An address names any number of them (``by=anna&fact=model&group=m1``); the items behind the number
are those that meet them all. Each condition answers in words and with a mask over the items.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.data.frozen import UNSCORABLE, Automated, BoolArray
from analysis.sections.behind import Met, NoSuchNumber, Query, among, place_of, rater_of
from analysis.sections.computing import Computing
from analysis.sections.humans.rater_by_rater import with_others
from analysis.sections.kind import Kind
from analysis.sections.metrics.labels import Comparison
from analysis.sections.overview import short_reason


def met(computing: Computing, query: Query) -> tuple[list[str], BoolArray]:
    """All conditions of *query* in words, and the items that meet them; NoSuchNumber for one that
    names what the report has not."""
    found = [
        condition(computing, query)
        for asked, condition in conditions_of(computing.kind).items()
        if asked in query
    ]
    mask = np.ones(computing.data.n_items, dtype=bool)
    for _, one in found:
        mask &= one
    return [words for words, _ in found if words], mask


def _judged_by(computing: Computing, name: str) -> BoolArray:
    ratings = computing.data.ratings
    return among(computing, ratings.unit[ratings.rater == rater_of(computing, name)])


def _by(computing: Computing, query: Query) -> Met:
    """Judged by a rater; with ``also`` by two, whose answers both lie on the scale."""
    data, name = computing.data, query["by"]
    if other := query.get("also"):
        mask = _judged_by(computing, name) & _judged_by(computing, other)
        return f"Judged by {name} and {other}.", mask
    return f"Judged by {name}.", among(
        computing, data.item[data.rater == rater_of(computing, name)]
    )


def _judgments(computing: Computing, query: Query) -> Met:
    """With so many judgments; 'any' for one at least."""
    per_item = np.bincount(computing.data.item, minlength=computing.data.n_items)
    if query["judgments"] == "any":
        return "Judged.", per_item > 0
    if not query["judgments"].isdecimal():
        raise NoSuchNumber(f"{query['judgments']!r} is no number of judgments.")
    return f"Judged {query['judgments']} times.", per_item == int(query["judgments"])


def _of_kind(computing: Computing, query: Query) -> Met:
    data, kind = computing.data, query["of_kind"]
    mine = np.array([one == kind for one in data.content["raters"]["kind"]], dtype=bool)
    return f"Judged by raters of kind {kind}.", among(computing, data.item[mine[data.rater]])


def _simulated(computing: Computing, query: Query) -> Met:
    simulated = computing.data.content["trials"]["simulated"]
    rows = computing.data.content["items"]["trial"]
    mask = np.array([at is not None and simulated[at] for at in rows], dtype=bool)
    return "From the simulated respondent.", mask


def _category(computing: Computing, query: Query) -> Met:
    """Called a category by a rater; with ``and`` one more category by another rater."""
    data, name = computing.data, query["category"]
    counts = data.ratings.category_counts(max(1, len(data.categories)))
    one = counts[:, place_of(data.categories, name, "category")]
    other_name = query.get("and")
    if other_name is None:
        return f"Called {name} by at least one rater.", one > 0
    other = counts[:, place_of(data.categories, other_name, "category")]
    if name == other_name:
        return f"Called {name} by at least two raters.", one > 1
    return f"Called {name} by one rater and {other_name} by another.", (one > 0) & (other > 0)


def _dimension(computing: Computing, query: Query) -> Met:
    """Given a ``value`` on a dimension by at least one rater."""
    found, value = computing.vectors, query.get("value", "")
    column = place_of(found.names if found else [], query["dimension"], "dimension")
    assert found is not None  # noqa: S101  (a dimension was found in it)
    said = np.array([f"{step:g}" == value for step in found.table[:, column]], dtype=bool)
    words = f"Given {value} on {query['dimension']} by at least one rater."
    return words, among(computing, found.unit[said])


def _sure(computing: Computing, query: Query) -> Met:
    """Judged with a confidence by a rater who can be compared with the others of the item."""
    data = computing.data
    _, compared = with_others(computing)
    sure = data.confidence[data.on_scale] if len(data.confidence) else np.zeros(len(compared))
    rows = compared & (sure == float(query["sure"] if query["sure"].isdecimal() else -1))
    return f"Judged with confidence {query['sure']}.", among(computing, data.ratings.unit[rows])


def _compared(computing: Computing, query: Query) -> Met:
    """Judged by a rater beside others who have a majority."""
    name, ratings = query["compared"], computing.data.ratings
    _, compared = with_others(computing)
    rows = compared & (ratings.rater == rater_of(computing, name))
    return f"Judged by {name} and by others who have a majority.", among(
        computing, ratings.unit[rows]
    )


def _fact(computing: Computing, query: Query) -> Met:
    fact, group = query["fact"], query.get("group", "")
    if fact not in computing.by:
        raise NoSuchNumber(f"Items are not grouped by {fact!r}.")
    judged = computing.data.ratings.per_unit() > 0
    return f"{computing.by[fact]}: {group}, judged.", judged & (computing.facts(fact) == group)


def _twice(computing: Computing, query: Query) -> Met:
    return "Judged twice or more.", computing.data.ratings.per_unit() > 1


def _scorer(computing: Computing, query: Query) -> Automated:
    """The metric that the query names, else the first."""
    named = query.get("metric")
    for scorer in computing.data.automated:
        if named in (None, scorer.name):
            return scorer
    raise NoSuchNumber(f"The report has no metric {named!r}.")


def _looked_at(computing: Computing, scorer: Automated) -> BoolArray:
    """The items of which a metric said anything, if only that it cannot tell."""
    if computing.data.is_interval:
        return ~np.isnan(scorer.number)
    return np.array([label != "" for label in scorer.label], dtype=bool)


def _decided(computing: Computing, query: Query) -> Met:
    scorer = _scorer(computing, query)
    return f"The raters and {scorer.name} gave a value.", Comparison(computing, scorer).decided


def _measured(computing: Computing, query: Query) -> Met:
    """With a number from both sides; 'no' where the metric alone gave none."""
    scorer, human = _scorer(computing, query), computing.number
    if human is None:
        raise NoSuchNumber("The raters' answers are no numbers.")
    there, people = ~np.isnan(scorer.number), ~np.isnan(human.mean)
    if query["measured"] == "no":
        return f"The raters gave a number, {scorer.name} none.", people & ~there
    return f"A number from the raters and from {scorer.name}.", people & there


def _silent(computing: Computing, query: Query) -> Met:
    """With a consensus on a category, to which the metric gave no value."""
    scorer, name = _scorer(computing, query), query["silent"]
    comparison = Comparison(computing, scorer)
    code = place_of(computing.data.categories, name, "category")
    value = np.array([label in comparison.values for label in comparison.columns], dtype=bool)
    mask = computing.consensus.settled & (comparison.truth == code) & ~value[comparison.said]
    return f"Raters: {name}. {scorer.name}: no value.", mask


def _met_by(computing: Computing, query: Query) -> Met:
    """Judged by a rater and looked at by the metric."""
    scorer, name = _scorer(computing, query), query["met"]
    mask = _judged_by(computing, name) & _looked_at(computing, scorer)
    return f"Judged by {name} and by {scorer.name}.", mask


def _shared(computing: Computing, query: Query) -> Met:
    """As ``met``, and judged by another rater too."""
    # A query of an address unpacks into lists; its items are the words.
    words, mask = _met_by(computing, dict(query.items()) | {"met": query["shared"]})
    return f"{words[:-1]}, and by another rater.", mask & (computing.data.ratings.per_unit() > 1)


def _coverage(computing: Computing, query: Query) -> Met:
    """Labelled by a metric, found unscorable, or never seen ('missing')."""
    scorer = _scorer(computing, query)
    unscorable = np.array([label == UNSCORABLE for label in scorer.label], dtype=bool)
    labelled = _looked_at(computing, scorer) & ~unscorable
    masks = {
        "labelled": labelled,
        "unscorable": unscorable,
        "missing": ~labelled & ~unscorable,
    }
    if query["coverage"] not in masks:
        raise NoSuchNumber(f"Items are not counted as {query['coverage']!r}.")
    words = {"missing": "no label"}.get(query["coverage"], query["coverage"])
    return f"{scorer.name}: {words}.", masks[query["coverage"]]


def _reason(computing: Computing, query: Query) -> Met:
    scorer, asked = _scorer(computing, query), query["reason"]
    mask = np.array([short_reason(reason) == asked for reason in scorer.reason], dtype=bool)
    return f"{scorer.name}: {asked}.", mask


def _consensus(computing: Computing, query: Query) -> Met:
    code = place_of(computing.data.categories, query["consensus"], "category")
    settled = computing.consensus.settled & (computing.consensus.code == code)
    return f"Raters: {query['consensus']}.", settled


def _seen(computing: Computing, query: Query) -> Met:
    """Looked at by a metric, judged or not; with ``of`` the items of a model."""
    scorer = _scorer(computing, query)
    mask = np.array([label != "" for label in scorer.label], dtype=bool)
    if model := query.get("of"):
        mask &= computing.facts("model") == model
    return f"Looked at by {scorer.name}{f', of {model}' if model else ''}.", mask


def _scored(computing: Computing, query: Query) -> Met:
    """Judged, and labelled by a metric; of imported items also without a valid label."""
    scorer = _scorer(computing, query)
    silent = ("", UNSCORABLE) if scorer.trial_label else ("",)
    said = np.array([label not in silent for label in scorer.label], dtype=bool)
    judged = computing.data.ratings.per_unit() > 0
    return f"Judged, and labelled by {scorer.name}.", said & judged


CONDITIONS: dict[str, Callable[[Computing, Query], Met]] = {
    "by": _by,
    "judgments": _judgments,
    "of_kind": _of_kind,
    "simulated": _simulated,
    "category": _category,
    "dimension": _dimension,
    "sure": _sure,
    "compared": _compared,
    "fact": _fact,
    "twice": _twice,
    "consensus": _consensus,
    "decided": _decided,
    "measured": _measured,
    "silent": _silent,
    "met": _met_by,
    "shared": _shared,
    "coverage": _coverage,
    "reason": _reason,
    "scored": _scored,
    "looked_at": _seen,
}
"""``metric``, ``also``, ``and``, ``value``, ``of`` and ``group`` go with another word of these."""


def conditions_of(kind: Kind) -> dict[str, Callable[[Computing, Query], Met]]:
    """All conditions there are for reports of a kind."""
    return {**CONDITIONS, **kind.conditions}
