"""The form that describes an experiment: every combination of what is ticked is a cell."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from accounts.models import Project
from evaluations.definitions.catalogue import instrument_of, pack_of
from evaluations.instruments.conditions import Field
from evaluations.instruments.kinds import KINDS, all_fields
from evaluations.models import Cell, Endpoint, Frame, Instrument, PromptPack, Run
from evaluations.pages.definition_pages import store_shipped
from evaluations.pages.forms.fields import RowsField
from evaluations.running import planning
from evaluations.running.planning import Design

BASELINE = "none"
MOST_TRIALS = 20_000
"""Trials of one run that a browser may plan; a command plans more."""

SHARED = ("with_goal", "inductions", "value_places")
"""The fields of what every cell has a column for."""

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
    other_packs = RowsField(
        label="In further languages",
        queryset=PromptPack.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Packs that ask the same in other languages, one for each: all conditions and "
        "frames are asked in each of them too.",
    )
    frames = RowsField(
        queryset=Frame.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="The scenes of a prompt pack that leaves a place for one: each that you tick is "
        "asked in all conditions. Tick none for any other pack.",
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, project: Project, kind: str = "", **kwargs: Any) -> None:
        """*kind*: of the instruments to choose from; what was sent goes by its instrument."""
        super().__init__(*args, **kwargs)
        store_shipped()
        self.project = project
        instruments = Instrument.objects.in_reach_of(project).order_by("key", "-id")
        there_are = set(instruments.order_by().values_list("kind", flat=True))
        self.kinds = {key: found.name for key, found in KINDS.items() if key in there_are}
        """The kinds of instrument there are to choose from, with their names."""
        self.kind = KINDS[self._kind(instruments, kind)]
        asked = Endpoint.objects.filter(project=project).exclude(kind=Endpoint.Kind.IMPORTED)
        self._choose("endpoints", asked.order_by("name"))
        self._choose("instrument", instruments.filter(kind=self.kind.key), self.kind.shipped[0])
        self._choose_words(PromptPack.objects.in_reach_of(project).order_by("key", "-id"))
        self._choose("other_packs", self._packs_with_scenes(project))
        self._choose("frames", Frame.objects.in_reach_of(project).order_by("key", "-id"))
        self._offer_targets()
        self._offer_shared()
        for field in self.kind.fields:
            choices = [(_said(value), words) for value, words in field.choices]
            ticks = _ticks(field.label, choices, [_said(field.default)], field.help_text)
            self.fields[f"{field.name}s"] = ticks

    def _kind(self, instruments: QuerySet[Instrument], wanted: str) -> str:
        """The kind of the instrument that was sent, else *wanted*, else the first there is."""
        if self.is_bound:
            try:
                sent = forms.ModelChoiceField(instruments).clean(self.data.get("instrument"))
            except forms.ValidationError:
                pass
            else:
                return sent.kind
        return next(iter([key for key in (wanted, *self.kinds) if key in self.kinds]))

    def _choose(self, name: str, rows: Any, first: str = "") -> None:
        field = cast(forms.ModelChoiceField, self.fields[name])
        field.queryset = rows
        if not isinstance(field, RowsField):
            field.initial = rows.filter(key=first).first() or rows.first()

    def _choose_words(self, packs: QuerySet[PromptPack]) -> None:
        """The prompt packs of the kind to choose from; one of another is refused by name."""
        self._choose("prompt_pack", packs.filter(kind=self.kind.key), self.kind.shipped[1])
        field = cast(forms.ModelChoiceField, self.fields["prompt_pack"])
        shown = field.choices
        field.queryset = packs
        field.widget.choices = shown

    def _packs_with_scenes(self, project: Project) -> QuerySet[PromptPack]:
        """The packs of the kind in reach that tell a scene: what is asked in several languages is
        asked in scenes, whose words are checked beside each other."""
        packs = PromptPack.objects.in_reach_of(project).filter(kind=self.kind.key)
        told = [row.pk for row in packs if pack_of(row).needs_frame]
        return packs.filter(pk__in=told).order_by("key", "-id")

    def _offer_targets(self) -> None:
        """The targets of all instruments of the kind; those of the chosen one can be taken."""
        found: dict[str, str] = {}
        field = cast(forms.ModelChoiceField, self.fields["instrument"])
        for row in cast(QuerySet[Instrument], field.queryset):
            found |= _targets_of(row)
        ticks = cast(forms.MultipleChoiceField, self.fields["target_values"])
        ticks.choices = [*found.items(), (BASELINE, "none: the baseline")]
        ticks.initial = list(_targets_of(cast(Instrument, field.initial))) or [BASELINE]
        ticks.error_messages["invalid_choice"] = (
            f"%(value)s is no target of an instrument of {self.kind.name}."
        )

    def _offer_shared(self) -> None:
        """Of goals, ways and places those that the kind knows; no field where it knows one."""
        known: dict[str, Sequence[str]] = {
            "with_goal": [word for word, _ in GOALS if (word == "yes") in self.kind.shared.goals],
            "inductions": self.kind.shared.inductions,
            "value_places": self.kind.shared.value_places,
        }
        for name, values in known.items():
            field: Any = self.fields[name]
            field.choices = [(value, words) for value, words in field.choices if value in values]
            field.initial = list(values) if name == "with_goal" else list(values[:1])
            field.required = len(values) > 1
            words = " and ".join(str(words) for _, words in field.choices)
            field.error_messages["invalid_choice"] = (
                f"%(value)s: an instrument of {self.kind.name} knows only {words}."
            )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by their titles: those among whose choices there is one to make, or that are
        wrong."""
        frames = cast(forms.ModelMultipleChoiceField, self.fields["frames"]).queryset
        left_out = set() if frames is not None and frames.exists() else {"frames"}
        packs = cast(forms.ModelMultipleChoiceField, self.fields["other_packs"]).queryset
        left_out |= set() if packs is not None and packs.exists() else {"other_packs"}
        left_out |= {name for name in SHARED if not self.fields[name].required}
        left_out -= set(self.errors)
        groups = {
            "Whom to ask": ("name", "endpoints"),
            "Target values": ("target_values", "inductions", "value_places"),
            "Conditions": ("with_goal", *(f"{field.name}s" for field in self.kind.fields)),
            "Material": ("instrument", "prompt_pack", "other_packs", "frames"),
            "Size": ("trials_per_cell", "seed", "note"),
        }
        shown = {
            title: [self[name] for name in names if name not in left_out]
            for title, names in groups.items()
        }
        return [(title, fields) for title, fields in shown.items() if fields]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Run.objects.filter(project=self.project, name=name).exists():
            raise forms.ValidationError("A run of this project has this name: choose another.")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._refuse_others()
        if self.is_described and (trials := self.trials()) > MOST_TRIALS:
            self.add_error(
                "trials_per_cell",
                f"These are {trials:,} trials, a run planned here has at most {MOST_TRIALS:,}: "
                "tick fewer conditions, or use the command run_evaluation.",
            )
        return cleaned

    def _refuse_others(self) -> None:
        """What was sent and belongs to another kind of instrument, or to another instrument."""
        own = {field.name for field in self.kind.fields}
        for name, field in all_fields().items():
            if name not in own and f"{name}s" in self.data:
                words = f"{field.label}: no condition of an instrument of {self.kind.name}."
                self.add_error(None, words)
        chosen = self.cleaned_data.get("instrument")
        ticked = self.cleaned_data.get("target_values")
        if chosen is None or ticked is None:
            return
        known = [*_targets_of(chosen), BASELINE]
        if unknown := [target for target in ticked if target not in known]:
            words = f"{unknown[0]} is no target of {chosen}: it has {', '.join(known)}."
            self.add_error("target_values", words)

    @property
    def is_described(self) -> bool:
        """Whether the design can be counted; a run needs no name for that."""
        return self.is_bound and not set(self.errors) - {"name"}

    def trials(self) -> int:
        """How many the design has; 0 of one that is refused when it is planned."""
        chosen = self.cleaned_data
        material = (chosen["instrument"], self.chosen_packs(), self.chosen_frames())
        try:
            return planning.plan(self.design(), len(chosen["endpoints"]), *material).trials
        except ValueError:
            return 0

    def chosen_packs(self) -> list[PromptPack]:
        """The prompt packs, one for each language; only of a form that `is_described`."""
        chosen = self.cleaned_data
        return [chosen["prompt_pack"], *chosen["other_packs"]]

    def chosen_frames(self) -> list[Frame]:
        """The frames that were ticked; only of a form that `is_described`."""
        return list(self.cleaned_data["frames"])

    def design(self) -> Design:
        """The design as ticked; only of a form that `is_described`."""
        chosen = self.cleaned_data
        return Design(
            targets=["" if target == BASELINE else target for target in chosen["target_values"]],
            with_goal=[goal == "yes" for goal in chosen["with_goal"]] or None,
            inductions=chosen["inductions"] or None,
            value_places=chosen["value_places"] or None,
            own={
                field.name: _values(field, chosen[f"{field.name}s"]) for field in self.kind.fields
            },
            trials_per_cell=chosen["trials_per_cell"],
            seed=chosen["seed"],
        )


def _targets_of(row: Instrument) -> dict[str, str]:
    """What a model can be asked to hold, and its name."""
    asked = instrument_of(row)
    return {target.key: target.name for target in asked.kind.targets(asked.measure)}


def _said(value: Any) -> str:
    """A value of a condition as a form sends it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _values(field: Field, ticked: Iterable[str]) -> list[Any]:
    """The values that were ticked."""
    known = {_said(value): value for value, _ in field.choices}
    return [known[word] for word in ticked if word in known]


class LimitForm(forms.Form):
    """The most that a run may spend, or all runs of its project together."""

    whose = forms.ChoiceField(
        label="Of", choices=[("run", "this run"), ("project", "all runs of the project together")]
    )
    calls = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    tokens = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, help_text="In and out together."
    )
    money = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text="In the currency of the endpoints' prices, which all must state.",
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
