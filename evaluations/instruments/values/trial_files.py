"""The kind's part in trial files: one question a line, with what is known of its prompt. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from evaluations.formats.lines import LineError
from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.conversation import ITEM, PROMPT_STEP, ValuesCondition
from evaluations.instruments.values.definitions import PromptSet


class ValuesFiles:
    """See `evaluations.instruments.trial_files.TrialFiles`."""

    steps: Mapping[str, str] = {PROMPT_STEP: PROMPT_STEP}
    item_step = PROMPT_STEP
    aliases: Mapping[str, str] = {}
    columns: Mapping[str, type] = {}
    fields: Sequence[str] = ()
    scores: Mapping[str, str] = {}
    dimensions: Sequence[str] = VALUES
    prompt_column = "id"

    def recognise(
        self, line: Mapping[str, Any], questions: Sequence[Mapping[str, Any]], measure: PromptSet
    ) -> list[tuple[int, Any] | None]:
        if len(questions) != 1:
            raise LineError(
                f"has {len(questions)} questions: a trial of this kind asks one prompt and has "
                "one answer"
            )
        (question,) = questions
        shown = question.get("options")
        if not isinstance(shown, dict) or not isinstance(shown.get("prompt"), str):
            shown = {"prompt": question["content"]}
        return [(ITEM, shown)]

    def how_to_show(self, measure: PromptSet) -> str:
        return "write one prompt and its answer"

    def own(
        self, line: Mapping[str, Any], shown: Mapping[int, Any], measure: PromptSet
    ) -> ValuesCondition:
        return ValuesCondition()

    def written(self, own: ValuesCondition) -> dict[str, Any]:
        return {}
