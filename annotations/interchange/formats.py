"""The formats of other programs in which judgments and automated labels come in. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from annotations.interchange import (
    argilla,
    doccano,
    judged_rows,
    label_studio,
    potato,
    qualtrics,
    scores,
)
from annotations.interchange.said import Said
from evaluations.interchange import inspect_ai, lm_eval
from evaluations.interchange.formats import Format
from evaluations.interchange.found import Broken, LeftOut
from evaluations.interchange.looked_at import Looked


@dataclass(frozen=True)
class JudgedFormat(Format[Said | Broken | LeftOut]):
    """is_wide: a row of the file is a rater, and its questions are the items. is_of_scores: what it
    says is not the answer to a question."""

    is_wide: bool = False
    is_of_scores: bool = False


def _rows(who: str) -> tuple[Callable[[Looked], str], Callable]:
    return judged_rows.why_without(("item", who, "value")), judged_rows.rows_by(who)


JUDGMENT_FORMATS = (
    JudgedFormat(
        "label-studio", "export of Label Studio", label_studio.why_not, label_studio.judgments
    ),
    JudgedFormat("argilla", "records of Argilla", argilla.why_not, argilla.judgments),
    JudgedFormat("potato", "annotations of Potato", potato.why_not, potato.judgments),
    JudgedFormat("doccano", "export of doccano", doccano.why_not, doccano.judgments),
    JudgedFormat("parquet", "rows of judgments in Parquet or JSON Lines", *_rows("rater")),
    JudgedFormat(
        "qualtrics", "responses of Qualtrics", qualtrics.why_not, qualtrics.judgments, is_wide=True
    ),
)

LABEL_FORMATS = (
    JudgedFormat(
        "label-studio", "export of Label Studio", label_studio.why_no_labels, label_studio.labels
    ),
    JudgedFormat("argilla", "records of Argilla", argilla.why_not, argilla.labels),
    JudgedFormat(
        "inspect-ai",
        "log of inspect_ai",
        inspect_ai.why_not,
        scores.labels_of(inspect_ai.scores),
        is_of_scores=True,
    ),
    JudgedFormat(
        "lm-eval",
        "samples of lm-evaluation-harness",
        lm_eval.why_not,
        scores.labels_of(lm_eval.scores),
        is_of_scores=True,
    ),
    JudgedFormat("parquet", "rows of labels in Parquet or JSON Lines", *_rows("scorer")),
)
