"""A data set is frozen once, hashed, and notices when it was changed."""

import gzip

import numpy as np
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Project
from analysis.data.canonical import canonical_bytes, sha256_of
from analysis.data.dataset import DataSetError, extract, freeze, study_facts, thaw
from analysis.data.frozen import UNSCORABLE, in_memory, scale_of_facts
from analysis.data.parameters import ParameterError, Parameters
from analysis.models import DataSet
from annotations.kinds import question_kind
from annotations.models import Decision, Dispute, Judgment, Study
from annotations.scales.numbers import Angle
from tests.analysis.studies import (
    add_judgments,
    imported_study,
    judge_trials,
    score_trial,
    trial_study,
)
from tests.support.examples import examples

pytestmark = pytest.mark.django_db
NOTHING = Parameters()
ROWS = [("x", "r10", "no"), ("x", "r9", "yes"), ("y", "r9", "yes"), ("y", "r10", "yes")]


@pytest.fixture
def study(project):
    return imported_study(
        project, ROWS, categories=["yes", "no"], automated={"metric": {"x": "yes", "y": "no"}}
    )


def test_unchanged_study_gives_the_same_row(study):
    assert freeze(study, NOTHING) == freeze(study, NOTHING)
    assert DataSet.objects.count() == 1


def test_hash_is_of_the_uncompressed_bytes(study):
    data_set = freeze(study, NOTHING)
    assert sha256_of(gzip.decompress(bytes(data_set.content))) == data_set.sha256
    assert canonical_bytes(thaw(data_set)) == gzip.decompress(bytes(data_set.content))


def test_new_judgment_gives_a_new_row(study):
    before = freeze(study, NOTHING)
    add_judgments(
        study, {item.external_id: item for item in study.items.all()}, [("x", "r1", "no")]
    )
    assert freeze(study, NOTHING) != before


def test_content_does_not_depend_on_the_order_of_arrival(project, study):
    other = imported_study(
        project,
        [("x", "r9", "yes"), ("y", "r10", "yes"), ("x", "r10", "no"), ("y", "r9", "yes")],
        categories=["yes", "no"],
        automated={"metric": {"y": "no", "x": "yes"}},
        name="Other",
    )
    first, second = extract(study, NOTHING), extract(other, NOTHING)
    first.pop("study"), second.pop("study")
    assert first == second


def test_raters_come_in_natural_order(study):
    assert extract(study, NOTHING)["raters"]["pseudonym"] == ["r9", "r10"]


def test_only_the_current_revision_counts(study):
    judgment = Judgment.objects.get(item__external_id="x", rater__pseudonym="r10")
    Judgment.objects.filter(pk=judgment.pk).supersede()
    Judgment.objects.create(
        assignment=judgment.assignment,
        item=judgment.item,
        rater=judgment.rater,
        revision=2,
        label="yes",
    )
    content = extract(study, NOTHING)
    assert content["judgments"]["label"] == [0, 0, 0, 0]


@pytest.mark.parametrize("content", [b"not gzip", gzip.compress(b'{"format":1}', mtime=0)])
def test_changed_content_is_refused(study, content):
    data_set = freeze(study, NOTHING)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE analysis_dataset SET content = %s WHERE id = %s", [content, data_set.pk]
        )
    with pytest.raises(DataSetError, match="was changed after it was frozen"):
        thaw(DataSet.objects.get(pk=data_set.pk))


def test_excluded_rater_and_item_are_named_and_counted(study):
    content = extract(study, Parameters(exclude_raters=("r9",), exclude_items=("y",)))
    assert content["excluded"] == {
        "raters": ["r9"],
        "reasons": ["left out by the choices of this report"],
        "items": ["y"],
        "judgments": 3,
    }
    assert content["items"]["key"] == ["x"]
    assert content["raters"]["pseudonym"] == ["r10"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (Parameters(exclude_raters=("nobody",)), "no rater nobody"),
        (Parameters(exclude_items=("z",)), "no item z"),
        (Parameters(scorer="other"), "It has: metric"),
    ],
)
def test_unknown_names_are_refused(study, parameters, message):
    with pytest.raises(ParameterError, match=message):
        extract(study, parameters)


def test_simulated_raters_can_be_left_out(project):
    study = imported_study(project, ROWS, categories=["yes", "no"], kind="simulated")
    assert extract(study, Parameters(kinds=("person",)))["judgments"]["item"] == []


