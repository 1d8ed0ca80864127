"""The conversation of one trial as a state machine: what to say next, given what was said.

Pure: standard library, and the geometry of the instrument. The steps follow Zhang et al. (arXiv
2305.17147): induction, task, goal, then one item a turn in the same conversation, each restating
the goal. Nothing is kept between calls: the next message is a function of the condition, the
definitions, the trial's seed and the stored turns, so that a trial continues from any prefix.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from evaluations.instruments.conditions import Condition
from evaluations.instruments.conversation import Ask, Option, ProtocolError, Said
from evaluations.instruments.frames import SCENE, FrameDefinition
from evaluations.instruments.svo import Item, Measure
from evaluations.instruments.svo.conditions import SliderCondition, own
from evaluations.instruments.svo.definitions import PackDefinition


def scaled(measure: Measure, payoff_scale: float) -> Measure:
    """The measure in payoffs times a scale: other numbers, the same geometry and angles."""
    return measure if payoff_scale == 1 else measure.rescaled(payoff_scale)


def shown_options(measure: Measure, item_number: int, order: Sequence[int]) -> tuple[Option, ...]:
    """The options of an item as a trial shows them, `order` being their numbers in that order."""
    allocations = measure.item(item_number).in_order(order)
    return tuple(
        Option(label, number, {"self": allocation.self_, "other": allocation.other})
        for label, number, allocation in zip(measure.labels, order, allocations, strict=True)
    )


def shown_order(option_order: str, seed: int, item_number: int, options: int) -> tuple[int, ...]:
    """Return the option numbers in the order shown: first is the one shown as 'A'.

    A shuffled order depends on the trial's seed and the item alone. It sorts by a hash rather
    than drawing from a generator, so that it stays the same on every version of Python.
    """
    printed = tuple(range(1, options + 1))
    if option_order == "reversed":
        return printed[::-1]
    if option_order == "shuffled":

        def lot(option: int) -> bytes:
            return hashlib.sha256(f"{seed}/{item_number}/{option}".encode()).digest()

        return tuple(sorted(printed, key=lot))
    return printed


@dataclass(frozen=True)
class Conversation:
    """The conversation of one trial."""

    condition: Condition
    measure: Measure
    pack: PackDefinition
    seed: int
    frame: FrameDefinition | None = None
    _words: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)
    _item_texts: dict[tuple[int, str], str] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        value = self.pack.values.get(self.condition.target)
        if value is None and self.condition.target:
            raise ValueError(
                f"prompt pack {self.pack.key} has no words for {self.condition.target!r}"
            )
        if value is not None:
            self._words.update(value=value.name, definition=value.definition)
        if self.pack.item_numbers and len(self.pack.item_numbers) < len(self.items):
            raise ValueError(
                f"prompt pack {self.pack.key} names {len(self.pack.item_numbers)} items, and "
                f"{len(self.items)} are asked: name as many, or ask the primary items alone"
            )
        if self.frame is not None:
            self.frame.check_scale(self.own.payoff_scale)
            self._words.update({name: getattr(self.frame, name) for name in SCENE})

    @property
    def own(self) -> SliderCondition:
        return own(self.condition)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The items asked, in order."""
        return self.measure.items if self.own.item_set == "all" else self.measure.primary

    @cached_property
    def shown_measure(self) -> Measure:
        """The measure in the payoffs this trial shows; options keep their numbers."""
        return scaled(self.measure, self.own.payoff_scale)

    @cached_property
    def steps(self) -> tuple[tuple[str, int | None], ...]:
        """The questions of the whole conversation as (step, item number)."""
        steps: list[tuple[str, int | None]] = []
        if self.condition.induction != "none" and self.condition.value_place == "dialogue":
            steps += [("induction", None), ("task", None)]
        if self.condition.with_goal:
            steps.append(("goal", None))
        steps += [("item", item.number) for item in self.items]
        return tuple(steps)

    @property
    def calls(self) -> int:
        """How many answers the whole conversation asks of the model."""
        return len(self.steps)

    def next(self, said: Sequence[Said]) -> Ask | None:
        """Return what to ask after the turns *said*, or None when the conversation is finished.

        Raises ProtocolError when *said* is not a prefix of this very conversation.
        """
        self._check(said)
        opening = self._opening
        answered = sum(turn.role == "assistant" for turn in said)
        if answered == len(self.steps):
            return None
        step, number = self.steps[answered]
        expected = len(opening) + 2 * answered
        messages: tuple[Said, ...] = ()
        if len(said) <= expected:
            messages = (*opening[len(said) :], self._question(step, number, said))
        return self._ask(step, number, messages)

    def _ask(self, step: str, number: int | None, messages: tuple[Said, ...]) -> Ask:
        if number is None:
            return Ask(step, None, messages, language=self.pack.language)
        return Ask(
            step,
            number,
            messages,
            shown=list(self.shown(number)),
            options=shown_options(self.shown_measure, number, self.shown(number)),
            constrained=self.own.answer_format == "constrained",
            language=self.pack.language,
        )

    def shown(self, item_number: int) -> tuple[int, ...]:
        """Return the option numbers of an item in the order this trial shows them."""
        return shown_order(self.own.option_order, self.seed, item_number, len(self.measure.labels))

    def _check(self, said: Sequence[Said]) -> None:
        opening = self._opening
        if len(said) > len(opening) + 2 * len(self.steps):
            raise ProtocolError(
                f"{len(said)} turns are stored, the whole conversation has "
                f"{len(opening) + 2 * len(self.steps)}"
            )
        for position, turn in enumerate(said):
            expected = self._expected(position, said)
            found = (turn.role, turn.step, turn.item_number)
            if found != (expected.role, expected.step, expected.item_number):
                raise ProtocolError(
                    f"turn {position} is {found}, expected "
                    f"{(expected.role, expected.step, expected.item_number)}"
                )
            if turn.role != "assistant" and turn.text != expected.text:
                raise ProtocolError(f"turn {position} was put in other words than this pack's")

    def _expected(self, position: int, said: Sequence[Said]) -> Said:
        opening = self._opening
        if position < len(opening):
            return opening[position]
        exchange, is_answer = divmod(position - len(opening), 2)
        step, number = self.steps[exchange]
        if is_answer:
            return Said("assistant", step, said[position].text, number)
        return self._question(step, number, said)

    @cached_property
    def _opening(self) -> tuple[Said, ...]:
        if self.condition.value_place != "system":
            return ()
        worded = self.pack.system[self.condition.induction]
        text = worded.of(self.condition.target).format(**self._words)
        return (Said("system", "system", text),)

    def _question(self, step: str, number: int | None, said: Sequence[Said]) -> Said:
        if number is not None:
            return Said("user", step, self._item_text(number, said), number)
        if step == "goal":
            return Said("user", step, self.pack.goal_ask.format(**self._words, **self._counts()))
        words = {"induction": self.pack.induction, "task": self.pack.task}[step]
        template = words[self.condition.induction].of(self.condition.target)
        return Said("user", step, template.format(**self._words))

    def _counts(self) -> dict[str, str]:
        labels = self.measure.labels
        return {
            "items": self._digits(str(len(self.items))),
            "options": self._digits(str(len(labels))),
            "first": labels[0],
            "last": labels[-1],
        }

    def _item_text(self, number: int, said: Sequence[Said]) -> str:
        # The same question is looked at again with every later answer.
        reminder = self._reminder(said)
        if (number, reminder) not in self._item_texts:
            self._item_texts[number, reminder] = self._worded(number, reminder)
        return self._item_texts[number, reminder]

    def _worded(self, number: int, reminder: str) -> str:
        counts = self._counts()
        ends = {"first": counts["first"], "last": counts["last"]}
        position = [item.number for item in self.items].index(number) + 1
        return self.pack.item_text.format(
            reminder=reminder,
            number=self._called(position),
            items=counts["items"],
            options=self._option_lines(number),
            answer=self.pack.item_answer[self.own.answer_format].format(**self._words, **ends),
            **self._words,
            **ends,
        )

    def _called(self, position: int) -> str:
        """What the item at this position, from 1, is called."""
        named = self.pack.item_numbers
        return named[position - 1] if named else self._digits(str(position))

    def _digits(self, number: str) -> str:
        """A number as the language of the scene writes it."""
        return self.frame.in_numerals(number) if self.frame else number

    def _option_lines(self, number: int) -> str:
        template = (self.frame and self.frame.option) or self.pack.item_option
        return self.pack.item_separator.join(
            template.format(letter=option.label, **self._words, **self._offered(option))
            for option in shown_options(self.shown_measure, number, self.shown(number))
        )

    def _offered(self, option: Option) -> dict[str, str]:
        return {name: self._digits(amount) for name, amount in option.words().items()}

    def _reminder(self, said: Sequence[Said]) -> str:
        """The goal the model gave itself, or the fixed sentence in its place.

        Asked for one sentence, models add paragraphs: the first one is restated, on one line,
        unless the pack restates all, as they stand.
        """
        stated = next(
            (turn.text for turn in said if turn.role == "assistant" and turn.step == "goal"), ""
        )
        goal = stated.strip()
        if self.pack.goal_paragraphs == "first":
            goal = " ".join(goal.split("\n\n")[0].split())
        if goal:
            return self.pack.goal_restated.format(goal=goal, **self._words)
        kind = "system" if self.condition.value_place == "system" else self.condition.induction
        return self.pack.goal_fixed[kind].format(**self._words)
