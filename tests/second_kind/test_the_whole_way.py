"""Another kind of instrument runs from its definition to its scores; nothing outside knows it."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Project
from evaluations.definitions.catalogue import store
from evaluations.files.exporting import export_lines, export_scores
from evaluations.files.importing import import_trials
from evaluations.formats.definitions import DefinitionError
from evaluations.instruments.kinds import KINDS
from evaluations.models import Endpoint, Evidence, Instrument, PromptPack, Reading, Run, Score
from evaluations.pages.forms.experiments import ExperimentForm
from evaluations.respondents.endpoints import try_endpoint
from evaluations.running.conversations import advance, resume
from evaluations.running.planning import Design, create_run
from evaluations.scoring import metrics
from tests.second_kind.kind import INSTRUMENT, PACK, Warmth

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def warmth(monkeypatch):
    """The kind, registered in the one place there is."""
    kind = Warmth()
    monkeypatch.setitem(KINDS, "warmth", kind)
    return kind


@pytest.fixture
def project(db) -> Project:
    return Project.objects.create(slug="first", name="First")


@pytest.fixture
def material(project):
    """Instrument and prompt pack, stored as a browser or a command stores them."""
    return store(Instrument, INSTRUMENT, "warmth", project), store(
        PromptPack, PACK, "pack", project
    )


@pytest.fixture
def person(project):
    return Endpoint.objects.create(
        project=project,
        name="person",
        kind=Endpoint.Kind.SIMULATED,
        model="person",
        parameters={"warmth": 7},
    )


@pytest.fixture
def run(project, person, material):
    design = Design(["warm", ""], own={"tone": ["plain", "polite"]}, trials_per_cell=2)
    made = create_run(project, "warm run", design, [person], *material)
    resume(made)
    advance(made)
    return made


def test_a_kind_that_nobody_knows_is_named(project):
    with pytest.raises(DefinitionError, match=f"kind: is 'cold', must be {' or '.join(KINDS)}"):
        store(Instrument, INSTRUMENT | {"kind": "cold"}, "file", project)


def test_its_trials_are_held_read_and_scored(run):
    assert run.instrument.kind == "warmth"
    assert set(run.trials.values_list("state", flat=True)) == {"complete"}
    assert [cell.words for cell in run.cells.all()] == [
        "warm",
        "warm, asked in a polite tone",
        "no target value",
        "no target value, asked in a polite tone",
    ]
    assert Reading.objects.filter(reader="warmth_number", value=7).count() == 3 * 8
    assert Evidence.objects.count() == 3 * 8
    scores = Score.objects.select_related("metric")
    assert {(row.metric.name, row.number, row.label) for row in scores} == {("warmth-mean", 7, "")}


def test_its_trials_go_out_and_come_back(run):
    lines = list(export_lines(Run.objects.filter(pk=run.pk)))
    assert json.loads(lines[-1])["tone"] == "polite" and "payoff_scale" not in lines[0]
    other = Project.objects.create(slug="other", name="Other")
    report = import_trials(other, lines, run_name="copy", instrument=run.instrument)
    assert (report.added, report.rejected) == (8, [])
    rows = list(csv.DictReader(StringIO("".join(export_scores(Run.objects.filter(pk=run.pk))))))
    assert {row["tone"] for row in rows} == {"plain", "polite"} and "option_order" not in rows[0]
    scores = Score.objects.filter(trial__run=run).order_by("trial").values_list("number", flat=True)
    assert [float(row["warmth"]) for row in rows] == list(scores) and "angle" not in rows[0]


def test_the_command_and_the_form_offer_what_it_varies(project, material, person, capsys):
    call_command(
        *("run_evaluation", "--project", project.slug, "--simulated", "3", "--trials", "1"),
        *("--instrument", "warmth", "--pack", "warmth-en", "--values", "cool", "--no-goal"),
        *("--tone", "polite", "--plan"),
    )
    assert "simulated respondent, warmth 3: 1 cells, 1 trials, 4 calls." in capsys.readouterr().out
    form = ExperimentForm(project=project, kind="warmth")
    assert list(dict(form.fields["target_values"].choices)) == ["warm", "cool", "none"]
    assert form.fields["tones"].choices == [("plain", "plain"), ("polite", "polite")]


def test_its_own_reader_reads_first(run):
    assert str(metrics.reader_of(None, run.trials.all())) == "warmth_number 1"


def test_the_page_of_its_instrument_and_its_pack_say_what_every_kind_has(cast, project, material):
    project = cast.project
    rows = (store(Instrument, INSTRUMENT, "warmth", project), store(PromptPack, PACK, "p", project))
    for address, row, words in zip(
        ("instrument", "prompt_pack"), rows, ("<li>cool</li>", "Be {target}."), strict=True
    ):
        page = cast.client("researcher").get(reverse(address, args=[project.slug, row.pk]))
        text = page.content.decode()
        assert page.status_code == 200 and words in text
        assert "To the other" not in text and "Defined as" not in text


def test_what_it_has_not_is_refused_by_name(project, material, person):
    for design, words in (
        (Design(["warm"], with_goal=[True]), "goal is 'with goal'"),
        (Design(["warm"], inductions=["definition"]), "induction is 'definition'"),
        (Design(["warm"], value_places=["system"]), "value_place is 'system'"),
        (Design(["warm"], own={"option_order": ["printed"]}), "'option_order' is no condition"),
        (Design(["prosocial"]), "'prosocial' is no target of warmth: it has warm, cool"),
    ):
        with pytest.raises(ValueError, match=words):
            create_run(project, "refused", design, [person], *material)
    assert not Run.objects.exists()


def test_a_line_of_a_condition_it_has_not_is_refused(run):
    lines = [json.loads(line) for line in export_lines(Run.objects.filter(pk=run.pk))]
    changed = [json.dumps(lines[0] | {"value_place": "system"})]
    report = import_trials(run.project, changed, run_name="copy", instrument=run.instrument)
    (problem,) = report.rejected
    assert "value_place is 'system': an instrument of warmth knows only dialogue" in problem.reason


def test_an_endpoint_of_its_subjects_can_be_tried(person):
    assert try_endpoint(person).text == "I would say 7."


class TestPages:
    """The pages of a run and of a trial show what every kind has."""

    @pytest.fixture
    def project(self, cast) -> Project:
        return cast.project

    def test_a_run_shows_counts_numbers_and_no_figure(self, cast, run):
        page = cast.client("researcher").get(run.get_absolute_url()).content.decode()
        assert "warm, asked in a polite tone" in page
        assert "warmth-mean 1" in page and "7.00" in page
        assert "the metric tells no hits" in page and "no target value</span>" in page
        assert "°" not in page and "rientation" not in page
        missing = cast.client("researcher").get(f"{run.get_absolute_url()}figures/ring.svg")
        assert missing.status_code == 404

    def test_a_trial_shows_its_steps_and_its_score(self, cast, run):
        page = cast.client("researcher").get(run.trials.first().get_absolute_url())
        text = page.content.decode()
        assert ", induction" in text and "Model, item 3" in text
        assert "read as 7 by rule number: said" in text and "of the instrument" not in text
        assert '<span class="num">7.00</span>' in text
