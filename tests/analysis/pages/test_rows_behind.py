"""Any number of a report opens the rows behind it, whatever was chosen for the report."""

import html
import re

import pytest
from django.db import connection
from django.urls import reverse

from analysis.data.parameters import Parameters
from analysis.making.computations import look
from analysis.pages.rows import positions_behind, trials_behind
from analysis.sections.behind import NoSuchNumber
from tests.analysis.report.test_further_statistics import IDEAL
from tests.analysis.studies import ORIENTATIONS, imported_study, judge_trials, trial_study

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a href="([^"]*/report/items/\?[^"]*)">([^<]+)</a>')
OF_JUDGMENTS = ("of_kind=", "category=", "sure=", "dimension=")
"""Words that ask for the items of a number of judgments, or of a share."""


def page(cast, study, **query):
    query = {"open": "all", **query}
    return cast.client("researcher").get(reverse("report", args=["lab", study.slug]), query)


def links(body):
    return [(html.unescape(address), text) for address, text in LINK.findall(body)]


def check(cast, found):
    """Open every link; a number of items or trials opens as many."""
    client = cast.client("researcher")
    wrong = []
    for address, text in dict.fromkeys(found):
        response = client.get(address)
        count = response.context["count"] if response.status_code == 200 else None
        many = count if any(word in address for word in OF_JUDGMENTS) else text.replace(",", "")
        if not count or str(count) != str(many):
            wrong.append((address, text, count))
    assert wrong == []


@pytest.fixture
def trials(cast):
    """Two models, four target values; some trials are unscorable, raters err and leave out, and a
    quarter of the trials was not drawn."""
    angles = {
        (f"m{at}", target): [IDEAL[target], IDEAL[target] - 1, IDEAL[target], None if at else 30.0]
        for at in range(2)
        for target in ORIENTATIONS
    }
    study = trial_study(cast.project, angles, name="Links")
    said = [target for _, target in angles for _ in range(4)]
    wrong = ["unclear" if at % 7 == 0 else label for at, label in enumerate(said)]
    judge_trials(study, {"anna": said, "bert": wrong, "carl": ["", *said[1:]]})
    judge_trials(study, {"robot": ["", *ORIENTATIONS * 7, "", "", ""]}, kind="simulated")
    study.items.filter(position__in=range(2, 33, 4)).delete()
    study.items.update(stratum="cell", weight=4 / 3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE evaluations_score SET fit = 0.5 WHERE number > 0")
    return study


def numbers(cast):
    rows = [
        (f"i{at}", rater, str(10.0 * at + shift + (at * shift) % 3))
        for at in range(12)
        for shift, rater in enumerate("abc")
        if (at, rater) != (3, "c")
    ]
    metric = {f"i{at}": str(10.0 * at + 2) for at in range(1, 12)}
    return imported_study(cast.project, rows, scale="interval", automated={"metric": metric})


def vectors(cast):
    said = ["1,0,-1", "0,1,1", "1,1,0", "-1,0,1", "0,-1,0"]
    rows = [
        (f"i{at}", rater, said[(at + (at % 3 == place)) % 5])
        for at in range(20)
        for place, rater in enumerate("abc")
    ]
    return imported_study(
        cast.project,
        rows,
        scale="vector",
        categories=["self", "all", "power"],
        automated={"metric": {f"i{at}": said[at % 5] for at in range(9)}},
    )


def scale(cast):
    rows = [
        (f"i{at}", rater, str(1 + (at + (at % 4) * shift) % 4))
        for at in range(20)
        for shift, rater in enumerate("abcd")
    ]
    metric = {f"i{at}": str(1 + at % 4) for at in range(15)}
    return imported_study(
        cast.project, rows, scale="ordinal", categories="1234", automated={"metric": metric}
    )


def test_every_number_of_a_report_on_trials_opens_its_rows(cast, trials):
    found = links(page(cast, trials).content.decode())
    words = {word for address, _ in found for word in address.split("?")[1].split("&")}
    asked = {word.split("=")[0] for word in words}
    assert {"trials=all", "trials=angle", "trials=label", "trials=rationality"} <= words
    assert {"by", "also", "compared", "fact", "twice", "decided", "measured", "silent"} <= asked
    assert {"met", "coverage", "reason", "judgments", "trials", "cell", "ring", "scored"} <= asked
    check(cast, found)


@pytest.mark.parametrize("make", [numbers, vectors, scale])
def test_every_number_of_an_imported_study_opens_its_rows(cast, make):
    found = links(page(cast, make(cast)).content.decode())
    assert len(found) > 5
    check(cast, found)


def test_the_items_of_the_alternative_annotator_test_open(cast):
    """The test asks for thirty items that a rater shares with another one."""
    rows = [(f"i{at}", rater, "yes" if at % 3 else "no") for at in range(30) for rater in "abc"]
    metric = {"m": {f"i{at}": "yes" for at in range(30)}}
    study = imported_study(cast.project, rows, categories=["yes", "no"], automated=metric)
    found = [one for one in links(page(cast, study).content.decode()) if "shared=" in one[0]]
    assert len(found) == 3
    check(cast, found)


def test_numbers_of_a_filtered_report_open_its_rows_and_lead_back_to_it(cast, trials):
    chosen = {"exclude": "bert", "model": "m0", "rater": ["anna", "bert", "robot"]}
    found = links(page(cast, trials, **chosen).content.decode())
    assert all("exclude=bert&rater=anna&rater=bert" in address for address, _ in found)
    check(cast, found[:12])
    response = cast.client("researcher").get(found[0][0])
    report = reverse("report", args=["lab", trials.slug])
    assert response.context["report_address"].startswith(f"{report}?exclude=bert&rater=anna")
    assert f'<a href="{html.escape(response.context["report_address"])}">Report</a>' in (
        response.content.decode()
    )
    assert "Only model m0." in response.content.decode()


def test_numbers_of_a_kept_report_lead_back_to_it(cast, trials):
    client = cast.client("researcher")
    key = page(cast, trials).context["report"].key
    client.post(reverse("report_keep", args=["lab", trials.slug]), {"key": key})
    found = links(page(cast, trials, kept=key).content.decode())
    assert all(f"kept={key}" in address for address, _ in found)
    response = client.get(found[0][0])
    assert response.context["report_address"].endswith(f"/report/?kept={key}")


def test_trials_behind_a_cell_lead_to_their_conversations(cast, trials):
    found = links(page(cast, trials).content.decode())
    address, text = next(pair for pair in found if "cell=0" in pair[0] and "angle" in pair[0])
    response = cast.client("researcher").get(address)
    assert response.context["count"] == int(text) == 4
    trial = trials.items.get(position=1).trial
    assert reverse("trial", args=["lab", trial.pk]) in response.content.decode()
    assert response.context["what"] == f"With an angle of {trial.cell.endpoint.model}, " + (
        f"{trial.cell.words}."
    )


@pytest.mark.parametrize(
    "query",
    [
        {"by": "anna", "also": "zoe"},
        {"judgments": "many"},
        {"dimension": "power", "value": "1"},
        {"metric": "oracle", "decided": "1"},
        {"coverage": "half"},
        {"silent": "blue"},
        {"ring": "blue"},
        {"category": "unclear", "and": "blue"},
    ],
)
def test_items_that_no_number_counts_are_refused(trials, query):
    with pytest.raises(NoSuchNumber):
        positions_behind(look(trials, Parameters(replicates=100)).made, query)


@pytest.mark.parametrize("query", [{"trials": "some"}, {"trials": "all", "metric": "oracle"}])
def test_trials_that_no_number_counts_are_refused(trials, query):
    with pytest.raises(NoSuchNumber):
        trials_behind(look(trials, Parameters(replicates=100)).made, query)
