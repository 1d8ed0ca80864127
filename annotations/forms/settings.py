"""The form of what can be set of a study: one screen for a simple one, the rest folded away."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.kept_words import lost_changes
from annotations.base import DECLARED
from annotations.files.declared_ranges import Ends, ends_of
from annotations.files.item_files import LANGUAGE_TAG, MAX_LANGUAGE
from annotations.forms.further_questions import words_of
from annotations.forms.pieces import Section, percent_field, tolerance_in_words
from annotations.forms.review_settings import ReviewFields
from annotations.kinds import kinds_in_words
from annotations.models import Study
from annotations.questions.own_measures import names_for
from annotations.studies.settings import kind_of_trials, why_fixed
from annotations.studies.studies import MAX_OVERLAP

PERCENT = {"repeat_share": "repeat_percent", "qualification_pass": "qualification_percent"}
"""Shares of the study, and the fields that hold them in percent."""

FIELD_OF = PERCENT | {"ranges": "ends"}
"""What the study keeps under one name and the form asks for under another."""


class SettingsForm(ReviewFields):
    """What can be set of any study; for an existing one, give it as *study*."""

    name = forms.CharField(
        max_length=120,
        help_text="Raters see this name: keep the model and the target value out of it.",
    )
    kind = forms.ChoiceField(
        label="What raters are asked for", choices=lambda: kinds_in_words().items()
    )
    question = forms.CharField(
        label="The question",
        max_length=300,
        required=False,
        help_text="In your words. Left empty: the usual question for what is asked.",
    )
    scale = forms.ChoiceField(label="Scale", choices=Study.Scale.choices, required=False)
    categories = forms.CharField(
        label="Answers",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text="One a line: the answers in their order, or the dimensions of a vector. Empty "
        "for an interval scale.",
    )
    ways_out = forms.CharField(
        label="Ways out",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text="One a line: those of the answers by which a rater says that an item cannot be "
        "judged, such as a refusal. Reports give their numbers with these and without. Left empty: "
        "every answer is a value.",
    )
    tolerance = forms.FloatField(
        min_value=0,
        required=False,
        label="Values may lie this far apart",
    )
    ends = forms.CharField(
        label="Ends of an interval scale",
        max_length=60,
        required=False,
        help_text="The lowest and the highest number that can be given, such as 0 10; raters who "
        "give another are asked again. Left empty: any number.",
    )
    overlap = forms.IntegerField(
        label="Judgments per item", min_value=1, max_value=MAX_OVERLAP, initial=3
    )
    cap = forms.IntegerField(
        label="Most items per rater",
        min_value=1,
        required=False,
        help_text="Skipped ones count too. Left empty: no limit.",
    )
    repeat_percent = percent_field(
        "Items shown twice to the same rater, in %",
        "Tells how far raters agree with themselves. Repeats are not counted in reports.",
    )
    option_order = forms.ChoiceField(
        label="Order of the answers", choices=Study.OptionOrder.choices
    )
    language = forms.RegexField(
        LANGUAGE_TAG,
        label="Language of the study",
        max_length=MAX_LANGUAGE,
        help_text="In which the question, the texts and the instructions are written: its tag, such"
        " as en, es, zh-hans, ar or de.",
        error_messages={"invalid": "A language tag such as en or pt-BR is needed."},
    )
    raters_are = forms.ChoiceField(
        label="The raters are",
        choices=[("", "not declared"), *Study.Raters.choices],
        required=False,
        help_text="The alternative annotator test, whether a metric may stand in for a rater, is "
        "made at this epsilon. It can't change once somebody has judged; not declared: 0.1, and "
        "the report says so.",
    )
    asks_own_measure = forms.BooleanField(required=False)
    least_judged = forms.IntegerField(
        label="Least number judged",
        min_value=1,
        required=False,
        initial=1,
        help_text="Fewer earn the code of the invitation for too few judged, unless nothing was "
        "skipped and nothing is left. Left empty: 1.",
    )
    most_skipped = forms.IntegerField(
        label="Most skipped", min_value=0, required=False, help_text="Left empty: no limit."
    )
    on_deletion = forms.ChoiceField(
        label="When a rater asks for their data to be deleted, judgments are",
        choices=Study.OnDeletion.choices,
        help_text="Raters are told this before they consent.",
    )
    control_every = forms.IntegerField(
        label="One control item among so many",
        min_value=2,
        required=False,
        help_text="Gold items and attention checks are mixed in. Left empty: none.",
    )
    control_feedback = forms.BooleanField(
        label="Tell raters after a gold item what was expected", required=False
    )
    attention_limit = forms.IntegerField(
        label="Missed attention checks that end a rater's part",
        min_value=1,
        required=False,
        help_text="Left empty: none ends it.",
    )
    qualification_percent = percent_field(
        "Qualification items that must be right, in %", "Left empty: everybody goes on."
    )

    SECTIONS: Sequence[tuple[str, str, Sequence[str], bool]] = (
        ("What is asked", "", ("name", "kind", "question", "overlap"), False),
        (
            "A scale of your own",
            "For 'a scale of one's own' above, and how far apart numbers may lie.",
            ("scale", "categories", "ways_out", "ends", "tolerance"),
            True,
        ),
        (
            "Raters",
            "How much each of them does, in which order and language.",
            (
                *(
                    "raters_are",
                    "cap",
                    "repeat_percent",
                    "option_order",
                    "language",
                    "asks_own_measure",
                ),
                "on_deletion",
            ),
            True,
        ),
        (
            "What earns the completion code",
            "For people who come by an invitation. They are told before they begin.",
            ("least_judged", "most_skipped"),
            True,
        ),
        (
            "Control items",
            "The items themselves are added once the study is drawn.",
            ("control_every", "control_feedback", "attention_limit", "qualification_percent"),
            True,
        ),
        ReviewFields.REVIEWING,
    )

    def __init__(self, *args: Any, study: Study | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = initial_of(study or Study()) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.study = study
        self.fit(kind_of_trials(study) if study else "")
        self.fixed = why_fixed(study) if study else {}
        for name, words in self.fixed.items():
            if (field := self.fields.get(FIELD_OF.get(name, name))) is not None:
                field.disabled = True
                field.help_text = "" if self.is_all_fixed else words

    unasked: Sequence[str] = ()
    """Fields that go with nothing that can be chosen."""

    def fit(self, instrument: str) -> None:
        """Offer what can be asked and done of trials of a kind of *instrument*; of texts ('')
        everything. A field that goes with none of it is shown where it was sent all the same."""
        asked_for = kinds_in_words(instrument).items()
        self.fields["kind"].choices = list(asked_for)  # type: ignore[attr-defined]
        self.fields["tolerance"].help_text = tolerance_in_words(instrument)
        measures = names_for(instrument)
        words = f"Raters take {' or '.join(measures) or 'a measure'} themselves first"
        self.fields["asks_own_measure"].label = words
        self.unasked = () if measures else ("asks_own_measure",)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.lost = lost_changes(self)
        for bound in self.lost:
            why = next(
                w for name, w in self.fixed.items() if FIELD_OF.get(name, name) == bound.name
            )
            self.add_error(None, f"{bound.label}: not stored. {why}")
        return data

    def clean_ends(self) -> Ends | None:
        given = self.cleaned_data["ends"].replace(";", " ").split()
        try:
            return ends_of(given, "this scale") if given else None
        except ValueError as error:
            raise forms.ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error

    @property
    def is_all_fixed(self) -> bool:
        """Whether nothing can change any more; the page then says why once."""
        return len(set(self.fixed.values())) == 1 and "name" in self.fixed

    def sections(self) -> list[Section]:
        return [
            self._section(
                title,
                lead,
                [name for name in self.names_in(title, names) if self._is_shown(name)],
                is_folded,
            )
            for title, lead, names, is_folded in self.SECTIONS
        ]

    def names_in(self, title: str, names: Sequence[str]) -> Sequence[str]:
        """The fields of a section: *names*, and those that depend on what there is."""
        return names

    def _is_shown(self, name: str) -> bool:
        return name not in self.unasked or bool(self.errors.get(name))

    def _section(self, title: str, lead: str, names: Sequence[str], is_folded: bool) -> Section:
        is_open = any(self.errors.get(name) or self._is_set(name) for name in names)
        return Section(title, lead, [self[name] for name in names], is_folded, is_open)

    def _is_set(self, name: str) -> bool:
        """Whether the field holds something else than the form of a new study would show."""
        usual = initial_of(Study()).get(name, self.fields[name].initial)
        value = self[name].value()
        return value not in (None, "", [], usual, str(usual))

    def settings(self) -> dict[str, Any]:
        """The settings as `study_settings.apply` takes them; what can't change is left out."""
        data = self.cleaned_data
        found = {
            name: data[name]
            for name in (
                *("kind", "question", "scale", "tolerance", "overlap", "cap", "option_order"),
                *("language", "asks_own_measure", "on_deletion", "control_every"),
                *("control_feedback", "attention_limit", "raters_are", "most_skipped"),
                "reason_required",
            )
        }
        found["least_judged"] = data["least_judged"] or 1
        found["scale"] = data["scale"] or Study.Scale.NOMINAL
        found["quick_reasons"] = words_of(data["quick_reasons"])
        found["categories"] = words_of(data["categories"])
        found["ways_out"] = words_of(data["ways_out"])
        if found["scale"] == Study.Scale.INTERVAL:
            found["categories"] = []
        found["ranges"] = self._ranges()
        found["repeat_share"] = (data["repeat_percent"] or 0) / 100
        percent = data["qualification_percent"]
        found["qualification_pass"] = None if percent is None else percent / 100
        return {name: value for name, value in found.items() if name not in self.fixed}

    def _ranges(self) -> dict[str, Any]:
        """What the study declares of numbers: its metrics' as before, its raters' as given."""
        kept = dict(self.study.ranges) if self.study else {}
        kept.pop("raters", None)
        ends = self.cleaned_data["ends"]
        return kept | ({"raters": list(ends)} if ends else {})

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Show *errors* (by study field) at the fields they belong to, else above the form."""
        for name, words in errors.items():
            field = FIELD_OF.get(name, name)
            self.add_error(field if field in self.fields else None, words)


def initial_of(study: Study) -> dict[str, Any]:
    """The fields as *study* has them; of an unsaved one: the usual values."""
    names = [name for name in SettingsForm.base_fields if hasattr(study, name)]
    values = {name: getattr(study, name) for name in names}
    own_scale = study.kind == DECLARED
    for name in ("categories", "ways_out"):
        values[name] = "\n".join(getattr(study, name)) if own_scale else ""
    values["quick_reasons"] = "\n".join(study.quick_reasons)
    values["ends"] = " ".join(f"{end:g}" for end in study.ranges.get("raters", ()))
    for share, field in PERCENT.items():
        value = getattr(study, share)
        values[field] = None if not value and share == "repeat_share" else _percent(value)
    return values


def _percent(share: float | None) -> float | None:
    """In percent, a whole number as one."""
    percent = None if share is None else round(100 * share, 6)
    return int(percent) if percent is not None and percent.is_integer() else percent
