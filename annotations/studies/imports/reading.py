"""A file of judgments as it is read, of ours or of another program: what it is is told by its
content. A command, a page and the API read it here."""

from collections.abc import Callable
from dataclasses import dataclass

from annotations.files.judgment_files import read_judgments
from annotations.files.judgment_rows import JudgmentFile
from annotations.interchange.formats import JUDGMENT_FORMATS, JudgedFormat
from annotations.interchange.tables import OthersTable, judgments_of
from annotations.studies.imports.asked import Asked
from annotations.studies.imports.found import refused
from annotations.studies.imports.trials import OWN_NAMES
from evaluations.files import trial_files, trial_tables
from evaluations.interchange.formats import nothing_in, recognised
from evaluations.interchange.looked_at import LINES, LIST, OBJECT, Looked
from evaluations.interchange.trials import TRIAL_FORMATS
from evaluations.text.table_words import Problem, Problems

OWN_NAME = "a table of judgments, a row for each"


@dataclass(frozen=True)
class Reader:
    """What reads a file, which is of that *format* in words. *read* raises RejectedFile and can be
    called again; *named* gives problems the places of the file, where lines of a table are none."""

    format: str
    read: Callable[[Problems], JudgmentFile]
    named: Callable[[list[Problem]], list[Problem]] = lambda problems: problems


def reader_of(looked: Looked, asked: Asked) -> Reader:
    """What reads a file that was looked at; raises RejectedFile for one of no judgments."""
    if trials := trials_in(looked):
        raise refused(
            f"The file holds trials, no judgments ({trials}): bring it as trials; what its metrics "
            "said of them comes in as automated labels"
        )
    told = recognised(looked, JUDGMENT_FORMATS)
    is_table = looked.is_text and looked.shape not in (LINES, LIST, OBJECT)
    if told.format is None and not is_table:
        raise refused(f"This is {nothing_in(looked, 'judgments', told.why_none)}")
    return reader_in(looked, told.format, asked) if told.format else own_reader(looked, asked)


def trials_in(looked: Looked) -> str:
    """What the trials are that a file holds, of another program or of ours; '' for none."""
    if told := recognised(looked, TRIAL_FORMATS).format:
        return told.name
    if looked.shape == LINES and set(trial_files.NEEDED) <= looked.keys:
        return OWN_NAMES["jsonl"]
    head = next(iter(looked.rows), [])
    return OWN_NAMES["csv"] if set(trial_tables.NEEDED) <= set(map(str.strip, head)) else ""


def reader_in(looked: Looked, form: JudgedFormat, asked: Asked) -> Reader:
    """What reads the file of another program, or rows in the columns of a judgment file, in that
    format."""
    table = OthersTable(form, looked, tuple(asked.value_from))

    def read(problems: Problems) -> JudgmentFile:
        return judgments_of(table, asked.values, problems=problems, **asked.of_judgments)

    def named(problems: list[Problem]) -> list[Problem]:
        words = table.named([str(problem) for problem in problems])
        return [Problem(0, one) for one in words]

    return Reader(form.name, read, named)


def own_reader(looked: Looked, asked: Asked) -> Reader:
    """What reads a table of ours."""

    def read(problems: Problems) -> JudgmentFile:
        with looked.open() as stream:
            return read_judgments(stream, asked.values, problems=problems, **asked.of_judgments)

    return Reader(OWN_NAME, read)
