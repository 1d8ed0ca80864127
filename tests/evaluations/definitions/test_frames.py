"""Frames: one pack in several scenes, from the file to the cells of a run."""

import csv
import json
from io import StringIO

import pytest

from evaluations.costs.estimates import estimate
from evaluations.definitions.catalogue import divided, frame, instrument, prompt_pack, store
from evaluations.files.exporting import export_lines, export_scores, export_table
from evaluations.files.importing import import_trials
from evaluations.formats.definitions import DefinitionError
from evaluations.models import Cell, Endpoint, Frame, PromptPack, Run, Score, Trial
from evaluations.pages.preview import preview
from evaluations.running.conversations import advance, resume
from evaluations.running.planning import Design, create_run, extend_run
from tests.evaluations.commands.test_run_evaluation import command
from tests.evaluations.definitions.scenes import CANAL, HARVEST, PACK
from tests.evaluations.definitions.shipped_scenes import definition

CANAL_IN_LANGUAGES = definition("canal-neighbour")

pytestmark = pytest.mark.django_db

DESIGN = Design(["prosocial", ""], [False], trials_per_cell=2)


@pytest.fixture
def scenes(project):
    return [store(Frame, told, "frame", project) for told in (HARVEST, CANAL)]


@pytest.fixture
def pack(project):
    return store(PromptPack, PACK, "pack", project)


@pytest.fixture
def sim(project):
    return Endpoint.objects.create(
        project=project, name="sim", kind="simulated", model="sim", parameters={"angle": 30}
    )


def planned(sim, pack, frames):
    return create_run(sim.project, "mine", DESIGN, [sim], instrument(), pack, frames)


def test_every_frame_is_crossed_with_every_condition(sim, pack, scenes):
    run = planned(sim, pack, scenes)
    assert [(str(cell.frame), cell.target) for cell in run.cells.order_by("pk")] == [
        ("harvest 1", "prosocial"),
        ("harvest 1", ""),
        ("canal 1", "prosocial"),
        ("canal 1", ""),
    ]
    assert run.trials.count() == 8 and run.frames == [scenes[1], scenes[0]]
    assert run.cells.first().words == "prosocial, without goal, frame harvest 1"


def test_the_same_trial_is_shuffled_alike_in_every_scene(sim, pack, scenes):
    planned(sim, pack, scenes)
    seeds = {cell.frame.key: [t.seed for t in cell.trials.all()] for cell in Cell.objects.all()}
    assert seeds["harvest"] == seeds["canal"]


def test_a_frame_named_twice_is_one(sim, pack, scenes):
    assert planned(sim, pack, [scenes[0], scenes[0]]).cells.count() == 2


def test_a_run_is_extended_in_all_its_scenes(sim, pack, scenes):
    run = planned(sim, pack, scenes)
    assert extend_run(run, 3) == 4
    assert Trial.objects.filter(cell__frame=scenes[0]).count() == 6


def test_a_plan_and_a_preview_have_a_cell_for_each_scene(sim, pack, scenes):
    assert estimate(DESIGN, [sim], instrument(), pack, scenes).cells == 4
    shown = preview(DESIGN, instrument(), pack, 2, scenes)
    assert shown.conditions[2] == "prosocial, without goal, frame canal 1"
    assert any("A canal waters two plots." in said.text for said in shown.said)


@pytest.fixture
def shipped_scenes(project):
    return [frame("canal-neighbour", project), frame("savings-circle", project)]


def in_languages(*tags):
    return [prompt_pack(f"scenes-{tag}") for tag in tags]