def test_label_that_was_not_declared_follows_the_declared_ones(project):
    study = imported_study(project, [*ROWS, ("x", "r1", "maybe")], categories=["yes", "no"])
    assert extract(study, NOTHING)["judgments"]["labels"] == ["yes", "no", "maybe"]


def test_label_off_an_ordered_scale_is_no_number(project):
    rows = [("x", "a", "1"), ("x", "b", "unclear"), ("y", "a", "2"), ("y", "b", "2")]
    data = memory(imported_study(project, rows, scale="ordinal", categories=["1", "2"]))
    assert data.off_scale == {"unclear": 1}
    assert data.ratings.n_judgments == 3


def memory(study: Study, parameters: Parameters = NOTHING):
    data_set = freeze(study, parameters)
    return in_memory(data_set.sha256, thaw(data_set))


def test_unscorable_trial_has_its_own_class(project):
    study = trial_study(project, {("m", "prosocial"): [30.5, None]})
    (scorer,) = memory(study).automated
    assert scorer.label == ["prosocial", UNSCORABLE]
    assert scorer.reason == ["", "2 of 6 items have no choice"]
    assert np.isnan(scorer.number[1])


def test_newest_version_of_a_scorer_is_taken(project):
    study = trial_study(project, {("m", "prosocial"): [30.5]}, version="1.9")
    score_trial(study.items.get().trial, 60.0, "svo-slider", "1.10")
    (scorer,) = memory(study).automated
    assert (scorer.version, scorer.label) == ("1.10", ["altruistic"])


def test_a_version_that_is_only_just_being_scored_waits_until_it_has_scored_as_many(project):
    study = trial_study(project, {("m", "prosocial"): [30.5, 31.0]}, version="1.9")
    first, second = (item.trial for item in study.items.order_by("position"))
    score_trial(first, 60.0, "svo-slider", "1.10")
    assert memory(study).automated[0].version == "1.9"
    score_trial(second, 60.0, "svo-slider", "1.10")
    assert memory(study).automated[0].version == "1.10"


def test_older_version_can_be_asked_for(project):
    study = trial_study(project, {("m", "prosocial"): [30.5]}, version="1.9")
    score_trial(study.items.get().trial, 60.0, "svo-slider", "1.10")
    (scorer,) = memory(study, Parameters(scorer="svo-slider@1.9")).automated
    assert (scorer.version, scorer.label) == ("1.9", ["prosocial"])


def test_trials_beside_the_drawn_ones_are_kept(project):
    study = trial_study(project, {("m", "prosocial"): [30.5, 31.0, 32.0]})
    study.items.exclude(position=1).delete()
    data = memory(study)
    assert data.n_items == 1
    assert data.automated[0].trial_number.tolist() == [30.5, 31.0, 32.0]


def test_cell_facts_are_kept(project):
    study = trial_study(project, {("m", "prosocial"): [30.5]}, simulated=True)
    content = extract(study, NOTHING)
    (cell,) = content["cells"]
    assert (cell["model"], cell["target_value"], cell["endpoint_kind"]) == (
        "m",
        "prosocial",
        "simulated",
    )
    assert content["trials"]["simulated"] == [True]


def test_newest_decision_stands_beside_the_judgments(study):
    item = study.items.get(external_id="x")
    dispute = Dispute.objects.create(item=item, state="decided", reasons=["raters_split"])
    for label in ("no", "yes"):
        Decision.objects.create(dispute=dispute, label=label, reason="read again")
    content = extract(study, NOTHING)
    assert content["adjudications"] == {"item": [0], "label": ["yes"]}
    assert memory(study).consensus().code.tolist() == [-1, 0]


def test_few_queries_whatever_the_size(project, django_assert_num_queries):
    small = imported_study(project, ROWS, categories=["yes", "no"], name="Small")
    many = [(f"i{at}", f"r{rater}", "yes") for at in range(60) for rater in range(3)]
    large = imported_study(project, many, categories=["yes", "no"], name="Large")
    for study in (small, large):
        with django_assert_num_queries(11):
            extract(study, NOTHING)


