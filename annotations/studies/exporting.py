"""Everything that was judged in a study, written for other programs. What is there is written whole
or not at all: into a draft beside it first."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from annotations.files.judged_values import scales
from annotations.files.judgment_lines import judgment_lines
from annotations.files.judgment_parquet import judgment_parquet
from annotations.files.judgment_table import (
    further_keys,
    judged_rows,
    judgment_table,
    table_line,
)
from annotations.files.label_table import label_table, labels_by_item
from annotations.interchange.out.data_package import (
    LABELS,
    RATERS,
    File,
    croissant,
    data_package,
    fields_of,
)
from annotations.interchange.out.fields import Described, Told, with_texts
from annotations.interchange.out.label_studio_file import configuration, tasks_of
from annotations.interchange.out.parquet_file import write_parquet
from annotations.kinds import asked_by
from annotations.models import Item, Study
from evaluations.files.exporting import PARQUET, in_pieces
from evaluations.text.table_reader import quoted_row


class Sent(NamedTuple):
    """A file that leaves while it is made: its type, and its pieces, of which one is in memory."""

    content_type: str
    pieces: Callable[[Study], Iterable[bytes]]


SENT: Mapping[str, Sent] = {
    "ndjson": Sent("application/x-ndjson", judgment_lines),
    "csv": Sent("text/csv; charset=utf-8", lambda study: in_pieces(judgment_table(study))),
    "parquet": Sent(PARQUET, judgment_parquet),
}
"""By page and by API, by the ending of the file's name."""


def described(study: Study, licence: str = "") -> Described:
    """What the files say of the study as a whole."""
    return Described(
        name=study.name,
        slug=study.slug,
        project=study.project.name,
        question=study.question,
        scale=scale_of(study),
        categories=study.categories,
        ways_out=study.ways_out,
        raters_are=study.raters_are,
        licence=licence,
        properties=study.properties,
    )


def scale_of(study: Study) -> str:
    """The scale by which `import_judgments` reads the values again."""
    kind = asked_by(study.kind, study.scale)
    return kind if kind in scales() else study.scale


TextOf = Callable[[Item], str]
"""What is written as the text of an item: what raters see of it."""


def write_table(study: Study, out: Path, licence: str, text_of: TextOf) -> None:
    with out.open("w", encoding="utf-8", newline="") as handle:
        handle.writelines(judgment_table(study))


def write_lines(study: Study, out: Path, licence: str, text_of: TextOf) -> None:
    with out.open("wb") as handle:
        handle.writelines(judgment_lines(study))


def write_parquet_file(study: Study, out: Path, licence: str, text_of: TextOf) -> None:
    table = judged_rows(study, text_of)
    write_parquet(out, table.columns, with_texts(table.rows))


def write_label_studio(study: Study, out: Path, licence: str, text_of: TextOf) -> None:
    rows, labels = judged_rows(study, text_of).rows, labels_by_item(study)
    with out.open("w", encoding="utf-8") as handle:
        handle.writelines(tasks_of(rows, described(study), labels))


def write_labels(study: Study, out: Path) -> int:
    """Write what metrics said of the items; how many labels that were. Raises OSError."""
    with out.open("w", encoding="utf-8", newline="") as handle:
        number = -1
        for number, line in enumerate(label_table(study)):  # noqa: B007
            handle.write(line)
    return number


def write_package(study: Study, out: Path, licence: str, text_of: TextOf) -> None:
    """A folder with the judgments twice (CSV and Parquet), the raters, what metrics said, and the
    descriptions of all."""
    out.mkdir()
    about, told, table = described(study, licence), Told(), judged_rows(study, text_of)
    with (out / "judgments.csv").open("w", encoding="utf-8", newline="") as handle:
        handle.write(quoted_row(table.columns))
        for row in table.rows:
            told.hear(row)
            handle.write(table_line(table.columns, row))
    write_parquet_file(study, out / "judgments.parquet", licence, text_of)
    (out / "raters.csv").write_text("".join(_raters(told)), "utf-8")
    fields = fields_of(table.columns)
    files = [
        _file(out / "judgments.csv", fields, "A row for each judgment"),
        _file(out / "judgments.parquet", fields, "The same, with the text in every row"),
        _file(out / "raters.csv", RATERS, "A row for each rater"),
    ]
    if write_labels(study, labels := out / "labels.csv"):
        words = "A row for each label that a metric gave an item, with its name and version"
        files.append(_file(labels, LABELS, words))
    else:
        labels.unlink()
    for name, describe in (("datapackage.json", data_package), ("croissant.json", croissant)):
        content = describe(about, told, files, date.today())
        text = json.dumps(content, ensure_ascii=False, indent=2)
        (out / name).write_text(f"{text}\n", "utf-8")


def _raters(told: Told) -> Iterator[str]:
    columns = [one.name for one in RATERS]
    yield quoted_row(columns)
    for rater in told.raters.values():
        yield table_line(columns, rater)


def _file(path: Path, fields: Iterable[Any], about: str) -> File:
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return File(path.name, path.stat().st_size, digest, list(fields), about)


Writer = Callable[[Study, Path, str, TextOf], None]

WRITERS: Mapping[str, Writer] = {
    "csv": write_table,
    "parquet": write_parquet_file,
    "label-studio": write_label_studio,
    "data-package": write_package,
    "ndjson": write_lines,
}
READ_AGAIN = tuple(form for form in WRITERS if form != "ndjson")
"""Those of which `import_judgments` makes the study again: lines hold what a study cannot begin
with, such as earlier revisions."""


def export_study(
    study: Study, form: str, out: Path, licence: str = "", *, text_of: TextOf
) -> list[Path]:
    """Write what was judged to *out* in that form; the files that were written. Raises OSError.

    *text_of*: what raters see of an item; it stands as the item's text, but in the plain table
    (`csv`), which holds the texts that the items have themselves. An *out* that is a folder is
    never written over. With tasks of Label Studio the configuration of a project that takes them is
    written beside, as XML.
    """
    if out.is_dir():
        raise FileExistsError(None, "there is a folder of that name")
    draft = out.with_name(f".{out.name}.part")
    _remove(draft)
    try:
        WRITERS[form](study, draft, licence, text_of)
        draft.replace(out)
    finally:
        _remove(draft)
    written = [out]
    if form == "label-studio":
        beside = out.with_suffix(".xml")
        beside.write_text(configuration(described(study), further_keys(study)), "utf-8")
        written.append(beside)
    return written


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
