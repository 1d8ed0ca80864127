"""A metric of one's own, sent as labels, numbers or vectors, is found in disputes and reports."""

import pytest

from annotations.files.judged_values import Values
from annotations.files.judgment_files import read_judgments
from annotations.studies.imports.judgments import import_judgments

ITEMS, ODD = 12, 2
"""How many items two raters agreed on, and of which the metric said something else."""
SCALES = {
    "label": ("nominal", ("yes", "no")),
    "number": ("interval", ()),
    "vector": ("vector", ("a", "b")),
}


def said_of(shape, position):
    if shape == "label":
        return "yes" if position % 2 else "no"
    return float(position) if shape == "number" else {"a": position % 3 - 1, "b": 1}


def of_metric(shape, position):
    other = {"label": "yes", "number": 500.0, "vector": {"a": -1, "b": -1}}
    return other[shape] if position == ODD else said_of(shape, position)


@pytest.fixture
def judged(cast):
    """``judged(shape)``: a study in which two raters said the same of every item."""

    def made(shape):
        scale, categories = SCALES[shape]
        lines = ["item,rater,value\n"]
        for position in range(1, ITEMS + 1):
            said = said_of(shape, position)
            word = ",".join(map(str, said.values())) if shape == "vector" else said
            lines += [f'i{position},{rater},"{word}"\n' for rater in ("p", "q")]
        values = Values(scale, categories)
        return import_judgments(cast.project, shape, values, read_judgments(lines, values))

    return made


def found_in(shape, result):
    """The metric's figures in a report, by the shape of what it said."""
    rows = result["vectors"]["metrics"] if shape == "vector" else result["automated"]
    (own,) = [row for row in rows if row["name"].startswith("mine")]
    return own


@pytest.mark.parametrize("shape", SCALES)
def test_what_was_sent_is_disputed_and_reported(program, judged, shape):
    there, ask = f"studies/{judged(shape).slug}/", program("researcher")
    scores = [{"item": n, shape: of_metric(shape, n)} for n in range(1, ITEMS + 1)]
    put = ask.put(f"{there}scores/", {"metric": "mine", "version": "1", "scores": scores})
    assert put.json() == {"metric": "mine 1", "stored": ITEMS, "known": 0}
    assert ask.put(f"{there}metric/", {"metric": "mine 1"}).status_code == 200

    disputes = ask.get(f"disputes/?study={shape}").json()["results"]
    assert [(row["item"], row["reasons"]) for row in disputes] == [(ODD, ["automated_differs"])]
    whole = ask.get(f"disputes/{disputes[0]['id']}/").json()
    assert whole["automated"] not in (None, whole["consensus"]["label"])

    report = ask.post(f"{there}reports/", {})
    assert report.status_code == 201, report.json()
    own = found_in(shape, ask.get(f"{there}reports/{report.json()['key']}/").json()["result"])
    if shape == "label":
        figures = {row["key"]: row["value"] for row in own["decided"]["statistics"]}
        assert figures["accuracy"] == pytest.approx((ITEMS - 1) / ITEMS)
    else:
        assert own["items"] == ITEMS


@pytest.mark.parametrize("said", [True, "3", " 4 "])
def test_what_is_no_number_is_no_score(program, judged, said):
    there = f"studies/{judged('number').slug}/scores/"
    body = {"metric": "mine", "version": "1", "scores": [{"item": 1, "number": said}]}
    assert program("researcher").put(there, body).status_code == 422
