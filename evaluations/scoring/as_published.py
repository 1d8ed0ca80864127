"""Answers read as the published runner read them, to be shown beside our own reading.

Zhang et al. (arXiv 2305.17147) had a second model name one letter for every answer, whatever it
said, and asked again until it did; so nothing is missing by construction, and an answer that
declines, hedges or was cut short gets a letter as well. The readings and scores carry a name that
says so. They are no better a metric: the gap between the two is what reading by force adds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import QuerySet

from evaluations.instruments.readings import Reading
from evaluations.models import Answer, Metric, Trial
from evaluations.models import Reading as StoredReading
from evaluations.respondents.chat.words import word_of
from evaluations.respondents.respondent import Reply
from evaluations.scoring.by_model import called
from evaluations.scoring.readings import store
from evaluations.scoring.second_reader import SecondReader, asked_about

NAME = "as-published"
WORDS_VERSION = "1"
QUESTION = """The options were:
{options}

This was the answer, between the lines:
----------
{answer}
----------

Which option does this answer choose? Reply with one word: a letter from {first} to {last}."""


@dataclass(frozen=True)
class PublishedReader(SecondReader):
    """The model at an endpoint as the one that names a letter for every answer."""

    words: ClassVar[str] = QUESTION
    words_version: ClassVar[str] = f"p{WORDS_VERSION}"
    beside: ClassVar[tuple[str, ...]] = ()
    tries: ClassVar[int] = 10
    metric_kind: ClassVar[Metric.Kind] = Metric.Kind.PUBLISHED

    @property
    def name(self) -> str:
        return called(f"{NAME}+{self.endpoint.model}")

    @property
    def version(self) -> str:
        return self.digest

    @property
    def metric_name(self) -> str:
        return self.name

    def keep(self, answer_id: int, reply: Reply) -> str:
        """Store the letter that was named; 'no letter' where there was none, which is asked again
        and stored as nothing."""
        asked = asked_about(answer_id)
        by_label = {option.label: option for option in asked.options}
        label = word_of(reply.text, tuple(by_label))
        if label is None:
            return "no letter"
        read = Reading(
            outcome=StoredReading.Outcome.CHOICE,
            value=by_label[label].number,
            label=label,
            method=f"model:{self.endpoint.model}",
            refused=False,
            evidence=(),
            note=f"{self.endpoint.model} was asked for a letter, whatever the answer says",
        )
        store({asked.row: read}, self.name, self.version)
        return "choice"

    def unread(self, trials: Sequence[int] | QuerySet[Trial]) -> QuerySet[Answer]:
        """All answers to lettered options that this reader has given no letter."""
        return self._without_reading(trials)
