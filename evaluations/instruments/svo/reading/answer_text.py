"""One answer being read: its plain text, the options named in it, and the forms of a result."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from copy import copy
from functools import cached_property
from typing import Self

from evaluations.instruments.svo.measure.shown_options import ShownOptions
from evaluations.text.thoughts import thoughts

from .commitments import Commitment, find_commitments
from .languages import languages_of, union_of
from .mentions import Mention, Vocabulary, find_mentions, vocabulary
from .payoffs import Quote, fitting, in_digits, quote_after, read_quote
from .places import Places, names_places, places
from .plain_text import PlainText, plain_text, with_plain_amounts
from .result import Outcome, ProseReading

_LAST_SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?! |\n|\Z))*\Z")
_POLITE = 300
"""Characters at the end of an answer that may be politeness."""
_REACH_BACK = 160
"""Characters before a choice in which payoffs can belong to it."""

Span = tuple[int, int]
"""Start and end in plain text; results turn it into a span of the original text."""


class Prose:
    """What every step of reading needs to know about one answer.

    `unfinished_thought` is true when a reasoning block opens the answer and never ends; otherwise
    the text is what stands outside such blocks.
    """

    def __init__(
        self, answer: str, options: ShownOptions, truncated: bool, language: str | None = None
    ) -> None:
        self.unfinished_thought = thoughts(answer)[1]
        amounts = {amount for paid in options.allocations for amount in (*paid, sum(paid))}
        plain = _without_polite_end(plain_text(answer))
        self.plain = with_plain_amounts(plain, amounts) if _is_marked(amounts) else plain
        self.text = self.plain.text
        self.options = options
        self.truncated = truncated
        self.languages = languages_of(self.text, language)
        self._name_by(vocabulary(options))

    def _name_by(self, words: Vocabulary) -> None:
        """Take up what names the options, and find where it does."""
        self.words = words
        self.mentions: list[Mention] = find_mentions(self.text, words, self.languages[0])
        self._starts = [mention.start for mention in self.mentions]

    @cached_property
    def commitments(self) -> list[Commitment]:
        """Where the answer states a choice."""
        return find_commitments(self.text, self.words, self.languages)

    @property
    def by_label(self) -> bool:
        """Whether options are named by their labels, not by their places."""
        return not isinstance(self.words, Places)

    def with_places(self) -> Self | None:
        """The same answer with places as names of the options; None where it names none."""
        if not names_places(self.text, self.languages):
            return None
        placed = copy(self)
        placed.__dict__.pop("commitments", None)
        placed._name_by(places(self.options, self.languages))
        return placed

    def label(self, index: int) -> str:
        """Return the label shown at an index."""
        return self.options.labels[index]

    def mentions_from(self, position: int) -> Iterator[Mention]:
        """Yield the mentions that start at or after a position."""
        for place in range(bisect_left(self._starts, position), len(self.mentions)):
            yield self.mentions[place]

    def quote(self, end: int) -> Quote:
        """Return the payoffs quoted after the label that ends at `end`, up to the next label.

        Empty when the payoffs of the options are unknown and nothing can be checked.
        """
        if not self.options.allocations:
            return Quote()
        later = bisect_left(self._starts, end)
        stop = self._starts[later] if later < len(self._starts) else len(self.text)
        return quote_after(self.text, end, stop, self.languages)

    def quote_before(self, start: int) -> Quote:
        """Return the payoffs quoted before `start` in its sentence, unless they are a label's.

        'With 59 for me and 79 for them, I choose C.' Empty where payoffs cannot be checked.
        """
        sentence = _LAST_SENTENCE.search(self.text, max(0, start - _REACH_BACK), start)
        if not self.options.allocations or sentence is None:
            return Quote()
        if any(sentence.start() <= mention.start < start for mention in self.mentions):
            return Quote()
        return read_quote(in_digits(sentence.group(), self.languages), self.languages)

    def choice(self, index: int, span: Span, method: str, note: str) -> ProseReading:
        """Return a choice."""
        return ProseReading(
            Outcome.CHOICE,
            index,
            self.label(index),
            method,
            self.plain.span(*span),
            note,
            (index,),
        )

    def ambiguous(
        self, rule: str, note: str, candidates: Iterable[int], span: Span
    ) -> ProseReading:
        """Return an answer that may mean any of the candidates, or none."""
        return ProseReading(
            Outcome.AMBIGUOUS,
            None,
            None,
            f"rule:{rule}",
            self.plain.span(*span),
            note,
            tuple(sorted(set(candidates))),
        )

    def several(self, indexes: Iterable[int], span: Span, rule: str = "several") -> ProseReading:
        """Return an answer that names several options without settling on one."""
        places = sorted(set(indexes))
        labels = ", ".join(self.label(index) for index in places)
        return self.ambiguous(rule, f"it names several options: {labels}", places, span)

    def contradiction(self, index: int, quote: Quote, span: Span) -> ProseReading:
        """Return an answer whose label stands beside payoffs that are not that option's."""
        others = fitting(quote, self.options.allocations)
        whose = ", ".join(self.label(place) for place in others) or "no option"
        note = f"it names {self.label(index)} and quotes payoffs of {whose}"
        return self.ambiguous("contradiction", note, [index, *others], span)

    def withdrawn(self, index: int, span: Span) -> ProseReading:
        """Return an answer that chooses an option and then takes that back, naming no other."""
        note = f"it chooses {self.label(index)} and then takes that back"
        return self.ambiguous("withdrawn", note, [index], span)

    def cut_off(self, index: int, span: Span) -> ProseReading:
        """Return an answer that a length limit ended right after a label."""
        note = f"the text was cut off right after {self.label(index)}, which may begin other words"
        return self.ambiguous("cut_off", note, [index], span)

    def nothing(
        self, rule: str, note: str, span: Span | None = None, *, refused: bool = False
    ) -> ProseReading:
        """Return an answer that points to no option of the list."""
        evidence = None if span is None else self.plain.span(*span)
        return ProseReading(
            Outcome.NONE, None, None, f"rule:{rule}", evidence, note, refused=refused
        )


def _is_marked(amounts: Iterable[float]) -> bool:
    """Whether some amounts may be written with a mark between their digits."""
    return any(amount >= 1000 or amount != int(amount) for amount in amounts)


def _without_polite_end(plain: PlainText) -> PlainText:
    """The text up to 'Let me know if you have any questions!', if more than that is said."""
    start = max(0, len(plain.text) - _POLITE)
    end = union_of("polite_end").search(plain.text, start)
    if end is None or not end.start():
        return plain
    return PlainText(plain.text[: end.start()].rstrip(), plain.origin)
