"""What `make mutants` changes, and which explanations it accepts."""

import ast
from pathlib import Path

import pytest

from bench.mutants.explained import explanations, line_for, stale
from bench.mutants.mutations import Mutant, changed_tree, mutants_of
from bench.mutants.rooms import PROJECT, ROOMS


def mutants(tmp_path: Path, source: str) -> list[Mutant]:
    (tmp_path / "made.py").write_text(source)
    return mutants_of(tmp_path / "made.py", tmp_path)


def changes(tmp_path: Path, source: str) -> set[tuple[str, str]]:
    return {(one.before, one.after) for one in mutants(tmp_path, source)}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("a < b", ("a < b", "a <= b")),
        ("a < b", ("a < b", "a >= b")),
        ("a and b", ("a and b", "a or b")),
        ("a and b", ("a and b", "b")),
        ("not a", ("not a", "a")),
        ("a * b", ("a * b", "a / b")),
        ("a if b else c", ("a if b else c", "c if b else a")),
        ("f(a, key=b)", ("f(a, key=b)", "f(a)")),
        ("a[8]", ("8", "7")),
        ("a(0.0)", ("0.0", "0.3")),
        ("[True]", ("True", "False")),
        ("f('two words')", ("'two words'", "''")),
        ("f('WHERE a = b AND c = d')", ("'WHERE a = b AND c = d'", "'WHERE a = b'")),
        ("f('WHERE a = b AND c = d')", ("'WHERE a = b AND c = d'", "'WHERE c = d'")),
        ("f('SET a = 1, b = NULL FROM c')", ("'SET a = 1, b = NULL FROM c'", "'SET a = 1 FROM c'")),
        ("f('FROM a FOR NO KEY UPDATE')", ("'FROM a FOR NO KEY UPDATE'", "'FROM a'")),
        ("f(f'{a < b} two')", ("f'{a < b} two'", "f'{a <= b} two'")),
    ],
)
def test_an_expression_is_changed(tmp_path, code, change):
    assert change in changes(tmp_path, f"def g():\n    return {code}\n")


@pytest.mark.parametrize("code", ["f(a)", "raise f(a)", "a.b = c", "a += 1"])
def test_a_statement_is_left_out(tmp_path, code):
    assert (code, "pass") in changes(tmp_path, f"def g():\n    {code}\n")


def test_docstrings_names_and_annotations_are_left_alone(tmp_path):
    source = '"""Some words."""\n\n\ndef g(a: "two words"):\n    """More words."""\n    f("name")\n'
    assert changes(tmp_path, source) == {("f('name')", "pass")}


def test_a_mutant_knows_its_line_and_its_function(tmp_path):
    source = "LIMIT = 3\n\n\nclass A:\n    def g(self):\n        return self.a < LIMIT\n"
    constant, compared = mutants(tmp_path, source)[0], mutants(tmp_path, source)[-2]
    assert (constant.line, constant.text, constant.function) == (1, "LIMIT = 3", None)
    assert (compared.line, compared.text) == (6, "return self.a < LIMIT")
    assert compared.function == (5, 6)


def test_a_decorated_function_begins_where_its_code_does(tmp_path):
    """At its first decorator: only so are the tests found that reach it."""
    source = "@keep\n@told\ndef g(a):\n    return a < 1\n"
    code = compile(source, "made.py", "exec").co_consts[0]
    assert {one.function for one in mutants(tmp_path, source)} == {(code.co_firstlineno, 4)}


def test_each_mutant_is_another_change_of_its_module(tmp_path):
    source = "def g(a):\n    return a < 1 and a > 5\n"
    found = mutants(tmp_path, source)
    codes = {ast.unparse(changed_tree(tmp_path / "made.py", one)) for one in found}
    assert len(codes) == len(found)
    assert ast.unparse(ast.parse(source)) not in codes


def test_an_explanation_is_found_by_the_text_of_the_line(tmp_path):
    one = mutants(tmp_path, "def g(a):\n    return a < 1\n")[0]
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{line_for(one)}equivalent: a is whole.\n")
    assert explanations(page) == {one.key: "equivalent: a is whole."}
    moved = mutants(tmp_path, "\n\n\ndef g(a):\n    return a < 1\n")[0]
    assert explanations(page).get(moved.key)


def test_an_explanation_that_fits_nothing_any_more_is_stale(tmp_path):
    was = mutants(tmp_path, "def g(a):\n    return a < 1\n")[0]
    now = mutants(tmp_path, "def g(a):\n    return a < 2\n")
    assert stale([was.key], now, ["made.py"]) == [was.key]
    assert stale([was.key], now, ["another.py"]) == []
    assert stale([now[0].key], now, ["made.py"]) == []


@pytest.mark.parametrize("name", sorted(ROOMS))
def test_every_pattern_of_a_room_finds_files(name):
    patterns = [*ROOMS[name].modules, *ROOMS[name].tests]
    assert [pattern for pattern in patterns if not list(PROJECT.glob(pattern))] == []


def test_no_explanation_is_stale():
    files = {path for room in ROOMS.values() for path in room.module_files()}
    everything = [mutant for path in files for mutant in mutants_of(path, PROJECT)]
    names = [str(path.relative_to(PROJECT)) for path in files]
    known = explanations(PROJECT / "docs" / "mutants.md")
    assert stale(known, everything, names) == []
    assert [key for key in known if key[0] not in names] == []
