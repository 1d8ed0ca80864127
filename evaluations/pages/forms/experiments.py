"""The form that describes an experiment: every combination of what is ticked is a cell."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from accounts.models import Project
from evaluations.definitions.catalogue import DEFAULT_INSTRUMENT, DEFAULT_PACK, instrument_of
from evaluations.instruments.conditions import Field
from evaluations.instruments.kinds import all_fields
from evaluations.models import Cell, Endpoint, Frame, Instrument, PromptPack, Run
from evaluations.pages.definition_pages import store_shipped
from evaluations.pages.forms.fields import RowsField
from evaluations.running import planning
from evaluations.running.planning import Design

BASELINE = "none"
MOST_TRIALS = 20_000
"""Trials of one run that a browser may plan; a command plans more."""

GOALS = [("yes", "with goal"), ("no", "without goal")]


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
    target_values = _ticks("Target values", [], [])
    with_goal = _ticks("Goal", GOALS, ["yes", "no"], "Whether the model first states a goal.")
    inductions = _ticks("How the value is given", Cell.Induction.choices[:2], ["name"])
    value_places = _ticks("Where the value is given", Cell.ValuePlace.choices, ["dialogue"])
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
    frames = RowsField(
        queryset=Frame.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="The scenes of a prompt pack that leaves a place for one: each that you tick is "
        "asked in all conditions. Tick none for any other pack.",
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    GROUPS = {
        "Whom to ask": ("name", "endpoints"),
        "Target values": ("target_values", "inductions", "value_places"),
        "Conditions": ("with_goal", *(f"{name}s" for name in all_fields())),
        "Material": ("instrument", "prompt_pack", "frames"),
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
        self._choose("frames", Frame.objects.in_reach_of(project).order_by("key", "-id"))
        self._offer_targets(instruments)
        self._offer_conditions()

    def _offer_targets(self, instruments: Iterable[Instrument]) -> None:
        """The targets of all instruments that can be chosen; those of the chosen one count."""
        found: dict[str, str] = {}
        for row in instruments:
            asked = instrument_of(row)
            found |= {target.key: target.name for target in asked.kind.targets(asked.measure)}
        field = cast(forms.MultipleChoiceField, self.fields["target_values"])
        field.choices = [*found.items(), (BASELINE, "none: the baseline")]
        field.initial = list(found)

    def _offer_conditions(self) -> None:
        """What the kinds vary; that which the chosen instrument's kind varies counts."""
        for name, field in all_fields().items():
            choices = [(_said(value), words) for value, words in field.choices]
            ticks = _ticks(field.label, choices, [_said(field.default)], field.help_text)
            self.fields[f"{name}s"] = ticks

    def _choose(self, name: str, rows: Any, first: str = "") -> None:
        field = cast(forms.ModelChoiceField, self.fields[name])
        field.queryset = rows
        if first:
            field.initial = rows.filter(key=first).first()

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by their titles; frames where there are some to choose from."""
        frames = cast(forms.ModelMultipleChoiceField, self.fields["frames"]).queryset
        left_out = set() if frames is not None and frames.exists() else {"frames"}
        return [
            (title, [self[name] for name in names if name not in left_out])
            for title, names in self.GROUPS.items()
        ]

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
        cells = len(planning.crossed(design, kind, self.chosen_frames()))
        cells *= len(self.cleaned_data["endpoints"])
        return cells * design.trials_per_cell

    def chosen_frames(self) -> list[Frame]:
        """The frames that were ticked; only of a form that `is_described`."""
        return list(self.cleaned_data["frames"])

    def design(self) -> Design:
        """The design as ticked; only of a form that `is_described`."""
        chosen = self.cleaned_data
        asked = instrument_of(chosen["instrument"])
        targets = {target.key for target in asked.kind.targets(asked.measure)}
        return Design(
            targets=[
                "" if target == BASELINE else target
                for target in chosen["target_values"]
                if target in targets or target == BASELINE
            ],
            with_goal=[goal == "yes" for goal in chosen["with_goal"]],
            inductions=chosen["inductions"],
            value_places=chosen["value_places"],
            own={
                field.name: _values(field, chosen[f"{field.name}s"]) for field in asked.kind.fields
            },
            trials_per_cell=chosen["trials_per_cell"],
            seed=chosen["seed"],
        )


def _said(value: Any) -> str:
    """A value of a condition as a form sends it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _values(field: Field, ticked: Iterable[str]) -> list[Any]:
    """The values that were ticked."""
    known = {_said(value): value for value, _ in field.choices}
    return [known[word] for word in ticked if word in known]


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
