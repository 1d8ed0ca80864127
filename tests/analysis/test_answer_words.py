"""The answer of a report on numbers says how far apart, how surely, and whether that is a bias."""

from analysis.parameters import Parameters
from analysis.reporting import make_report
from tests.analysis.studies import imported_study


def answer_of(project, by: float) -> list[str]:
    values = [3, 9, 14, 22, 31, 38, 45, 52, 57, 60, 66, 73]
    rows = [
        (f"i{at}", rater, str(value + step + at % 3))
        for at, value in enumerate(values)
        for rater, step in (("a", 0), ("b", 1))
    ]
    automated = {"m": {f"i{at}": str(value + by + 1) for at, value in enumerate(values)}}
    study = imported_study(project, rows, scale="interval", automated=automated)
    return make_report(study, Parameters(replicates=100)).result["answer"]


def test_a_bias_is_said_with_its_interval(project):
    said = " ".join(answer_of(project, by=20))
    assert "m minus the raters' mean is 19.50 (95 % interval" in said
    assert "no bias is shown" not in said


def test_an_interval_that_holds_0_shows_no_bias(project):
    assert any("no bias is shown" in line for line in answer_of(project, by=0.5))
