"""A table is defined once: page, Markdown, LaTeX and CSV hold the same tables, and no others."""

import ast
import re
from pathlib import Path

import pytest
from django.urls import reverse

from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from analysis.render.csv import four
from analysis.render.latex import escaped
from analysis.render.sheets.every import sheets
from evaluations.text.table_cells import marked
from tests.analysis.render.reading_tables import of_csv, of_latex, of_markdown, of_page
from tests.analysis.render.rich_studies import STUDIES

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "templates" / "analysis"
DEFINED_IN = [ROOT / "analysis" / name for name in ("render/sheets", "svo/shown")]


@pytest.mark.parametrize("make", STUDIES, ids=lambda make: make.__name__)
def test_page_and_files_hold_the_same_tables_and_no_others(cast, make):
    study = make(cast.project)
    address = reverse("report", args=["lab", study.slug])
    response = cast.client("researcher").get(address, {"pingouin": "1"})
    report = make_report(study, Parameters(crosscheck=True))
    assert response.context["result"] == report.result
    found = sheets(report.result)
    body = response.content.decode()
    assert _of_page(body) == {
        f"table-{sheet.key}": (list(sheet.head), _spaced(sheet.written().rows)) for sheet in found
    }
    markdown = [(table.head, table.rows) for table in of_markdown(RENDERERS["markdown"](report))]
    assert _sorted(markdown) == _sorted(
        (list(sheet.head), _spaced(sheet.written().rows)) for sheet in found
    )
    assert [(t.name, t.head, t.rows) for t in of_latex(RENDERERS["latex"](report))] == [
        (sheet.key, *_in_latex([sheet.head, *sheet.written().rows])) for sheet in found
    ]
    assert of_csv(RENDERERS["csv"](report)) == {sheet.key: _unrounded(sheet) for sheet in found}


def _of_page(body):
    """The tables of the report; those that repeat what a figure draws are the figure's own."""
    tables = [table for table in of_page(body) if not table.name.startswith("table-drawn-")]
    assert len({table.name for table in tables}) == len(tables)
    return {table.name: (table.head, table.rows) for table in tables}


def _spaced(rows):
    return [[" ".join(cell.split()) for cell in row] for row in rows]


def _sorted(tables):
    return sorted(tables, key=repr)


def _in_latex(lines):
    head, *rows = [[escaped(cell) for cell in line] for line in lines]
    return head, rows


def _unrounded(sheet):
    named = min(sheet.text_columns, len(sheet.head) - 1)
    return [
        (_for_spreadsheets(column), " ".join(filter(None, map(_for_spreadsheets, four(cell)))))
        for row in sheet.rows
        for column, cell in zip(sheet.head[named:], row[named:], strict=True)
    ]


def _for_spreadsheets(value):
    return marked(value) if isinstance(value, str) else str(value)


def test_the_studies_above_have_every_table_there_is(project):
    """A table that none of them has would not be looked at: give one of them the rows for it."""
    keys = set()
    for at, make in enumerate(STUDIES):
        study = make(project)
        study.name = study.slug = f"study-{at}"
        study.save()
        result = make_report(study, Parameters(replicates=100, crosscheck=True)).result
        keys |= {sheet.key for sheet in sheets(result)}
    patterns = {pattern for folder in DEFINED_IN for pattern in _keys(folder)}
    assert len(patterns) > 30
    never = {one for one in patterns if not any(re.fullmatch(one, key) for key in keys)}
    assert sorted(never) == []


def _keys(folder):
    """What the key of each table of a report that *folder* defines may be, as patterns."""
    for path in {*folder.glob("*.py")} - {folder / "comparison.py"}:
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("Sheet", "listing"):
                key = call.args[0]
                if isinstance(key, ast.Constant):
                    yield re.escape(key.value)
                elif isinstance(key, ast.JoinedStr):
                    yield "".join(
                        re.escape(part.value) if isinstance(part, ast.Constant) else ".+"
                        for part in key.values
                    )


def test_no_template_writes_a_table_of_its_own():
    """Lists of items and trials, and pages outside of reports, are no tables of a report."""
    lists = {"_sheet.html", "report_rows.html"}
    pages = ("report", "svo", "tables", "compare", "run_statistics")
    own = [
        path.name
        for page in pages
        for path in (TEMPLATES / page).rglob("*.html")
        if "<table" in path.read_text() and path.name not in lists
    ]
    assert own == []
