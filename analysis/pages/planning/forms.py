"""The questions of the planning page, one form a question, filled in from a pilot where there is
one."""

from __future__ import annotations

from typing import Any

from django import forms

from analysis.kinds import kind_of
from analysis.pages.planning.pilot import Pilot
from analysis.pages.planning.planner import (
    Pace,
    Plan,
    TrialsPlan,
    plan_agreement,
    plan_numbers,
    plan_trials,
)
from analysis.sections.kind import Kind
from analysis.statistics.numbers.icc_forms import rater_part

MOST = 99.0
MOST_RATERS, MOST_SHARES = 50, 20
LEAST_SECONDS = 0.1


def _number(label: str, low: float, high: float, step: float, help_text: str = "") -> Any:
    attrs = {"step": f"{step:g}", "inputmode": "decimal"}
    widget = forms.NumberInput(attrs=attrs)
    return forms.FloatField(
        label=label, min_value=low, max_value=high, widget=widget, help_text=help_text
    )


class QuestionForm(forms.Form):
    """A question; *kind*: of the instrument whose trials are judged."""

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind


class PaceForm(QuestionForm):
    """Asks what one judgment takes; every question of judgments needs it."""

    seconds = _number("Seconds a judgment takes", LEAST_SECONDS, 86_400, 0.1)
    price = _number("Price of an hour of rating", 0, 100_000, 0.01, "In your currency.")

    def pace(self) -> Pace:
        return Pace(self.cleaned_data["seconds"], self.cleaned_data["price"])


class AgreementForm(PaceForm):
    """How many items for the agreement on categories."""

    expected = _number("Agreement you expect", 0.05, 0.99, 0.01, "Kappa or alpha, from 0 to 1.")
    width = _number("Width of the interval you want", 0.01, 1, 0.01, "From lower to upper end.")
    raters = forms.IntegerField(label="Judgments per item", min_value=2, max_value=MOST_RATERS)
    shares = forms.CharField(
        label="Share of each category, %",
        max_length=200,
        help_text="One number a category, separated by commas.",
    )
    field_order = ["expected", "width", "raters", "shares", "seconds", "price"]

    def clean_shares(self) -> list[float]:
        """The shares as numbers; they need not add up to 100."""
        said = self.cleaned_data["shares"].replace("%", " ").replace(";", ",")
        try:
            shares = [float(part) for part in said.split(",") if part.strip()]
        except ValueError as error:
            raise forms.ValidationError(
                "Give numbers separated by commas, such as 10, 45, 35, 10."
            ) from error
        if not 2 <= len(shares) <= MOST_SHARES or not all(0 < share < 1e6 for share in shares):
            raise forms.ValidationError(f"Give 2 to {MOST_SHARES} shares, each above 0.")
        return shares

    def plan(self) -> Plan:
        """The plan; NoPlan when there is none."""
        data = self.cleaned_data
        return plan_agreement(
            data["expected"], data["width"], data["shares"], data["raters"], self.pace()
        )

    @staticmethod
    def start(pilot: Pilot | None, kind: Kind) -> dict[str, Any]:
        """What the form holds before anybody has typed."""
        values: dict[str, Any] = {
            "expected": 0.7,
            "width": 0.2,
            "raters": 3,
            "shares": "10, 45, 35, 10",
        }
        if pilot is None:
            return values
        values["raters"] = _raters(pilot)
        if pilot.agreement.defined:
            lowest = values["width"]  # below it the interval would reach beyond 0: no plan
            values["expected"] = round(min(0.99, max(lowest, pilot.agreement.value)), 2)
        if len(used := [share for _, share in pilot.shares if share > 0]) > 1:
            values["shares"] = ", ".join(f"{100 * share:.3g}" for share in _fewer(used))
        return values


