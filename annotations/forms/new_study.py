"""The form of a new study: the settings, and what it is drawn from."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from accounts.models import Project
from annotations.forms.pieces import percent_field
from annotations.forms.settings import SettingsForm
from annotations.kinds import KINDS, kinds_in_words, usual_question
from annotations.models import Study
from annotations.studies.choosing_metric import of_trials
from annotations.studies.drawing import groups
from annotations.studies.studies import MAX_SEED
from evaluations.instruments.kinds import KINDS as INSTRUMENTS
from evaluations.models import Run, Trial
from evaluations.pages.forms.fields import RowsField

UNITS = [choice for choice in Study.Unit.choices if choice[0] != Study.Unit.TEXT]
RUN_NOT_HERE = "A run that was chosen is not in this project any more: choose again."


class NewStudyForm(SettingsForm):
    """What is needed to draw a study from runs. Texts of one's own come in by `TextFileForm`."""

    unit = forms.ChoiceField(
        label="What raters judge",
        choices=UNITS,
        help_text="The goal sentence names the target value: judging it is judging whether the "
        "model understood what it was asked to hold.",
    )
    runs = RowsField(
        queryset=Run.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one run to draw from.",
            "invalid_choice": RUN_NOT_HERE,
            "invalid_pk_value": RUN_NOT_HERE,
        },
        help_text="Complete trials of these runs are drawn, stratified over their cells.",
    )
    metric = forms.ChoiceField(
        label="Automated metric",
        required=False,
        help_text="What the raters are compared with; it can be chosen anew at any time.",
    )
    n = forms.IntegerField(
        label="Items", min_value=1, required=False, help_text="Left empty: all there are."
    )
    share = percent_field("Or a share of all, in %", "Instead of a number of items.")
    seed = forms.IntegerField(
        min_value=0,
        max_value=MAX_SEED,
        initial=0,
        help_text="The same seed draws the same trials in the same order.",
    )
    instructions = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text="What raters read before they judge, in Markdown. About, consent, codebook and "
        "thanks are written on the study's guideline page.",
    )
    SECTIONS = (
        (
            "What is judged",
            "",
            ("name", "unit", "runs", "n", "overlap"),
            False,
        ),
        ("What is asked", "", ("kind", "question", "instructions"), False),
        SettingsForm.SECTIONS[1],
        (
            "Sampling",
            "Shares of the sample that go to trials of interest, each at most as many as there "
            "are. A trial that belongs to several counts to the first. Weights undo it in reports.",
            ("metric", "seed", "share"),
            True,
        ),
        *SettingsForm.SECTIONS[2:],
    )

    instrument = ""
    """The kind of the runs to choose from; '' where the project has none."""

    def __init__(self, *args: Any, project: Project, kind: str = "", **kwargs: Any) -> None:
        """*kind*: of the instrument of the runs to choose from; what was sent goes by its runs."""
        super().__init__(*args, **kwargs)
        runs = Run.objects.filter(project=project)
        there_are_of = set(runs.values_list("instrument__kind", flat=True))
        self.kinds = {key: of.name for key, of in INSTRUMENTS.items() if key in there_are_of}
        """The kinds of instrument that the project has runs of, with their names."""
        self.instrument = self._kind(runs, kind)
        self._choose_runs(runs)
        there_are = groups(self.instrument)
        self.share_fields = {f"share_{group}": group for group in there_are}
        for name, group in self.share_fields.items():
            self.fields[name] = percent_field(f"{there_are[group]}, in %")
        self.fields["metric"].choices = [  # type: ignore[attr-defined]
            ("", "the instrument's own"),
            *of_trials(Trial.objects.filter(run__project=project)),
        ]
        self.others = {
            f"share_{group}": words for group, words in groups().items() if group not in there_are
        }
        """The shares that trials of another kind have, in words."""
        self.fit(self.instrument)
        self.fields["kind"].required = False
        self.fields["kind"].help_text = "The usual one is that of the instrument of the runs."
        self.initial["kind"] = ""

    def fit(self, instrument: str) -> None:
        """As of any study. What trials of the kind cannot be asked is not offered; it can be sent,
        to be told why not."""
        super().fit(instrument)
        kind = cast(forms.ChoiceField, self.fields["kind"])
        kind.choices = [("", ""), *kinds_in_words().items()]
        usual = ("", f"the usual question: {self.usual_question}")
        kind.widget.choices = [usual, *kinds_in_words(instrument).items()]
        if instrument and True not in INSTRUMENTS[instrument].shared.goals:
            unit = cast(forms.ChoiceField, self.fields["unit"])
            unit.choices = [one for one in UNITS if one[0] != Study.Unit.GOAL]
            unit.help_text = ""

    def _kind(self, runs: QuerySet[Run], wanted: str) -> str:
        """The kind of the runs that were sent, else *wanted*, else the first there is."""
        sent = self.data.getlist("runs") if hasattr(self.data, "getlist") else []
        numbers = [int(key) for key in sent if key.isdecimal() and len(key) < 19]
        first = runs.filter(pk__in=numbers).values_list("instrument__kind", flat=True).first()
        return next((key for key in (first, wanted, *self.kinds) if key in self.kinds), "")

    def _choose_runs(self, runs: QuerySet[Run]) -> None:
        """The runs of the kind to choose from; those of several are refused by name."""
        field = cast(forms.ModelMultipleChoiceField, self.fields["runs"])
        field.queryset = runs.filter(instrument__kind=self.instrument) if self.instrument else runs
        shown = field.choices
        field.queryset = runs
        field.widget.choices = shown

    @property
    def usual_question(self) -> str:
        """What a new study asks unless something else is chosen, in words."""
        return kinds_in_words()[usual_question(self.instrument or next(iter(KINDS)))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, words in self.others.items():
            if self.data.get(name):
                of = INSTRUMENTS[self.instrument].name if self.instrument else "no run"
                self.add_error(None, f"{words}: there is no such group among trials of {of}.")
        return data

    def names_in(self, title: str, names: Sequence[str]) -> Sequence[str]:
        return (*names, *self.share_fields) if title == "Sampling" else names

    def plan(self) -> dict[str, Any]:
        """The arguments of `studies.create_study`, but for project and person."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "runs": list(data["runs"]),
            "n": data["n"],
            "share": None if data["share"] is None else data["share"] / 100,
            "shares": {
                group: data[name] / 100 for name, group in self.share_fields.items() if data[name]
            },
            "seed": data["seed"],
            "metric": data["metric"],
            "instructions": data["instructions"],
            "settings": self.settings() | {"unit": data["unit"]},
        }

    def settings(self) -> dict[str, Any]:
        """As for any study; the kind is left out where the usual question is asked."""
        found = super().settings()
        return found if found["kind"] else {k: v for k, v in found.items() if k != "kind"}
