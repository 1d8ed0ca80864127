"""Stored databases come through what a migration asks of their rows."""

import pytest

from evaluations.models import Answer, Cell, Instrument
from tests.support.migrating import NEWEST


def test_definitions_get_the_project_that_alone_uploaded_or_used_them(at):
    model = at("evaluations", "0003_lost_calls")
    here, there = (
        model("accounts", "Project").objects.create(slug=slug, name=slug)
        for slug in ("here", "there")
    )

    def stored(name, key):
        fields = {"version": "1", "sha256": f"{name}{key}", "definition": {}}
        return model("evaluations", name).objects.create(key=key, **fields)

    def run(project, name, **uses):
        model("evaluations", "Run").objects.create(project=project, name=name, **uses)

    slider = stored("Instrument", "svo-slider")
    packs = {key: stored("PromptPack", key) for key in ("used", "shared", "plain-en", "unknown")}
    for key in ("used", "shared", "plain-en"):
        run(here, key, instrument=slider, prompt_pack=packs[key])
    run(there, "theirs", instrument=slider, prompt_pack=packs["shared"])
    uploaded = stored("Instrument", "uploaded")
    # The trail of the state before is written by the models of then.
    model("accounts", "AuditEvent").objects.create(
        project=there,
        verb="add definition",
        subject_type="evaluations.instrument",
        subject_id=str(uploaded.pk),
    )

    after = at("evaluations", "0005_definitions_get_their_project")
    owner = dict(after("evaluations", "PromptPack").objects.values_list("key", "project__slug"))
    assert owner == {"used": "here", "shared": None, "plain-en": None, "unknown": None}
    owner = dict(after("evaluations", "Instrument").objects.values_list("key", "project__slug"))
    assert owner == {"svo-slider": None, "uploaded": "there"}


def one_trial(model):
    """A trial with all it needs, by the models of then."""
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    instrument = model("evaluations", "Instrument").objects.create(
        key="i", version="1", sha256="0", definition={}
    )
    run = model("evaluations", "Run").objects.create(
        project=project, name="r", instrument=instrument
    )
    endpoint = model("evaluations", "Endpoint").objects.create(
        project=project, name="judge", model="m", kind="openai"
    )
    cell = model("evaluations", "Cell").objects.create(run=run, endpoint=endpoint)
    return model("evaluations", "Trial").objects.create(run=run, cell=cell, number=1)


def answer_of(model, trial, number):
    """An answer of *trial* to the item *number*, with its turn."""
    turn = model("evaluations", "Turn").objects.create(
        trial=trial, position=number, role="assistant", step="item", text="I choose C."
    )
    return model("evaluations", "Answer").objects.create(
        trial=trial, turn=turn, item_number=number, shown=list(range(1, 10))
    )


@pytest.fixture
def before_metrics(at):
    """Rows as they were before metrics had a table: the models, the project and a way to score."""
    model = at("evaluations", "0005_definitions_get_their_project")
    trial = one_trial(model)

    def score(model, scorer, version, **fields):
        return model("evaluations", "Score").objects.create(
            **{"trial_id": trial.pk, "scorer": scorer, "version": version, "outcome": "scored"}
            | {"orientation": "prosocial"}
            | fields
        )

    score.run, score.endpoint, score.model = trial.run, trial.cell.endpoint, model
    return score


MEANS = {"mean_self": 100 / 3, "mean_other": 0.1 + 0.2}


def test_scores_name_their_metric_and_keep_what_the_slider_knows(at, before_metrics):
    score = before_metrics
    rules = {"detail": {"extractor": "svo_prose 1", "letters": "A"}, "items_used": 3}
    fit = {"angle": 30.5, "distance": 1.5, "value_rationality": 0.9, "hit": True}
    score(score.model, "svo-slider", "1+ext.1", **rules, **MEANS, **fit)
    second = {"extractor": "svo_prose+m 1+r1.abc"}
    score(score.model, "svo-slider+m", "1+ext.1+r1.abc", detail=second)
    asked = {"rubric": "r 2", "endpoint": "judge", "model": "m"}
    score(score.model, "r/m", "2+def", detail=asked)
    refused = {"orientation": "", "outcome": "unscorable", "reason": "all refused"}
    score(score.model, "svo-slider", "0", detail={"letters": "?"}, **refused)
    score.model("evaluations", "Scoring").objects.create(
        run=score.run, endpoint=score.endpoint, scorer="svo-slider+n", version="1+ext.1+r1.ghi"
    )

    meanwhile = at("evaluations", "0007_scores_name_their_metric")
    # A worker of the program of before is still at it.
    late = score(meanwhile, "svo-slider", "1.5", detail={"letters": "B"}, items_used=1, **MEANS)
    assert late.metric_id is None

    model = at("evaluations", "0008_scores_of_three_shapes")
    metrics = model("evaluations", "Metric").objects.order_by("name", "pk")
    columns = ("name", "version", "kind", "project__slug", "endpoint__name", "settings", "reader")
    assert list(metrics.values_list(*columns)) == [
        ("r/m", "2+def", "rubric", "old", "judge", "def", ""),
        ("svo-slider", "1+ext.1", "rules", None, None, "", "svo_prose 1"),
        ("svo-slider", "0", "rules", None, None, "", ""),
        ("svo-slider", "1.5", "rules", None, None, "", ""),
        ("svo-slider+m", "1+ext.1+r1.abc", "reader", "old", None, "r1.abc", second["extractor"]),
        (
            "svo-slider+n",
            "1+ext.1+r1.ghi",
            "reader",
            "old",
            "judge",
            "r1.ghi",
            "svo_prose+n 1+r1.ghi",
        ),
    ]
    scores = {
        (row.metric.name, row.metric.version): row
        for row in model("evaluations", "Score").objects.select_related("metric")
    }
    found = scores["svo-slider", "1+ext.1"]
    assert (found.label, found.number, found.distance, found.fit) == ("prosocial", 30.5, 1.5, 0.9)
    assert found.detail == rules["detail"] | MEANS | {"items_used": 3}
    assert found.created_at == found.metric.made_at
    assert scores["svo-slider", "1.5"].detail == {"letters": "B", "items_used": 1} | MEANS
    assert scores["svo-slider", "0"].detail == {"letters": "?", "items_used": 0}
    assert scores["r/m", "2+def"].detail == asked
    assert model("evaluations", "Scoring").objects.get().metric.name == "svo-slider+n"


