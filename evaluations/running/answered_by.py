"""Whether the same model answered a whole run: names and fingerprints that endpoints returned.

A name in the settings can stand for another model from one day to the next, and a provider changes
what runs behind it; both show in what an answer is signed with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from evaluations.models import Run, Turn


@dataclass(frozen=True)
class Signature:
    """Who signed the last answer of `trials` trials, of which the first began at `since` and the
    last at `until`."""

    model: str
    fingerprint: str
    trials: int
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True)
class Changed:
    """An endpoint whose answers were signed in more than one way, the first first; `midst`: trials
    in the midst of which it changed."""

    endpoint: str
    signatures: Sequence[Signature]
    midst: int = 0

    @property
    def is_model(self) -> bool:
        """Whether the model's name changed, and not its fingerprint alone."""
        return len({signature.model for signature in self.signatures}) > 1


def changed_models(run: Run) -> list[Changed]:
    """The endpoints of a run whose returned model or fingerprint changed under way, by name; two
    queries at most. Trials that nobody signed are left out."""
    rows = (
        run.trials.exclude(model_returned="")
        .order_by("cell__endpoint__name")
        .values_list("cell__endpoint__name", "model_returned", "system_fingerprint")
        .annotate(trials=Count("pk"), since=Min("started_at"), until=Max("started_at"))
    )
    found: dict[str, list[Signature]] = {}
    for endpoint, *signed in rows:
        found.setdefault(endpoint, []).append(Signature(*signed))
    midst = _in_the_midst(run) if found else {}
    return [
        Changed(endpoint, sorted(signed, key=_begin), midst.get(endpoint, 0))
        for endpoint, signed in found.items()
        if len(signed) > 1 or endpoint in midst
    ]


def _begin(signature: Signature) -> tuple[float, str, str]:
    began = signature.since.timestamp() if signature.since else 0.0
    return began, signature.model, signature.fingerprint


def _in_the_midst(run: Run) -> dict[str, int]:
    """How many trials of each endpoint were answered by another in their midst: a call tells who
    answered only where that is another than before."""
    turns = Turn.objects.filter(trial__run=run, call__model_returned__isnull=False)
    rows = turns.order_by().values_list("trial__cell__endpoint__name")
    return dict(rows.annotate(trials=Count("trial", distinct=True)))
