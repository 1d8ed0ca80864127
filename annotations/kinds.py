"""The kinds of instrument that people judge here, and every kind of question there is.

To add a kind, write its room (as `annotations.svo`) and put its `JudgedKind` into
`KINDS`, under the key its instruments have (evaluations.instruments). Nothing else names a kind.
"""

from typing import Any, Protocol

from annotations.base import DECLARED, PIECES, Doubt, Ground, JudgedKind, QuestionKind, VectorKind
from annotations.scales.numbers import Ends
from annotations.scales.scale import INTERVAL, NOMINAL, ORDINAL, VECTOR, Scale
from annotations.svo import kind as svo
from annotations.values import kind as values

KINDS: dict[str, JudgedKind] = {"svo": svo.JUDGED, "values": values.JUDGED}

CONFIDENCE, REASON = "confidence", "reason"

GENERAL = (
    QuestionKind(NOMINAL, "answers without an order", NOMINAL, f"{PIECES}/_choices.html"),
    QuestionKind(ORDINAL, "answers in an order", ORDINAL, f"{PIECES}/_choices.html"),
    QuestionKind(INTERVAL, "a number", INTERVAL, f"{PIECES}/_number.html"),
    VectorKind(VECTOR, "-1, 0 or +1 on several dimensions", VECTOR, f"{PIECES}/_vector.html"),
)
"""What any study can ask, on a scale that it declares."""

BESIDE = (
    QuestionKind(
        CONFIDENCE,
        "how sure they are (asked anyway; here in your words)",
        "",
        f"{PIECES}/_confidence.html",
    ),
    QuestionKind(
        REASON, "free words (asked anyway; here in your words)", "", f"{PIECES}/_words.html"
    ),
)
"""What every study asks beside its questions; nobody compares what raters say to these."""


def own_questions() -> dict[str, QuestionKind]:
    """The kinds of question that instruments bring, by key."""
    return {asked.key: asked for kind in KINDS.values() for asked in kind.questions}


def questions_of(instrument: str) -> dict[str, QuestionKind]:
    """Those of them that an instrument of this kind brings; none of one that nobody judges."""
    kind = KINDS.get(instrument)
    return {asked.key: asked for asked in kind.questions} if kind else {}


def brought_by(question: str) -> str:
    """The kind of instrument that brings this kind of question; '' for one of no instrument."""
    return next((key for key in KINDS if question in questions_of(key)), "")


def usual_question(instrument: str) -> str:
    """What raters are asked first unless a study says otherwise (``Study.kind``): of trials the
    first question that their kind of instrument brings; of texts ('') that of the only kind there
    is, and '' where there are several, of which somebody has to choose."""
    if not instrument and len(KINDS) > 1:
        return ""
    return next(iter(questions_of(instrument or next(iter(KINDS)))), DECLARED)


def question_kinds() -> dict[str, QuestionKind]:
    """Every kind of question, by key, in the order of the forms."""
    return own_questions() | {asked.key: asked for asked in (*GENERAL, *BESIDE)}


def question_kind(key: str) -> QuestionKind:
    """The kind of question of that key; ValueError, with those there are, for an unknown one."""
    known = question_kinds()
    if key not in known:
        raise ValueError(f"unknown kind {key!r}: use one of {', '.join(known)}")
    return known[key]


def doubts() -> dict[str, Doubt]:
    """The flags of scores for which a reviewer should look at an item, of all kinds."""
    return {doubt.flag: doubt for kind in KINDS.values() for doubt in kind.doubts}


def grounds() -> dict[str, Ground]:
    """The reasons for a dispute that scales of kinds have, by code."""
    return {ground.code: ground for kind in KINDS.values() for ground in kind.grounds}


def asked_by(kind: str, scale: str) -> str:
    """The kind of question of a study with this ``kind`` and ``scale``: of a declared one the
    scale says which."""
    return scale if kind == DECLARED else kind


def kinds_in_words(instrument: str = "") -> dict[str, str]:
    """What a study's first question can ask for (``Study.kind``), in a researcher's words; of
    trials of a kind of *instrument* what that kind brings."""
    brought = questions_of(instrument) if instrument else own_questions()
    asked = {key: kind.asks_for for key, kind in brought.items()}
    return asked | {DECLARED: "a scale of one's own"}


class Asks(Protocol):
    """What asks for answers on a scale: a study."""

    @property
    def kind(self) -> Any: ...
    @property
    def scale(self) -> Any: ...
    @property
    def categories(self) -> Any: ...
    @property
    def tolerance(self) -> Any: ...


def ends_declared(study: Any) -> Ends | None:
    """Between which numbers a study that declares its scale says that its raters' lie; None where
    it does not say."""
    declared = (getattr(study, "ranges", None) or {}).get("raters")
    return (declared[0], declared[1]) if declared and str(study.scale) == INTERVAL else None


def scale_of_study(study: Asks) -> Scale:
    """The scale of a study's first question."""
    ways_out = tuple(getattr(study, "ways_out", None) or ())
    kind = question_kind(asked_by(str(study.kind), str(study.scale)))
    return kind.scale_for(tuple(map(str, study.categories)), study.tolerance, ways_out)
