"""Labels of values that came with dialogues, as the judgments of a rater: in one study a run."""

from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction
from django.db.models import F, Max

from accounts.audit import record
from accounts.models import User
from annotations.disputes.disputes import refresh_study
from annotations.exchange.bulk import More, Said, analyse, batches, store_judgments
from annotations.exchange.loading import Loader
from annotations.metrics.metric import settle
from annotations.models import Item, Judgment, Rater, Study
from annotations.studies.counts import tell_if_complete
from annotations.studies.settings import apply
from annotations.studies.studies import free_name, free_slug
from annotations.values.questions import VALUE_SIGNS
from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.labels import Labels, Stance
from evaluations.models import Run, Trial
from evaluations.scoring.scorers import own_scorer

SUFFIX = ": labels"


@transaction.atomic
def store_labels(
    run: Run, rater_name: str, labels: Mapping[str, Labels], actor: User | None = None
) -> tuple[Study, int]:
    """Keep *labels* (by the source key of a trial of *run*) as what *rater_name* judged; return
    the study and how many judgments were added. What the rater judged already stays as it is."""
    study = _study(run, actor)
    trials = dict(Trial.objects.filter(run=run).values_list("source_key", "pk"))
    judged = {trials[key]: found for key, found in labels.items() if key in trials}
    items = _items(study, judged)
    rater, _ = Rater.objects.get_or_create(study=study, pseudonym=rater_name)
    before = set(Judgment.objects.filter(rater=rater).values_list("item_id", flat=True))
    new = {items[trial]: found for trial, found in judged.items() if items[trial] not in before}
    if not new:
        return study, 0
    for batch in batches(new):
        Item.objects.filter(pk__in=batch).update(places=F("places") + 1)
    store_judgments(_said(new, rater), in_detail=True)
    most = study.items.aggregate(most=Max("places"))["most"]
    if most > study.overlap:
        study.overlap = most
        study.save(update_fields=["overlap"])
    settle(study)
    analyse()
    refresh_study(study)
    record(run.project, actor, "labels imported", study, rater=rater_name, judgments=len(new))
    tell_if_complete(study)
    return study, len(new)


def _study(run: Run, actor: User | None) -> Study:
    """The study that holds the labels of a run; made where there is none."""
    name = run.name[: 120 - len(SUFFIX)] + SUFFIX
    if found := Study.objects.filter(project=run.project, name=name, source="import").first():
        return found
    study = Study(
        project=run.project,
        name=free_name(run.project, name),
        slug=free_slug(run.project, name),
        source=Study.Source.IMPORT,
        state=Study.State.CLOSED,
        metric_name=own_scorer(run),
        created_by=actor,
    )
    apply(study, {"kind": VALUE_SIGNS.key, "overlap": 1}, run.instrument.kind)
    study.save()
    return study


def _items(study: Study, trials: Iterable[int]) -> dict[int, int]:
    """The items of *trials*, by trial; made where there are none."""
    known = dict(study.items.values_list("trial_id", "pk"))
    new = [trial for trial in trials if trial not in known]
    last = study.items.aggregate(last=Max("position"))["last"] or 0
    Loader(Item, "position", "trial_id", "places", "taken", study_id=study.pk).write(
        (last + at, trial, 0, 0) for at, trial in enumerate(new, start=1)
    )
    return known | dict(study.items.filter(trial__in=new).values_list("trial_id", "pk"))


def _said(labels: Mapping[int, Labels], rater: Rater) -> Iterator[Said]:
    for item, found in labels.items():
        signs = ",".join(str(found.vector[value]) for value in VALUES)
        both = [value for value, stance in found.stances.items() if stance is Stance.BOTH]
        comment = f"both signs, the last counts: {', '.join(both)}" if both else ""
        yield Said(item, rater.pk, signs, more=More(comment=comment))
