"""The ten values as the rest of the app knows them."""

from annotations.base import JudgedKind
from annotations.values.questions import VALUE_SIGNS

JUDGED = JudgedKind(
    questions=(VALUE_SIGNS,),
    asked="annotations/values/_asked.html",
    scored="annotations/values/_scored.html",
    scripts=("js/chips.js",),
    styles=("css/chips.css",),
)