class NumbersForm(PaceForm):
    """How many items and raters for the agreement on numbers."""

    expected = _number("ICC you expect", 0.05, 0.99, 0.01, "Of one rater, from 0 to 1.")
    width = _number("Width of the interval you want", 0.01, 1, 0.01, "From lower to upper end.")
    raters = forms.IntegerField(label="Judgments per item", min_value=2, max_value=MOST_RATERS)
    assurance = _number(
        "How sure you want to be, %", 50, MOST, 1, "Share of studies that reach this width."
    )
    reliability = _number(
        "Reliability of the raters' mean", 0.05, 0.99, 0.01, "For the number of raters."
    )
    pool = forms.IntegerField(
        label="Raters in all",
        min_value=2,
        max_value=1000,
        help_text="For the simulation: they share the items.",
    )
    differ = _number(
        "How far raters differ, %",
        0,
        1000,
        1,
        "For the simulation: variance between raters, as a part of the residual variance.",
    )
    field_order = [
        *("expected", "width", "raters", "pool", "differ", "assurance", "reliability"),
        *("seconds", "price"),
    ]

    def clean_pool(self) -> int:
        pool: int = self.cleaned_data["pool"]
        if pool < self.cleaned_data.get("raters", 0):
            raise forms.ValidationError(
                "Give at least as many raters as judgments per item: nobody judges an item twice."
            )
        return pool

    def plan(self) -> Plan:
        """The plan; NoPlan when there is none."""
        data = self.cleaned_data
        return plan_numbers(
            data["expected"],
            data["width"],
            data["raters"],
            self.pace(),
            assurance=data["assurance"] / 100,
            reliability=data["reliability"],
            pool=data["pool"],
            differ=data["differ"] / 100,
        )

    @staticmethod
    def start(pilot: Pilot | None, kind: Kind) -> dict[str, Any]:
        """What the form holds before anybody has typed."""
        values = {
            "expected": 0.7,
            "width": 0.2,
            "raters": 5,
            "pool": 5,
            "differ": 25,
            "assurance": 80,
            "reliability": 0.9,
        }
        if pilot is None:
            return values
        values["raters"] = _raters(pilot)
        values["pool"] = min(1000, max(values["raters"], pilot.consistency.n.get("raters", 0)))
        if pilot.consistency.defined:
            values["expected"] = round(min(0.99, max(0.05, pilot.consistency.value)), 2)
            part = rater_part(pilot.consistency)
            values["differ"] = values["differ"] if part is None else round(min(1000, 100 * part))
        return values


class TrialsForm(QuestionForm):
    """How many trials a cell, in the unit of their numbers."""

    cells = forms.IntegerField(
        label="Cells", min_value=1, max_value=100_000, help_text="Models x values x conditions."
    )
    seconds = _number("Seconds a trial takes", LEAST_SECONDS, 86_400, 0.1)
    price = _number("Price of an hour of running", 0, 100_000, 0.01, "In your currency.")
    field_order = ["within_sd", "mdc", "cells", "seconds", "price"]

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, **kwargs)
        most, unit = kind.scatter.most, kind.unit.name
        self.fields["within_sd"] = _number(
            "Spread of trials within a cell", 0.01, most, 0.01, f"SD, in {unit}."
        )
        self.fields["mdc"] = _number(
            "Difference you want to see", 0.1, most, 0.1, f"Between two cells, in {unit}."
        )
        self.order_fields(self.field_order)

    def plan(self) -> TrialsPlan:
        """The plan; NoPlan when there is none."""
        data = self.cleaned_data
        pace = Pace(data["seconds"], data["price"])
        return plan_trials(data["within_sd"], data["mdc"], data["cells"], pace)

    @staticmethod
    def start(pilot: Pilot | None, kind: Kind) -> dict[str, Any]:
        """What the form holds before anybody has typed."""
        usual = kind.scatter
        values: dict[str, Any] = {"within_sd": usual.within, "mdc": usual.difference}
        values |= {"cells": 8, "seconds": 15, "price": 0}
        if pilot is None:
            return values
        if pilot.within_sd.defined and pilot.within_sd.value > 0:
            values["within_sd"] = max(0.01, round(pilot.within_sd.value, 2))
        if pilot.cells:
            values["cells"] = pilot.cells
        if pilot.trial_seconds:
            values["seconds"] = _seconds(pilot.trial_seconds)
        return values


def _raters(pilot: Pilot) -> int:
    """Judgments an item as in the pilot, within what the form takes."""
    return min(MOST_RATERS, max(2, pilot.raters_per_item))


def _fewer(shares: list[float]) -> list[float]:
    """The largest shares, as many as the form takes; the last stands for all that are rarer."""
    return [*shares[: MOST_SHARES - 1], *filter(None, [sum(shares[MOST_SHARES - 1 :])])]


def _seconds(measured: float) -> float:
    return max(LEAST_SECONDS, round(measured, 1))


QUESTIONS: dict[str, type[AgreementForm] | type[NumbersForm] | type[TrialsForm]] = {
    "agreement": AgreementForm,
    "numbers": NumbersForm,
    "trials": TrialsForm,
}


def filled(
    question: str, pilot: Pilot | None, given: dict[str, Any]
) -> AgreementForm | NumbersForm | TrialsForm:
    """The form of a question with what was *given*, the rest from the pilot where it has it; in the
    unit of the pilot's kind of instrument, or of the usual one."""
    kind = kind_of({} if pilot is None else {"instrument": pilot.instrument})
    form = QUESTIONS[question]
    values = form.start(pilot, kind)
    if form is not TrialsForm:
        pace = 30.0 if pilot is None or pilot.seconds is None else _seconds(pilot.seconds)
        values |= {"seconds": pace, "price": 15}
    return form(values | given, kind=kind)
