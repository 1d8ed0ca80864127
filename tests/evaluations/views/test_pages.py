import json
import re
from html import unescape
from math import cos, radians, sin
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.definitions.catalogue import SHIPPED, instrument, prompt_pack
from evaluations.files.importing import import_trials
from evaluations.models import Endpoint, Reading, Run, Score, Trial, Turn
from evaluations.pages.svo.lines import letter_share
from evaluations.running.conversations import advance, resume
from evaluations.running.planning import Design, create_run
from evaluations.scoring.answer_shares import answer_shares, together
from tests.support.scores import add_score

pytestmark = pytest.mark.django_db

NOTE = "135M parameters: plumbing, no measurement."


def load(project, name, lines=None):
    file = SHIPPED / "smollm2" / f"smollm2_trials_{name}.jsonl"
    found = file.read_text(encoding="utf-8").splitlines()[:lines]
    return import_trials(
        project, found, run_name=name, instrument=instrument(), model_note=NOTE
    ).run


def simulate(project, trials=2, name="simulated run"):
    endpoint, _ = Endpoint.objects.get_or_create(
        project=project, name="sim", kind="simulated", model="sim", parameters={"angle": 30}
    )
    design = Design(["prosocial"], [True], trials_per_cell=trials)
    run = create_run(project, name, design, [endpoint], instrument(), prompt_pack())
    resume(run)
    return run


def words(response):
    """What a reader sees of the page's main part, as one line."""
    body = response.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def page(cast, who, name, *args, **query):
    return cast.client(who).get(reverse(name, args=[cast.project.slug, *args]), query)


