"""The same rows in another order give the same bytes, in every section and through an import."""

import io
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from analysis.data.canonical import canonical_bytes, plain_numbers
from analysis.data.dataset import extract
from analysis.data.frozen import in_memory
from analysis.data.parameters import Parameters
from analysis.data.row_order import by_name
from analysis.kinds import kind_of
from analysis.making.reporting import make_report
from analysis.report.report import compute, sections_of
from analysis.sections.computing import Computing
from analysis.statistics.core.result import json_safe
from annotations.files.automated_files import read_automated
from annotations.files.judged_values import Values
from annotations.files.judgment_files import read_judgments
from annotations.studies.imports.judgments import import_judgments
from tests.analysis.studies import ORIENTATIONS, imported_study, judge_trials, trial_study

pytestmark = pytest.mark.django_db
QUICK = Parameters(replicates=100)
SEEDS = range(2)
Content = dict[str, Any]


def numbers(project) -> Content:
    rng = np.random.default_rng(3)
    rows = [
        (f"i{at}", f"r{rater}", f"{10 * (at % 4) + 3 * rater + rng.normal(0, 4):.2f}")
        for at in range(36)
        for rater in range(5)
        if (at + rater) % 6
    ]
    metric = {f"i{at}": f"{10 * (at % 4) + 1.5 + at % 3}" for at in range(36)}
    return content_of(imported_study(project, rows, scale="interval", automated={"m": metric}))


def labels(project, scale="nominal") -> Content:
    rng = np.random.default_rng(4)
    rows = [
        (f"i{at}", f"r{rater}", str(at % 3 if rng.random() < 0.7 else rng.integers(0, 3)))
        for at in range(40)
        for rater in range(4)
    ]
    said = {f"i{at}": str(at % 3) for at in range(3, 40)}
    other = {f"i{at}": str(at % 2) for at in range(40)}
    study = imported_study(
        project, rows, scale=scale, categories=["0", "1", "2"], automated={"m": said, "n": other}
    )
    return content_of(study)


def ordered_labels(project) -> Content:
    return labels(project, "ordinal")


def trials_of_models(project) -> Content:
    """Five models, judged in part, with repeats, a further question and decisions of a reviewer."""
    rng = np.random.default_rng(5)
    ideal = dict(zip(ORIENTATIONS, (61.0, 45.0, 0.0, -16.0), strict=True))
    angles = {
        (f"m{model}", target): [float(np.clip(ideal[target] + rng.normal(0, 6), -16, 61))] * 4
        for model in range(5)
        for target in ORIENTATIONS
    }
    study = trial_study(project, angles)
    said = [target for _, target in angles for _ in range(4)]
    turned = [said[at - 1] if at % 5 == 0 else label for at, label in enumerate(said)]
    judge_trials(study, {"b10": said, "b9": turned, "a": said})
    study.items.filter(position__gt=60).delete()
    content = content_of(study)
    item, rater = [0, 0, 1, 2], [0, 2, 0, 1]
    content["repeats"] = {
        "item": item,
        "rater": rater,
        "first": ORIENTATIONS,
        "again": ORIENTATIONS[::-1],
    }
    asked = {"key": "tone", "kind": "interval", "prompt": "How kind?", "categories": []}
    every = range(len(content["items"]["key"]))
    content["further"] = [
        asked
        | {
            "item": [at for at in every for _ in range(3)],
            "rater": [0, 1, 2] * len(every),
            "said": [float(value) for value in rng.normal(size=3 * len(every)).round(2)],
        }
    ]
    content["adjudications"] = {"item": [0, 3], "label": ["prosocial", "competitive"]}
    return content


def content_of(study) -> Content:
    return extract(study, QUICK)


def permuted(content: Content, seed: int) -> Content:
    """The content as it would be with items, raters and rows in another order."""
    rng = random.Random(seed)
    n_items, n_raters = len(content["items"]["key"]), len(content["raters"]["pseudonym"])
    items, raters = (rng.sample(range(n), n) for n in (n_items, n_raters))
    moved = dict(content)
    for name, order in (("items", items), ("raters", raters)):
        moved[name] = {
            key: [column[at] for at in order] if len(column) == len(order) else column
            for key, column in content[name].items()
        }

    def pointing(columns: Content, names: dict[str, list[int]], rows: list[str]) -> Content:
        order = rng.sample(range(len(columns[rows[0]])), len(columns[rows[0]]))
        new = {
            key: [names[key].index(value) for value in columns[key]] if key in names else value
            for key, value in columns.items()
        }
        return new | {key: [new[key][at] for at in order] for key in rows if new[key]}

    at = {"item": items, "rater": raters}
    columns = ["item", "rater", "label", "confidence", "number", "seconds", "turn"]
    moved["judgments"] = pointing(content["judgments"], at, columns)
    moved["repeats"] = pointing(content["repeats"], at, ["item", "rater", "first", "again"])
    moved["adjudications"] = pointing(content["adjudications"], at, ["item", "label"])
    if "further" in content:
        moved["further"] = [
            pointing(one, at, ["item", "rater", "said"]) for one in content["further"]
        ]
    moved["automated"] = [
        pointing(one, {"row": items}, ["row", "label", "number"]) if one["of"] == "items" else one
        for one in content["automated"]
    ]
    return moved


