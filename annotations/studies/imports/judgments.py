"""A study from judgments made elsewhere: all of it, or nothing."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db import transaction

from accounts.audit import record
from accounts.models import Project, User
from annotations.disputes.disputes import refresh_study
from annotations.exchange.bulk import Said, analyse, batches, store_judgments
from annotations.exchange.loading import Loader, new_keys
from annotations.files.judged_values import Values
from annotations.files.judgment_rows import AutomatedRow, JudgmentFile
from annotations.files.properties import rounds
from annotations.models import AutomatedLabel, Item, Rater, Study
from annotations.questions.question import check_ways_out
from annotations.studies.counts import tell_if_complete
from annotations.studies.imports.details import (
    create_guidelines,
    in_detail,
    places_given_on,
    rater_fields,
    store_aside,
)
from annotations.studies.studies import StudyRefused, free_name, free_slug


@transaction.atomic
def import_judgments(
    project: Project,
    name: str,
    values: Values,
    judgments: JudgmentFile,
    automated: Sequence[AutomatedRow] = (),
    *,
    question: str = "",
    ways_out: Sequence[str] = (),
    raters_are: str = "",
    further_questions: Sequence[Mapping[str, Any]] = (),
    ranges: Mapping[str, Any] | None = None,
    cultures: Mapping[int, str] = MappingProxyType({}),
    created_by: User | None = None,
    on_stored: Callable[[int], object] = lambda count: None,
) -> Study:
    """Make a closed study of judgments that were read from a file, with its disputes.

    Every item has as many places as it was judged, one with automated labels alone none. Judgments
    of later occasions are repeats, which take no place. The first scorer of *automated* is the
    metric that the study validates. *ways_out* are those of the categories by which a rater said
    that an item cannot be judged; *raters_are* (crowd, skilled, expert or '') fixes the epsilon of
    the alternative annotator test; *ranges* are those of `annotations.files.declared_ranges`;
    *cultures* holds the culture of raters by their index.
    Raises StudyRefused when the name is taken, and for a way out that is no category.
    """
    try:
        check_ways_out(ways_out, values.categories)
    except ValueError as error:
        raise StudyRefused(str(error)) from error
    later = _later_occasions(judgments)
    places = Counter(
        item for item, again in zip(judgments.item_of, later, strict=True) if not again
    )
    places.subtract(places_given_on(judgments, later))
    study = Study.objects.create(
        project=project,
        name=free_name(project, name),
        slug=free_slug(project, name),
        source=Study.Source.IMPORT,
        state=Study.State.CLOSED,
        question=question,
        raters_are=raters_are,
        ranges=dict(ranges or {}),
        kind=values.kind,
        scale=values.level,
        categories=list(values.categories),
        tolerance=values.tolerance,
        ways_out=list(ways_out),
        properties=judgments.facts.names,
        repeat_share=_share_again(later),
        further_questions=list(further_questions),
        overlap=max(1, *places.values()),
        metric_name=automated[0].scorer if automated else "",
        created_by=created_by,
    )
    items = _create_items(study, judgments, places)
    guidelines = create_guidelines(study, judgments)
    raters = _create_raters(study, judgments, later, guidelines, cultures)
    said, details = _said(judgments, values, items, raters), judgments.details
    has_more = bool(details or judgments.occasion_of)
    if has_more:
        said = in_detail(said, details, guidelines, later)
    store_judgments(said, on_stored, is_counted=True, in_detail=has_more)
    store_aside(study, judgments, values, items, raters, guidelines)
    _create_automated(values, automated, items)
    analyse()
    disputes = refresh_study(study)
    detail = {"items": len(items), "raters": len(raters), "judgments": len(judgments)}
    record(project, created_by, "study imported", study, **detail, disputes=disputes)
    tell_if_complete(study)  # nobody judges in it, so that nobody's locks come in another order
    return study


def _create_items(study: Study, judgments: JudgmentFile, places: Counter[int]) -> list[int]:
    """The items in the order of the file; returns their keys."""
    facts = judgments.facts.of_items(len(judgments.items))
    keys = new_keys(Item, len(judgments.items))
    columns = ("position", "external_id", "text", "properties", "weight", "places", "taken")
    Loader(Item, "id", *columns, study_id=study.pk).write(
        (
            keys[index],
            index + 1,
            name,
            judgments.texts.get(index, ""),
            properties,
            weight,
            places[index],
            places[index],
        )
        for (name, index), (properties, weight) in zip(judgments.items.items(), facts, strict=True)
    )
    return keys


def _later_occasions(judgments: JudgmentFile) -> Sequence[int]:
    """Of each judgment which repeat it is, 0 for the first one of its rater on its item."""
    if not judgments.occasion_of:
        return bytes(len(judgments))
    return array("H", rounds(judgments.item_of, judgments.rater_of, judgments.occasion_of))


def _share_again(later: Sequence[int]) -> float:
    """The share of a rater's items that came again, at most 1."""
    again = sum(1 for one in later if one == 1)
    return again / max(1, sum(1 for one in later if not one))


def _create_raters(
    study: Study,
    judgments: JudgmentFile,
    later: Sequence[int],
    guidelines: Mapping[int, int],
    cultures: Mapping[int, str],
) -> list[int]:
    """The raters in the order of the file, with how many judgments each has; returns their keys."""
    firsts = zip(judgments.rater_of, later, strict=True)
    judged = Counter(rater for rater, again in firsts if not again)
    known = rater_fields(judgments, guidelines)
    rows = (
        Rater(
            study=study,
            pseudonym=name,
            judged=judged[at],
            culture=cultures.get(at, ""),
            **fields,
        )
        for (name, at), fields in zip(judgments.raters.items(), known, strict=True)
    )
    return [rater.pk for batch in batches(rows) for rater in Rater.objects.bulk_create(batch)]


def _said(
    judgments: JudgmentFile, values: Values, items: Sequence[int], raters: Sequence[int]
) -> Iterator[Said]:
    labels = list(judgments.labels)
    numbers = [values.number(label) for label in labels]
    columns = (judgments.item_of, judgments.rater_of, judgments.label_of)
    for item, rater, label in zip(*columns, strict=True):
        yield Said(items[item], raters[rater], labels[label], numbers[label])


def _create_automated(
    values: Values, automated: Sequence[AutomatedRow], items: Sequence[int]
) -> None:
    rows = (
        AutomatedLabel(
            item_id=items[row.item],
            scorer=row.scorer,
            label=row.label,
            number=values.number(row.label) if row.label else None,
            reason=row.reason,
        )
        for row in automated
    )
    for batch in batches(rows):
        AutomatedLabel.objects.bulk_create(batch)