def test_scenes_are_crossed_with_languages_and_show_their_factor(sim, shipped_scenes):
    packs = in_languages("en", "ar")
    design = Design(["prosocial", ""], [False], trials_per_cell=2)
    run = create_run(sim.project, "mine", design, [sim], instrument(), packs, shipped_scenes)
    cells = list(run.cells.order_by("pk"))
    assert [(cell.prompt_pack.language, cell.frame.key) for cell in cells[::2]] == [
        ("en", "canal-neighbour"),
        ("en", "savings-circle"),
        ("ar", "canal-neighbour"),
        ("ar", "savings-circle"),
    ]
    assert [cell.condition["payoff_scale"] for cell in cells[::2]] == [1, 100, 1, 100]
    assert cells[-1].words == (
        "no target value, without goal, payoffs x 100, frame savings-circle 1 in ar"
    )
    assert extend_run(run, 3) == 8
    seeds = [[trial.seed for trial in cell.trials.order_by("number")] for cell in cells]
    assert seeds[::2] == [seeds[0]] * 4 and seeds[0] != seeds[1] and len(set(seeds[0])) == 3
    resume(run)
    assert advance(run) == {"complete": 24}
    assert {score.outcome for score in Score.objects.all()} == {"scored"}
    told = divided(cells[-1].prompt_pack, cells[-1].frame)
    assert told == ("وحدات نقدية من الفائض", "عضو آخر في جمعية الادّخار", "ar")


def test_a_plan_counts_languages_and_a_preview_speaks_them(sim, shipped_scenes):
    packs = in_languages("es", "zh")
    told = estimate(DESIGN, [sim], instrument(), packs, shipped_scenes)
    assert (told.cells, told.trials, told.calls) == (8, 16, 8 * 2 * 6 + 2 * 2 * 2 * 2)
    shown = preview(DESIGN, instrument(), packs, 6, shipped_scenes)
    assert shown.language == "zh"
    assert shown.conditions[6].endswith("payoffs x 100, frame savings-circle 1 in zh")
    assert any("你得到8500个货币单位" in said.text for said in shown.said)


def test_what_cannot_be_crossed_is_refused_with_the_way_out(sim, shipped_scenes, pack, scenes):
    def refused(words, packs, frames, **own):
        design = Design(["prosocial"], [False], own=own)
        with pytest.raises(ValueError, match=words):
            create_run(sim.project, "mine", design, [sim], instrument(), packs, frames)

    refused("one of several prompt packs in 'en'", [pack, *in_languages("en")], shipped_scenes)
    refused("no prompt pack: choose one", [], shipped_scenes)
    refused("has {division} or {aim}, which frame harvest does", in_languages("en"), scenes)
    one = CANAL_IN_LANGUAGES | {"key": "two"}
    one["texts"] = {tag: text for tag, text in one["texts"].items() if tag in ("en", "es")}
    two = store(Frame, one, "two", sim.project)
    refused("frame two has no text in 'zh': it has en, es", in_languages("zh"), [two])
    refused("at most 0 decimals, and amounts x 0.1", in_languages("en"), [two], payoff_scale=[0.1])
    refused("payoff_scale is 10000", in_languages("en"), shipped_scenes, payoff_scale=[100.0])
    assert not Run.objects.exists()


def test_a_frame_of_another_key_is_kept_in_its_language_in_files(sim, shipped_scenes):
    run = create_run(
        sim.project, "mine", DESIGN, [sim], instrument(), in_languages("es"), shipped_scenes
    )
    resume(run)
    advance(run)
    lines = list(export_lines(Run.objects.filter(pk=run.pk)))
    report = import_trials(
        run.project, lines, file_format="jsonl", run_name="copy", instrument=run.instrument
    )
    assert report.rejected == []
    kept = [(cell.frame.key, cell.condition["payoff_scale"]) for cell in report.run.cells.all()]
    assert set(kept) == {("canal-neighbour", 1.0), ("savings-circle", 100.0)}


