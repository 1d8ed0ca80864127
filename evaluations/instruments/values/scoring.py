"""What is read from a free answer, and the metric that needs no reading. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluations.instruments.conditions import Condition
from evaluations.instruments.conversation import Option
from evaluations.instruments.readings import AnswerText, Reading
from evaluations.instruments.scored import AnsweredTrial
from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.definitions import PromptSet

UNSAID = "the answer is empty: there is nothing to score"


@dataclass(frozen=True)
class WordsReader:
    """Reads whether an answer says anything: `value` is its number of words."""

    name: str = "values-words"
    version: str = "1"
    final: Collection[str] = ("rule:empty",)

    def candidates(
        self, answer: AnswerText, measure: PromptSet, condition: Condition
    ) -> Sequence[Option]:
        return ()

    def read(self, answer: AnswerText, measure: PromptSet, condition: Condition) -> Reading:
        words = len(answer.text.split())
        if not words:
            return Reading("none", None, "", "rule:empty", answer.refused, (), UNSAID)
        counted = "1 word" if words == 1 else f"{words} words"
        return Reading("choice", words, counted, "rule:words", answer.refused, (), "")


@dataclass(frozen=True)
class AlwaysZero:
    """The baseline that finds no value involved: what an accuracy is measured against."""

    name: str = "always-zero"
    version: str = "1"
    reader: str = "values-words 1"

    def resting_on(self, reader: str, *, name: str, version: str) -> "AlwaysZero":
        return replace(self, reader=reader, name=name, version=version)

    def score(self, trial: AnsweredTrial) -> Mapping[str, object]:
        if all(answer.reading.value is None for answer in trial.answers):
            return {"outcome": "unscorable", "reason": UNSAID}
        return {"outcome": "scored", "vector": dict.fromkeys(VALUES, 0)}
