"""A report with everything needed to check it, as one zip: equal reports give equal bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.data.canonical import canonical_bytes
from analysis.data.dataset import thaw
from analysis.models import Report
from analysis.render.csv import table_csv, written
from analysis.render.figures.rendering import drawings_of, figure
from analysis.render.json import as_json
from analysis.render.latex import as_latex
from analysis.render.markdown import as_markdown
from analysis.render.sheets.every import sheets
from analysis.report.methods import methods
from analysis.words.simulated import simulated_note
from evaluations.text.storable import with_marks_shown

RECOMPUTE = [
    Path(__file__).resolve().parent / name for name in ("recompute.py", "recompute_words.py")
]
MIDNIGHT = (1980, 1, 1, 0, 0, 0)
READ_ME = """{name}: agreement report
{simulated}
data/data_set.json   the frozen data set, canonical JSON; its SHA-256 is {sha256}
data/judgments.csv   one row a judgment: item, rater, value, confidence, seconds, kind of rater
data/automated.csv   one row an item and metric: item, scorer and its version, value (on the
                     raters' scale; empty for no valid one), label, number, simulated or not
                     (in both, what is known of the item: its weight where items have several, its
                     model, target value and condition, and what its file declared; a word
                     that a spreadsheet would run stands behind an apostrophe; manage.py
                     import_judgments reads both again, the declared with --properties)
report.json, report.md, report.tex, methods.txt
tables/              every table as CSV, unrounded
figures/             every figure as SVG, PDF and PNG, and what it draws as CSV
recompute.py         computes the headline numbers again from data/ with pandas and pingouin alone
recompute_words.py   the same for what the words quote beside them, and for their intervals
                     and compares them with report.json: pip install pandas pingouin, then
                     python recompute.py
"""


def archive(report: Report) -> bytes:
    """The zip; equal reports give equal bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
        for name, content in _files(report):
            entry = zipfile.ZipInfo(name, MIDNIGHT)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, content)
    return target.getvalue()


def _files(report: Report) -> Iterator[tuple[str, str | bytes]]:
    content = thaw(report.data_set)
    name, sha256 = report.result["study"]["name"], report.data_set.sha256
    made, note = methods(report.result), simulated_note(report.result)
    said = f"{note}\n" if note else ""
    readable = with_marks_shown(name)
    yield "README.txt", READ_ME.format(name=readable, sha256=sha256, simulated=said)
    yield "data/data_set.json", canonical_bytes(content)
    yield "data/judgments.csv", judgments_csv(content)
    yield "data/automated.csv", automated_csv(content)
    yield "report.json", as_json(report)
    yield "report.md", as_markdown(report)
    yield "report.tex", as_latex(report)
    text = "\n\n".join([made["paragraph"], *made["references"]])
    yield "methods.txt", with_marks_shown(text) + "\n"
    for sheet in sheets(report.result):
        yield f"tables/{sheet.key}.csv", table_csv(sheet, note)
    for drawing in drawings_of(report.result):
        for suffix in ("svg", "pdf", "png", "csv"):
            yield f"figures/{drawing}.{suffix}", figure(report, drawing, suffix)
    for script in RECOMPUTE:
        yield script.name, script.read_text(encoding="utf-8")


def judgments_csv(content: dict[str, Any]) -> str:
    """item (position), rater (pseudonym), value (the label, or the number on an interval scale),
    confidence and seconds (empty where nothing was said), the kind of rater: person, simulated or
    imported, and what is known of the item. What `import_judgments` reads."""
    judged, interval = content["judgments"], content["study"]["scale"] == "interval"
    positions, raters = content["items"]["position"], content["raters"]
    names, kinds = raters["pseudonym"], raters["kind"]
    said = judged["number"] if interval else [judged["labels"][at] for at in judged["label"]]
    count = len(said)
    sure, took = (judged[name] or [None] * count for name in ("confidence", "seconds"))
    columns = (judged["item"], judged["rater"], said, sure, took)
    known, facts = _known(content)
    rows = (
        [
            *(positions[item], names[rater], _or_empty(value), how or "", _or_empty(long)),
            *(kinds[rater], *facts[item]),
        ]
        for item, rater, value, how, long in zip(*columns, strict=True)
    )
    return written([(*JUDGMENTS_HEAD, *known), *rows])


def _known(content: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """What is known of the items, so that intervals and groups stay as they are when the
    tables are imported: names of columns, and their cells for each item. Columns that say nothing
    are left out, and so are properties called as another column is."""
    items, cells, of_trial = content["items"], content["cells"], content["trials"]
    declared = items.get("properties", {})
    found: dict[str, list[Any]] = {}
    taken = {*JUDGMENTS_HEAD, *AUTOMATED_HEAD}
    for name in dict.fromkeys((*OF_CELLS, *(one for one in declared if one not in taken))):
        own = declared.get(name) or [None] * len(items["position"])
        found[name] = [
            value if trial is None else _of_cell(cells[of_trial["cell"][trial]], name)
            for trial, value in zip(items["trial"], own, strict=True)
        ]
    if set(items["weight"]) != {1.0}:
        found = {"weight": items["weight"]} | found
    said = {name: column for name, column in found.items() if any(column)}
    cells_of = [
        [_or_empty(column[at]) for column in said.values()] for at in range(len(items["trial"]))
    ]
    return list(said), cells_of


def _of_cell(cell: dict[str, Any], name: str) -> Any:
    """A fact of a cell; its condition without the target value, which is a fact of its own."""
    said = cell.get(name)
    return said.partition(", ")[2] or said if said and name == "condition" else said


def _or_empty(value: Any) -> Any:
    return "" if value is None else value


OF_CELLS = ("model", "target_value", "condition")
JUDGMENTS_HEAD = ("item", "rater", "value", "confidence", "seconds", "rater_kind")
AUTOMATED_HEAD = ("item", "scorer", "version", "value", "label", "number", "simulated")


def automated_csv(content: dict[str, Any]) -> str:
    """item (position), metric and its version, value, label and number of each item that a metric
    looked at, whether its trial is simulated, and what is known of the item. The value is the
    number on an interval scale, else the label; empty where the metric gave none. What
    `import_judgments --automated` reads."""
    items, simulated = content["items"], content["trials"]["simulated"]
    interval = content["study"]["scale"] == "interval"
    known, facts = _known(content)
    rows: list[list[Any]] = []
    for entry in content["automated"]:
        said = zip(entry["label"], entry["number"], strict=True)
        by_row = dict(zip(entry["row"], said, strict=True))
        places = items["trial"] if entry["of"] == "trials" else range(len(items["position"]))
        columns = zip(items["position"], items["trial"], places, facts, strict=True)
        for position, trial, place, its in columns:
            if place in by_row:
                label, number = by_row[place]
                made = "simulated" if trial is not None and simulated[trial] else ""
                metric = [
                    entry["scorer"],
                    entry["version"],
                    _or_empty(number if interval else label),
                ]
                label_and_number = (label or "unscorable", _or_empty(number))
                rows.append([position, *metric, *label_and_number, made, *its])
    return written([(*AUTOMATED_HEAD, *known), *rows])
