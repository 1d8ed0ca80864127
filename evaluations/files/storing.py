"""Trials that were read from a file, written into one run and scored."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from evaluations.definitions.catalogue import instrument_of
from evaluations.files.named_frames import NamedFrames
from evaluations.files.trial_files import FileTrial, FileTurn
from evaluations.instruments.conditions import Condition
from evaluations.models import Answer, Cell, Endpoint, Run, Trial, Turn
from evaluations.scoring.scorers import StoredTrial, own_metric, score_stored


def held(run: Run, keys: Iterable[str]) -> set[str]:
    """Those of the *keys* of trials that *run* holds."""
    found = Trial.objects.filter(run=run, source_key__in=keys)
    return set(found.values_list("source_key", flat=True))


@dataclass
class Store:
    """Writes trials into one run, remembering the endpoints and cells it has met."""

    run: Run
    model_note: str
    _endpoints: dict[str, Endpoint] = field(default_factory=dict)
    _cells: dict[tuple[int, Condition, str], Cell] = field(default_factory=dict)
    _numbers: dict[int, dict[str, set[int]]] = field(default_factory=dict)
    _highest: dict[tuple[int, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._frames = NamedFrames(self.run.project)

    def add(self, batch: list[FileTrial]) -> int:
        """Store and score those of a batch that the run does not hold yet; return how many."""
        by_key = {trial.source_key: trial for trial in batch}
        known = held(self.run, by_key)
        new = [trial for key, trial in by_key.items() if key not in known]
        trials = Trial.objects.bulk_create(self._trial(trial) for trial in new)
        turns: list[Turn] = []
        stored: list[StoredTrial] = []
        for trial, source in zip(trials, new, strict=True):
            rows = [_turn(trial, position, turn) for position, turn in enumerate(source.turns)]
            turns += rows
            stored.append(StoredTrial(trial, _answers(rows, source.turns)))
        Turn.objects.bulk_create(turns, batch_size=500)
        answers = [answer for trial in stored for answer in trial.answers]
        Answer.objects.bulk_create(answers, batch_size=500)
        for scorer in instrument_of(self.run.instrument).kind.scorers:
            score_stored(stored, scorer, own_metric(scorer))
        return len(new)

    def _trial(self, source: FileTrial) -> Trial:
        cell = self._cell(source)
        return Trial(
            run=self.run,
            cell=cell,
            prompt=source.prompt,
            number=self._number(cell, source.prompt, source.number),
            seed=source.seed,
            is_simulated=source.simulated,
            state=Trial.State.COMPLETE,
            source_key=source.source_key,
            model_returned=source.model_returned,
            system_fingerprint=source.system_fingerprint,
            parameters=dict(source.parameters),
        )

    def _cell(self, source: FileTrial) -> Cell:
        endpoint = self._endpoint(source)
        key = (endpoint.pk, source.condition, source.frame)
        if key not in self._cells:
            told = self._frames.of(source)
            cell = Cell.holding(source.condition, run=self.run, endpoint=endpoint, frame=told)
            known = self.run.cells.filter(endpoint=endpoint, condition_key=cell.condition_key)
            if found := known.first():
                cell = found
            else:
                cell.save()
            self._cells[key] = cell
        return self._cells[key]

    def _endpoint(self, source: FileTrial) -> Endpoint:
        model = source.model
        if model not in self._endpoints:
            found = Endpoint.objects.filter(
                project=self.run.project, kind=Endpoint.Kind.IMPORTED, model=model
            ).first()
            self._endpoints[model] = found or Endpoint.objects.create(
                project=self.run.project,
                kind=Endpoint.Kind.IMPORTED,
                model=model,
                name=self._free_name(model),
                note=self.model_note,
            )
        return self._endpoints[model]

    def _free_name(self, model: str) -> str:
        names = set(
            Endpoint.objects.filter(project=self.run.project).values_list("name", flat=True)
        )
        candidates = [model[:100], *(f"{model[:100]} (imported {n})" for n in range(1, 1000))]
        return next(name for name in candidates if name not in names)

    def _number(self, cell: Cell, prompt: str, wanted: int) -> int:
        """The trial's own number in its cell (of its prompt), or the next free one if another trial
        has it."""
        if cell.pk not in self._numbers:
            known: dict[str, set[int]] = defaultdict(set)
            for name, number in cell.trials.values_list("prompt", "number"):
                known[name].add(number)
            self._numbers[cell.pk] = known
        taken, key = self._numbers[cell.pk][prompt], (cell.pk, prompt)
        highest = self._highest.get(key, max(taken, default=-1))
        number = wanted if wanted not in taken else highest + 1
        self._highest[key] = max(highest, number)
        taken.add(number)
        return number


def _answers(rows: Sequence[Turn], turns: Sequence[FileTurn]) -> list[Answer]:
    """The answers to the items among the turns of one trial, which are not stored yet."""
    return [
        Answer(
            trial_id=row.trial_id,
            turn=row,
            item_number=turn.item_number,
            shown=turn.shown,
        )
        for row, turn in zip(rows, turns, strict=True)
        if turn.is_read and turn.item_number is not None
    ]


def _turn(trial: Trial, position: int, turn: FileTurn) -> Turn:
    return Turn(
        trial=trial,
        position=position,
        role=turn.role,
        step=turn.step,
        item_number=turn.item_number,
        text=turn.text,
        reasoning=turn.reasoning,
        call=dict(turn.call),
    )
