"""Pause, resume, cancel or extend a run."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.migrated import DatabaseCommand
from evaluations.management import command_line
from evaluations.models import Run
from evaluations.running import budgets, conversations, planning, stopping
from evaluations.tasks import nudge


class Command(DatabaseCommand):
    help = (
        "Pause a run after the answers under way, resume it for the workers, cancel it for good, "
        "extend it to a larger number of trials in every cell, limit what it spends, have it ask "
        "anew what is known, or drop one of its endpoints, have it asked again, or have another "
        "do what it left."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="its name")
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        for act in ("pause", "resume", "cancel"):
            acts.add_parser(act)
        acts.add_parser("ask-anew", help="ask also what was answered before in this project")
        acts.add_parser("use-known", help="take such answers from where they are; the usual way")
        for act, does in (("drop", "cancel what is left to do at"), ("retry", "ask again")):
            one = acts.add_parser(act, help=f"{does} one endpoint")
            one.add_argument("endpoint", help="its name")
        mend = acts.add_parser("mend", help="have another endpoint do what one left")
        mend.add_argument("endpoint", help="its name")
        mend.add_argument("mended", help="the name of the other, of the same project")
        limit = acts.add_parser("limit", help="the most to spend; what is not named has no limit")
        command_line.add_limits(limit)
        limit.add_argument("--whole-project", action="store_true", help="of all its runs together")
        extend = acts.add_parser("extend")
        extend.add_argument("trials", type=int, help="trials a cell from then on")
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stdout)
        (run,) = command_line.runs_named(project, [options["run"]])
        try:
            if options["act"] == "pause":
                conversations.pause(run)
            elif options["act"] == "cancel":
                conversations.cancel(run)
            elif options["act"] in ("ask-anew", "use-known"):
                planning.ask_anew(run, options["act"] == "ask-anew")
            elif options["act"] in ("drop", "retry"):
                act = {"drop": stopping.drop, "retry": stopping.retry}[options["act"]]
                act(run, stopping.called(run, options["endpoint"]))
            elif options["act"] == "mend":
                mended = command_line.endpoint_named(project, options["mended"])
                moved = stopping.mend(run, stopping.called(run, options["endpoint"]), mended)
                self.stdout.write(f"{mended.name} does {moved} trials; resume the run for that.")
            elif options["act"] == "limit":
                limited = None if options["whole_project"] else run
                budgets.limit(project, limited, command_line.limits(options))
            elif options["act"] == "extend":
                added = planning.extend_run(run, options["trials"])
                run.refresh_from_db(fields=["state"])
                under_way = run.state == Run.State.RUNNING
                then = "" if under_way else "; resume the run to have them made"
                self.stdout.write(f"{added} trials were added{then}.")
            else:
                conversations.resume(run)
                nudge(run)
        except ValueError as error:
            raise CommandError(str(error)) from None
        run.refresh_from_db()
        self.stdout.write(f"{run.name} is {run.state}.")
