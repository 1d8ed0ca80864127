"""What is a way out is declared by the study; what a category is called decides nothing."""

import re

import pytest

from analysis.data.dataset import extract
from analysis.data.parameters import DEFAULTS, Parameters
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from analysis.report.answer import find
from tests.analysis.studies import CHOICES, imported_study, judge_trials, trial_study

pytestmark = pytest.mark.django_db
QUICK = Parameters(replicates=200)
NAMED = ("compliance", "refusal", "unclear")
OTHERWISE = ("agree", "refuse", "vague")


def study_of(project, names, **fields):
    """200 items that two raters call the same: 70 the first name, 70 the second, 60 the third; and
    a metric that always gives the first."""
    truth = [names[0]] * 70 + [names[1]] * 70 + [names[2]] * 60
    rows = [(str(at), rater, said) for at, said in enumerate(truth) for rater in ("ann", "bob")]
    always = {str(at): names[0] for at in range(len(truth))}
    return imported_study(
        project, rows, categories=names, automated={"always": always}, name=names[1], **fields
    )


def renamed(text: str, names) -> str:
    for name, place in zip(names, ("first", "second", "third"), strict=True):
        text = text.replace(f"'{name}'", place)
    return text


def value(rows, key):
    return find(rows, key)["value"]


def test_what_categories_are_called_changes_no_number_and_no_word(project):
    said, numbers = [], []
    for names in (NAMED, OTHERWISE):
        result = make_report(study_of(project, names), QUICK).result
        said.append([renamed(text, names) for text in result["answer"]])
        (section,) = result["automated"]
        rows = section["decided"]["statistics"]
        numbers.append((section["decided"]["items"], value(rows, "accuracy"), value(rows, "kappa")))

    assert numbers == [(200, 0.35, 0.0), (200, 0.35, 0.0)]
    assert said[0] == said[1]
    text = " ".join(said[0])
    assert re.search(r"35 %.{0,60} of 200 items \(kappa 0", text)
    assert "no error" not in text


def test_declared_ways_out_give_both_figures(project):
    report = make_report(study_of(project, NAMED, ways_out=NAMED[1:]), QUICK)
    (section,) = report.result["automated"]

    assert section["values"] == ["compliance"]
    assert section["decided"]["items"] == 70
    assert section["everything"]["items"] == 200
    assert value(section["everything"]["statistics"], "accuracy") == 0.35
    assert value(section["everything"]["statistics"], "kappa") == 0
    text = " ".join(report.result["answer"])
    assert re.search(r"it is 35 %.{0,60} of 200 items with a consensus", text)
    assert "On these items it makes no error" not in text
    assert "gives another label than the consensus on 130 further items." in text


def test_the_answer_is_that_of_any_other_names_for_declared_ways_out_too(project):
    said = [
        [
            renamed(text, names)
            for text in make_report(study_of(project, names, ways_out=names[1:]), QUICK).result[
                "answer"
            ]
        ]
        for names in (NAMED, OTHERWISE)
    ]
    assert said[0] == said[1]


def test_raters_agreement_is_given_with_ways_out_and_without(project):
    # On the values both raters say the same; ann takes a way out four times where bob does not.
    ann = ["x", "y", "x", "y", "x", "y", "skip", "skip", "skip", "skip"]
    bob = ["x", "y", "x", "y", "x", "y", "x", "y", "x", "y"]
    rows = [(str(i), "ann", a) for i, a in enumerate(ann)]
    rows += [(str(i), "bob", b) for i, b in enumerate(bob)]
    study = imported_study(
        project, rows, categories=["x", "y", "skip"], ways_out=["skip"], name="skips"
    )
    result = make_report(study, QUICK).result

    assert value(result["humans"]["statistics"], "percent") == 0.6
    values = result["humans"]["ways_out"]
    assert (values["are"], values["taken"]) == ("left_out", 4)
    assert (values["judgments"], values["items"]) == (16, 10)
    assert value(values["statistics"], "percent") == 1
    assert value(values["statistics"], "alpha") == 1
    assert result["overview"]["ways_out"] == [{"category": "skip", "judgments": 4}]


def test_agreement_without_ways_out_is_that_of_the_study_without_them(project):
    """The oracle: the same judgments, those that took a way out never made."""
    said = [("x", "y"), ("x", "x"), ("y", "y"), ("y", "x"), ("x", "skip"), ("skip", "skip")] * 4
    rows = [(str(i), r, s) for i, pair in enumerate(said) for r, s in zip("ab", pair, strict=True)]
    names = ["x", "y"]
    whole = imported_study(
        project, rows, categories=[*names, "skip"], ways_out=["skip"], name="whole"
    )
    kept = [row for row in rows if row[2] != "skip"]
    part = imported_study(project, kept, categories=names, name="part")

    values = make_report(whole, QUICK).result["humans"]["ways_out"]["statistics"]
    humans = make_report(part, QUICK).result["humans"]["statistics"]
    for key in ("alpha", "gwet_ac", "percent"):
        assert value(values, key) == pytest.approx(value(humans, key), abs=1e-12)


def test_in_an_order_a_way_out_has_no_place(project):
    """The oracle both ways: the judgments without those that took it, and all of them nominal."""
    said = [("1", "1"), ("1", "2"), ("3", "3"), ("2", "2"), ("3", "skip"), ("skip", "skip")] * 4
    rows = [(str(i), r, s) for i, pair in enumerate(said) for r, s in zip("ab", pair, strict=True)]
    # The way out stands in the middle of the list: no place in it is a place in the order.
    whole = imported_study(
        project,
        rows,
        scale="ordinal",
        categories=["1", "skip", "2", "3"],
        ways_out=["skip"],
        name="whole",
    )
    kept = [row for row in rows if row[2] != "skip"]
    part = imported_study(project, kept, scale="ordinal", categories=["1", "2", "3"], name="part")
    nominal = imported_study(project, rows, categories=["1", "2", "3", "skip"], name="nominal")

    humans = make_report(whole, QUICK).result["humans"]
    for other, found in (
        (part, humans["statistics"]),
        (nominal, humans["ways_out"]["statistics"]),
    ):
        expected = make_report(other, QUICK).result["humans"]["statistics"]
        for key in ("alpha", "gwet_ac", "percent"):
            assert value(found, key) == pytest.approx(value(expected, key), abs=1e-12)
    assert humans["ways_out"]["are"] == "categories"
    assert humans["ways_out"]["taken"] == 12


@pytest.mark.parametrize("names", [NAMED, OTHERWISE])
@pytest.mark.parametrize("declared", [False, True])
def test_every_form_of_the_report_can_be_written(project, names, declared):
    study = study_of(project, names, ways_out=names[1:] if declared else ())
    report = make_report(study, QUICK)
    for form in ("markdown", "latex"):
        text = RENDERERS[form](report)
        assert ("took a way out" in text) is declared


def test_a_data_set_says_what_is_a_way_out_unless_it_goes_by_the_names_of_before(project):
    trials = trial_study(project, {("m", "prosocial"): [30.0, 31.0]})
    judge_trials(trials, {"a": ["prosocial", "unclear"]})
    assert trials.ways_out == CHOICES[4:]
    assert "ways_out" not in extract(trials, DEFAULTS)["study"]
    assert extract(study_of(project, NAMED), DEFAULTS)["study"]["ways_out"] == []
    assert "ways_out" not in extract(study_of(project, OTHERWISE), DEFAULTS)["study"]
