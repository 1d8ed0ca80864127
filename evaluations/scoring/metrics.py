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
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.dispatch import Signal

from evaluations.instruments.kinds import DEFAULT_KIND, KINDS
from evaluations.models import Extraction, Run, Score, Trial

EXTRACTOR = KINDS[DEFAULT_KIND].reader.name

scored = Signal()
"""Trials got scores from outside their run: a rescoring, or a model as a scorer, has come to its
end. Arguments: ``runs``, a queryset of Run."""


class Stored(NamedTuple):
    """What is stored by one version: the first row's id, and how many trials (or answers)."""

    version: str
    first: int
    number: int


class Reader(NamedTuple):
    """Who read the answers. A second reader read only what the rules had left open."""

    extractor: str
    version: str

    @property
    def chain(self) -> "tuple[Reader, ...]":
        """The readers whose word counts, the first that has one: a second reader, then the rules.

        A second reader carries the rules' name and version before the first '+' of its own.
        """
        rules = Reader(self.extractor.partition("+")[0], self.version.partition("+")[0])
        return (self,) if rules == self else (self, rules)

    def __str__(self) -> str:
        return f"{self.extractor} {self.version}".strip()


def newest_complete(stored: Sequence[Stored], covered: Callable[[list[str]], int]) -> str:
    """The newest version that holds all that any older one does; '' of none.

    *covered* counts what several versions hold together. It is asked newest first, and never of a
    single version: that one is in force whatever it holds.
    """
    order = sorted(stored, key=lambda row: row.first)
    while len(order) > 1:
        if order[-1].number == covered([row.version for row in order]):
            break
        order.pop()
    return order[-1].version if order else ""


def in_force(name: str, trials: QuerySet[Trial]) -> str:
    """The version of the metric *name* that counts among *trials*; '' where it scored none."""
    return all_in_force(trials, name).get(name, "")


def all_in_force(trials: QuerySet[Trial], name: str | None = None) -> dict[str, str]:
    """The version in force of every metric (or of *name* alone) that scored some of *trials*."""
    scores = Score.objects.filter(trial__in=trials)
    if name is not None:
        scores = scores.filter(scorer=name)
    return {
        scorer: newest_complete(rows, partial(_trials_of, scores.filter(scorer=scorer)))
        for scorer, rows in _stored(scores, "scorer", "trial").items()
    }


def in_force_by_run(name: str, runs: QuerySet[Run]) -> dict[int, str]:
    """The version of *name* in force among the trials of each run; runs without one left out."""
    scores = Score.objects.filter(scorer=name, trial__run__in=runs)
    return {
        run: newest_complete(rows, partial(_trials_of, scores.filter(trial__run=run)))
        for run, rows in _stored(scores, "trial__run_id", "trial").items()
    }


def versions_of(trials: QuerySet[Trial]) -> dict[str, list[Stored]]:
    """All versions of all metrics that scored some of *trials*, the newest first."""
    found = _stored(Score.objects.filter(trial__in=trials), "scorer", "trial")
    return {name: sorted(rows, key=lambda row: -row.first) for name, rows in sorted(found.items())}


def scores_of(trial_ids: Sequence[int], name: str, version: str) -> dict[int, Score]:
    """The score of each of these trials by one version; one query."""
    rows = Score.objects.filter(trial_id__in=trial_ids, scorer=name, version=version)
    return {score.trial_id: score for score in rows}


# --- readings -------------------------------------------------------------------------------------


def reader_of(name: str, version: str, trials: QuerySet[Trial]) -> Reader:
    """The reader on whose readings the scores of *name* in *version* rest, as they say themselves.

    A metric that reads no answers (a rubric), or has no scores, goes with the rules of this
    program in the version in force among *trials*.
    """
    scores = Score.objects.filter(scorer=name, version=version, trial__in=trials)
    said = scores.values_list("detail__extractor", flat=True).first() if version else None
    if said:
        extractor, _, of = str(said).rpartition(" ")
        return Reader(extractor, of)
    return Reader(EXTRACTOR, readers_in_force(trials, EXTRACTOR).get(EXTRACTOR, ""))


def readers_in_force(trials: QuerySet[Trial], extractor: str | None = None) -> dict[str, str]:
    """The version in force of every reader (or of *extractor* alone) of answers of *trials*."""
    rows = Extraction.objects.filter(answer__trial__in=trials)
    if extractor is not None:
        rows = rows.filter(extractor=extractor)
    return {
        reader: newest_complete(found, partial(_answers_of, rows.filter(extractor=reader)))
        for reader, found in _stored(rows, "extractor", "answer").items()
    }


def readings_of(trial_ids: Sequence[int], reader: Reader) -> dict[tuple[int, int], Extraction]:
    """How each answer of these trials was read by *reader*, by trial and item number; one query."""
    place = {who: at for at, who in enumerate(reversed(reader.chain))}
    rows = Extraction.objects.filter(
        answer__trial_id__in=trial_ids,
        extractor__in={who.extractor for who in place},
        version__in={who.version for who in place},
    ).select_related("answer")
    known = [(place.get(Reader(row.extractor, row.version)), row) for row in rows]
    counted = [(at, row) for at, row in known if at is not None]
    return {
        (row.answer.trial_id, row.answer.item_number): row
        for _, row in sorted(counted, key=lambda pair: pair[0])
    }


def answers_read_as(outcome: str, trials: QuerySet[Trial], reader: Reader) -> list[tuple[int, int]]:
    """(trial id, item number) of the answers that read as *outcome* to *reader*."""
    rows = Extraction.objects.filter(answer__trial__in=trials, outcome=outcome)
    found: set[tuple[int, int]] = set()
    for at, who in enumerate(reader.chain):
        own = rows.filter(extractor=who.extractor, version=who.version)
        for before in reader.chain[:at]:
            read = Extraction.objects.filter(
                answer=OuterRef("answer"), extractor=before.extractor, version=before.version
            )
            own = own.filter(~Exists(read))
        found |= set(own.values_list("answer__trial_id", "answer__item_number"))
    return sorted(found)


def _stored(rows: QuerySet[Any], group: str, what: str) -> Mapping[Any, list[Stored]]:
    """What each version holds, by the value of *group*; one query."""
    found: dict[Any, list[Stored]] = defaultdict(list)
    counted = rows.order_by().values_list(group, "version")
    for key, version, first, number in counted.annotate(
        first=Min("pk"), number=Count(what, distinct=True)
    ):
        found[key].append(Stored(version, first, number))
    return found


def _trials_of(scores: QuerySet[Score], versions: list[str]) -> int:
    return scores.filter(version__in=versions).order_by().values("trial").distinct().count()


def _answers_of(rows: QuerySet[Extraction], versions: list[str]) -> int:
    return rows.filter(version__in=versions).order_by().values("answer").distinct().count()
