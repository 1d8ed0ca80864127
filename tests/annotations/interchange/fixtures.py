"""Where the files that other programs made stand, and how they are read."""

from pathlib import Path

from annotations.files.judged_values import Values
from annotations.interchange.formats import JUDGMENT_FORMATS, LABEL_FORMATS
from annotations.interchange.tables import SCORER, OthersTable, judgments_of
from evaluations.interchange.formats import recognised
from evaluations.interchange.looked_at import look_at

MADE = Path(__file__).parent / "made"
STANCES = Values("nominal", ("agree", "disagree", "other"))
ALL = {
    "label-studio": "label-studio.json",
    "argilla": "argilla/nested.json",
    "potato": "potato_exports/potato.jsonl",
    "doccano": "doccano.zip",
    "parquet": "hub",
    "qualtrics": "qualtrics.csv",
}


def formats_of(path, formats=JUDGMENT_FORMATS):
    """The keys of all formats that a file could be of."""
    looked = look_at(path)
    return [one.key for one in formats if not one.why_not(looked)]


def table_of(path, *value_from):
    looked = look_at(path)
    return OthersTable(recognised(looked, JUDGMENT_FORMATS).format, looked, value_from)


def labels_in(path, *value_from):
    looked = look_at(path)
    return OthersTable(recognised(looked, LABEL_FORMATS).format, looked, value_from, SCORER)


def read(path, *value_from):
    """The judgments in a file, as a set of item, rater and value; and what was noted."""
    found = judgments_of(table_of(path, *value_from), STANCES)
    items, raters, labels = map(list, (found.items, found.raters, found.labels))
    codes = zip(found.item_of, found.rater_of, found.label_of, strict=True)
    return {(items[i], raters[r], labels[v]) for i, r, v in codes}, list(found.notes), found
