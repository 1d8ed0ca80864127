"""What a rater sees of an item as one text, for files: the same words, and nothing that blinding
keeps back.

An answer is preceded by what it answered to, and by the options it chose from with what each
offered, in the order in which the model saw them; several answers are numbered. One free answer is
the text by itself, since passages that raters marked are counted in its characters.
"""

from annotations.judging.blinding import ShownAnswer, Stimulus, stimulus
from annotations.models import Item


def shown_text(item: Item) -> str:
    """What raters see of *item*, as text; one query for a trial, none for a text."""
    return item.text if item.trial_id is None else in_words(stimulus(item))


def in_words(shown: Stimulus) -> str:
    """A stimulus as text."""
    if not shown.answers:
        return shown.goal or shown.text
    if len(shown.answers) == 1 and not shown.answers[0].options:
        return shown.answers[0].text
    told = (("Divided", shown.divided.resource), ("With whom", shown.divided.recipient))
    about = [f"{name}: {words}" for name, words in told if words]
    is_one = len(shown.answers) == 1
    answers = [_answer(one, "" if is_one else f"{one.number}. ") for one in shown.answers]
    return "\n\n".join(["\n".join(about), *answers] if about else answers)


def _answer(answer: ShownAnswer, number: str) -> str:
    lines = [
        f"{option.label}: {', '.join(f'{name} {value:g}' for name, value in option.offers)}"
        for option in answer.options
    ]
    asked = [answer.asked] if answer.asked else []
    return "\n".join([*_first(number, [*asked, *lines]), f"Answer: {answer.text}"])


def _first(number: str, lines: list[str]) -> list[str]:
    """The lines, the first with its number before it."""
    return [f"{number}{lines[0]}", *lines[1:]] if lines else ([number.strip()] if number else [])