STUDIES = (numbers, labels, ordered_labels, trials_of_models)


@pytest.mark.parametrize("study", STUDIES, ids=lambda made: made.__name__)
def test_the_order_of_names_is_one_order(project, study: Callable[..., Content]):
    content = study(project)
    expected = canonical_bytes(by_name(content))
    for seed in SEEDS:
        turned = permuted(content, seed)
        assert canonical_bytes(turned) != canonical_bytes(content)
        assert canonical_bytes(by_name(turned)) == expected


@pytest.mark.parametrize("study", STUDIES, ids=lambda made: made.__name__)
def test_every_section_draws_the_same_from_rows_in_another_order(
    project, study: Callable[..., Content]
):
    content = study(project)
    one, *others = (
        Computing(in_memory("x", part), QUICK, kind_of(part["study"]))
        for part in (content, *(permuted(content, seed) for seed in SEEDS))
    )
    for section in sections_of(one.data):
        if section.applies(one):
            expected = written(section.compute(one))
            assert all(written(section.compute(other)) == expected for other in others), section.key


def written(part: Any) -> bytes:
    """A section as it gets into a report; tables to be cross-checked stand as rows of numbers."""
    return canonical_bytes(plain_numbers(json_safe(part)))


def test_items_stand_as_a_person_would_sort_their_keys(project):
    rows = [(key, rater, "yes") for key in ("i10", "i9", "i09") for rater in ("r2", "r10")]
    content = content_of(imported_study(project, rows, categories=["yes", "no"]))
    assert by_name(content)["items"]["key"] == ["i09", "i9", "i10"]
    assert by_name(content)["raters"]["pseudonym"] == ["r2", "r10"]
    assert content["items"]["key"] == ["i10", "i9", "i09"]


def test_content_in_order_is_left_as_it_is(project):
    content = content_of(imported_study(project, [("a", "r1", "yes"), ("a", "r2", "no")]))
    assert by_name(content) == content


JUDGED = [
    (f"text {at}", f"person {rater}", str((at * 7 + rater * (at % 3)) % 5 * 12.5 + rater))
    for at in range(30)
    for rater in range(4)
]
SAID = [(f"text {at}", "metric", str(at * 7 % 5 * 12.5)) for at in range(30)]


def imported(project, name: str, seed: int, scale: str) -> bytes:
    """The report of an import of the same rows in the order that *seed* gives, without what names
    the rows: positions as keys, and neither the study's name nor the hash of its data set."""
    rng = random.Random(seed)
    judged, said = rng.sample(JUDGED, len(JUDGED)), rng.sample(SAID, len(SAID))
    if scale != "interval":
        judged, said = (
            [(*row, str(int(float(raw)) % 3)) for *row, raw in part] for part in (judged, said)
        )
    values = Values(scale, () if scale == "interval" else ("0", "1", "2"))
    file = read_judgments(lines("item,rater,value", judged), values)
    study = import_judgments(
        project,
        name,
        values,
        file,
        read_automated(lines("item,scorer,value", said), values, file),
    )
    report = make_report(study, QUICK)
    written = canonical_bytes(
        named(report.result, dict(study.items.values_list("position", "external_id")))
    )
    sha256 = report.data_set.sha256
    for word in (study.name, study.slug, sha256, sha256[:12]):
        written = written.replace(word.encode(), b"")
    return written


def lines(header: str, rows: list[tuple[str, ...]]) -> io.StringIO:
    return io.StringIO("\n".join([header, *(",".join(row) for row in rows)]))


def named(part: Any, keys: dict[int, str], within: str = "") -> Any:
    """*part* with each position as the key of its item."""
    if isinstance(part, dict):
        return {name: named(value, keys, name) for name, value in part.items()}
    if within == "differences":  # mean, difference, position
        return [[*point, keys[position]] for *point, position in part]
    if isinstance(part, list):
        return [named(value, keys, within) for value in part]
    return keys[part] if within.endswith("positions") else part


@pytest.mark.parametrize("scale", ["nominal", "ordinal", "interval"])
def test_a_permuted_import_has_the_same_report(project, scale):
    first, other, third = (imported(project, f"Permuted {seed}", seed, scale) for seed in (1, 2, 3))
    assert other == first == third


def test_the_whole_report_is_the_same_from_rows_in_another_order(project):
    content = numbers(project)
    one, other = (
        compute(in_memory("x", part), QUICK, {"numpy": "2"})
        for part in (content, permuted(content, 1))
    )
    assert canonical_bytes(one) == canonical_bytes(other)
