"""The ten values as the rest of the app knows them."""

from annotations.base import Doubt, Ground, JudgedKind
from annotations.values.questions import VALUE_SIGNS
from annotations.values.stances import BOTH_SIGNS, RARE_VALUE, SIGN_FLIP

GROUNDS = (
    Ground(
        SIGN_FLIP,
        "A sign flip: most raters say that a value is supported where the metric says opposed, or "
        "the other way round.",
        "sign flip",
    ),
    Ground(BOTH_SIGNS, "A rater finds a value supported and opposed at once.", "both signs"),
    Ground(
        RARE_VALUE,
        "A rater finds a value involved that hardly any answer involves: each case counts.",
        "rare value",
    ),
)

UNSUPPORTED = Doubt(
    flag="unsupported_quote",
    reason="The metric quotes words for a value that do not stand in the answer.",
    word="unsupported quote",
    group="unsupported",
    name="Unsupported quotes",
)

JUDGED = JudgedKind(
    questions=(VALUE_SIGNS,),
    asked="annotations/values/_asked.html",
    scored="annotations/values/_scored.html",
    doubts=(UNSUPPORTED,),
    grounds=GROUNDS,
    flags={
        UNSUPPORTED.flag: "a quote that does not stand in the answer: its label is not supported"
    },
    scripts=("js/chips.js",),
    styles=("css/chips.css",),
)