@pytest.mark.parametrize("key", ["jsonl", "csv"])
def test_trials_of_a_run_come_out_of_its_page_and_in_again(cast, key):
    run = load(cast.project, "reversed")
    answer = page(cast, "reviewer", "run_file", run.pk, f"trials.{key}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="reversed-trials.{key}"'
    lines = answer.getvalue().decode().splitlines()
    again = import_trials(
        cast.project, lines, file_format=key, run_name="again", instrument=instrument()
    )
    assert (again.added, again.rejected) == (8, [])


def test_a_run_has_a_table_of_its_scores_and_no_other_file(cast):
    run = load(cast.project, "reversed", 2)
    table = page(cast, "reviewer", "run_file", run.pk, "scores.csv").getvalue().decode()
    assert table.startswith("run,trial,model,")
    assert len(table.splitlines()) == 3
    assert page(cast, "reviewer", "run_file", run.pk, "secrets.csv").status_code == 404


def test_runs_are_listed_with_their_numbers(cast):
    load(cast.project, "reversed")
    simulate(cast.project)
    seen = words(page(cast, "researcher", "runs"))
    assert "reversed imported complete svo-slider 1 8 of 8 8 0" in seen
    assert "simulated run simulated running svo-slider 1 0 of 2 0 0" in seen


def test_a_project_without_runs_says_how_to_get_one(cast):
    assert "No runs yet" in words(page(cast, "reviewer", "runs"))


def test_a_run_says_how_many_trials_are_scorable_and_what_model_it_was(cast):
    run = load(cast.project, "free")
    seen = words(page(cast, "researcher", "run", run.pk))
    scorable = Score.objects.filter(outcome="scored").count()
    assert f"{scorable} of 40 trials are scorable." in seen
    assert f"{40 - scorable} unscorable" in seen
    assert NOTE in seen and "imported" in seen
    assert "undefined: no trial is scorable" in seen


def test_refused_and_unparsed_answers_have_tiles_of_their_own(cast):
    run = load(cast.project, "free")
    counts = {"choice": 0, "refused": 0, "ambiguous": 0, "none": 0}
    for reading in Reading.objects.all():
        refused = reading.refused and reading.outcome != "choice"
        counts["refused" if refused else reading.outcome] += 1
    seen = words(page(cast, "researcher", "run", run.pk))
    for name, number in [
        ("Refused answers", counts["refused"]),
        ("Ambiguous answers", counts["ambiguous"]),
        ("Unparsed answers", counts["none"]),
    ]:
        percent = re.search(rf"{name} ([\d.]+) % {number} of 240:", seen)[1]
        assert float(percent) == pytest.approx(100 * number / 240, abs=0.051)
    assert sum(counts.values()) == 240


def test_a_refusal_counts_as_one_whatever_its_text_was_read_as(cast):
    run = load(cast.project, "free")
    before = together(answer_shares(run).values())
    ambiguous = Reading.objects.filter(outcome="ambiguous", refused=False).first()
    QuerySet(Reading).filter(pk=ambiguous.pk).update(refused=True)
    after = together(answer_shares(run).values())
    assert (after.refused, after.ambiguous) == (before.refused + 1, before.ambiguous - 1)
    assert after.total == before.total == 240


def test_a_run_without_answers_shows_no_shares(cast):
    seen = words(page(cast, "researcher", "run", simulate(cast.project).pk))
    assert "Refused answers" not in seen


def test_a_run_says_that_trials_sit_at_one_angle_by_straight_lining(cast):
    run = load(cast.project, "grammar")
    number = Score.objects.filter(detail__letters="AAAAAA").count()
    seen = words(page(cast, "researcher", "run", run.pk))
    assert (
        f"{number} of 40 scorable constrained trials sit at exactly 30.5°, prosocial, "
        "because they answer A throughout." in seen
    )
    assert "A makes up 156 of 240 choices of this run." in seen


def test_a_simulated_run_is_labelled_as_such(cast):
    run = simulate(cast.project)
    advance(run)
    seen = words(page(cast, "researcher", "run", run.pk))
    assert "Simulated respondent 2 trials of this run come from a simulated respondent" in seen
    assert "prosocial, with goal" in seen and "2 of 2" in seen


def test_a_replayed_run_is_labelled_as_one(cast):
    first = simulate(cast.project)
    advance(first)
    tape = Endpoint.objects.create(
        project=cast.project, name="tape", kind="replay", model="x", parameters={"run": first.pk}
    )
    design = Design(["prosocial"], [True], trials_per_cell=1)
    run = create_run(cast.project, "again", design, [tape], instrument(), prompt_pack())
    seen = words(page(cast, "researcher", "run", run.pk))
    assert "the conversations of another run were played again" in seen


@pytest.mark.parametrize(("letters", "is_warned"), [("AIAAII", False), ("AAAAIA", True)])
def test_one_letter_is_warned_of_where_no_ideal_type_would_choose_it_so_often(letters, is_warned):
    rows = [SimpleNamespace(letters=letters)] * 10
    assert letter_share(rows, 9).is_lopsided is is_warned


def test_a_score_without_an_angle_is_listed_by_its_orientation_alone(cast):
    run = simulate(cast.project)
    advance(run)
    trial = run.trials.first()
    fields = {"outcome": "scored", "label": "competitive"}
    add_score(trial, "rubric/m", **fields)
    assert "rubric/m 1: competitive" in words(page(cast, "researcher", "trial", trial.pk))


def test_trials_can_be_filtered_by_outcome_and_cell(cast):
    run = load(cast.project, "free")
    for outcome in ("scored", "unscorable"):
        response = page(cast, "researcher", "run", run.pk, outcome=outcome)
        found = {trial.outcome for trial in response.context["page_obj"]}
        expected = Score.objects.filter(outcome=outcome).count()
        assert (found, response.context["page_obj"].paginator.count) == ({outcome}, expected)
    cell = run.cells.first()
    response = page(cast, "researcher", "run", run.pk, cell=cell.pk)
    assert response.context["page_obj"].paginator.count == 5


def test_a_filter_that_means_nothing_shows_all(cast):
    run = load(cast.project, "reversed")
    response = page(cast, "researcher", "run", run.pk, cell="x", outcome="y", page="z")
    assert response.context["page_obj"].paginator.count == 8


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("complete", "What went wrong 2 trials, timeout: 2 at sim: timeout: no answer"),
        ("running", "Errors by kind 2 trials, timeout: 2 at sim: timeout: no answer"),
    ],
)
def test_errors_are_shown_once_with_their_numbers(cast, state, shown):
    run = simulate(cast.project)
    Trial.objects.update(state="failed", last_error="timeout: no answer")
    Run.objects.update(state=state)
    seen = words(page(cast, "researcher", "run", run.pk))
    assert shown in seen and seen.count("timeout: no answer") == 1
    assert "Failed trials 2" in seen


def test_trials_of_several_endpoints_are_told_apart(cast):
    alone = simulate(cast.project, name="one endpoint")
    assert "trial 1 simulated prosocial, with goal planned" in words(
        page(cast, "researcher", "run", alone.pk)
    )
    endpoints = [
        Endpoint.objects.create(
            project=cast.project, name=name, kind="simulated", model="sim", parameters={"angle": 30}
        )
        for name in ("first", "second")
    ]
    design = Design(["prosocial"], [True], trials_per_cell=1)
    run = create_run(cast.project, "two", design, endpoints, instrument(), prompt_pack())
    seen = words(page(cast, "researcher", "run", run.pk))
    assert "prosocial, with goal first planned" in seen
    assert "prosocial, with goal second planned" in seen


