"""What a table says beside the values: stored with the judgments, the raters and control items."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from accounts import clock
from annotations.exchange.bulk import More, Said, store_judgments
from annotations.files.judged_values import Values
from annotations.files.judgment_columns import REPEAT, SIMULATED, Details, LeftOut
from annotations.files.judgment_rows import JudgmentFile
from annotations.models import Assignment, Guideline, Item, Rater, Study

UNKNOWN_WORDS = "The words of this version stand where the judgments were made."


def create_guidelines(study: Study, judgments: JudgmentFile) -> dict[int, int]:
    """A guideline for each version that a table names, its words unknown; their keys by version."""
    details = judgments.details
    asides = [row.details.of_judgment for row in judgments.aside]
    columns = [said.get("guideline", []) for said in (details.of_judgment, *asides)]
    versions = {version for column in columns for version in column}
    versions |= {said.get("consent") for said in details.of_rater.values()}
    return {
        version: Guideline.objects.create(study=study, version=version, about=UNKNOWN_WORDS).pk
        for version in sorted(versions - {None})
    }


def rater_fields(
    judgments: JudgmentFile, guidelines: Mapping[int, int]
) -> Iterator[dict[str, Any]]:
    """What is known of each rater, in the order of their indexes, as fields of a Rater."""
    excluded = _excluded(judgments)
    for rater in judgments.raters.values():
        said = judgments.details.of_rater.get(rater, {})
        is_simulated = said.get("rater_kind") == SIMULATED
        reason = excluded.get(rater, "")
        yield {
            "kind": Rater.Kind.SIMULATED if is_simulated else Rater.Kind.IMPORTED,
            "language": said.get("language", ""),
            "guideline_id": guidelines.get(said.get("consent", 0)),
            "consented_at": said.get("consented_at"),
            "excluded_at": clock.now() if reason else None,
            "excluded_reason": reason,
        }


def _excluded(judgments: JudgmentFile) -> dict[int, str]:
    """Why a rater was excluded, by their index."""
    why = judgments.details.of_judgment.get("left_out", [])
    return {
        rater: said.excluded
        for rater, said in zip(judgments.rater_of, why, strict=False)
        if said is not None and said.excluded
    }


def places_given_on(judgments: JudgmentFile, later: Sequence[int]) -> Iterator[int]:
    """The item (its index) of each first judgment whose place was given on to somebody else."""
    why = judgments.details.of_judgment.get("left_out", [])
    for item, said, again in zip(judgments.item_of, why, later, strict=False):
        if said is not None and said.given_on and not again:
            yield item


def in_detail(
    said: Iterable[Said], details: Details, guidelines: Mapping[int, int], later: Sequence[int]
) -> Iterator[Said]:
    """Judgments with what *details* say of each; *later*: which repeat each is, 0 for none."""
    for index, (one, again) in enumerate(zip(said, later, strict=True)):
        more = _more(details, index, guidelines)
        if again:
            more |= _REPEATED | {"round": again}
        yield _detailed(one, details, index, More(**more))


_REPEATED: dict[str, Any] = {"state": Assignment.State.JUDGED, "is_regular": False}
"""A judgment that takes no place."""


def _detailed(one: Said, details: Details, index: int, more: More) -> Said:
    known = details.at(index)
    return Said(
        one.item_id,
        one.rater_id,
        one.label,
        one.number,
        known.get("confidence"),
        known.get("seconds"),
        more,
    )


def _more(details: Details, index: int, guidelines: Mapping[int, int]) -> dict[str, Any]:
    known = details.at(index)
    why: LeftOut = known.get("left_out", LeftOut())
    states = Assignment.State
    return {
        "shown_at": known.get("shown_at"),
        "sent_at": known.get("sent_at"),
        "state": states.WITHDRAWN if why.given_on else states.JUDGED,
        "guideline_id": guidelines.get(known.get("guideline", 0)),
        "away_seconds": known.get("away_seconds"),
        "focus_losses": known.get("focus_losses"),
        "comment": known.get("comment", ""),
        "answers": details.answers_at(index),
        "marks": known.get("marks", ()),
        "at_once": known.get("at_once", ()),
    }


def store_aside(
    study: Study,
    judgments: JudgmentFile,
    values: Values,
    items: Sequence[int],
    raters: Sequence[int],
    guidelines: Mapping[int, int],
) -> None:
    """Store the control items of a table, what was said of them, and the repeats of judgments."""
    controls = _create_controls(study, judgments, after=len(items))

    def said() -> Iterator[Said]:
        for row in judgments.aside:
            is_repeat = row.stage == REPEAT
            item = items[judgments.items[row.item]] if is_repeat else controls[row.item]
            more = _more(row.details, 0, guidelines) | _REPEATED | {"round": int(is_repeat)}
            one = Said(item, raters[row.rater], row.label, values.number(row.label))
            yield _detailed(one, row.details, 0, More(**more))

    store_judgments(said(), is_counted=True, in_detail=True)
    if repeats := sum(row.stage == REPEAT for row in judgments.aside):
        study.repeat_share = min(1.0, repeats / len(judgments))
        study.save(update_fields=["repeat_share"])


def _create_controls(study: Study, judgments: JudgmentFile, after: int) -> dict[str, int]:
    """The items with a known answer, behind the others; their keys by name."""
    rows = Item.objects.bulk_create(
        Item(
            study=study,
            kind=control.kind,
            position=position,
            external_id=name,
            text=control.text,
            expected=control.expected,
            places=0,
        )
        for position, (name, control) in enumerate(judgments.controls.items(), start=after + 1)
    )
    return {item.external_id: item.pk for item in rows}
