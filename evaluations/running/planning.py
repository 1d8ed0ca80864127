"""From the description of an experiment to its cells and trials, and what they will ask for."""

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.access import hold_unarchived
from accounts.models import Project, User
from evaluations.definitions.catalogue import asked_with, frame_of, instrument_of, pack_of
from evaluations.formats.scenes.checks import language_of
from evaluations.instruments.base import InstrumentDefinition, Kind, Pack
from evaluations.instruments.conditions import Condition
from evaluations.instruments.conversation import Dialogue
from evaluations.instruments.frames import FrameDefinition
from evaluations.instruments.kinds import KINDS
from evaluations.models import Cell, Endpoint, Frame, Instrument, PromptPack, Run, Trial
from evaluations.models.experiments import cell_words


@dataclass(frozen=True)
class Design:
    """Every combination of these is a cell; a target '' is the baseline without induction.

    What is None is as the instrument's kind takes it (`Kind.shared`): with and without a goal where
    it knows both, its first way to give a value and its first place. `own` are the conditions of
    the kind, by the name of the field; the default where one is left out.
    """

    targets: Sequence[str]
    with_goal: Sequence[bool] | None = None
    inductions: Sequence[str] | None = None
    value_places: Sequence[str] | None = None
    own: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    trials_per_cell: int = 10
    seed: int = 0

    def conditions(self, kind: Kind) -> list[Condition]:
        """The conditions in a fixed order; the baseline has no way and no place for a value.

        Raises ValueError for what the kind does not vary, or a value of it that it does not know.
        """
        names = [field.name for field in kind.fields]
        if unknown := [name for name in self.own if name not in names]:
            raise ValueError(
                f"{unknown[0]!r} is no condition of an instrument of {kind.name}: it has "
                f"{', '.join(names) or 'none of its own'}"
            )
        chosen = {field.name: (field.default,) for field in kind.fields} | dict(self.own)
        owns = [
            kind.condition(dict(zip(chosen, values, strict=True)))
            for values in itertools.product(*chosen.values())
        ]
        shared = kind.shared
        goals = shared.goals if self.with_goal is None else self.with_goal
        inductions = self.inductions or shared.inductions[:1]
        places = self.value_places or shared.value_places[:1]
        found: dict[Condition, None] = {}
        for target, goal, induction, place, own in itertools.product(
            self.targets, goals, inductions, places, owns
        ):
            if not target:
                induction, place = "none", "dialogue"
            found[Condition(target, goal, induction, place, own)] = None
        return list(found)


Words = PromptPack | Sequence[PromptPack]
"""The prompt pack of a run, or several: one for each of its languages."""


@dataclass(frozen=True)
class Crossed:
    """One cell of a design, whatever model it is asked: the pack and the scene it is asked in, and
    the condition as that scene shows it."""

    row: PromptPack
    pack: Pack
    frame: Frame | None
    condition: Condition

    @property
    def scene(self) -> FrameDefinition | None:
        """Its frame in the language of its pack."""
        return frame_of(self.frame, self.row.language)

    @property
    def words(self) -> str:
        """The cell in words, as pages and files write them."""
        kind = KINDS[self.row.kind]
        return cell_words(kind, self.condition, self.frame, self.row)

    def dialogue(self, asked: InstrumentDefinition, seed: int, prompt: str) -> Dialogue:
        """The conversation of a trial; raises ValueError as `InstrumentDefinition.dialogue`."""
        return asked.dialogue(self.condition, self.pack, seed, prompt=prompt, frame=self.scene)


def crossed(
    design: Design, instrument: Instrument, words: Words, frames: Sequence[Frame] = ()
) -> list[Crossed]:
    """Every prompt pack with every frame and every condition of a design.

    Raises ValueError for a target that the instrument does not have, a condition that its kind
    does not know, a pack of another kind, two packs in one language that would ask the scenes
    twice, or a frame without a text in the language of a pack.
    """
    packs = _once(words)
    said = [asked_with(instrument, row)[1] for row in packs]
    asked = instrument_of(instrument)
    conditions = design.conditions(asked.kind)
    for condition in conditions:
        asked.check(condition)
    scenes: list[Frame | None] = [*dict.fromkeys(frames)] or [None]
    return [
        Crossed(row, pack, frame, asked.in_scene(condition, frame_of(frame, row.language)))
        for row, pack in zip(packs, said, strict=True)
        for frame in scenes
        for condition in conditions
    ]


def _once(words: Words) -> list[PromptPack]:
    """The packs, each once. Raises ValueError where there are several of one language."""
    packs = [words] if isinstance(words, PromptPack) else [*dict.fromkeys(words)]
    if not packs:
        raise ValueError("the design has no prompt pack: choose one, or one for each language")
    languages = [language_of(row.language) for row in packs]
    for row, language in zip(packs, languages, strict=True):
        if languages.count(language) > 1:
            raise ValueError(
                f"{row.key} is one of several prompt packs in {language!r}: choose one for each "
                "language, so that packs and languages are not mixed up"
            )
    return packs


def check_subjects(asked: InstrumentDefinition, endpoints: Sequence[Endpoint]) -> None:
    """Raise ValueError for a simulated respondent whose parameters are of another kind of
    instrument."""
    for endpoint in endpoints:
        if endpoint.kind != Endpoint.Kind.SIMULATED:
            continue
        try:
            asked.simulated(endpoint.parameters)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"the simulated respondent {endpoint.name} cannot answer {asked.key}: {error}"
            ) from None


@dataclass(frozen=True)
class Plan:
    """What a design amounts to."""

    cells: int
    trials: int
    calls: int