def test_a_trial_shows_the_conversation_with_its_evidence(cast):
    load(cast.project, "free")
    trial = Trial.objects.filter(scores__outcome="scored").first()
    response = page(cast, "reviewer", "trial", trial.pk)
    evidence = re.findall(r'<mark class="evidence">(.*?)</mark>', response.content.decode())
    expected = [
        answer.turn.text[found.start : found.end]
        for answer in trial.answers.select_related("turn").order_by("item_number")
        for found in answer.readings.get().evidence.all()
    ]
    assert [unescape(found) for found in evidence] == expected
    assert response.content.decode().count("(chosen)") == 6


def test_a_trial_shows_its_score_by_scorer_and_version_and_its_flags_in_words(cast):
    load(cast.project, "grammar")
    score = Score.objects.filter(detail__letters="AAAAAA").first()
    seen = words(page(cast, "researcher", "trial", score.trial_id))
    assert f"{score.metric}, letters AAAAAA" in seen
    assert "Every item was answered with the same letter." in seen
    assert "30.5°" in seen and NOTE in seen


def test_a_trial_says_what_was_checked_and_what_was_found(cast):
    load(cast.project, "grammar")
    score = Score.objects.filter(detail__letters="AAAAAA").first()
    seen = words(page(cast, "researcher", "trial", score.trial_id))
    assert "straight-lining Every item was answered with the same letter." in seen
    clear = re.search(r"Checked and not found: ([^.]*)\.", seen)[1].split(", ")
    assert set(clear) == {"boundary case", "truncated answer", "refused item", "out of range",
                          "filtered answer", "incomplete"}  # fmt: skip
    assert "Not to be judged" not in seen


def test_a_trial_without_choices_is_not_called_free_of_flags_that_need_them(cast):
    load(cast.project, "free")
    score = Score.objects.filter(detail__letters="??????", flags=[]).first()
    seen = words(page(cast, "researcher", "trial", score.trial_id))
    assert (
        "Not to be judged without more choices: boundary case, straight-lining, position bias, "
        "intransitive, incomplete." in seen
    )
    assert (
        "Checked and not found: truncated answer, refused item, filtered answer, out of range."
        in seen
    )


def test_a_flag_leads_to_the_items_that_raise_it(cast):
    load(cast.project, "free")
    score = next(found for found in Score.objects.all() if "truncated" in found.flags)
    body = page(cast, "researcher", "trial", score.trial_id).content.decode()
    cut = Turn.objects.filter(
        trial=score.trial_id, item_number__isnull=False, role="assistant", call__finish="length"
    ).values_list("item_number", flat=True)
    linked = re.findall(r'<a href="#answer-(\d)">', body[body.index("truncated answer") :])
    assert cut and set(map(str, cut)) <= set(linked)
    assert all(f'id="answer-{item}"' in body for item in cut)


def test_the_vector_leads_to_the_mean_allocation(cast):
    load(cast.project, "grammar")
    score = Score.objects.filter(detail__letters="AAAAAA").first()
    (point,) = page(cast, "researcher", "trial", score.trial_id).context["page"].own["points"]
    x, y = (50 * point["radius"] * part for part in unit_vector(point["angle"]))
    assert (50 + x, 50 + y) == pytest.approx(
        (score.detail["mean_self"], score.detail["mean_other"])
    )
    seen = words(page(cast, "researcher", "trial", score.trial_id))
    assert "the orientations meet at 57.15°, 22.45°, −12.04°" in seen
    assert "To the nearest boundary 8.0°" in seen


def unit_vector(angle):
    return cos(radians(angle)), sin(radians(angle))


def test_an_unscorable_trial_says_why(cast):
    load(cast.project, "free")
    score = Score.objects.filter(outcome="unscorable").first()
    seen = words(page(cast, "researcher", "trial", score.trial_id))
    assert f"Not scored {score.reason}" in seen


def test_a_reversed_trial_marks_the_option_the_letter_stood_for(cast):
    load(cast.project, "reversed")
    score = Score.objects.filter(detail__letters="AAAAAA").first()
    seen = words(page(cast, "researcher", "trial", score.trial_id))
    assert "To itself 85 85 85 85 85 85 85 85 85 To the other 15 24 33 41 50 59 68 76 85" in seen
    assert "read as A (option 9 of the instrument)" in seen


