"""Scorings by models as pages show them, and the form that asks for one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import Count

from accounts.models import Project
from evaluations.background import work
from evaluations.definitions.catalogue import DEFAULT_RUBRIC, rubric
from evaluations.models import Endpoint, Rubric, Run, Score, Scoring, Trial

BY_RUBRIC, SECOND_READER = "rubric", "reader"


class _Endpoints(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}: {obj.model}"


class ScoringForm(forms.Form):
    """Which model is to score a run, and how."""

    way = forms.ChoiceField(
        label="What the model does",
        choices=[
            (BY_RUBRIC, "classifies each trial by a rubric"),
            (SECOND_READER, "reads the answers that the rules left open"),
        ],
        initial=BY_RUBRIC,
        widget=forms.RadioSelect,
        help_text="Its scores stand beside all others, under a name of their own.",
    )
    endpoint = _Endpoints(
        queryset=Endpoint.objects.none(),
        empty_label="Choose a model",
        error_messages={"required": "Choose the endpoint that is to be asked."},
    )
    rubric = forms.ModelChoiceField(
        queryset=Rubric.objects.none(),
        empty_label=None,
        required=False,
        help_text="Of a classification; a reader of open answers needs none.",
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        default = rubric(DEFAULT_RUBRIC)
        models = Endpoint.objects.filter(project=project, kind=Endpoint.Kind.OPENAI)
        cast(forms.ModelChoiceField, self.fields["endpoint"]).queryset = models.order_by("name")
        choice = cast(forms.ModelChoiceField, self.fields["rubric"])
        in_reach = Rubric.objects.in_reach_of(project)
        choice.queryset = in_reach.defer("definition").order_by("key", "-id")
        choice.initial = default

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") == SECOND_READER:
            cleaned["rubric"] = None
        elif "rubric" not in self.errors and not cleaned.get("rubric"):
            self.add_error("rubric", "Choose the rubric to classify by.")
        return cleaned


@dataclass(frozen=True)
class ScoringRow:
    """A scoring with how far it is; `found` are the trials it gave each outcome, by its word.

    `waits`: no worker is at it, as nobody took it yet, or the one who did went silent.
    """

    scoring: Scoring
    waits: bool
    complete: int
    found: Sequence[tuple[str, int]]

    @property
    def done(self) -> int:
        return sum(number for _, number in self.found)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.complete if self.complete else 0

    def goes_on(self) -> bool:
        """Whether somebody could have the rest scored."""
        return not self.scoring.is_under_way and self.done < self.complete


@dataclass(frozen=True)
class Scorings:
    """All scorings of a run, in the order they were asked for."""

    rows: Sequence[ScoringRow]

    @property
    def is_under_way(self) -> bool:
        return any(row.scoring.is_under_way for row in self.rows)

    @property
    def news(self) -> str:
        """What is worth saying aloud when nothing is under way any more."""
        asked = [row.scoring for row in self.rows]
        words = (f"{scoring.metric.name}: {scoring.get_state_display()}" for scoring in asked)
        return f"Scoring has ended. {', '.join(words)}."


def scorings_of(run: Run) -> Scorings:
    """What models were asked to score of *run*; counted from the scores, in three queries."""
    related = run.scorings.select_related("endpoint", "metric", "rubric")
    asked = list(related.annotate(waits=work.is_free()))
    if not asked:
        return Scorings([])
    complete = run.trials.filter(state=Trial.State.COMPLETE).count()
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    counts = (
        Score.objects.filter(trial__run=run, metric__in={scoring.metric_id for scoring in asked})
        .order_by()
        .values_list("metric", "label")
        .annotate(trials=Count("pk"))
    )
    for metric, label, trials in counts:
        found[metric].append((label or "without a label", trials))
    return Scorings(
        [
            ScoringRow(scoring, scoring.waits, complete, sorted(found[scoring.metric_id]))
            for scoring in asked
        ]
    )
