"""What a trial's page shows: the conversation with its evidence, the options, every score."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from evaluations.definitions.catalogue import instrument_of
from evaluations.instruments.conversation import Option
from evaluations.instruments.endings import WORDS, ending_of, is_cut_short, is_filtered
from evaluations.instruments.kinds import kind_of
from evaluations.instruments.readings import OUTSIDE
from evaluations.models import Answer, Metric, Reading, Score, Trial, Turn
from evaluations.pages.checks import Check
from evaluations.pages.kinds import KindPages, pages_of
from evaluations.scoring.metrics import Reader, in_force, reader_of
from evaluations.scoring.readings import evidence_of
from evaluations.scoring.scorers import own_scorer


@dataclass(frozen=True)
class ShownOption:
    """One option as it was shown beside an answer."""

    option: Option
    is_chosen: bool


@dataclass(frozen=True)
class TurnView:
    """One message, cut at its first evidence; answers to items come with options and reading."""

    turn: Turn
    before: str
    evidence: str
    after: str
    reading: Reading | None = None
    options: Sequence[ShownOption] = ()
    earlier: Sequence[Reading] = ()
    step: str = ""
    template: str = ""
    """The piece that shows the options; '' where there are none."""
    is_free: bool = False
    """Whether it answers freely, so that what is read of it is no choice."""
    read_as: str = ""
    """The piece that says what was read in the kind's own terms; '' where its label says all."""

    @property
    def is_cut_off(self) -> bool:
        return is_cut_short(self.turn.call)

    @property
    def ended(self) -> str:
        """How the answer ended, unless it simply did."""
        return WORDS.get(ending_of(self.turn.call), "")

    @property
    def reasoning_tokens(self) -> int:
        usage = self.turn.call.get("usage")
        return int(_amount(usage, "reasoning_tokens")) if isinstance(usage, Mapping) else 0

    @property
    def is_refused(self) -> bool:
        return self.reading is not None and self.reading.refused

    @property
    def is_out_of_range(self) -> bool:
        return self.reading is not None and self.reading.method == OUTSIDE

    @property
    def method(self) -> str:
        """How the answer was read: 'rule:several' becomes 'rule several'."""
        return self.reading.method.replace(":", " ").replace("_", " ") if self.reading else ""


@dataclass(frozen=True)
class TrialPage:
    """The whole page."""

    trial: Trial
    turns: Sequence[TurnView]
    score: Score | None
    earlier_scores: Sequence[Score]
    checks: Sequence[Check]
    pieces: KindPages
    own: Mapping[str, Any]
    previous_id: int | None
    next_id: int | None

    @property
    def flagged(self) -> list[Check]:
        return [check for check in self.checks if check.is_found]

    @property
    def clear(self) -> list[Check]:
        return [check for check in self.checks if check.is_found is False]

    @property
    def open(self) -> list[Check]:
        """What could not be judged, for want of answers that could be read."""
        return [check for check in self.checks if check.is_found is None]

    @property
    def cut_off_before(self) -> int:
        """Messages before the items that were cut off; no flag speaks of them."""
        return sum(view.is_cut_off and not view.turn.item_number for view in self.turns)

    @property
    def retries(self) -> int:
        return int(sum(_amount(view.turn.call, "retries") for view in self.turns))

    @property
    def seconds(self) -> float:
        return sum(_amount(view.turn.call, "seconds") for view in self.turns)


def _amount(call: Mapping[str, Any], name: str) -> float:
    """A figure of a call; 0 where it says none: calls of other programs hold anything."""
    value = call.get(name)
    return value if isinstance(value, int | float) else 0


