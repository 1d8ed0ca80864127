"""A data set in memory: columns as arrays, ready for statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.data.canonical import Content
from analysis.data.declared import ways_out_of
from analysis.data.extreme_numbers import reason_of
from analysis.data.row_order import by_name
from analysis.statistics.core.ratings import Ratings
from annotations.kinds import question_kind
from annotations.scales.numbers import Angle
from annotations.scales.scale import ANGLE, VECTOR, Scale

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

UNSCORABLE = "unscorable"
"""The class of an item that an automated metric looked at without giving a label."""

MOST_PATTERNS = 20_000
"""Patterns of answers to an item that are remembered with their consensus."""


@dataclass(frozen=True, slots=True)
class Automated:
    """One automated metric's word on each item.

    ``label``: '' where the metric said nothing, UNSCORABLE where it could not say. ``number``: NaN
    for none. The ``trial_*`` columns cover every complete trial of the study's cells and are empty
    for imported items. ``beyond``: why its numbers were all left out, '' where they are used.
    """

    scorer: str
    version: str
    label: list[str]
    number: FloatArray
    reason: list[str]
    flags: list[list[str]]
    trial_label: list[str]
    trial_number: FloatArray
    trial_fit: FloatArray
    trial_fit_corrected: FloatArray
    beyond: str = ""

    @property
    def name(self) -> str:
        return f"{self.scorer} {self.version}".strip()

    def said(self, at: int) -> str | float | None:
        """Its word on an item on the scale of the raters: the number where it gave one."""
        number = float(self.number[at])
        return (self.label[at] or None) if np.isnan(number) else number

    def coded(self, categories: Sequence[str]) -> IntArray:
        """The code of each item's label in *categories*, -1 for any other or none."""
        at = {label: code for code, label in enumerate(categories)}
        return np.array([at.get(label, -1) for label in self.label], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Consensus:
    """The human consensus of each item: its ``label`` (None for none) and the ``code`` of its
    category (-1 for none, and where there are no categories).

    ``split`` marks the items that were judged without coming to a consensus: they are counted and
    shown, never settled by chance. ``judged`` counts judgments an item.
    """

    label: list[str | None]
    code: IntArray
    judged: IntArray

    @property
    def settled(self) -> BoolArray:
        return np.array([label is not None for label in self.label], dtype=bool)

    @property
    def split(self) -> BoolArray:
        return (self.judged > 0) & ~self.settled


@dataclass(frozen=True, slots=True)
class Frozen:
    """The thawed content of a data set; items and raters are named by their index.

    ``content`` is what was thawed, in the order of names (``row_order``) and without its judgments,
    which are in the columns below.

    Columns over all judgments: ``item``, ``rater``, ``code`` (what was said, as a number that is
    equal for equal answers), ``on_scale`` (whether it is part of ``ratings``), ``confidence`` and
    ``seconds`` (empty when never given), ``turn`` (place in the order of that rater's judging,
    empty where that is not known). ``beyond``: why no number is part of ``ratings``, '' where they
    are.
    """

    sha256: str
    content: Content
    ratings: Ratings
    categories: list[str]
    off_scale: dict[str, int]
    item: IntArray
    rater: IntArray
    code: IntArray
    on_scale: BoolArray
    confidence: IntArray
    seconds: FloatArray
    turn: IntArray
    automated: list[Automated]
    beyond: str = ""

    @property
    def study(self) -> dict[str, Any]:
        return self.content["study"]

    @property
    def scale(self) -> str:
        return self.study["scale"]

    @property
    def is_interval(self) -> bool:
        return self.scale == "interval"

    @property
    def ways_out(self) -> list[str]:
        """The labels by which a rater says that an item cannot be judged; no values. In an order
        they have no place: they are off such a scale, and among the categories of a nominal one."""
        return ways_out_of(self.study, [*self.study["categories"], *self.categories])

    @property
    def ways_out_taken(self) -> dict[str, int]:
        """How many judgments took each way out."""
        used = dict(self.off_scale)
        if self.categories:
            counts = self.ratings.category_counts(len(self.categories)).sum(axis=0).tolist()
            used |= dict(zip(self.categories, counts, strict=True))
        return {name: int(used.get(name, 0)) for name in self.ways_out}

    @property
    def asked(self) -> Scale:
        """The scale on which raters were asked, which also says what they settled on."""
        return scale_of_facts(self.study, self.categories)

    @property
    def is_angle(self) -> bool:
        """Whether raters gave angles: no other number is one."""
        return isinstance(self.asked, Angle)

    @property
    def scores_answer(self) -> bool:
        """Whether the score of a trial answers what raters were asked."""
        return bool(self.study.get("scores_answer", True))

    @property
    def positions(self) -> list[int]:
        return self.content["items"]["position"]

    @property
    def pseudonyms(self) -> list[str]:
        return self.content["raters"]["pseudonym"]

    @property
    def cultures(self) -> list[str | None]:
        """The culture of each rater, None where it is not known."""
        return self.content["raters"].get("culture", [None] * len(self.pseudonyms))

    @property
    def n_items(self) -> int:
        return len(self.positions)

    def positions_where(self, mask: BoolArray) -> list[int]:
        """Positions of the items that *mask* marks: how a number is traced to its rows."""
        return [self.positions[at] for at in np.nonzero(mask)[0].tolist()]

    def item_column(self, of_cell: str) -> list[Any]:
        """A fact of each item's cell (model, ...), of an item without a trial the property of that
        name; None where there is neither."""
        cells, trials = self.content["cells"], self.content["trials"]
        declared = self.properties.get(of_cell) or [None] * self.n_items
        return [
            own if at is None else cells[trials["cell"][at]].get(of_cell)
            for at, own in zip(self.content["items"]["trial"], declared, strict=True)
        ]

    @property
    def from_file(self) -> bool:
        """Whether no item is a trial of this platform: then a file alone says what it is."""
        return all(at is None for at in self.content["items"]["trial"])

    @property
    def properties(self) -> dict[str, list[str | None]]:
        """What the file of imported items says of each, by property."""
        return self.content["items"].get("properties", {})

    def consensus(self) -> Consensus:
        """The consensus of each item by its scale, of judgments alone.

        The automated label is never among the votes: a consensus that contains it flatters it
        (kappa rose from .605 to .709 that way).
        """
        at = {name: code for code, name in enumerate(self.categories)}
        label = self._settled()
        code = np.array([at.get(one or "", -1) for one in label], dtype=np.int64)
        judged = np.bincount(self.item, minlength=self.n_items)
        return Consensus(label, code, self.ratings.per_unit() if self.beyond else judged)

    def _settled(self) -> list[str | None]:
        """What the raters of each item settled on; common patterns of answers are settled once."""
        scale, order = self.asked, np.lexsort((self.ratings.value, self.ratings.unit))
        values, start = self.ratings.value[order].tolist(), 0
        said = None if self.is_interval else [scale.place(name) for name in self.categories]
        known: dict[tuple[float, ...], str | None] = {(): None}
        found: list[str | None] = []
        for end in np.cumsum(self.ratings.per_unit()).tolist():
            answers, start = tuple(values[start:end]), end
            if answers in known:
                found.append(known[answers])
                continue
            placed = [scale.place(one) if said is None else said[int(one)] for one in answers]
            there = [one for one in placed if one is not None]
            value = scale.settle(there).value if there else None
            found.append(None if value is None else scale.label(value))
            if len(known) < MOST_PATTERNS:  # of a million different numbers none comes again
                known[answers] = found[-1]
        return found

    def mean_number(self) -> FloatArray:
        """The mean human value of each item on an interval scale, NaN where nobody judged."""
        judged = self.ratings.per_unit()
        sums = self.ratings.sums(self.ratings.value)
        return np.divide(sums, judged, out=np.full(self.n_items, np.nan), where=judged > 0)


def scale_of_facts(study: dict[str, Any], categories: Sequence[str]) -> Scale:
    """The scale that a data set's facts of its study speak of; *categories*: all that were used.

    A data set from before angles were told apart holds angles where scores of trials answer its
    question, and then only.
    """
    ways_out = tuple(ways_out_of(study, categories))
    if dimensions := study.get("dimensions"):
        return question_kind(VECTOR).scale_for(tuple(dimensions), None, ways_out)
    answered = study.get("source") == "trials" and study.get("scores_answer", True)
    is_angle = study["scale"] == "interval" and (study.get("kind") == ANGLE or answered)
    kind = ANGLE if is_angle else study["scale"]
    return question_kind(kind).scale_for(tuple(categories), study.get("tolerance"), ways_out)


def in_memory(sha256: str, content: Content) -> Frozen:
    """Turn thawed *content* into arrays, items and raters in the order of their names."""
    content = by_name(content)
    judged, scale = content["judgments"], content["study"]["scale"]
    categories = _categories(content)
    labels = judged["labels"]
    code = np.array(judged["label"], dtype=np.int64)
    if scale == "interval":
        said = np.array([np.nan if x is None else x for x in judged["number"]], dtype=np.float64)
    else:
        at = {name: float(place) for place, name in enumerate(categories)}
        said = np.array([at.get(name, np.nan) for name in labels] or [np.nan])[code]
    beyond = reason_of(said, "the raters'")
    value = np.full(len(said), np.nan) if beyond else said
    item, rater = (np.array(judged[name], dtype=np.int64) for name in ("item", "rater"))
    n_items, n_raters = len(content["items"]["position"]), len(content["raters"]["pseudonym"])
    off = np.bincount(code[np.isnan(said) & (code >= 0)], minlength=len(labels))
    return Frozen(
        sha256=sha256,
        # As arrays the judgments take a fifth of the memory: their lists go with the content.
        content={name: part for name, part in content.items() if name != "judgments"},
        ratings=Ratings.from_long(item, rater, value, n_units=n_items, n_raters=n_raters),
        categories=categories,
        off_scale={labels[at]: int(n) for at, n in enumerate(off.tolist()) if n},
        item=item,
        rater=rater,
        code=_answers(said, code),
        on_scale=~np.isnan(value),
        seconds=np.array(
            [np.nan if x is None else x for x in judged.get("seconds", [])], dtype=np.float64
        ),
        turn=np.array(judged.get("turn", []), dtype=np.int64),
        confidence=np.array(judged["confidence"], dtype=np.int64),
        automated=[_automated(content, entry) for entry in content["automated"]],
        beyond=beyond,
    )


def _answers(value: FloatArray, code: IntArray) -> IntArray:
    """Equal numbers for equal answers, whether they lie on the scale or not."""
    _, number = np.unique(np.nan_to_num(value, nan=-1.0), return_inverse=True)
    return np.where(np.isnan(value), -1 - code, number)


def _categories(content: Content) -> list[str]:
    """The one list of categories of every table, in order; a label's code is its place in it.

    A nominal list takes in labels that were used without being declared. An ordered scale cannot
    place them, nor a way out: there they are off the scale.
    """
    study, labels = content["study"], content["judgments"]["labels"]
    if study["scale"] == "interval":
        return []
    if study["scale"] != "ordinal":
        return list(labels)
    ordered = study["categories"] or labels
    return [name for name in ordered if name not in ways_out_of(study, ordered)]


def _automated(content: Content, entry: dict[str, Any]) -> Automated:
    of_trials = entry["of"] == "trials"
    n_rows = len(content["trials"]["id"]) if of_trials else len(content["items"]["position"])
    spread = {name: _spread(entry, name, n_rows) for name in ("label", "reason", "flags")}
    number = _floats(entry, "number", n_rows)
    # A metric of numbers alone has said something where it gives no label.
    label = [
        UNSCORABLE if said == "" and np.isnan(at) else (said or "")
        for said, at in zip(spread["label"], number, strict=True)
    ]
    if beyond := reason_of(number, f"{entry['scorer']}'s"):
        number = np.full(n_rows, np.nan)
    # What a score says of a trial is kept for the trials, but is no answer to another question.
    answers = not of_trials or content["study"].get("scores_answer", True)
    rows: list[Any] = content["items"]["trial"] if of_trials else list(range(n_rows))
    at = [-1 if row is None or not answers else row for row in rows]
    return Automated(
        scorer=entry["scorer"],
        version=entry["version"],
        label=[label[row] if row >= 0 else "" for row in at],
        number=np.array([number[row] if row >= 0 else np.nan for row in at], dtype=np.float64),
        reason=[(spread["reason"][row] or "") if row >= 0 else "" for row in at],
        flags=[(spread["flags"][row] or []) if row >= 0 else [] for row in at],
        trial_label=label if of_trials else [],
        trial_number=number if of_trials else np.empty(0),
        trial_fit=_floats(entry, "rationality", n_rows) if of_trials else np.empty(0),
        trial_fit_corrected=(
            _floats(entry, "rationality_corrected", n_rows) if of_trials else np.empty(0)
        ),
        beyond=beyond,
    )


def _floats(entry: dict[str, Any], name: str, n_rows: int) -> FloatArray:
    """A column of numbers laid out over all rows, NaN where there is none."""
    column = _spread(entry, name, n_rows)
    return np.array([np.nan if x is None else x for x in column], dtype=np.float64)


def _spread(entry: dict[str, Any], name: str, n_rows: int) -> list[Any]:
    """A column laid out over all rows, None where the metric said nothing."""
    column: list[Any] = [None] * n_rows
    for row, value in zip(entry["row"], entry.get(name, []), strict=False):
        column[row] = value
    return column