STEPS = ["1", "2", "3"]
ASKED = {
    "nominal": ({"scale": "nominal", "categories": STEPS}, st.sampled_from(STEPS)),
    "ordinal": ({"scale": "ordinal", "categories": STEPS}, st.sampled_from(STEPS)),
    "interval": ({"scale": "interval", "categories": []}, st.floats(-50, 50).map(round)),
    "far": ({"scale": "interval", "categories": [], "tolerance": 9}, st.integers(0, 20)),
    "angle": (
        {"scale": "interval", "categories": [], "tolerance": 15.0, "kind": "angle"},
        st.floats(1, 62),
    ),
    "vector": (
        {"scale": "nominal", "categories": [], "dimensions": ["x", "y"]},
        st.sampled_from(["1,0", "0,1", "1,1", "-1,0"]),
    ),
}
"""What the facts of a study say of its scale, and answers to it."""


@pytest.mark.parametrize("name", ASKED)
@settings(max_examples=examples(60))
@given(data=st.data())
def test_consensus_is_that_of_the_annotations_on_every_scale(name, data):
    facts, answers = ASKED[name]
    said = data.draw(st.lists(st.lists(answers, max_size=6), min_size=1, max_size=8))
    frozen = in_memory("", content_of(facts, said))
    kind = "vector" if "dimensions" in facts else facts.get("kind", facts["scale"])
    names = tuple(facts.get("dimensions", facts["categories"]))
    scale = question_kind(kind).scale_for(names, facts.get("tolerance"))
    expected = [scale.consensus(map(str, one)) for one in said]
    found = frozen.consensus()
    assert found.label == [one.label for one in expected]
    split = [one.judgments > 0 and one.label is None for one in expected]
    assert found.split.tolist() == split
    if frozen.categories and name != "vector":
        codes = [frozen.categories.index(one) if one else -1 for one in found.label]
        assert found.code.tolist() == codes


def content_of(facts, said):
    rows = [
        (item, rater, one) for item, answers in enumerate(said) for rater, one in enumerate(answers)
    ]
    numeric = facts["scale"] == "interval"
    used = sorted({str(row[2]) for row in rows})
    labels = [] if numeric else facts["categories"] or used
    return {
        "study": facts,
        "items": {
            "position": list(range(len(said))),
            "key": [f"i{at}" for at in range(len(said))],
            "trial": [None] * len(said),
        },
        "raters": {"pseudonym": [f"r{at}" for at in range(6)]},
        "judgments": {
            "item": [row[0] for row in rows],
            "rater": [row[1] for row in rows],
            "label": [-1 if numeric else labels.index(row[2]) for row in rows],
            "labels": labels,
            "confidence": [],
            "number": [float(row[2]) for row in rows] if numeric else [],
        },
        "automated": [],
        "excluded": {"raters": [], "reasons": [], "items": []},
    }


@pytest.mark.parametrize(
    ("study", "facts", "angle"),
    [
        (Study(scale="interval"), {}, False),
        (Study(scale="interval", tolerance=2.0), {"tolerance": 2.0}, False),
        (
            Study(kind="angle", scale="interval", tolerance=15.0, unit="goal"),
            {"kind": "angle", "tolerance": 15.0},
            True,
        ),
        (Study(scale="nominal", categories=["a", "b"]), {}, False),
    ],
)
def test_what_was_asked_is_told_where_the_scale_alone_does_not_say_it(study, facts, angle):
    study.project = Project(slug="lab")
    told = study_facts(study)
    assert {name: told[name] for name in ("kind", "tolerance") if name in told} == facts
    assert isinstance(scale_of_facts(told, told["categories"]), Angle) is angle


@pytest.mark.parametrize(
    ("facts", "angle"),
    [
        ({"source": "trials", "scores_answer": True}, True),
        ({"source": "trials"}, True),
        ({"source": "trials", "scores_answer": False}, False),
        ({"source": "import", "scores_answer": False}, False),
        ({"source": "import"}, False),
    ],
)
def test_data_sets_from_before_hold_angles_where_scores_answer_their_question(facts, angle):
    found = scale_of_facts({"scale": "interval", **facts}, [])
    assert isinstance(found, Angle) is angle


def test_judged_trials_carry_their_raters(project):
    study = trial_study(project, {("m", "prosocial"): [30.5, 31.0]})
    judge_trials(study, {"a": ["prosocial", "unclear"], "b": ["prosocial", ""]})
    data = memory(study)
    assert data.ratings.per_unit().tolist() == [2, 1]
    assert data.item_column("model") == ["m", "m"]


def test_only_a_declared_kind_of_raters_is_part_of_the_data_set(study):
    assert "raters_are" not in extract(study, NOTHING)["study"]
    study.raters_are = "expert"
    assert extract(study, NOTHING)["study"]["raters_are"] == "expert"