def trial_page(run_trials: Any, trial_id: int, metric: Metric | None = None) -> TrialPage | None:
    """The page of a trial among *run_trials* (a queryset of Trial); None when it is not there.

    It shows the score and the readings of *metric*: the own one of the run's kind in force in the
    run, unless another is given.
    """
    trial = (
        run_trials.select_related(
            "cell__endpoint", "cell__prompt_pack", "cell__frame", "run__project", "run__instrument"
        )
        .prefetch_related(
            Prefetch("turns", Turn.objects.order_by("position")),
            Prefetch("answers", Answer.objects.prefetch_related("readings__evidence")),
            Prefetch("scores", Score.objects.select_related("metric").order_by("-id")),
        )
        .filter(pk=trial_id)
        .first()
    )
    if trial is None:
        return None
    trial.cell.run = trial.run
    pieces = pages_of(trial.run)
    answers = {answer.turn_id: answer for answer in trial.answers.all()}
    scores = list(trial.scores.all())
    siblings = Trial.objects.filter(run=trial.run_id)
    metric = metric or in_force(own_scorer(trial.run), siblings)
    reader = reader_of(metric, siblings)
    counts = [score for score in scores if score.metric == metric]
    score = (counts or scores or [None])[0]
    previous_id, next_id = _neighbours(trial)
    turns = [_turn_view(turn, answers.get(turn.pk), trial, reader) for turn in trial.turns.all()]
    return TrialPage(
        trial=trial,
        turns=turns,
        score=score,
        earlier_scores=[other for other in scores if other is not score],
        checks=pieces.checks(score, _items_flagged(turns)) if score else [],
        pieces=pieces,
        own=pieces.of_trial(trial, score),
        previous_id=previous_id,
        next_id=next_id,
    )


def _neighbours(trial: Trial) -> tuple[int | None, int | None]:
    """The ids of the trials before and after this one in its run."""
    siblings = Trial.objects.filter(run=trial.run_id).values_list("pk", flat=True)
    before = siblings.filter(pk__lt=trial.pk).order_by("-pk").first()
    after = siblings.filter(pk__gt=trial.pk).order_by("pk").first()
    return before, after


def _items_flagged(turns: Sequence[TurnView]) -> dict[str, list[int]]:
    """Flag -> the items whose answers raise it."""
    answers = [view for view in turns if view.reading and view.turn.item_number]
    raised: dict[str, Callable[[TurnView], bool]] = {
        "truncated": lambda view: view.is_cut_off,
        "refused": lambda view: view.is_refused,
        "filtered": lambda view: is_filtered(view.turn.call),
        "out_of_range": lambda view: view.is_out_of_range,
    }
    return {
        flag: [view.turn.item_number or 0 for view in answers if raises(view)]
        for flag, raises in raised.items()
    }


def _turn_view(turn: Turn, answer: Answer | None, trial: Trial, reader: Reader) -> TurnView:
    kind = kind_of(trial.run.instrument.kind)
    step = kind.steps.get(turn.step, turn.step)
    if answer is None:
        return TurnView(turn, turn.text, "", "", step=step)
    readings = sorted(answer.readings.all(), key=lambda reading: -reading.pk)
    by_reader = {Reader(reading.reader, reading.version): reading for reading in readings}
    counts = [by_reader[who] for who in reader.chain if who in by_reader]
    present = next(iter(counts or readings), None)
    before, evidence, after = turn.text, "", ""
    if found := evidence_of(present) if present else ():
        start, end = found[0].start, found[0].end
        before, evidence, after = turn.text[:start], turn.text[start:end], turn.text[end:]
    return TurnView(
        turn,
        before,
        evidence,
        after,
        reading=present,
        options=_options(answer, present, trial),
        earlier=[reading for reading in readings if reading is not present],
        step=step,
        template=pages_of(trial.run).options,
        is_free=pages_of(trial.run).is_free,
        read_as=pages_of(trial.run).reading,
    )


def _options(answer: Answer, reading: Reading | None, trial: Trial) -> list[ShownOption]:
    instrument = instrument_of(trial.run.instrument)
    chosen = reading.value if reading else None
    return [
        ShownOption(option, option.number == chosen)
        for option in instrument.options(trial.cell.asked.own, answer.item_number, answer.shown)
    ]