def test_cells_and_answers_of_the_slider_measure_become_those_of_a_kind(at):
    model = at("evaluations", "0008_scores_of_three_shapes")
    project = model("accounts", "Project").objects.create(slug="here", name="here")

    def made(name, /, **fields):
        return model("evaluations", name).objects.create(**fields)

    slider = made("Instrument", key="svo-slider", version="1", sha256="a" * 64, definition={})
    pack = made("PromptPack", key="plain-en", version="1", sha256="b" * 64, definition={})
    endpoint = made("Endpoint", project=project, name="model", kind="imported", model="model")
    told = made("Run", project=project, name="told", instrument=slider, prompt_pack=pack)
    imported = made("Run", project=project, name="imported", instrument=slider)
    plain = made("Cell", run=told, endpoint=endpoint, target_value="prosocial")
    other = made(
        "Cell",
        run=imported,
        endpoint=endpoint,
        induction="none",
        with_goal=False,
        option_order="reversed",
        answer_format="constrained",
        item_set="all",
        payoff_scale=333.333,
    )
    trial = made("Trial", run=told, cell=plain, number=1, seed=7)
    turn = made("Turn", trial=trial, position=0, role="assistant", step="item", text="A")
    made("Answer", trial=trial, turn=turn, item_number=1, shown_options=[9, 8, 7])

    # A program of before writes between the steps of the migration, and loses nothing.
    middle = at("evaluations", "0010_kinds_fill")
    late = middle("evaluations", "Cell").objects.create(
        run_id=told.pk, endpoint_id=endpoint.pk, target_value="altruistic", payoff_scale=2
    )

    at("evaluations", "0011_kinds_contract")
    at("evaluations", NEWEST)
    cells = {cell.pk: cell for cell in Cell.objects.select_related("run__instrument")}
    assert [cells[row.pk].target for row in (plain, other, late)] == ["prosocial", "", "altruistic"]
    assert cells[other.pk].words == (
        "no target value, without goal, options reversed, constrained to a letter, "
        "primary and secondary items, payoffs x 333.333"
    )
    assert cells[late.pk].condition["payoff_scale"] == 2
    assert [cells[row.pk].prompt_pack_id for row in (plain, other)] == [pack.pk, None]
    for cell in cells.values():
        assert cell.condition_key == cell.key(), "as a cell that is made today"
    answer = Answer.objects.get()
    assert (answer.shown, answer.trial.seed, answer.trial.prompt) == ([9, 8, 7], 7, "")
    assert set(Instrument.objects.values_list("kind", flat=True)) == {"svo"}


def test_readings_keep_what_was_chosen_and_where_it_stands(at):
    model = at("evaluations", "0011_kinds_contract")
    trial = one_trial(model)
    answers = [answer_of(model, trial, number) for number in (1, 2, 3)]

    def read(model, answer, version, **fields):
        made = {"answer_id": answer.pk, "extractor": "svo_prose", "version": version}
        return model("evaluations", "Extraction").objects.create(method="m", **made, **fields)

    chosen = {"outcome": "choice", "option": 3, "letter": "C"}
    read(model, answers[0], "1", evidence_start=4, evidence_end=9, note="why", **chosen)
    read(model, answers[1], "1", outcome="ambiguous", evidence_start=0, evidence_end=2)
    read(model, answers[2], "1", outcome="none", refused=True)

    meanwhile = at("evaluations", "0013_readings_hold_their_evidence")
    # A worker of the program of before is still at it.
    read(meanwhile, answers[0], "2", evidence_start=1, evidence_end=1, **chosen)

    model = at("evaluations", "0014_extractions_become_readings")
    rows = model("evaluations", "Reading").objects.order_by("pk")
    columns = ("answer", "reader", "version", "outcome", "value", "label", "refused", "note")
    first, second, third = (answer.pk for answer in answers)
    assert list(rows.values_list(*columns)) == [
        (first, "svo_prose", "1", "choice", 3, "C", False, "why"),
        (second, "svo_prose", "1", "ambiguous", None, "", False, ""),
        (third, "svo_prose", "1", "none", None, "", True, ""),
        (first, "svo_prose", "2", "choice", 3, "C", False, ""),
    ]
    evidence = model("evaluations", "Evidence").objects.order_by("reading", "start")
    assert list(evidence.values_list("reading", "dimension", "start", "end")) == [
        (rows[0].pk, "", 4, 9),
        (rows[1].pk, "", 0, 2),
        (rows[3].pk, "", 1, 1),
    ]