@pytest.mark.parametrize(
    ("words", "frames", "problem"),
    [
        (PACK, [], "prompt pack scene-en tells a scene: choose a frame with it"),
        (None, [HARVEST], "prompt pack plain-en has no place for a scene"),
        (PACK, [HARVEST | {"language": "fr"}], "frame harvest is in fr, prompt pack scene-en in"),
    ],
)
def test_a_frame_that_does_not_go_with_the_pack_is_refused(sim, words, frames, problem):
    rows = [store(Frame, told, "frame", sim.project) for told in frames]
    pack = store(PromptPack, words, "pack", sim.project) if words else prompt_pack()
    with pytest.raises(ValueError, match=problem):
        planned(sim, pack, rows)
    assert not Run.objects.exists()


def test_a_frame_may_be_of_another_region_than_its_pack(sim, pack):
    british = store(Frame, HARVEST | {"language": "en-GB"}, "frame", sim.project)
    assert planned(sim, pack, [british]).cells.count() == 2


def test_a_frame_is_found_by_key_and_version(project, scenes):
    newer = store(Frame, HARVEST | {"version": "2"}, "frame", project)
    assert frame("harvest", project) == newer
    assert frame("harvest@1", project) == scenes[0]
    with pytest.raises(DefinitionError, match="there is no frame 'garden'; shipped are canal"):
        frame("garden", project)


def test_the_frame_says_what_is_divided_before_its_pack(scenes):
    assert divided(prompt_pack(), scenes[1]) == ("minutes of water", "the farmer downstream", "en")
    assert divided(prompt_pack()) == ("coins", "", "en")
    assert divided(None) == ("", "", "")


def test_the_command_takes_files_of_frames_and_crosses_them(project, tmp_path):
    paths = {}
    for name, told in {"pack": PACK, "harvest": HARVEST, "canal": CANAL}.items():
        paths[name] = tmp_path / f"{name}.json"
        paths[name].write_text(json.dumps(told), encoding="utf-8")
    asked = ["--simulated", "30", "--values", "prosocial", "--no-goal", "--trials", "1"]
    asked += ["--pack", str(paths["pack"]), "--name", "mine"]
    assert "choose a frame with it" in command(*asked)[1]
    out, problems = command(*asked, "--frame", str(paths["harvest"]), str(paths["canal"]))
    assert "prosocial, without goal, frame canal 1: 1 of 1 scorable" in out and problems == ""
    assert "--frame differ" in command("--name", "mine", "--frame", "harvest")[1]
    assert "goes on" not in command("--name", "mine", "--frame", "harvest", "canal")[1]


@pytest.fixture
def answered(sim, pack, scenes):
    run = planned(sim, pack, scenes)
    resume(run)
    advance(run)
    return run


@pytest.mark.parametrize(
    ("export", "file_format"),
    [(export_lines, "jsonl"), (export_table, "csv")],
)
def test_trials_go_out_with_their_frame_and_come_back_in_it(answered, export, file_format):
    lines = list(export(Run.objects.filter(pk=answered.pk)))
    report = import_trials(
        answered.project,
        lines,
        file_format=file_format,
        run_name="copy",
        instrument=answered.instrument,
    )
    assert report.rejected == []
    cells = [(cell.frame.key, cell.target, cell.trials.count()) for cell in report.run.cells.all()]
    assert cells == [(s, t, 2) for s in ("harvest", "canal") for t in ("prosocial", "")]


def test_a_frame_that_is_not_stored_is_refused_with_its_name(answered):
    lines = [json.loads(line) for line in export_lines(Run.objects.filter(pk=answered.pk))]
    assert {line["frame"] for line in lines} == {"harvest@1", "canal@1"}
    other = [json.dumps(lines[0] | {"frame": "garden@3"})]
    report = import_trials(answered.project, other, run_name="copy", instrument=answered.instrument)
    (problem,) = report.rejected
    assert problem.reason == "frame 'garden@3' is not stored here: upload it first"


def test_a_table_of_scores_says_in_which_frame(answered):
    rows = csv.DictReader(StringIO("".join(export_scores(Run.objects.filter(pk=answered.pk)))))
    assert [row["frame"] for row in rows] == ["harvest@1"] * 4 + ["canal@1"] * 4
