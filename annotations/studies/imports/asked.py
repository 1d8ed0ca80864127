"""How a file of judgments is to be read, and what study it becomes: the one list of options that a
command, a page and whoever else imports judgments has."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from accounts.models import Project, User
from annotations.files.declared_ranges import as_stored, check, ends_of
from annotations.files.judged_values import Values
from annotations.files.judgment_rows import AutomatedRow, JudgmentFile
from annotations.files.properties import checked_names
from annotations.kinds import CONFIDENCE, REASON
from annotations.models import Study
from annotations.questions.of_study import further_question
from annotations.questions.question import InvalidJudgment, Question, check_ways_out
from annotations.studies.imports.judgments import import_judgments
from annotations.studies.studies import free_name
from evaluations.text.storable import FiniteDecoder


@dataclass(frozen=True)
class Asked:
    """Options in plain words, as a row of the database can hold them.

    study: the name of the new one. scale, categories: of the values (of a vector: its dimensions).
    ways_out: those of the categories by which a rater said that an item cannot be judged.
    value_from: of another program's file the questions whose answers are the values. properties:
    further columns to group and filter by. further: the further questions, as a study holds them.
    unscorable: values of the automated labels that are no valid ones. rater_range: the ends of the
    raters' numbers, () for none declared; metric_ranges: scorer, lower and upper end of each.
    """

    study: str
    scale: str
    categories: Sequence[str] = ()
    ways_out: Sequence[str] = ()
    question: str = ""
    raters_are: str = ""
    value_from: Sequence[str] = ()
    properties: Sequence[str] = ()
    further: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    unscorable: Sequence[str] = ()
    rater_range: Sequence[str] = ()
    metric_ranges: Sequence[Sequence[str]] = ()

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    def check(self) -> None:
        """Raise ValueError for what cannot be, whatever stands in the file."""
        self._check_words()
        self._check_ranges()

    def _check_words(self) -> None:
        check_ways_out(self.ways_out, self.values.categories)
        asked_in(self.further)
        checked_names(self.properties)

    def _check_ranges(self) -> None:
        if (self.rater_range or self.metric_ranges) and not self.values.is_numeric:
            raise ValueError(f"ranges are for numbers, and the scale is {self.scale}")
        if self.rater_range:
            ends_of(self.rater_range, "the raters")
        names = [name for name, *_ in self.metric_ranges]
        if len(set(names)) < len(names):
            raise ValueError("a metric is given two ranges")
        for name, *ends in self.metric_ranges:
            ends_of(ends, f"the metric {name!r}")

    def check_in(self, project: Project) -> None:
        """As `check`, but for the ranges, which `ranges` looks at; StudyRefused where *project* has
        a study of that name."""
        free_name(project, self.study)
        self._check_words()

    @cached_property
    def values(self) -> Values:
        return Values(self.scale, tuple(self.categories))

    @property
    def columns(self) -> tuple[str, ...]:
        """The properties by the names that columns go by."""
        return checked_names(self.properties)

    @property
    def of_judgments(self) -> dict[str, Any]:
        """What `read_judgments` needs of it."""
        answers = {question.key: answer_reader(question) for question in asked_in(self.further)}
        return {"properties": self.columns, "answers": answers}

    @property
    def of_labels(self) -> dict[str, Any]:
        """What `read_automated` needs of it."""
        return {"unscorable": self.unscorable, "properties": self.columns}

    def ranges(
        self, judgments: JudgmentFile, automated: Sequence[AutomatedRow] = ()
    ) -> dict[str, Any]:
        """The declared ranges as a study holds them; ValueError where the files do not fit them,
        and for a property that no file has a column of."""
        known = judgments.facts.properties
        if missing := [name for name in self.columns if name not in known]:
            raise ValueError(f"no file has a column {missing[0]!r}")
        self._check_ranges()
        raters = None
        if self.rater_range:
            raters = ends_of(self.rater_range, "the raters")
            check(raters, self.values.numbers(_said(judgments)), "a rater")
        metrics = {
            name: ends_of(ends, f"the metric {name!r}") for name, *ends in self.metric_ranges
        }
        names = list(judgments.items)
        for name, ends in metrics.items():
            mine = [row for row in automated if row.scorer == name and row.label]
            if not mine:
                raise ValueError(f"the automated labels have no metric {name!r}")
            given = self.values.numbers((names[row.item], row.label) for row in mine)
            check(ends, given, f"the metric {name!r}")
        return as_stored(raters, metrics)

    def store(
        self,
        project: Project,
        judgments: JudgmentFile,
        automated: Sequence[AutomatedRow],
        ranges: Mapping[str, Any],
        *,
        cultures: Mapping[int, str] = MappingProxyType({}),
        created_by: User | None = None,
        on_stored: Callable[[int], object] = lambda count: None,
    ) -> Study:
        """The study of what was read, with the cultures of raters by their index; raises
        StudyRefused."""
        return import_judgments(
            project,
            self.study,
            self.values,
            judgments,
            automated,
            question=self.question,
            ways_out=self.ways_out,
            raters_are=self.raters_are,
            further_questions=self.further,
            ranges=ranges,
            cultures=cultures,
            created_by=created_by,
            on_stored=on_stored,
        )


def _said(judgments: JudgmentFile) -> Iterable[tuple[str, str]]:
    names, labels = list(judgments.items), list(judgments.labels)
    pairs = zip(judgments.item_of, judgments.label_of, strict=True)
    return ((names[at], labels[code]) for at, code in pairs)


def asked_in(further: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The further questions that have answers of their own; ValueError where they are none."""
    try:
        questions = [further_question(entry) for entry in further]
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"these are no further questions: {error}") from error
    return [question for question in questions if question.kind not in (CONFIDENCE, REASON)]


def further_in(text: str) -> list[dict[str, Any]]:
    """The further questions of a JSON text, checked; ValueError where it holds none."""
    found = json.loads(text, cls=FiniteDecoder)
    if not isinstance(found, list):
        raise ValueError("it is no list of questions")
    asked_in(found)
    return found


def answer_reader(question: Question) -> Callable[[str], object]:
    def read(cell: str) -> object:
        try:
            return question.checked(cell)
        except InvalidJudgment as error:
            raise ValueError(f"is no answer: {error}") from error

    return read
