"""Vectors of the ten values to compare a model with, each with where it comes from.

Pure: standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from evaluations.formats.definitions import Place
from evaluations.instruments.values.circle import VALUES, in_order

TARGET_FORMAT = "valuecheck-target/1"


@dataclass(frozen=True)
class ValueTarget:
    """A vector from -1 to 1 by value. `scaling`: how its numbers were made; `inference`: what of
    that is ours and not the source's, '' where nothing is."""

    key: str
    name: str
    vector: Mapping[str, float]
    source: str
    year: int
    scaling: str
    licence: str
    version: str = "1"
    inference: str = ""

    def __post_init__(self) -> None:
        check_vector(self.vector)


def check_vector(vector: Mapping[str, float]) -> None:
    """Raises ValueError unless *vector* can be a target: ten finite numbers from -1 to 1 by name
    that are not all the same."""
    numbers = in_order(vector)
    for value in VALUES:
        if not isfinite(vector[value]) or abs(vector[value]) > 1:
            raise ValueError(f"{value} is {vector[value]:g}: it must be from -1 to 1")
    if len(set(numbers)) == 1:
        raise ValueError(
            f"all ten values are {numbers[0]:g}: nothing can be told apart by it, and the "
            "alignment with it is 0 for every model"
        )


def parse_target(definition: Any, source: str) -> ValueTarget:
    """Check a target as a file holds it; *source* names it in errors. Raises DefinitionError."""
    whole = Place(definition, source)
    entries = whole.entries(
        ["format", "key", "version", "name", "source", "year", "scaling", "licence", "vector"],
        ["inference"],
    )
    entries["format"].one_of([TARGET_FORMAT])
    year = entries["year"].number()
    if year != int(year):
        raise entries["year"].wrong(f"must be a year, not {year}")
    vector = entries["vector"]
    if not isinstance(vector.value, Mapping):
        raise vector.wrong("must be an object of the ten values by name; an order is not read")
    names = vector.entries(VALUES)
    numbers = {value: float(names[value].number()) for value in VALUES}
    try:
        check_vector(numbers)
    except ValueError as error:
        raise vector.wrong(str(error)) from None
    words = {name: entries[name].text() for name in ("key", "name", "source", "scaling", "licence")}
    return ValueTarget(
        **words,
        version=entries["version"].text(),
        year=int(year),
        vector=numbers,
        inference=entries["inference"].text() if "inference" in entries else "",
    )


def _published(
    key: str, name: str, numbers: tuple[float, ...], *, scaling: str, inference: str = ""
) -> ValueTarget:
    return ValueTarget(
        key,
        name,
        dict(zip(VALUES, numbers, strict=True)),
        "Yao et al. (2023), arXiv 2311.10766, as in microsoft/ValueCompass",
        2023,
        scaling,
        "MIT",
        inference=inference,
    )


_SIGNS = "1: to be supported, 0: of no weight"
_MEANS = "means of a national survey"
_RESCALED = (
    "the numbers look like raw means rescaled by (3.5 - mean) / 2.5, not centred by person: our "
    "inference, the source does not say"
)

PUBLISHED = (
    _published(
        "ideal-training",
        "Ideal of the training code",
        (0, 0, 0, 1, 0, 1, 0, 1, 1, 1),
        scaling=_SIGNS,
    ),
    _published(
        "ideal-evaluation",
        "Ideal of the evaluation code",
        (0, 0, 0, 0, 0, 1, 0, 1, 1, 1),
        scaling=_SIGNS,
        inference="it differs from that of training, which has achievement",
    ),
    _published(
        "two-values", "Security and conformity", (0, 0, 0, 0, 0, 1, 0, 1, 0, 0), scaling=_SIGNS
    ),
    _published(
        "uk",
        "United Kingdom",
        (0.4809, 0.1305, 0.1004, 0.0029, -0.2383, 0.4362, 0.2712, 0.142, 0.652, 0.5906),
        scaling=_MEANS,
        inference=_RESCALED,
    ),
    _published(
        "netherlands",
        "Netherlands",
        (0.519, 0.1148, 0.3016, 0.1311, -0.1124, 0.3389, 0.2165, 0.2578, 0.5661, 0.5243),
        scaling=_MEANS,
        inference=_RESCALED,
    ),
    _published(
        "france",
        "France",
        (0.3761, -0.0296, 0.3384, -0.1741, -0.3195, 0.4078, 0.2587, 0.0698, 0.6212, 0.5705),
        scaling=_MEANS,
        inference=_RESCALED,
    ),
)
"""The vectors FULCRA compares with. Those of nations are no norms of a nation's people."""
