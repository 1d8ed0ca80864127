"""The slider measure as the rest of the app knows it."""

from annotations.base import Doubt, JudgedKind
from annotations.svo.questions import ANGLE, OPTION, ORIENTATION
from evaluations.instruments.svo import Orientation
from evaluations.instruments.svo.scoring.scorer import FLAGS

BOUNDARY_CASE = Doubt(
    flag="boundary_case",
    reason="A boundary case: one answer moved by one option would change the orientation.",
    word="boundary case",
    group="boundary",
    name="Boundary cases",
)

JUDGED = JudgedKind(
    questions=(ORIENTATION, ANGLE, OPTION),
    asked="annotations/svo/_asked.html",
    options="annotations/svo/_options.html",
    scored="annotations/svo/_scored.html",
    labels=tuple(value.value for value in Orientation),
    doubts=(BOUNDARY_CASE,),
    flags=FLAGS,
    scripts=("js/angle.js",),
)
