"""What metrics said of the items of a study, with name and version of each metric, as a table that
`import_judgments --automated` reads again.

Of texts and parts of trials it is what was imported or put; of trials what every version of every
metric that scored them says in the words of the study's question, empty where it says nothing.
"""

from collections import defaultdict
from collections.abc import Iterator

from annotations.disputes.automated import automated_of
from annotations.files.judgment_table import Names
from annotations.metrics.metric import InForce, trials_of
from annotations.models import AutomatedLabel, Item, Study
from evaluations.scoring.metrics import reader_of, versions_of
from evaluations.text.table_cells import marked
from evaluations.text.table_reader import quoted_row

COLUMNS = ("item", "scorer", "value")
CHUNK = 2000

Labels = list[tuple[str, str]]
"""Name with version of a metric, and its label ('' for no valid one)."""


def label_table(study: Study) -> Iterator[str]:
    """The lines of the table with their line ends, the header first; one chunk is in memory."""
    yield quoted_row(COLUMNS)
    for item, labels in labels_by_item(study):
        for scorer, label in labels:
            yield quoted_row([marked(item), marked(scorer), marked(label)])


def labels_by_item(study: Study) -> Iterator[tuple[str, Labels]]:
    """Every item by its name, in the order of the table of judgments, with its labels."""
    names, metrics = Names(study), _metrics_of(study)
    for items in _chunks(study):
        found: dict[int, Labels] = defaultdict(list)
        rows = AutomatedLabel.objects.filter(item__in=items).order_by("scorer")
        for item, scorer, label in rows.values_list("item_id", "scorer", "label"):
            found[item].append((scorer, label))
        of_trials = [item for item in items if item.trial_id is not None]
        for scorer, counts in metrics.items():
            for item, said in automated_of(study, of_trials, counts).items():
                found[item].append((scorer, said.label or ""))
        yield from ((names.of(item), found[item.pk]) for item in items)


def _chunks(study: Study) -> Iterator[list[Item]]:
    items = study.items.order_by("position", "pk")
    for start in range(0, items.count(), CHUNK):
        yield list(items[start : start + CHUNK])


def _metrics_of(study: Study) -> dict[str, InForce]:
    """By name and version the metrics that scored trials of the study, and whose readings count
    with each."""
    trials = trials_of(study)
    stored = [one.by for versions in versions_of(trials).values() for one in versions]
    return {str(metric): InForce(metric.pk, reader_of(metric, trials)) for metric in stored}
