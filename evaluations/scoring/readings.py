"""Readings on their way into the database and out of it."""

from collections.abc import Mapping

from evaluations.instruments.readings import Reading, Span
from evaluations.models import Answer, Evidence
from evaluations.models import Reading as StoredReading

BATCH = 500


def store(readings: Mapping[Answer, Reading], reader: str, version: str) -> None:
    """Store how *reader* read each answer, with the evidence.

    Another process may have read the same answers: its rows stay, and nothing is doubled.
    """
    rows = [_row(answer, read, reader, version) for answer, read in readings.items()]
    StoredReading.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    found = {answer.pk: read.evidence for answer, read in readings.items() if read.evidence}
    # Where a row may be there already, the database does not tell which key a new one got.
    own = StoredReading.objects.filter(answer__in=found, reader=reader, version=version)
    evidence = [
        Evidence(reading_id=key, dimension=span.dimension, start=span.start, end=span.end)
        for key, answer in own.values_list("pk", "answer")
        for span in found[answer]
    ]
    Evidence.objects.bulk_create(evidence, ignore_conflicts=True, batch_size=BATCH)


def _row(answer: Answer, read: Reading, reader: str, version: str) -> StoredReading:
    return StoredReading(
        answer=answer,
        reader=reader,
        version=version,
        outcome=read.outcome,
        value=read.value,
        label=read.label[:200],
        method=read.method[:60],
        refused=read.refused,
        note=read.note,
    )


def evidence_of(row: StoredReading) -> tuple[Span, ...]:
    """Where a stored reading found what it read, in the order of the text."""
    spans = (Span(found.start, found.end, found.dimension) for found in row.evidence.all())
    return tuple(sorted(spans))


def as_read(row: StoredReading) -> Reading:
    """A stored reading as its reader returned it."""
    return Reading(
        outcome=row.outcome,
        value=row.value,
        label=row.label,
        method=row.method,
        refused=row.refused,
        evidence=evidence_of(row),
        note=row.note,
    )
