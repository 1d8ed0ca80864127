"""What forms of a study are made of: their parts, fields in percent, what a tolerance is for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms

from annotations.kinds import own_questions, questions_of


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form. A folded one opens by itself where something in it is set or wrong."""

    title: str
    lead: str
    fields: Sequence[forms.BoundField]
    is_folded: bool
    is_open: bool


def percent_field(label: str, help_text: str = "") -> forms.FloatField:
    return forms.FloatField(
        label=label, min_value=0, max_value=100, required=False, help_text=help_text
    )


def tolerance_in_words(instrument: str = "") -> str:
    """What the tolerance is for, and what it is unless it is set for each kind of question that a
    kind of *instrument* brings; for texts ('') those of all."""
    asked_for = questions_of(instrument) if instrument else own_questions()
    kinds = [kind for kind in asked_for.values() if kind.tolerance is not None]
    usual = [f"{kind.with_unit(f'{kind.tolerance:g}')} for {kind.plural}, " for kind in kinds]
    asked = "".join(f" or for {kind.plural}" for kind in kinds)
    return (
        f"On an interval scale{asked}: items whose raters lie further apart go to a reviewer. Left "
        f"empty: {''.join(usual)}no limit for other scales."
    )
