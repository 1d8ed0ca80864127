"""Targets that the instruments of a study bring beside the published ones."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from annotations.models import Item, Study
from evaluations.definitions.catalogue import instrument_of
from evaluations.instruments.values.definitions import PromptSet
from evaluations.instruments.values.targets import PUBLISHED
from evaluations.models import Instrument


def own_targets(study: Study) -> dict[str, Any]:
    """``targets``: each as its file has it; nothing where there is none, which keeps the hash."""
    judged = Item.objects.filter(study=study, trial__isnull=False)
    rows = Instrument.objects.filter(pk__in=judged.values("trial__run__instrument")).order_by("pk")
    found = {
        (target.key, target.version): asdict(target)
        for row in rows
        if isinstance(measure := instrument_of(row).measure, PromptSet)
        for target in measure.targets
        if target not in PUBLISHED
    }
    return {"targets": list(found.values())} if found else {}
