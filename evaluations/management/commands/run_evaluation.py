"""Describe an experiment, run it here (or leave it to the workers), and print what came out."""

import argparse
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from accounts.audit import Change, record, snapshot
from accounts.migrated import DatabaseCommand
from accounts.models import Project
from evaluations.background import ending
from evaluations.costs.estimates import Estimate, estimate, money
from evaluations.definitions.catalogue import DEFAULT_INSTRUMENT, instrument_of, pack_for
from evaluations.instruments.base import InstrumentDefinition
from evaluations.instruments.conditions import Field
from evaluations.instruments.kinds import all_fields
from evaluations.management import command_line
from evaluations.management.command_endpoints import add_endpoint_options, endpoints_described
from evaluations.models import Cell, Endpoint, Run, Trial
from evaluations.pages import queries
from evaluations.pages.kinds import pages_of
from evaluations.running import budgets, conversations, planning
from evaluations.running.planning import Design
from evaluations.running.run_progress import errors_by_kind
from evaluations.tasks import nudge

BASELINE = "none"


class Command(DatabaseCommand):
    help = (
        "Run an experiment: target values x conditions x trials at one endpoint, or against the "
        "simulated respondent. A run that was interrupted goes on when it is named again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_endpoint_options(parser)
        design = parser.add_argument_group("design (every combination is a cell)")
        design.add_argument(
            "--values",
            nargs="+",
            help="targets of the instrument, or 'none' for the baseline (default: all targets)",
        )
        goal = design.add_mutually_exclusive_group()
        goal.add_argument("--goal", dest="goals", action="store_const", const=(True,))
        goal.add_argument("--no-goal", dest="goals", action="store_const", const=(False,))
        for option, words in (
            ("--induction", Cell.Induction),
            ("--value-place", Cell.ValuePlace),
        ):
            known = [value for value in words.values if value != Cell.Induction.NONE]
            design.add_argument(option, nargs="+", choices=known, help=f"default: {known[0]}")
        for field in all_fields().values():
            _add_field(design, field)
        design.add_argument("--trials", type=int, help="trials a cell (default: 10)")
        design.add_argument("--seed", type=int, help="makes the run repeatable (default: 0)")
        parser.add_argument("--name", help="name of the run (default: the endpoint's name)")
        parser.add_argument(
            "--instrument", help=f"key or .json file (default: {DEFAULT_INSTRUMENT})"
        )
        parser.add_argument(
            "--pack",
            nargs="+",
            metavar="PACK",
            help="key or .json file, one for each language (default: what the instrument's kind "
            "comes with)",
        )
        parser.add_argument(
            "--frame",
            nargs="+",
            metavar="FRAME",
            help="keys or .json files: the scenes of a prompt pack that tells one, each a cell",
        )
        command_line.add_limits(parser.add_argument_group("the most the run may spend"))
        parser.add_argument("--plan", action="store_true", help="print the calls, start nothing")
        parser.add_argument("--background", action="store_true", help="leave it to the workers")
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stdout)
        run = Run.objects.filter(project=project, name=options["name"] or "").first()
        if run is None:
            run = self._new_run(project, options)
        else:
            self._check_same(run, options)
        if run is None or options["plan"]:
            return
        try:
            conversations.resume(run)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if options["background"]:
            nudge(run)
            self.stdout.write(f"{run.name} is left to the workers.")
            return
        self._work(run)
        self._summary(run)

    def _new_run(self, project: Project, options: dict[str, Any]) -> Run | None:
        """Plan a run; print what it asks for; store it unless only the plan was wanted."""
        named = options["instrument"] or DEFAULT_INSTRUMENT
        instrument = command_line.instrument_named(named, project)
        pack = command_line.packs_named(options["pack"] or [pack_for(instrument)], project)
        frames = command_line.frames_named(options["frame"], project)
        endpoints = endpoints_described(project, options, instrument_of(instrument))
        try:
            design = _design(options, instrument_of(instrument))
            expected = estimate(design, endpoints, instrument, pack, frames)
        except ValueError as error:
            raise CommandError(str(error)) from None
        names = ", ".join(endpoint.name for endpoint in endpoints)
        self.stdout.write(
            f"{names}: {expected.cells} cells, {expected.trials} trials, {expected.calls} calls."
        )
        if any(not endpoint.is_simulated for endpoint in endpoints):
            self.stdout.write(_expectation(expected))
        if options["plan"]:
            return None
        name = options["name"] or self._free_name(project, endpoints[0])
        try:
            with transaction.atomic():  # no endpoint is left of a run that cannot be made
                for endpoint in endpoints:
                    if endpoint.pk is None:
                        endpoint.save()
                        told = Change(None, snapshot(endpoint))
                        record(project, None, "add endpoint", endpoint, told)
                run = planning.create_run(
                    project, name, design, endpoints, instrument, pack, frames
                )
                limits = command_line.limits(options)
                if any(most is not None for most in limits.values()):
                    budgets.limit(project, run, limits)
                return run
        except ValueError as error:
            raise CommandError(str(error)) from None

    def _free_name(self, project: Project, endpoint: Endpoint) -> str:
        taken = set(Run.objects.filter(project=project).values_list("name", flat=True))
        names = (f"{endpoint.name[:100]} {number}" for number in range(1, len(taken) + 2))
        return next(name for name in names if name not in taken)

    def _check_same(self, run: Run, options: dict[str, Any]) -> None:
        """A run that is named again goes on as it was planned; other wishes are an error."""
        asked = instrument_of(run.instrument)
        stored = {cell.asked for cell in run.cells.all()}
        wished = set(_design(options, asked).conditions(asked.kind))
        wishes = {
            "--trials": options["trials"] in (None, run.trials_per_cell),
            "--seed": options["seed"] in (None, run.seed),
            "the conditions": not _conditions_given(options) or wished == stored,
            "who answers": self._asks_the_same(run, options),
            "--instrument": options["instrument"] is None
            or command_line.instrument_named(options["instrument"], run.project) == run.instrument,
            "--pack": options["pack"] is None
            or set(command_line.packs_named(options["pack"], run.project)) == set(run.prompt_packs),
            "--frame": options["frame"] is None
            or set(command_line.frames_named(options["frame"], run.project)) == set(run.frames),
        }
        if differing := [name for name, same in wishes.items() if not same]:
            raise CommandError(
                f"the run {run.name!r} exists with another plan ({', '.join(differing)} differ): "
                "leave these options out to go on with it, or give the new run another --name"
            )
        done = run.trials.filter(state=Trial.State.COMPLETE).count()
        self.stdout.write(f"{run.name}: {done} of {run.trials.count()} trials are complete.")

    def _asks_the_same(self, run: Run, options: dict[str, Any]) -> bool:
        if not any(options[name] for name in ("endpoint", "base_url", "simulated")):
            return True
        asked = instrument_of(run.instrument)
        found = endpoints_described(run.project, options, asked)
        described = {endpoint.name for endpoint in found}
        return described == set(run.cells.values_list("endpoint__name", flat=True))

    def _work(self, run: Run) -> None:
        left = run.trials.filter(state__in=[Trial.State.PLANNED, Trial.State.RUNNING]).count()
        with command_line.progress_bar(left, "trial") as bar:

            def report(state: str) -> None:
                bar.update(state in (Trial.State.COMPLETE, Trial.State.FAILED))

            trouble = command_line.FirstProblems(self.stderr)
            with ending.listening():
                conversations.Worker(run, report=report, trouble=trouble.hear).work()

    def _summary(self, run: Run) -> None:
        run.refresh_from_db()
        cells = list(run.cells.select_related("endpoint", "frame", "prompt_pack"))
        pieces = pages_of(run)
        for figures in pieces.figures_of(cells, queries.score_rows(run)):
            why = f", {figures.undefined}" if figures.undefined else pieces.line(figures)
            counts = f"{figures.scorable} of {figures.complete} scorable"
            self.stdout.write(f"{figures.cell}: {counts}{why}")
        self.stdout.write(queries.scorable_sentence(run))
        command_line.show_problems(self.stderr, _problems(run))
        left = run.trials.exclude(state=Trial.State.COMPLETE).count()
        if left:
            raise CommandError(
                f"{run.name} is {run.state}: {left} trials are not complete; "
                f"the same command with --name {run.name!r} goes on with them"
            )


