"""The simulated respondent's words: one choice said in many ways, as language models say it.

Every style names exactly one chosen option, so that each of them must be read: the bare
letter, a sentence, the option with its payoffs, Markdown, an explanation before the choice, a look
at another option first, a labelled last line, LaTeX.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from evaluations.instruments.svo.measure.items import Allocation, check_order, printed_order
from evaluations.instruments.svo.measure.shown_options import ShownOptions, shown
from evaluations.instruments.svo.measure.slider import Measure

from .choice import Chooser
from .in_languages import digits_of, styles_of
from .words import ChosenWords


@dataclass(frozen=True, slots=True)
class SimulatedAnswer:
    """One answer: the option number chosen, the index and label it was shown at, and the words."""

    option: int
    index: int
    label: str
    style: str
    text: str


_STYLES: dict[str, Callable[[ChosenWords], str]] = {
    "bare": lambda w: w.label,
    "full stop": lambda w: f"{w.label}.",
    "bold": lambda w: f"**{w.label}**",
    "latex": lambda w: f"$\\boxed{{{w.label}}}$",
    "named": lambda w: f"{w.title} {w.label}",
    "sentence": lambda w: f"I choose {w.noun} {w.label}.",
    "would": lambda w: f"I would go with {w.noun} {w.label}.",
    "payoffs": lambda w: f"{w.title} {w.label}: {w.own} for me, {w.other} for them.",
    "restated": lambda w: f"{w.label}: I get {w.own}, the other person gets {w.other}",
    "bold sentence": lambda w: f"My choice is **{w.title} {w.label}**, which pays me {w.own}.",
    "labelled": lambda w: f"Answer: {w.label}",
    "reason after": lambda w: (
        f"{w.title} {w.label}, because {w.own} for me and {w.other} for the other person "
        f"is what I aim for."
    ),
    "reason before": lambda w: (
        f"I thought about what each of us would receive. Giving the other person {w.other} while "
        f"keeping {w.own} suits my goal best.\n\nSo I choose {w.noun} {w.label}."
    ),
    "rival first": lambda w: (
        f"{w.title} {w.rival} would mean {w.rival_own} for me and {w.rival_other} for the other "
        f"person, which does not fit my goal as well.\n\nMy final choice is {w.noun} {w.label}."
    ),
    "last line": lambda w: (
        f"Looking at both sides of the table, I weigh {w.own} for me against {w.other} for the "
        f"other person and find it right.\n\n**Final answer: {w.label}**"
    ),
}

STYLES: tuple[str, ...] = tuple(_STYLES)
"""Names of the ways of answering."""


def phrase(options: ShownOptions, index: int, style: str, rng: Random, language: str = "en") -> str:
    """Return the choice of the option at a shown index in words of one style of a language.

    The generator only picks the other option that some styles mention. Raises ValueError for an
    unknown style, an index outside the options, or options without payoffs.
    """
    styles = styles_of(language) or _STYLES
    if style not in styles:
        raise ValueError(f"no style {style!r}: there are {', '.join(styles)}")
    if not 0 <= index < len(options.labels):
        raise ValueError(f"shown index {index} is outside 0 to {len(options.labels) - 1}")
    if not options.allocations:
        raise ValueError(
            "the simulated respondent needs the payoffs of the options it chooses from"
        )
    rival = rng.choice([place for place in range(len(options.labels)) if place != index])
    chosen, other = options.allocations[index], options.allocations[rival]
    return styles[style](
        ChosenWords(
            noun=options.noun,
            label=options.labels[index],
            own=digits_of(language, chosen.self_),
            other=digits_of(language, chosen.other),
            rival=options.labels[rival],
            rival_own=digits_of(language, other.self_),
            rival_other=digits_of(language, other.other),
        )
    )


def simulated_answer(
    chooser: Chooser,
    item_number: int,
    seed: int | str,
    *,
    order: tuple[int, ...] | None = None,
    noun: str = "option",
    styles: tuple[str, ...] = (),
    language: str = "en",
    allocations: tuple[Allocation, ...] = (),
) -> SimulatedAnswer:
    """Choose and answer one item; the same chooser, item, seed and order always answer the same.

    The choice depends on chooser, item and seed alone, so shuffling the options moves the label
    and never the option. Give every trial its own seed. *styles*: those to draw from, all of the
    language where there are none. *allocations* are the payoffs as the trial showed them, where
    those are not the measure's. ValueError for an unknown item, order or style.
    """
    measure: Measure = chooser.measure
    options = shown(item_number, order, measure=measure, noun=noun)
    if allocations:
        options = replace(options, allocations=allocations)
    places = check_order(order or printed_order(len(options.labels)), len(options.labels))
    # Seeding with text is stable between processes and machines, hash() is not.
    option = chooser.choose(item_number, Random(f"choice/{seed}/{item_number}"))
    index = places.index(option)
    words = Random(f"words/{seed}/{item_number}")
    style = words.choice(styles or tuple(styles_of(language) or _STYLES))
    said = phrase(options, index, style, words, language)
    return SimulatedAnswer(option, index, options.labels[index], style, said)
