"""The passages that a rater marks: in which words of an item, and whether what came is there."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from annotations.exchange import storing
from annotations.judging.blinding import Stimulus, stimulus
from annotations.judging.sent import Form
from annotations.models import Item
from annotations.questions.question import InvalidJudgment, Question
from evaluations.text.passages import spans
from evaluations.text.passages.sentences import Sentence, sentences
from evaluations.text.passages.spans import Span, SpanRefused


def texts_of(shown: Stimulus) -> dict[int, str]:
    """The texts in which a rater marks, by the number of the answer; 0: a goal, or an imported
    text."""
    if shown.answers:
        return {answer.number: spans.as_shown(answer.text) for answer in shown.answers}
    return {0: spans.as_shown(shown.goal or shown.text)}


def sentences_of(shown: Stimulus) -> dict[int, tuple[Sentence, ...]]:
    """The same in sentences that are numbered through all texts."""
    found, first = {}, 1
    for number, text in texts_of(shown).items():
        found[number] = sentences(text, first)
        first += len(found[number])
    return found


def marked(question: Question, form: Form, item: Item, label: str) -> list[Span]:
    """The passages that came with an answer, checked; the page's script sends them, without it
    fields hold the numbers of sentences.

    *item* as `blinding.stimulus` wants it. Raises InvalidJudgment for a passage that does not stand
    in what was shown, or that shows something else than what was said.
    """
    if not question.of_kind.takes_marks:
        return []
    raw = form.fields.get(f"{question.field}-marks", "")
    numbers = _numbers(question, form.fields)
    if not raw and not numbers:
        return []
    try:
        return _checked(question, raw, numbers, list(texts_of(stimulus(item)).values()), label)
    except SpanRefused as refused:
        raise InvalidJudgment(**{question.key: _(refused.words) % refused.facts}) from refused


def marked_before(judgment_id: int) -> str:
    """The passages that came with a judgment, as the page sends them."""
    return spans.written(storing.marks_of(judgment_id))


def _numbers(question: Question, fields: Mapping[str, str]) -> dict[str, str]:
    """What was typed as numbers of sentences, by dimension."""
    typed = {
        name: fields.get(f"{field}-sentences", "").strip()
        for field, name in question.fields_of_dimensions()
    }
    return {name: raw for name, raw in typed.items() if raw}


def _checked(
    question: Question, raw: str, numbers: Mapping[str, str], texts: Sequence[str], label: str
) -> list[Span]:
    signs = signs_of(question, label)
    found = spans.read(raw)
    for name, typed in numbers.items():
        found += spans.of_sentences(texts, name, signs.get(name, ""), typed)
    spans.check(found, texts, signs)
    return sorted(set(found))


def signs_of(question: Question, label: str) -> dict[str, str]:
    """What an answer says of the dimensions that it involves; none of a way out."""
    said = question.scale.place(label)
    pairs = zip(question.categories, said, strict=True) if isinstance(said, tuple) else ()
    return {name: sign for name, sign in pairs if sign != "0"}
