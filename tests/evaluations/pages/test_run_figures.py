"""Figures of a run as files that need no page around them."""

import re
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from evaluations.pages.figure_files import NoSuchFigure
from evaluations.pages.runs.run_figures import run_figure
from evaluations.running.conversations import advance
from tests.conftest import PROJECT
from tests.evaluations.views.test_pages import load, simulate

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def run(make_run):
    found = make_run(targets=["prosocial", "altruistic"], with_goal=[True, False])
    advance(found)
    return found


def radar_of(run) -> str:
    return f"radar-{run.cells.first().endpoint_id}"


@pytest.mark.parametrize("name", ["ring", "radar"])
def test_a_figure_carries_its_own_colours_words_and_size(run, name):
    text = run_figure(run, radar_of(run) if name == "radar" else name, "svg").decode()
    drawing = ElementTree.fromstring(text)
    assert drawing.get("width") and drawing.get("viewBox")
    assert drawing.find(f"{SVG}title").text and drawing.find(f"{SVG}desc").text
    assert "var(" not in text and "href" not in text
    style = drawing.find(f"{SVG}style").text
    used = {word for found in re.findall(r'class="([^"]*)"', text) for word in found.split()}
    assert {word for word in used if f".{word}" not in style} == set()


def test_the_colours_are_those_of_the_pages():
    tokens = (PROJECT / "static/css/tokens.css").read_text(encoding="utf-8")
    light = set(re.findall(r"#[0-9a-f]{6}", tokens[: tokens.index("@media")]))
    for path in sorted((PROJECT / "templates/evaluations/figures").glob("*.svg")):
        assert set(re.findall(r"#[0-9a-f]{6}\b", path.read_text(encoding="utf-8"))) <= light


def test_the_ring_has_a_mark_a_trial_and_the_radar_its_numbers_in_words(run):
    ring = run_figure(run, "ring", "svg").decode()
    assert ring.count('class="ring__mark ring__mark--') == run.trials.count() == 8
    radar = run_figure(run, radar_of(run), "svg").decode()
    assert re.search(
        r"<desc[^>]*>with goal: altruistic 0\.\d\d, prosocial [01]\.\d\d; without", radar
    )


def test_a_figure_of_simulated_trials_says_so(run):
    assert "8 are simulated" in run_figure(run, "ring", "svg").decode()
    assert "Simulated respondent, no model" in run_figure(run, radar_of(run), "svg").decode()


@pytest.mark.parametrize(("suffix", "magic"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_figures_are_written_for_papers_and_slides(run, suffix, magic):
    assert run_figure(run, "ring", suffix).startswith(magic)
    assert run_figure(run, radar_of(run), suffix).startswith(magic)


def test_a_name_of_a_model_is_text_and_never_markup(run):
    endpoint = run.cells.first().endpoint
    endpoint.model = "<script>&"
    endpoint.save()
    ElementTree.fromstring(run_figure(run, radar_of(run), "svg"))


@pytest.mark.parametrize(("name", "suffix"), [("radar-0", "svg"), ("pie", "svg"), ("ring", "gif")])
def test_there_is_no_other_figure(run, name, suffix):
    with pytest.raises(NoSuchFigure):
        run_figure(run, name, suffix)


def test_nothing_scorable_is_nothing_to_draw(cast):
    run = simulate(cast.project)
    url = reverse("run_figure", args=["lab", run.pk, "ring", "svg"])
    assert cast.client("researcher").get(url).status_code == 404


def test_the_page_offers_the_files_and_the_numbers_as_a_table(cast):
    run = load(cast.project, "grammar")
    client = cast.client("reviewer")
    body = client.get(reverse("run", args=["lab", run.pk])).content.decode()
    addresses = re.findall(r'href="([^"]*/figures/[^"]*)"', body)
    assert len(addresses) == 6
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith('attachment; filename="grammar-r')
    assert 'aria-label="Angles by orientation"' in body


def test_a_name_with_marks_that_cannot_be_seen_is_drawn_with_them_written_out(run):
    run.name = "m\x1b[31m\u202ex"
    run.save()
    text = run_figure(run, "ring", "svg").decode()
    assert ElementTree.fromstring(text) is not None
    assert "m‹U+001B›[31m‹U+202E›x" in text