def test_what_a_model_said_is_shown_as_text_and_never_as_markup(cast):
    file = SHIPPED / "smollm2" / "smollm2_trials_free.jsonl"
    line = json.loads(file.read_text(encoding="utf-8").splitlines()[0])
    line["messages"][-1]["content"] = "<script>alert(1)</script> I choose <b>B</b>."
    del line["answers"]
    import_trials(cast.project, [json.dumps(line)], run_name="x", instrument=instrument())
    body = page(cast, "researcher", "trial", Trial.objects.get().pk).content.decode()
    assert "<script>alert" not in body and "&lt;script&gt;alert" in body


def test_neighbours_are_linked(cast):
    run = load(cast.project, "reversed")
    first, second = run.trials.order_by("pk")[:2]
    body = page(cast, "researcher", "trial", first.pk).content.decode()
    assert f'rel="next" href="/p/lab/trials/{second.pk}/"' in body
    assert 'rel="prev"' not in body


def test_a_trial_whose_calls_hold_no_figures_has_a_page(cast):
    trial = load(cast.project, "free", lines=1).trials.get()
    call = {"seconds": "soon", "retries": None}
    Turn.objects.bulk_create(
        [Turn(trial=trial, position=99, role="assistant", step="item", text="x", call=call)]
    )
    assert page(cast, "researcher", "trial", trial.pk).status_code == 200


def test_a_planned_trial_has_a_page(cast):
    run = simulate(cast.project)
    seen = words(page(cast, "researcher", "trial", run.trials.first().pk))
    assert "Nothing was said yet" in seen and "not scored: the trial is planned" in seen


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("nobody", 302),
        ("stranger", 404),
        ("other_researcher", 404),
        ("rater", 403),
        ("researcher", 200),
        ("reviewer", 200),
        ("administrator", 200),
    ],
)
def test_who_may_read_runs_and_trials(cast, who, status):
    run = load(cast.project, "reversed", lines=1)
    for name, args in (("runs", []), ("run", [run.pk]), ("trial", [run.trials.get().pk])):
        assert page(cast, who, name, *args).status_code == status


def test_another_projects_run_and_trial_do_not_exist_here(cast):
    run = load(cast.other_project, "reversed", lines=1)
    assert page(cast, "administrator", "run", run.pk).status_code == 404
    assert page(cast, "administrator", "trial", run.trials.get().pk).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("rater", 403), ("reviewer", 403), ("stranger", 404), ("researcher", 302)],
)
def test_who_may_pause_a_run(cast, who, status):
    run = simulate(cast.project)
    url = reverse("run_state", args=[cast.project.slug, run.pk])
    assert cast.client(who).post(url, {"act": "pause"}).status_code == status
    run.refresh_from_db()
    assert run.state == (Run.State.PAUSED if status == 302 else Run.State.RUNNING)


def test_resuming_from_the_page_nudges_a_worker(cast, settings, django_capture_on_commit_callbacks):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    run = simulate(cast.project)
    Run.objects.update(state=Run.State.PAUSED)
    assert "Resume" in words(page(cast, "researcher", "run", run.pk))
    assert "Resume" not in words(page(cast, "reviewer", "run", run.pk))
    url = reverse("run_state", args=[cast.project.slug, run.pk])
    with django_capture_on_commit_callbacks(execute=True):
        cast.client("researcher").post(url, {"act": "resume"})
    run.refresh_from_db()
    assert run.state == Run.State.COMPLETE


def test_resuming_an_imported_run_says_why_not(cast):
    run = load(cast.project, "reversed", lines=1)
    url = reverse("run_state", args=[cast.project.slug, run.pk])
    response = cast.client("researcher").post(url, {"act": "resume"}, follow=True)
    assert "nothing to run" in response.content.decode()


@pytest.mark.parametrize("name", ["runs", "run", "trial"])
def test_queries_do_not_grow_with_rows(cast, name):
    client, counts = cast.client("researcher"), []
    for lines in (2, 8):
        run = load(cast.project, "reversed", lines=lines)
        simulate(cast.project, trials=lines, name=f"run {lines}")
        args = {"runs": [], "run": [run.pk], "trial": [run.trials.order_by("pk")[1].pk]}[name]
        url = reverse(name, args=[cast.project.slug, *args])
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
