"""The whole of a report."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from analysis.sections.result.cultures import Cultures
from analysis.sections.result.humans import Further, Humans, Latent, Raters, Repeats
from analysis.sections.result.metrics import Groups, LabelsMetric, NumbersMetric, Ranking, Vectors
from analysis.sections.result.overview import Overview, Quality
from analysis.sections.result.statistic import Verdict, Warning
from analysis.sections.result.trials import Corrected, Trials
from analysis.sections.result.units import Count, Share


class Study(TypedDict):
    """What the data set says of the study."""

    project: str
    """Its project, as in addresses."""
    name: str
    """Its name."""
    slug: str
    """Its name in addresses."""
    source: str
    """`trials` or `import`."""
    unit: str
    """What is judged: `trial` or `answer`."""
    question: str
    """What raters were asked."""
    scale: str
    """`nominal`, `ordinal` or `interval`; a vector is one label of a nominal scale as a whole."""
    kind: NotRequired[str]
    """Of a study of angles alone: of all other numbers the unit is not known."""
    tolerance: NotRequired[float]
    """Of numbers, where the study has one."""
    categories: list[str]
    """Declared ones, in order."""
    dimensions: list[str]
    """Of a vector."""
    ways_out: NotRequired[list[str]]
    """Only where they are others than a category called unclear or refusal; `overview` names them
    always."""
    scores_answer: bool
    """Whether the score of a trial answers what raters were asked."""
    overlap: Count
    """Judgments an item."""
    scorer: str
    """The study's own metric."""
    instrument: NotRequired[str]
    """Of which kind the instrument is; absent of the first, and where there are no trials."""
    scorer_version: NotRequired[str]
    """Its version, where the study pins one."""
    raters_are: NotRequired[str]
    """`crowd`, `skilled` or `expert`; absent where none is declared."""
    ranges: NotRequired[dict[str, Any]]
    """Declared ends of the scales of `raters` and `metrics`; absent where none are."""


class DataSetNamed(TypedDict):
    """The data set behind the report."""

    sha256: str
    """Of the frozen content."""
    format: int
    """Of the frozen content."""
    drawn: bool
    """Whether the platform drew the items at random."""


class Choices(TypedDict):
    """What was chosen: first which data (empty: all), then how it is computed."""

    scorer: str
    """A metric alone."""
    exclude_raters: list[str]
    """Pseudonyms."""
    exclude_items: list[str]
    """Keys."""
    raters: list[str]
    """These alone."""
    kinds: list[str]
    """Raters of these kinds alone."""
    models: list[str]
    """Items of these alone."""
    target_values: list[str]
    """Items of these alone; `none` is the baseline."""
    conditions: list[str]
    """Items of these alone."""
    languages: list[str]
    """Items of these alone."""
    properties: NotRequired[list[str]]
    """`topic=war`; absent where none is chosen."""
    seed: int
    """Of everything that is drawn."""
    replicates: Count
    """Of the bootstrap."""
    level: Share
    """Confidence level of all intervals."""
    thresholds: dict[str, float]
    """Those that differ from custom, by code."""
    crosscheck: bool
    """Whether pingouin computes as well."""


class Versions(TypedDict):
    """What computed the report."""

    valuecheck: str
    """This platform."""
    numpy: str
    """The library."""
    pandas: str
    """The library."""
    pingouin: str
    """The library."""
    scipy: str
    """The library."""
    analysis_code: str
    """Hash of every source file that can change a result: all that the report's code imports."""
    scorers: list[str]
    """Name and version of each metric."""


class ThresholdInForce(TypedDict):
    """A cut-off that the words lean on."""

    code: str
    """For programs."""
    statistic: str
    """Of which statistic."""
    value: float
    """In this report."""
    customary: float
    """By convention."""
    meaning: str
    """What is said from it on."""
    source: str
    """Of the value."""
    convention: str
    """Source of the customary one."""


class GrrasItem(TypedDict):
    """An item of the checklist."""

    number: int
    """From 1 to 15."""
    item: str
    """What has to be said."""
    text: str
    """What is known of it."""
    status: str
    """`recorded`, `partly recorded` or `not recorded`."""
    recorded: bool
    """Whether nothing is missing."""


class Grras(TypedDict):
    """The fifteen items of Kottner et al. 2011."""

    source: str
    """Where they are from."""
    rows: list[GrrasItem]
    """Each item."""


class Report(TypedDict):
    """The document. Sections of a kind of instruments stand beside these."""

    format: int
    """1; a change that breaks readers raises it."""
    key: NotRequired[str]
    """SHA-256 of data set, parameters and versions: the identity of the report."""
    study: Study
    """What the data set says of the study."""
    data_set: DataSetNamed
    """The data set behind the report."""
    parameters: Choices
    """What was chosen."""
    choices: list[str]
    """The same in words, a sentence each; empty when the report speaks of everything."""
    versions: Versions
    """What computed it."""
    answer: list[str]
    """The answer in words, one sentence an entry, the most important first."""
    verdict: Verdict
    """On the raters' own agreement: `reliable`, `tentative`, `too_little`, `chance` (too little and
    not shown to be better than chance), `against` (systematic disagreement), `uncertain` or
    `not_said`."""
    warnings: list[Warning]
    """What to know before using the numbers."""
    thresholds: list[ThresholdInForce]
    """The cut-offs that the words lean on."""
    overview: Overview
    """What was asked of whom."""
    humans: Humans
    """Do the raters agree among themselves?"""
    further: list[Further]
    """The further questions."""
    cultures: NotRequired[Cultures]
    """The raters by culture; absent where fewer than two are known."""
    automated: list[LabelsMetric | NumbersMetric]
    """The metrics against the raters, the study's own first; empty for vectors."""
    ranking: Ranking | None
    """Every metric, best first."""
    latent: Latent | None
    """A second consensus beside the majority."""
    groups: Groups | None
    """By group."""
    corrected: list[Corrected]
    """What the raters would have said on all scored trials, by metric."""
    trials: Trials | None
    """Trials of a cell among themselves."""
    vectors: Vectors | None
    """Value vectors, dimension by dimension."""
    repeats: Repeats
    """Raters against themselves."""
    quality: Quality
    """What is missing, thin or odd."""
    raters: Raters
    """Rater by rater."""
    grras: Grras
    """The reporting checklist."""
