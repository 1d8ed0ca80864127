"""What raters and the metric said of an item dimension by dimension, with the passages that each of
them points at, laid over the text. For reviewers: never used for a rater's page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from annotations.disputes.why_disputed import RATERS_SPLIT, reasons_there_are
from annotations.judging.blinding import stimulus
from annotations.judging.marking import texts_of
from annotations.models import Item, Judgment, Mark, Study
from annotations.questions.of_study import primary_question
from annotations.questions.question import Question
from annotations.scales.consensus import Consensus, majority
from annotations.scales.vectors import Vector
from evaluations.models import Score
from evaluations.text.passages.laid_over import Passage, Piece, laid_over
from evaluations.text.passages.spans import digest


@dataclass(frozen=True, slots=True)
class OfDimension:
    """One dimension: what raters said with how many each, what most say ('' for no majority), what
    the metric says ('' for nothing), all in words; why it is disputed; the passages for it."""

    name: str
    word: str
    votes: Mapping[str, int]
    settled: str
    metric: str
    why: Sequence[str]
    passages: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An item as a reviewer decides it: its texts with what is marked in them, the dimensions that
    are disputed or involved, how many are not; *label*: what raters settled on so far, with nothing
    for the dimensions that they did not; *unsupported*: quotes of the metric that stand nowhere."""

    texts: Sequence[Sequence[Piece]] = ()
    rows: Sequence[OfDimension] = ()
    uninvolved: int = 0
    label: str = ""
    unsupported: Sequence[Passage] = field(default=())


def reviewed(
    study: Study,
    item: Item,
    judgments: Sequence[Judgment],
    found: Consensus,
    automated: str | None,
    score: Score | None,
) -> Reviewed | None:
    """None of a question that is not answered by stances on dimensions; *judgments* count."""
    question = primary_question(study)
    scale = question.scale
    if not isinstance(scale, Vector) or not question.of_kind.stances:
        return None
    item.study = study
    texts = list(texts_of(stimulus(item)).values())
    by_text = _marked(judgments)
    quotes, unsupported = _quoted(score)
    everything = [one for passages in by_text.values() for one in passages] + quotes
    scored = scale.place(automated)
    signs = scored if isinstance(scored, tuple) else ("",) * len(question.categories)
    said = scale.by_dimension(found)
    rows = [
        _row(question, scale, name, votes, sign, everything)
        for name, votes, sign in zip(question.categories, said, signs, strict=True)
    ]
    shown = [row for row in rows if row.why or row.passages or set(row.votes) - {_none(question)}]
    return Reviewed(
        [laid_over(text, by_text.get(digest(text), []) + quotes) for text in texts],
        sorted(shown, key=lambda row: not row.why),
        len(rows) - len(shown),
        ",".join(_settled(votes) for votes in said),
        unsupported,
    )


def _none(question: Question) -> str:
    return question.stance_word("0")


def _settled(votes: list[str]) -> str:
    return (majority(votes) or "") if votes else ""


def _row(
    question: Question,
    scale: Vector,
    name: str,
    votes: list[str],
    sign: str,
    passages: Sequence[Passage],
) -> OfDimension:
    settled = _settled(votes)
    codes = [RATERS_SPLIT] if votes and not settled else []
    codes += scale.grounds_of(name, votes, sign)
    known = reasons_there_are()
    counts = Counter(votes)
    return OfDimension(
        name,
        question.word_for(name),
        {question.stance_word(one): counts[one] for one in scale.of.categories if counts[one]},
        question.stance_word(settled) if settled else "",
        question.stance_word(sign) if sign else "",
        [known[code].words for code in codes],
        [passage for passage in passages if passage.dimension == name],
    )


def _marked(judgments: Sequence[Judgment]) -> dict[str, list[Passage]]:
    """What the raters marked, by the hash of the text it stands in; one query."""
    found: dict[str, list[Passage]] = {}
    names = {judgment.pk: judgment.rater.pseudonym for judgment in judgments}
    for mark in Mark.objects.filter(judgment__in=names):
        passage = Passage(
            mark.start,
            mark.end,
            mark.dimension,
            mark.sign,
            names[mark.judgment_id],
            mark.quotation,
        )
        found.setdefault(mark.text_sha256, []).append(passage)
    return found


def _quoted(score: Score | None) -> tuple[list[Passage], list[Passage]]:
    """The quotes of a metric, and those of them that do not stand in the answer."""
    quotes = (score.detail or {}).get("quotes", []) if score else []
    metric = str(score.metric) if score else ""
    found: list[Passage] = []
    unsupported: list[Passage] = []
    for one in quotes:
        there = one["start"] is not None
        passage = Passage(
            one["start"] if there else 0,
            one["end"] if there else 0,
            one["dimension"],
            str(one["sign"]),
            metric,
            one["quotation"],
            is_metric=True,
        )
        (found if there else unsupported).append(passage)
    return found, unsupported
