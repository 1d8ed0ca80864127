"""A kind of instrument that only tests know: three statements, each answered with 0 to 10.

Its score is a number, the mean. Nothing of the product names it; where that is not enough for it to
run the whole way, the seam is wrong (evaluations/instruments/base.py).
"""

import re
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from evaluations.formats.definitions import HEADING, INSTRUMENT_FORMAT, PACK_FORMAT, Place, heading
from evaluations.formats.lines import LineError
from evaluations.instruments.base import InstrumentDefinition, Pack
from evaluations.instruments.conditions import Field, Shared, Target
from evaluations.instruments.conversation import Ask, ProtocolError, Said
from evaluations.instruments.readings import Reading, Span
from evaluations.instruments.simulated import Subject

INSTRUMENT = {
    "format": INSTRUMENT_FORMAT,
    "kind": "warmth",
    "key": "warmth",
    "version": "1",
    "language": "en",
    "name": "Warmth",
    "source": "Made for tests",
    "statements": ["I like crowds.", "I ask how people are.", "I wave at strangers."],
}
PACK = {
    "format": PACK_FORMAT,
    "kind": "warmth",
    "key": "warmth-en",
    "version": "1",
    "language": "en",
    "name": "Plain words",
    "source": "Made for tests",
    "induction": "Be {target}.",
    "item": "From 0 to 10, how far do you agree: {statement}",
}


@dataclass(frozen=True)
class Mood:
    """What the kind varies: whether it asks politely."""

    tone: str = "plain"

    def __post_init__(self):
        if self.tone not in ("plain", "polite"):
            raise ValueError(f"tone is {self.tone!r}, must be plain or polite")

    def stored(self):
        return asdict(self)

    def identity(self):
        return self.stored()

    def words(self):
        return [] if self.tone == "plain" else [f"asked in a {self.tone} tone"]


@dataclass(frozen=True)
class WarmthPack(Pack):
    induction: str
    item: str

    def templates(self):
        return [("Induction", self.induction), ("Item", self.item)]


@dataclass(frozen=True)
class Talk:
    """Induction, then one statement a turn."""

    condition: Any
    statements: tuple[str, ...]
    pack: WarmthPack
    seed: int

    @property
    def questions(self):
        told = [("told", None, self.pack.induction.format(target=self.condition.target))]
        please = "" if self.condition.own.tone == "plain" else "Please. "
        return (told if self.condition.target else []) + [
            ("statement", number, please + self.pack.item.format(statement=statement))
            for number, statement in enumerate(self.statements, start=1)
        ]

    @property
    def calls(self):
        return len(self.questions)

    def next(self, said):
        for turn, (step, _, text) in zip(said[::2], self.questions, strict=False):
            if (turn.step, turn.text) != (step, text):
                raise ProtocolError("this is another conversation")
        done, open_question = divmod(len(said), 2)
        if done == self.calls:
            return None
        step, number, text = self.questions[done]
        messages = () if open_question else (Said("user", step, text, number),)
        shown = {"statement": self.statements[number - 1]} if number else None
        return Ask(step, number, messages, shown)


@dataclass(frozen=True)
class Rules:
    name: str = "warmth_number"
    version: str = "1"
    final = ()

    def candidates(self, answer, measure, condition):
        return ()

    def read(self, answer, measure, condition):
        found = re.search(r"\b(10|\d)\b", answer.text)
        if found is None:
            return Reading("none", None, "", "rule:number", answer.refused, (), "no number")
        number, evidence = found[1], (Span(*found.span()),)
        return Reading("choice", int(number), number, "rule:number", False, evidence, "said")


@dataclass(frozen=True)
class Mean:
    name: str = "warmth-mean"
    version: str = "1"
    reader: str = "warmth_number 1"

    def resting_on(self, reader, *, name, version):
        return Mean(name, version, reader)

    def score(self, trial):
        said = [answer.reading.value for answer in trial.answers]
        known = [number for number in said if number is not None]
        if not known or (None in said and not trial.score_incomplete):
            return {"outcome": "unscorable", "reason": "a statement has no number"}
        return {"outcome": "scored", "number": fmean(known), "detail": {"numbers": known}}


@dataclass(frozen=True)
class Person:
    warmth: int

    def answer(self, ask, target, seed):
        return "Very well." if ask.item_number is None else f"I would say {self.warmth}."


class WarmthFiles:
    steps = {"told": "told", "statement": "statement"}
    item_step = "statement"
    aliases: dict[str, str] = {}
    columns = {"tone": str}
    fields = ("tone",)
    scores = {"number": "warmth"}
    dimensions = ()
    prompt_column = ""

    def recognise(self, line, questions, measure):
        found = []
        for question in questions:
            asked = [n for n, said in enumerate(measure, start=1) if said in question["content"]]
            if len(asked) > 1:
                raise LineError("a message asks two statements")
            shown = {"statement": measure[asked[0] - 1]} if asked else None
            found.append((asked[0], shown) if asked else None)
        return found

    def how_to_show(self, measure):
        return "say one of the statements"

    def own(self, line, shown, measure):
        return Mood(line.get("tone") or "plain")

    def written(self, own):
        return own.stored()


class Warmth:
    """See `evaluations.instruments.base.Kind`. A measure is the tuple of its statements."""

    key = "warmth"
    name = "warmth"
    shipped = ("", "", "")
    labels: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    parameters = {"warmth": "0 to 10"}
    steps = {"told": "induction", "statement": "statement"}
    shared = Shared(goals=(False,), inductions=("name",), value_places=("dialogue",))
    fields = (Field("tone", "Tone", (("plain", "plain"), ("polite", "polite"))),)
    files = WarmthFiles()
    reader = Rules()
    scorers = (Mean(),)

    def parse(self, definition, source):
        place = Place(definition, source)
        entries = place.entries([*HEADING, "statements"], ["kind"])
        measure = tuple(statement.text() for statement in entries["statements"].elements())
        told = entries["source"].text()
        return InstrumentDefinition(**heading(entries), source=told, kind=self, measure=measure)

    def parse_pack(self, definition, source):
        entries = Place(definition, source).entries([*HEADING, "induction", "item"], ["kind"])
        return WarmthPack(
            **heading(entries),
            source=entries["source"].text(),
            induction=entries["induction"].template(needed=["target"]),
            item=entries["item"].template(needed=["statement"]),
        )

    def targets(self, measure):
        return (Target("warm", "warm", 10), Target("cool", "cool", 0))

    def condition(self, raw):
        return Mood(**raw)

    def times(self, condition, factor):
        return condition

    def prompts(self, measure, pack):
        return ("",)

    def dialogue(self, measure, condition, pack, frame, prompt, seed):
        return Talk(condition, measure, pack, seed)

    def options(self, measure, own, item_number, shown):
        return ()

    def question(self, shown):
        return shown["statement"]

    def option_line(self, option):
        return option.label

    def subject(self, said, noise):
        return Subject(f"warmth {said}", {"warmth": int(said)})

    def simulated(self, parameters, measure):
        if "warmth" not in parameters:
            raise ValueError("the parameter 'warmth' is missing")
        return Person(int(parameters["warmth"]))

    def sample(self):
        instrument = self.parse(INSTRUMENT, "sample")
        ask = Ask("statement", 1, (Said("user", "statement", "From 0 to 10?", 1),))
        return instrument, ask

    def warm_up(self):
        pass
