"""Evaluators that were trained here: kept under a name and the hash of what they are, and put to
the answers of runs. Answers that one learned from get no score of it."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.models import Project, User
from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.learning import evaluator as trained
from evaluations.instruments.values.learning.validation import Validation
from evaluations.instruments.values.scoring import UNSAID
from evaluations.models import Answer, Evaluator, Metric, Run, Score
from evaluations.scoring.metrics import kept, scored
from evaluations.scoring.scorers import tell_of_scores, trials_without_score

BATCH = 1000
LEARNED = "the metric learned from this answer"
PREVALENCE = "-prevalence"
"""What the name of the baseline that draws by prevalence ends with."""
READER = "values-words 1"


@transaction.atomic
def keep(
    run: Run,
    name: str,
    labels: str,
    learned: trained.Evaluator,
    figures: Validation,
    trials: Sequence[int],
    actor: User | None = None,
) -> Evaluator:
    """Store an evaluator under *name*, with its baseline; the same one is stored once. *trials* are
    the ids of those it learned from, *labels* whose labels."""
    content = learned.to_bytes()
    version = trained.version_of(content)
    if known := Evaluator.objects.filter(
        metric__project=run.project, metric__name=name, metric__version=version
    ).first():
        return known
    facts = {"kind": Metric.Kind.TRAINED, "settings": version, "reader": READER}
    metric = kept(name, version, run.project, **facts)
    baseline = kept(name + PREVALENCE, version, run.project, **facts)
    made = Evaluator.objects.create(
        metric=metric,
        baseline=baseline,
        run=run,
        labels=labels,
        learned_from=sorted(trials),
        figures=figures.stored(),
        content=content,
    )
    told = {"name": name, "version": version, "labels": labels, "answers": len(trials)}
    audit.record(run.project, actor, "evaluator trained", run, **told)
    return made


def named(project: Project, word: str) -> tuple[Evaluator, Metric]:
    """The newest evaluator of a name (or NAME@VERSION), and the metric that is meant: its own, or
    its baseline. Raises ValueError, which names those there are."""
    name, _, version = word.partition("@")
    found = Evaluator.objects.filter(metric__project=project).select_related("metric", "baseline")
    for row in found.order_by("-id"):
        for metric in (row.metric, row.baseline):
            if metric.name == name and version in ("", metric.version):
                return row, metric
    known = [one.name for row in found for one in (row.metric, row.baseline)]
    raise ValueError(
        f"there is no trained evaluator {word!r}; there are {', '.join(known) or 'none'}"
    )


@dataclass(frozen=True)
class Put:
    """What came of scoring: scores, and of the trials without one why."""

    scored: int = 0
    learned: int = 0
    empty: int = 0

    def __add__(self, other: "Put") -> "Put":
        return Put(
            self.scored + other.scored, self.learned + other.learned, self.empty + other.empty
        )


def score_runs(
    runs: QuerySet[Run],
    row: Evaluator,
    metric: Metric,
    told: Callable[[int], object] = lambda number: None,
) -> Put:
    """Score the complete trials of *runs* that *metric*, of the evaluator *row*, has not scored."""
    of_kind = runs.filter(instrument__kind="values")
    left = list(
        trials_without_score(of_kind, metric.name, metric.version).values_list("pk", flat=True)
    )
    learned_from = set(row.learned_from)
    says = _says(row, metric)
    total = Put()
    for start in range(0, len(left), BATCH):
        batch = left[start : start + BATCH]
        is_first, is_last = start == 0, start + BATCH >= len(left)
        with transaction.atomic():
            if is_first and not is_last:
                tell_of_scores(of_kind, metric, "score anew: begun", len(left))
            total += _score(batch, metric, learned_from, says)
            if is_last:
                tell_of_scores(of_kind, metric, "score anew", total.scored)
        told(len(batch))
    scored.send(Run, runs=of_kind)
    return total


Says = Callable[[Sequence[tuple[int, str]]], Iterator[dict[str, int]]]
"""From trials, each with its text, to a vector of each."""


def _says(row: Evaluator, metric: Metric) -> Says:
    if metric.pk == row.baseline_id:
        shares = {one["value"]: (one["opposes"], one["supports"]) for one in row.figures["values"]}
        return lambda texts: _drawn(texts, shares, row.figures["answers"], metric.version)
    learned = trained.Evaluator.from_bytes(bytes(row.content))

    def predicted(texts: Sequence[tuple[int, str]]) -> Iterator[dict[str, int]]:
        for signs in learned.predict([text for _, text in texts]).tolist():
            yield dict(zip(VALUES, signs, strict=True))

    return predicted


def _drawn(
    texts: Sequence[tuple[int, str]],
    counts: dict[str, tuple[int, int]],
    answers: int,
    version: str,
) -> Iterator[dict[str, int]]:
    """Signs drawn as often as they came among the labels; the same for the same text."""
    for _, text in texts:
        vector = {}
        for value, (opposes, supports) in counts.items():
            lot = hashlib.sha256(f"{version}/{value}/{text}".encode()).digest()[:4]
            drawn = int.from_bytes(lot) / 2**32 * answers
            vector[value] = 1 if drawn < supports else -1 if drawn < supports + opposes else 0
        yield vector


def _score(batch: Sequence[int], metric: Metric, learned_from: set[int], says: Says) -> Put:
    answers = Answer.objects.filter(trial__in=batch).select_related("turn").order_by("trial_id")
    texts, rows = [], []
    learned = empty = 0
    for answer in answers:
        reason = ""
        if not answer.turn.text.strip():
            reason, empty = UNSAID, empty + 1
        elif answer.trial_id in learned_from:
            reason, learned = LEARNED, learned + 1
        if reason:
            outcome = Score.Outcome.UNSCORABLE
            rows.append(
                Score(trial_id=answer.trial_id, metric=metric, outcome=outcome, reason=reason)
            )
            continue
        text = trained.text_of(str((answer.shown or {}).get("prompt", "")), answer.turn.text)
        texts.append((answer.trial_id, text))
    for (trial, _), vector in zip(texts, says(texts), strict=True):
        outcome = Score.Outcome.SCORED
        rows.append(Score(trial_id=trial, metric=metric, outcome=outcome, vector=vector))
    Score.objects.bulk_create(rows, ignore_conflicts=True)
    return Put(len(texts), learned, empty)
