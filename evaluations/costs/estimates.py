"""What a design will ask for before anything is asked: calls, tokens, money and time."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from evaluations.definitions.catalogue import instrument_of
from evaluations.instruments.base import InstrumentDefinition
from evaluations.instruments.conversation import Said
from evaluations.models import Endpoint, Frame, Instrument
from evaluations.respondents.limiter import CHARACTERS_A_TOKEN
from evaluations.running.planning import Crossed, Design, Words, check_subjects, crossed
from evaluations.running.spending import price, total_price

ANSWER_TOKENS = {"item": 60, "goal": 40}
"""Expected of an answer where the endpoint sets no limit; other steps talk at more length."""

TALK_TOKENS = 200


@dataclass(frozen=True)
class Estimate:
    """Expectations, not promises: tokens from the prompts' lengths, answers from habit.

    `cost` is None when an endpoint states no prices; `unpriced` names those. `seconds` is the
    time the limits per minute alone require, None without such limits.
    """

    cells: int
    trials: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost: Decimal | None
    currency: str
    unpriced: list[str]
    seconds: float | None

    @property
    def assumption(self) -> str:
        """What is taken for the length of an answer, in a sentence."""
        lengths = ", ".join(f"{tokens} for each {step}" for step, tokens in ANSWER_TOKENS.items())
        return (
            f"Taken for an answer: {lengths}, {TALK_TOKENS} for any other step, in tokens and at "
            "most the endpoint's limit; no thinking. Once trials are complete, the run's page says "
            "what is left from these."
        )


@dataclass(frozen=True)
class _Trials:
    """Calls and tokens of one trial of each cell and prompt."""

    calls: int
    input_tokens: int
    output_tokens: int


def estimate(
    design: Design,
    endpoints: Sequence[Endpoint],
    instrument: Instrument,
    prompt_pack: Words,
    frames: Sequence[Frame] = (),
) -> Estimate:
    """What a design on these endpoints will ask for; stores nothing. Raises ValueError as
    `planning.create_run` does."""
    asked = instrument_of(instrument)
    check_subjects(asked, endpoints)
    cells = crossed(design, instrument, prompt_pack, frames)
    number = design.trials_per_cell
    used = [_one_of_each(cells, endpoint, asked) for endpoint in endpoints]
    given = [number * u.input_tokens for u in used]
    answered = [number * u.output_tokens for u in used]
    costs = [price(*entry) for entry in zip(endpoints, given, answered, strict=True)]
    cost, currency, _ = total_price(endpoints, costs)
    return Estimate(
        cells=len(cells) * len(endpoints),
        trials=sum(len(asked.prompts(cell.pack)) for cell in cells) * len(endpoints) * number,
        calls=number * sum(u.calls for u in used),
        input_tokens=sum(given),
        output_tokens=sum(answered),
        cost=cost,
        currency=currency,
        unpriced=[e.name for e, c in zip(endpoints, costs, strict=True) if c is None],
        seconds=seconds_at_limits(endpoints, [number * u.calls for u in used], given, answered),
    )


def money(amount: Decimal) -> str:
    """An amount in figures: cents, or two significant digits where it is less than a cent."""
    digits = 2 if amount >= Decimal("0.01") or not amount else 1 - amount.adjusted()
    return f"{amount:,.{digits}f}"


def _one_of_each(
    cells: Sequence[Crossed], endpoint: Endpoint, asked: InstrumentDefinition
) -> _Trials:
    calls = given = answered = 0
    limits = [endpoint.parameters.get(name) for name in ("max_tokens", "max_completion_tokens")]
    # What is no number stops the run with its reason; a plan leaves it out.
    limit = min((limit for limit in limits if isinstance(limit, int) and limit > 0), default=None)
    asked_for = [(cell, prompt) for cell in cells for prompt in asked.prompts(cell.pack)]
    for cell, prompt in asked_for:
        conversation = cell.dialogue(asked, 0, prompt)
        said: list[Said] = []
        while ask := conversation.next(said):
            said += ask.messages
            tokens = ANSWER_TOKENS.get(ask.step, TALK_TOKENS)
            tokens = min(tokens, limit or tokens)
            calls += 1
            # Every question repeats the whole conversation before it.
            given += sum(len(turn.text) for turn in said) // CHARACTERS_A_TOKEN
            answered += tokens
            words = "x" * (tokens * CHARACTERS_A_TOKEN)
            said.append(Said("assistant", ask.step, words, ask.item_number))
    return _Trials(calls, given, answered)


def seconds_at_limits(
    endpoints: Sequence[Endpoint],
    calls: Sequence[int],
    given: Sequence[int],
    answered: Sequence[int],
) -> float | None:
    """How long the limits a minute alone make so many calls and tokens at each endpoint take; None
    without limits."""
    found = [
        60 * used / allowed
        for endpoint, calls_there, given_there, answered_there in zip(
            endpoints, calls, given, answered, strict=True
        )
        for used, allowed in (
            (calls_there, endpoint.requests_per_minute),
            (given_there + answered_there, endpoint.tokens_per_minute),
        )
        if allowed
    ]
    return max(found, default=None)
