"""Which version of an automated metric counts, and on which readings it rests: said here alone.

A metric has a name; the same name comes in versions, and their scores stand beside each other. The
version in force among some trials is the newest that scored all that any older one did: a version
that is only just being scored does not empty a report meanwhile. How new a version is, is when its
first score of these trials was stored, because versions that hold a hash have no order of their
own. Pages, exports, draws, disputes and reports all ask here.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.dispatch import Signal

from accounts.models import Project
from evaluations.instruments.kinds import DEFAULT_KIND, kind_of
from evaluations.models import Metric, Reading, Run, Score, Trial

scored = Signal()
"""Trials got scores from outside their run: a rescoring, or a model as a scorer, has come to its
end. Arguments: ``runs``, a queryset of Run."""


K = TypeVar("K")
G = TypeVar("G")


class Stored(NamedTuple, Generic[K]):
    """What is stored by one metric, or by one version of a reader: the first row's id, and how many
    trials (or answers)."""

    by: K
    first: int
    number: int


class Reader(NamedTuple):
    """Who read the answers. A second reader read only what the rules had left open."""

    name: str
    version: str

    @property
    def chain(self) -> "tuple[Reader, ...]":
        """The readers whose word counts, the first that has one: a second reader, then the rules.

        A second reader carries the rules' name and version before the first '+' of its own.
        """
        rules = Reader(self.name.partition("+")[0], self.version.partition("+")[0])
        return (self,) if rules == self else (self, rules)

    @classmethod
    def named(cls, words: str) -> "Reader":
        """The reader that is called so by `str`."""
        name, _, version = words.rpartition(" ")
        return cls(name, version)

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


def newest_complete(stored: Sequence[Stored[K]], covered: Callable[[list[K]], int]) -> K | None:
    """The newest that holds all that any older one does; None of none.

    *covered* counts what several hold together. It is asked newest first, and never of a single
    one: that one is in force whatever it holds.
    """
    order = sorted(stored, key=lambda row: row.first)
    while len(order) > 1:
        if order[-1].number == covered([row.by for row in order]):
            break
        order.pop()
    return order[-1].by if order else None


def _each_in_force(
    stored: Mapping[G, Sequence[Stored[K]]], covered: Callable[[G, list[K]], int]
) -> dict[G, K]:
    """`newest_complete` of each group; *covered* is told which."""
    counted = {
        group: newest_complete(rows, partial(covered, group)) for group, rows in stored.items()
    }
    return {key: found for key, found in counted.items() if found is not None}


def in_force(name: str, trials: QuerySet[Trial]) -> Metric | None:
    """The metric called *name* that counts among *trials*; None where it scored none."""
    return all_in_force(trials, name).get(name)


def all_in_force(trials: QuerySet[Trial], name: str | None = None) -> dict[str, Metric]:
    """By name, the metric in force of all (or of *name* alone) that scored some of *trials*."""
    scores = Score.objects.filter(trial__in=trials)
    stored = _by_name(scores if name is None else scores.filter(metric__name=name))
    return _each_in_force(stored, lambda _, metrics: _trials_of(scores, metrics))


def in_force_by_run(name: str, runs: QuerySet[Run]) -> dict[int, Metric]:
    """The metric called *name* in force among the trials of each run; runs without one left out."""
    scores = Score.objects.filter(metric__name=name, trial__run__in=runs)
    stored = _stored(scores, "trial__run_id")
    several = {run: rows for run, rows in stored.items() if len(rows) > 1}
    # What all versions of a run hold together is asked of all runs at once: most need no more.
    together = scores.filter(trial__run__in=several).order_by().values_list("trial__run_id")
    held = dict(together.annotate(number=Count("trial", distinct=True))) if several else {}

    def covered(run: int, metrics: list[Metric]) -> int:
        if len(metrics) == len(stored[run]):
            return held[run]
        return _trials_of(Score.objects.filter(trial__run=run), metrics)

    return _each_in_force(stored, covered)


def versions_of(trials: QuerySet[Trial]) -> dict[str, list[Stored[Metric]]]:
    """All metrics that scored some of *trials* by their names, the newest first."""
    found = _by_name(Score.objects.filter(trial__in=trials))
    return {name: sorted(rows, key=lambda row: -row.first) for name, rows in sorted(found.items())}


def pinned(name: str, version: str, project: Project | int) -> Metric | None:
    """The metric of that name and version in reach of *project* (or its id), if there is one."""
    return Metric.objects.in_reach_of(project).filter(name=name, version=version).first()


def kept(name: str, version: str, project: Project | None = None, **facts: Any) -> Metric:
    """The row of a metric, made with *facts* (kind, endpoint, settings, reader) where it is new."""
    found, _ = Metric.objects.get_or_create(
        project=project, name=name, version=version, defaults=facts
    )
    return found


def scores_of(trial_ids: Sequence[int], metric: Metric | int | None) -> dict[int, Score]:
    """The score of each of these trials by *metric* (or its id); one query, none of no metric."""
    if metric is None:
        return {}
    rows = Score.objects.filter(trial_id__in=trial_ids, metric=metric)
    return {score.trial_id: score for score in rows}


# --- readings -------------------------------------------------------------------------------------


def reader_of(metric: Metric | None, trials: QuerySet[Trial]) -> Reader:
    """The reader on whose readings the scores of *metric* rest.

    A metric that reads no answers (a rubric), or none at all, goes with the rules of this program
    in the version in force among *trials*.
    """
    if metric is not None and metric.reader:
        return Reader.named(metric.reader)
    name = rules_of(trials)
    return Reader(name, readers_in_force(trials, name).get(name, ""))


def rules_of(trials: QuerySet[Trial]) -> str:
    """The name of the reader of this program that reads every answer first: that of the kind of
    instrument that *trials* are of."""
    kind = trials.order_by().values_list("run__instrument__kind", flat=True).first()
    return kind_of(kind or DEFAULT_KIND).reader.name


def readers_in_force(trials: QuerySet[Trial], name: str | None = None) -> dict[str, str]:
    """The version in force of every reader (or of *name* alone) of answers of *trials*."""
    rows = Reading.objects.filter(answer__trial__in=trials)
    if name is not None:
        rows = rows.filter(reader=name)
    stored: dict[str, list[Stored[str]]] = defaultdict(list)
    counted = rows.order_by().values_list("reader", "version")
    for reader, version, first, number in counted.annotate(first=Min("pk"), number=Count("pk")):
        stored[reader].append(Stored(version, first, number))
    return _each_in_force(
        stored, lambda reader, versions: _answers_of(rows.filter(reader=reader), versions)
    )


def readings_of(trial_ids: Sequence[int], reader: Reader) -> dict[tuple[int, int], Reading]:
    """How each answer of these trials was read by *reader*, by trial and item number; one query."""
    place = {who: at for at, who in enumerate(reversed(reader.chain))}
    rows = Reading.objects.filter(
        answer__trial_id__in=trial_ids,
        reader__in={who.name for who in place},
        version__in={who.version for who in place},
    ).select_related("answer")
    known = [(place.get(Reader(row.reader, row.version)), row) for row in rows]
    counted = [(at, row) for at, row in known if at is not None]
    return {
        (row.answer.trial_id, row.answer.item_number): row
        for _, row in sorted(counted, key=lambda pair: pair[0])
    }


def answers_read_as(outcome: str, trials: QuerySet[Trial], reader: Reader) -> list[tuple[int, int]]:
    """(trial id, item number) of the answers that read as *outcome* to *reader*."""
    rows = Reading.objects.filter(answer__trial__in=trials, outcome=outcome)
    found: set[tuple[int, int]] = set()
    for at, who in enumerate(reader.chain):
        own = rows.filter(reader=who.name, version=who.version)
        for before in reader.chain[:at]:
            read = Reading.objects.filter(
                answer=OuterRef("answer"), reader=before.name, version=before.version
            )
            own = own.filter(~Exists(read))
        found |= set(own.values_list("answer__trial_id", "answer__item_number"))
    return sorted(found)


def _stored(scores: QuerySet[Score], group: str) -> dict[Any, list[Stored[Metric]]]:
    """What each metric holds of *scores*, by the value of *group*. A metric scores a trial once, so
    that scores are counted for trials. Two queries: names would make the first one slower."""
    counted = scores.order_by().values_list(group, "metric")
    rows = list(counted.annotate(first=Min("pk"), number=Count("pk")))
    metrics = Metric.objects.in_bulk({row[1] for row in rows})
    found: dict[Any, list[Stored[Metric]]] = defaultdict(list)
    for key, metric, first, number in rows:
        found[key].append(Stored(metrics[metric], first, number))
    return found


def _by_name(scores: QuerySet[Score]) -> dict[str, list[Stored[Metric]]]:
    """What each metric holds of *scores*, by its name."""
    found: dict[str, list[Stored[Metric]]] = defaultdict(list)
    for rows in _stored(scores, "metric").values():
        found[rows[0].by.name] += rows
    return found


def _trials_of(scores: QuerySet[Score], metrics: list[Metric]) -> int:
    return scores.filter(metric__in=metrics).order_by().values("trial").distinct().count()


def _answers_of(rows: QuerySet[Reading], versions: list[str]) -> int:
    return rows.filter(version__in=versions).order_by().values("answer").distinct().count()
