"""The slider measure as the rest of the app knows it."""

from annotations.base import JudgedKind
from annotations.svo.questions import ANGLE, OPTION, ORIENTATION

SVO = JudgedKind(
    questions=(ORIENTATION, ANGLE, OPTION),
    asked="annotations/svo/_asked.html",
    options="annotations/svo/_options.html",
)