def _problems(run: Run) -> list[str]:
    """Every reason why trials are not complete, with their number; most frequent kind first."""
    found = []
    for error in errors_by_kind(run):
        found += [f"{one.trials} trials at {one.endpoint}: {one.words}" for one in error.reasons]
        if error.unnamed:
            found.append(
                f"{error.unnamed_trials} trials: {error.unnamed} other reasons of {error.kind}"
            )
    return found


def _add_field(design: argparse._ArgumentGroup, field: Field) -> None:
    """An option for what a kind of instrument varies."""
    option, default = f"--{field.name.replace('_', '-')}", field.default
    if field.is_number:
        words = f"{field.label.lower()} times this (default: {default:g})"
        design.add_argument(option, nargs="+", type=float, help=words)
    else:
        known = [value for value, _ in field.choices]
        design.add_argument(option, nargs="+", choices=known, help=f"default: {default}")


def _design(options: dict[str, Any], asked: InstrumentDefinition) -> Design:
    targets = [target.key for target in asked.kind.targets(asked.measure)]
    values = options["values"] or targets or [BASELINE]
    if unknown := [value for value in values if value not in (*targets, BASELINE)]:
        known = ", ".join(map(repr, [*targets, BASELINE]))
        raise CommandError(f"--values: invalid choice: {unknown[0]!r} (choose from {known})")
    if options["trials"] is not None and options["trials"] < 1:
        raise CommandError("--trials must be at least 1")
    if BASELINE in values and "target" in (options["simulated"] or ()):
        raise CommandError(
            "--simulated target is told nothing in the baseline: describe it otherwise"
        )
    return Design(
        targets=["" if value == BASELINE else value for value in values],
        with_goal=options["goals"],
        inductions=options["induction"],
        value_places=options["value_place"],
        own={name: options[name] for name in all_fields() if options[name]},
        trials_per_cell=options["trials"] or 10,
        seed=options["seed"] or 0,
    )


def _expectation(expected: Estimate) -> str:
    """About how much a run will use, in a sentence."""
    words = (
        f"About {expected.input_tokens:,} input and {expected.output_tokens:,} output tokens"
        f", {_cost(expected)}"
    )
    if expected.seconds:
        words += f", at least {expected.seconds / 60:.1f} minutes within the limits"
    return f"{words}. {expected.assumption}"


def _cost(expected: Estimate) -> str:
    if expected.cost is None:
        return "no prices given"
    return f"{money(expected.cost)} {expected.currency}"


def _conditions_given(options: dict[str, Any]) -> bool:
    names = ("values", "goals", "induction", "value_place", *all_fields())
    return any(options[name] for name in names)
