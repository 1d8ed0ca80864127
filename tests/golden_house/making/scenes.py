"""The nine scenes, and everything that is held of each."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hvae_site import demo
from tests.golden_house import leaving, reading
from tests.golden_house.comparing import Facts
from tests.golden_house.making import asked, imported, judged, people
from tests.golden_house.making.clock import Clock, standing_clock
from tests.golden_house.making.fresh import number_from_one, seeded_pseudonyms

Reports = Sequence[tuple[str, Sequence[str]]]
WHOLE: Reports = (("report", ()),)


@dataclass(frozen=True)
class Scene:
    """make: fills an empty database. reports: name and choices of the reports of each study."""

    make: Callable[[Path, Clock], None]
    project: str = imported.PROJECT
    reports: Reports = field(default=WHOLE)


def _imported(make: Callable[[Path], None], *reports: tuple[str, Sequence[str]]) -> Scene:
    def made(folder: Path, _clock: Clock) -> None:
        people.project_of(imported.PROJECT)
        make(folder)

    return Scene(made, reports=(*WHOLE, *reports))


def _demo(_folder: Path, _clock: Clock) -> None:
    demo.load(lambda line: None)


def _every_condition(_folder: Path, clock: Clock) -> None:
    people.project_of(asked.PROJECT)
    asked.every_condition()
    judged.judged_in_turn(clock, "every-condition", raters=3, most=60)


def _with_controls(folder: Path, clock: Clock) -> None:
    people.project_of(asked.PROJECT)
    judged.with_controls(folder, clock, "--raters-are", "skilled")
    judged.other_metrics()


def _every_question(folder: Path, clock: Clock) -> None:
    people.project_of(asked.PROJECT)
    judged.every_question(folder, clock)


SCENES: dict[str, Scene] = {
    "demo": Scene(_demo, demo.SLUG),
    "nominal": _imported(
        imported.nominal,
        ("of-war", ("--property", "topic=war", "--exclude", "r2", "--threshold", "reliable=0.85")),
        ("by-good", ("--scorer", "good", "--target", "prosocial", "--seed", "7")),
    ),
    "ordinal": _imported(imported.ordinal, ("of-model", ("--model", "model-a"))),
    "interval": _imported(imported.interval, ("checked", ("--crosscheck",))),
    "angle": _imported(imported.angle),
    "vector": _imported(imported.vector),
    "conditions": Scene(
        _every_condition,
        reports=(*WHOLE, ("with-goal", ("--condition", "with goal", "--replicates", "200"))),
    ),
    "controls": Scene(
        _with_controls,
        reports=(
            *WHOLE,
            ("by-judge", ("--scorer", "svo-orientation-en/judge", "--replicates", "200")),
            ("of-people", ("--kind", "person", "--target", "prosocial")),
        ),
    ),
    "questions": Scene(_every_question),
}


def facts_of(name: str) -> Facts:
    """Make the scene in the empty database at hand, and say everything that is held of it."""
    scene = SCENES[name]
    number_from_one()
    facts: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as place, standing_clock() as clock, seeded_pseudonyms(name):
        folder = Path(place)
        scene.make(folder, clock)
        facts |= leaving.of_runs(scene.project, folder)
        for slug in reading.slugs(scene.project):
            facts |= leaving.of_study(scene.project, slug, folder)
            for report, choices in scene.reports:
                facts |= leaving.of_report(scene.project, slug, folder, report, choices)
            facts |= leaving.of_data_sets(scene.project, slug)
    return facts
