"""The form that describes an experiment: every combination of what is ticked is a cell."""

from typing import Any, cast

from django import forms

from accounts.models import Project
from evaluations.definitions.catalogue import DEFAULT_INSTRUMENT, DEFAULT_PACK, instrument_of
from evaluations.models import Cell, Endpoint, Instrument, PromptPack, Run, ValueOrientation
from evaluations.pages.definition_pages import store_shipped
from evaluations.pages.form_fields import RowsField
from evaluations.running.planning import Design

BASELINE = "none"
MOST_TRIALS = 20_000
"""Trials of one run that a browser may plan; a command plans more."""

GOALS = [("yes", "with goal"), ("no", "without goal")]
SCALES = [("1", "as printed"), ("10", "ten times"), ("100", "a hundred times"), ("0.1", "a tenth")]


def _ticks(label: str, choices: list[tuple[str, str]], first: list[str], help_text: str = ""):
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        initial=first,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


class ExperimentForm(forms.Form):
    """Endpoints x target values x conditions x trials, on one instrument with one prompt pack."""

    name = forms.CharField(label="Name of the run", max_length=120)
    endpoints = RowsField(queryset=Endpoint.objects.none(), widget=forms.CheckboxSelectMultiple)
    target_values = _ticks(
        "Target values",
        [*ValueOrientation.choices, (BASELINE, "none: the baseline")],
        ValueOrientation.values,
    )
    with_goal = _ticks("Goal", GOALS, ["yes", "no"], "Whether the model first states a goal.")
    inductions = _ticks("How the value is given", Cell.Induction.choices[:2], ["name"])
    value_places = _ticks("Where the value is given", Cell.ValuePlace.choices, ["dialogue"])
    option_orders = _ticks("Order of the options", Cell.OptionOrder.choices, ["printed"])
    payoff_scales = _ticks(
        "Payoffs", SCALES, ["1"], "Another unit keeps the geometry, and tells memory from choice."
    )
    answer_formats = _ticks("Answer", Cell.AnswerFormat.choices, ["free"])
    item_sets = _ticks("Items", Cell.ItemSet.choices, ["primary"])
    trials_per_cell = forms.IntegerField(
        label="Trials in each cell", min_value=1, max_value=1000, initial=10
    )
    seed = forms.IntegerField(
        initial=0,
        min_value=0,
        max_value=2**31 - 1,
        help_text="The same seed plans the same trials.",
    )
    instrument = forms.ModelChoiceField(queryset=Instrument.objects.none(), empty_label=None)
    prompt_pack = forms.ModelChoiceField(queryset=PromptPack.objects.none(), empty_label=None)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    GROUPS = {
        "Whom to ask": ("name", "endpoints"),
        "Target values": ("target_values", "inductions", "value_places"),
        "Conditions": (
            "with_goal",
            "option_orders",
            "payoff_scales",
            "answer_formats",
            "item_sets",
        ),
        "Material": ("instrument", "prompt_pack"),
        "Size": ("trials_per_cell", "seed", "note"),
    }
    """The fields in the groups the page shows."""

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store_shipped()
        self.project = project
        asked = Endpoint.objects.filter(project=project).exclude(kind=Endpoint.Kind.IMPORTED)
        self._choose("endpoints", asked.order_by("name"))
        instruments = Instrument.objects.in_reach_of(project)
        prompt_packs = PromptPack.objects.in_reach_of(project)
        self._choose("instrument", instruments.order_by("key", "-id"), DEFAULT_INSTRUMENT)
        self._choose("prompt_pack", prompt_packs.order_by("key", "-id"), DEFAULT_PACK)

    def _choose(self, name: str, rows: Any, first: str = "") -> None:
        field = cast(forms.ModelChoiceField, self.fields[name])
        field.queryset = rows
        if first:
            field.initial = rows.filter(key=first).first()

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS.items()]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Run.objects.filter(project=self.project, name=name).exists():
            raise forms.ValidationError("A run of this project has this name: choose another.")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_described and (trials := self.trials()) > MOST_TRIALS:
            self.add_error(
                "trials_per_cell",
                f"These are {trials:,} trials, a run planned here has at most {MOST_TRIALS:,}: "
                "tick fewer conditions, or use the command run_evaluation.",
            )
        return cleaned

    @property
    def is_described(self) -> bool:
        """Whether the design can be counted; a run needs no name for that."""
        return self.is_bound and not set(self.errors) - {"name"}

    def trials(self) -> int:
        design = self.design()
        kind = instrument_of(self.cleaned_data["instrument"]).kind
        cells = len(design.conditions(kind)) * len(self.cleaned_data["endpoints"])
        return cells * design.trials_per_cell

    def design(self) -> Design:
        """The design as ticked; only of a form that `is_described`."""
        chosen = self.cleaned_data
        return Design(
            targets=["" if value == BASELINE else value for value in chosen["target_values"]],
            with_goal=[goal == "yes" for goal in chosen["with_goal"]],
            inductions=chosen["inductions"],
            value_places=chosen["value_places"],
            own={
                "option_order": chosen["option_orders"],
                "answer_format": chosen["answer_formats"],
                "item_set": chosen["item_sets"],
                "payoff_scale": [float(scale) for scale in chosen["payoff_scales"]],
            },
            trials_per_cell=chosen["trials_per_cell"],
            seed=chosen["seed"],
        )


class ExtendForm(forms.Form):
    """A larger number of trials for every cell of a run."""

    def __init__(self, *args: Any, run: Run, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run
        least = run.trials_per_cell + 1
        self.fields["trials_per_cell"] = forms.IntegerField(
            label="Trials in each cell, from now on", min_value=least, max_value=1000, initial=least
        )

    def clean_trials_per_cell(self) -> int:
        number = self.cleaned_data["trials_per_cell"]
        if (trials := number * self.run.cells.count()) > MOST_TRIALS:
            raise forms.ValidationError(
                f"These would be {trials:,} trials, a run extended here has at most "
                f"{MOST_TRIALS:,}: give a smaller number, or use the command change_run."
            )
        return number
