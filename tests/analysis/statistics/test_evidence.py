"""docs/statistics-evidence.md: no oracle without a test, no test or function that is gone."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from bench.analysis import evidence
from bench.analysis.evidence_rows import SECTIONS, Evidence
from tests.analysis.statistics.test_golden import OURS
from tests.evaluations.instruments.svo.measure.test_angle import CATEGORIES

ROWS = [row for rows in SECTIONS.values() for row in rows]
TESTS = Path(__file__).parent
SVO = TESTS.parents[1] / "evaluations" / "instruments" / "svo"


def named_tests() -> set[str]:
    trees = (ast.parse(path.read_text()) for path in TESTS.rglob("test_*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def test_every_oracle_is_named_and_no_other() -> None:
    named = {name for row in ROWS for name in row.oracles.split()}
    assert named == set(evidence.oracles())


@pytest.mark.parametrize("name", sorted(evidence.oracles()))
def test_every_oracle_is_held_by_a_test(name: str) -> None:
    rooms = (SVO, TESTS / "cultures")
    texts = [path.read_text() for room in rooms for path in room.rglob("test_*.py")]
    by_name = any(f'"{name}"' in text for text in texts)
    assert name in OURS or name in CATEGORIES or by_name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.statistic)
def test_what_a_row_names_is_there(row: Evidence) -> None:
    for path in row.functions.split():
        module, _, name = path.rpartition(".")
        assert callable(getattr(import_module(f"analysis.statistics.{module}"), name))
    assert {f"test_{name}" for name in row.properties.split()} <= named_tests()
    lines = [name for name, _ in evidence.covered()]
    for pattern in row.coverage:
        assert any(re.match(pattern, name) for name in lines), pattern


def test_every_line_of_the_coverage_study_belongs_to_a_statistic() -> None:
    lines = [name for name, _ in evidence.covered()]
    assert not [name for name in lines if not any(evidence.belongs(name, row) for row in ROWS)]


def test_the_page_is_the_one_written_from_the_lists() -> None:
    assert evidence.PAGE.read_text() == evidence.page(), f"run {evidence.COMMAND}"
