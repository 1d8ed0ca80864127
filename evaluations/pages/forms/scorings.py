"""The form that asks a model to score a run."""

from typing import Any, cast

from django import forms

from evaluations.definitions.catalogue import rubric
from evaluations.instruments.kinds import kind_of
from evaluations.models import Endpoint, Rubric, Run
from evaluations.scoring.rubric_scorer import MOST_REPEATS

BY_RUBRIC, SECOND_READER, PUBLISHED = "rubric", "reader", "published"
WAYS = [
    (BY_RUBRIC, "classifies each trial by a rubric"),
    (SECOND_READER, "reads the answers that the rules left open"),
    (PUBLISHED, "names a letter for every answer, as the published runner did: to compare with"),
]


class _Endpoints(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}: {obj.model}"


class ScoringForm(forms.Form):
    """Which model is to score a run, and how."""

    way = forms.ChoiceField(
        label="What the model does",
        choices=WAYS,
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

    repeats = forms.IntegerField(
        label="Times it is asked about each trial",
        initial=1,
        required=False,
        min_value=1,
        max_value=MOST_REPEATS,
        help_text="Of a classification. Each answer is stored; what it says most often is the "
        "label, and the share of that is its confidence.",
    )

    def __init__(self, *args: Any, run: Run, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shipped = kind_of(run.instrument.kind).shipped[2]
        if shipped:
            rubric(shipped)  # stores what comes with the site
        models = Endpoint.objects.filter(project=run.project, kind=Endpoint.Kind.OPENAI)
        cast(forms.ModelChoiceField, self.fields["endpoint"]).queryset = models.order_by("name")
        choice = cast(forms.ModelChoiceField, self.fields["rubric"])
        in_reach = Rubric.objects.in_reach_of(run.project).defer("definition")
        own = in_reach.filter(kind=run.instrument.kind).order_by("key", "-id")
        choice.queryset = own
        shown = choice.choices
        choice.queryset = in_reach  # one of another kind is refused by name
        choice.widget.choices = shown
        choice.initial = own.filter(key=shipped).first() or own.first()
        self._offer_ways(run, has_rubric=choice.initial is not None)

    def _offer_ways(self, run: Run, *, has_rubric: bool) -> None:
        """Show what can be done; anything else that was sent is refused by name all the same."""
        kind = kind_of(run.instrument.kind)
        way = cast(forms.ChoiceField, self.fields["way"])
        there_are = [(key, words) for key, words in WAYS if has_rubric or key != BY_RUBRIC]
        if not kind.offers:  # there are no letters to read
            there_are = [(key, words) for key, words in there_are if key == BY_RUBRIC]
        way.widget.choices = there_are
        way.initial = there_are[0][0] if there_are else None
        if not has_rubric:
            way.help_text = (
                f"There is no rubric for an instrument of {kind.name} yet: upload one among the "
                f"definitions, and a model can classify by it. {way.help_text}"
            )
            self.fields["rubric"].widget = forms.HiddenInput()
            self.fields["repeats"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") in (SECOND_READER, PUBLISHED):
            cleaned |= {"rubric": None, "repeats": 1}
        elif "rubric" not in self.errors and not cleaned.get("rubric"):
            self.add_error("rubric", "Choose the rubric to classify by.")
        cleaned["repeats"] = cleaned.get("repeats") or 1
        return cleaned

    @property
    def asked(self) -> dict[str, Any]:
        """How it is to be asked, beside what and of whom."""
        data = self.cleaned_data
        return {"repeats": data["repeats"], "as_published": data["way"] == PUBLISHED}