def plan(
    design: Design,
    endpoints: int,
    instrument: Instrument,
    prompt_pack: Words,
    frames: Sequence[Frame] = (),
) -> Plan:
    """Count cells, trials and calls of a design on a number of endpoints; stores nothing."""
    asked = instrument_of(instrument)
    cells = crossed(design, instrument, prompt_pack, frames)
    calls = [
        cell.dialogue(asked, 0, prompt).calls
        for cell in cells
        for prompt in asked.prompts(cell.pack)
    ]
    times = endpoints * design.trials_per_cell
    return Plan(len(cells) * endpoints, len(calls) * times, sum(calls) * times)


@transaction.atomic
def create_run(
    project: Project,
    name: str,
    design: Design,
    endpoints: Sequence[Endpoint],
    instrument: Instrument,
    prompt_pack: Words,
    frames: Sequence[Frame] = (),
    *,
    actor: User | None = None,
    note: str = "",
) -> Run:
    """Store a run with its cells and planned trials, as a draft that nothing works on yet.

    Raises ValueError for a design without cells or trials, a value the pack has no words for, a
    frame that does not go with the pack, or what belongs to another kind of instrument.
    """
    asked = instrument_of(instrument)
    check_subjects(asked, endpoints)
    counted = plan(design, len(endpoints), instrument, prompt_pack, frames)
    if counted.trials == 0:
        raise ValueError("the design has no trials: it needs an endpoint, a value and a number")
    run = Run.objects.create(
        project=project,
        name=name,
        instrument=instrument,
        trials_per_cell=design.trials_per_cell,
        seed=design.seed,
        note=note,
        created_by=actor,
    )
    cells = crossed(design, instrument, prompt_pack, frames)
    for endpoint, one in itertools.product(endpoints, cells):
        asked_in = {"prompt_pack": one.row, "frame": one.frame}
        cell = Cell.holding(one.condition, run=run, endpoint=endpoint, **asked_in)
        cell.save()
        _plan_trials(cell, range(1, run.trials_per_cell + 1))
    planned = audit.Change(None, audit.snapshot(run, ("name", "trials_per_cell", "seed", "note")))
    counts = {"trials": counted.trials, "calls": counted.calls}
    audit.record(project, actor, "plan run", run, planned, **counts)
    return run


@transaction.atomic
def extend_run(run: Run, trials_per_cell: int, actor: User | None = None) -> int:
    """Plan more trials, so that every cell has *trials_per_cell*; return how many were added.

    The first trials stay what they are: a run of ten extended to twenty holds the same trials as
    one planned with twenty. Raises ValueError for an imported or cancelled run, and for a number
    that is no larger than the present one.
    """
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.source == Run.Source.IMPORT or run.state == Run.State.CANCELLED:
        raise ValueError(f"{run.name} is {run.get_source_display()}, {run.state}: nothing to add")
    if trials_per_cell <= run.trials_per_cell:
        raise ValueError(
            f"{run.name} has {run.trials_per_cell} trials a cell: give a larger number, "
            f"not {trials_per_cell}"
        )
    numbers = range(run.trials_per_cell + 1, trials_per_cell + 1)
    cells = list(run.cells.select_related("endpoint", "prompt_pack", "frame"))
    added = sum(_plan_trials(cell, numbers) for cell in cells)
    before = audit.snapshot(run, ("trials_per_cell", "state"))
    run.trials_per_cell = trials_per_cell
    if run.state == Run.State.COMPLETE:
        run.state = Run.State.PAUSED
    run.save(update_fields=["trials_per_cell", "state"])
    audit.record(run.project, actor, "extend run", run, audit.since(before, run), added=added)
    return added


def _plan_trials(cell: Cell, numbers: range) -> int:
    """Plan the trials of a cell with these numbers, for each prompt; return how many.

    Seeds are those of the design, whatever the scene: the same trial is shuffled alike in all.
    """
    run, endpoint, condition = cell.run, cell.endpoint, cell.asked
    instrument = instrument_of(run.instrument)
    pack = pack_of(cell.prompt_pack) if cell.prompt_pack else None
    if pack is not None:
        condition = instrument.as_designed(condition, frame_of(cell.frame, pack.language))
    trials = [
        Trial(
            run=run,
            cell=cell,
            prompt=prompt,
            number=number,
            seed=trial_seed(run.seed, endpoint.name, condition, number, prompt),
            is_simulated=endpoint.is_simulated,
        )
        for prompt in instrument.prompts(pack)
        for number in numbers
    ]
    return len(Trial.objects.bulk_create(trials))


def trial_seed(
    run_seed: int, endpoint: str, condition: Condition, number: int, prompt: str = ""
) -> int:
    """A seed below 2^31 that depends on the design alone, so that a run can be made again
    anywhere; servers built on llama.cpp take no larger one."""
    named = [prompt] if prompt else []
    words = "/".join(
        [str(run_seed), endpoint, *map(str, condition.identity().values()), *named, str(number)]
    )
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:4]) >> 1


@transaction.atomic
def ask_anew(run: Run, wanted: bool, actor: User | None = None) -> None:
    """Whether models are asked also what they answered before in this project."""
    hold_unarchived(run.project)
    locked = Run.objects.select_for_update(of=("self",)).select_related("project").get(pk=run.pk)
    before = audit.snapshot(locked, ["asks_anew"])
    locked.asks_anew = wanted
    locked.save(update_fields=["asks_anew"])
    run.asks_anew = wanted
    audit.record(run.project, actor, "ask anew", locked, audit.since(before, locked))
