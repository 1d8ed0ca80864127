"""What leaves the platform of a scene: exports of trials, tables of judgments, reports."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import vl_convert
from django.core.management import call_command

from tests.golden_house import normal, reading
from tests.golden_house.comparing import Facts

ROWS = {
    "settings": reading.settings,
    "items": reading.items,
    "raters": reading.raters,
    "handed-out": reading.handed_out,
    "judgments": reading.judgments,
    "automated-labels": reading.automated_labels,
    "disputes": reading.disputes,
}


def of_runs(project: str, folder: Path) -> Facts:
    """Trials, readings and scores of all runs of a project, as rows and as files."""
    facts: dict[str, Any] = {
        "trials": reading.trials(project),
        "readings": reading.readings(project),
        "scores": reading.scores(project),
    }
    for kind, name in (("jsonl", "trials.jsonl"), ("csv", "trials.csv"), ("scores", "scores.csv")):
        out = folder / name
        command("export_trials", "--project", project, "--format", kind, "--out", out)
        facts[name] = normal.without_latency(out.read_text("utf-8"))
    facts["trials.jsonl"] = normal.lines_of_json(facts["trials.jsonl"])
    facts["trials.csv"] = normal.cells_of_json(facts["trials.csv"])
    return facts


def of_study(project: str, slug: str, folder: Path) -> Facts:
    """Rows of a study, and its table of judgments."""
    facts: dict[str, Any] = {f"{slug}/{name}": rows(project, slug) for name, rows in ROWS.items()}
    out, questions = folder / "judgments.csv", folder / "questions.json"
    named = ("--study", slug, "--project", project, "--questions", questions)
    said = command("export_judgments", *named, "--out", out)
    facts[f"{slug}/judgments.csv"] = out.read_text("utf-8")
    facts[f"{slug}/questions.json"] = json.loads(questions.read_text("utf-8"))
    facts[f"{slug}/read-again-with"] = said.replace(str(folder), "FOLDER")
    facts[f"{slug}/metric"] = command("study_metric", slug, "--project", project)
    return facts


def of_report(project: str, slug: str, folder: Path, name: str, choices: Sequence[str]) -> Facts:
    """A report in every form: JSON, Markdown, CSV, LaTeX, and what its archive holds."""
    out = folder / "report.zip"
    named = (slug, "--project", project, *choices)
    # The first is written from what was just computed, all others from the stored result.
    command("agreement_report", *named, "--format", "csv", "--out", folder / "report.csv")
    with described_drawings():
        command("agreement_report", *named, "--format", "zip", "--out", out)
    with zipfile.ZipFile(out) as bundle:
        inside = {entry: bundle.read(entry) for entry in bundle.namelist()}
    document = json.loads(inside["report.json"])
    inside["report.csv"] = (folder / "report.csv").read_bytes()
    facts: dict[str, Any] = {}
    for entry, content in inside.items():
        if not normal.LEFT_OUT.search(entry):
            facts[f"{slug}/{name}/{entry}"] = normal.text(content.decode(), document)
    facts[f"{slug}/{name}/report.json"] = normal.report(document)
    facts[f"{slug}/{name}/data/data_set.json"] = json.loads(inside["data/data_set.json"])
    return facts


def of_data_sets(project: str, slug: str) -> Facts:
    """The hashes of the frozen data sets; their content stands beside each report."""
    sets = reading.data_sets(project, slug)
    kept = [{"sha256": one["sha256"], "parameters": one["parameters"]} for one in sets]
    return {f"{slug}/data-sets": kept}


def command(name: str, *arguments: Any) -> str:
    """Run a command of manage.py; what it printed."""
    out = io.StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue()


@contextmanager
def described_drawings() -> Iterator[None]:
    """Let a drawing be its own description in Vega-Lite: what it shows, whatever fonts there are,
    and without the time that drawing takes."""
    empty = _empty_pdf()
    with (
        mock.patch("vl_convert.vegalite_to_svg", lambda text: _pretty(text)),
        mock.patch("vl_convert.vegalite_to_pdf", lambda text: empty),
        mock.patch("vl_convert.vegalite_to_png", lambda text, scale: b""),
    ):
        yield


def _pretty(text: str) -> str:
    return json.dumps(json.loads(text), ensure_ascii=False, indent=1)


def _empty_pdf() -> bytes:
    return vl_convert.vegalite_to_pdf(json.dumps({"data": {"values": [{}]}, "mark": "point"}))
