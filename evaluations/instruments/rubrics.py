"""Rubrics as data: what a model is asked when it classifies the answers of a whole trial.

Pure: reads no file and no database. The model gets what a rater gets, the options as they were
shown and the answers, and nothing of what the answering model was told to be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluations.formats.definitions import HEADING, Place, heading
from evaluations.instruments.base import Kind
from evaluations.instruments.conversation import Option

RUBRIC_FORMAT = "valuecheck-rubric/1"

UNCLEAR, REFUSAL = "unclear", "refusal"
"""What a rubric calls a trial beside the labels of the kind."""


@dataclass(frozen=True)
class Category:
    """What a rubric calls a category, and how it describes it."""

    word: str
    definition: str


@dataclass(frozen=True)
class ShownAnswer:
    """One answer with the options it chose from, as they were shown; of a free one what it was
    asked, as raters read it."""

    options: Sequence[Option]
    text: str
    question: str = ""


@dataclass(frozen=True)
class RubricDefinition:
    """A rubric as a versioned file holds it; its templates are checked."""

    key: str
    version: str
    language: str
    name: str
    source: str
    system: str
    question: str
    answer: str
    option: str
    category: str
    categories: Mapping[str, Category]
    unnamed_resource: str = ""
    """The word for what is divided where the prompt pack does not name it."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words a model may answer with: those of the labels, then unclear and refusal."""
        return tuple(category.word for category in self.categories.values())

    def messages(self, answers: Sequence[ShownAnswer], resource: str = "") -> list[tuple[str, str]]:
        """What a model is asked about *answers*, as (role, text); *resource*: what was divided, as
        raters are told it ('' where it is not known)."""
        divided = resource or self.unnamed_resource
        question = self.question.format(
            answers=len(answers),
            resource=divided,
            record="\n\n".join(
                self._worded(number, answer) for number, answer in enumerate(answers, start=1)
            ),
            categories="\n".join(
                self.category.format(word=category.word, definition=category.definition)
                for category in self.categories.values()
            ),
            words=", ".join(self.words),
        )
        return [("system", self.system.format(resource=divided)), ("user", question)]

    def _worded(self, number: int, answer: ShownAnswer) -> str:
        options = "\n".join(
            self.option.format(letter=option.label, **option.words()) for option in answer.options
        )
        return self.answer.format(
            number=number, options=options, question=answer.question, text=answer.text
        )

    def category_of(self, word: str) -> str | None:
        """The category a model named by exactly this word; None when it is none of them."""
        wanted = word.casefold()
        return next(
            (name for name, known in self.categories.items() if known.word.casefold() == wanted),
            None,
        )


def parse_rubric(definition: Any, source: str, kind: Kind) -> RubricDefinition:
    """Check a rubric for trials of *kind*; *source* names it in errors. Raises DefinitionError."""
    # Where a kind's answers are free, the question stands where the options would.
    chooses = bool(kind.offers)
    entries = Place(definition, source).entries(
        [*HEADING, "system", "question", "answer", "category", "categories"]
        + (["option"] if chooses else []),
        ["kind", "unnamed_resource"],
    )
    says = ["resource"] if "unnamed_resource" in entries else []
    entries["format"].one_of([RUBRIC_FORMAT])
    return RubricDefinition(
        **heading(entries),
        source=entries["source"].text(),
        system=entries["system"].template(allowed=says),
        question=entries["question"].template(
            needed=["record", "categories"], allowed=["answers", "words", *says]
        ),
        answer=entries["answer"].template(
            needed=["options" if chooses else "question", "text"], allowed=["number"]
        ),
        option=entries["option"].template(needed=["letter", *kind.offers]) if chooses else "",
        category=entries["category"].template(needed=["word", "definition"]),
        categories=_categories(entries["categories"], (*kind.labels, UNCLEAR, REFUSAL)),
        unnamed_resource=entries["unnamed_resource"].text() if says else "",
    )


def _categories(place: Place, names: Sequence[str]) -> dict[str, Category]:
    categories: dict[str, Category] = {}
    for name, words in place.entries(names).items():
        entries = words.entries(["word", "definition"])
        word = entries["word"].text()
        if word.casefold() in {known.word.casefold() for known in categories.values()}:
            raise entries["word"].wrong(f"{word!r} already stands for another category")
        categories[name] = Category(word, entries["definition"].text())
    return categories
