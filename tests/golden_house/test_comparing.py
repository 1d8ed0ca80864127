"""A failing golden test names what differs."""

from tests.golden_house.comparing import differences, message

EXPECTED = {"report.json": {"answer": ["yes", {"value": 1.0}]}, "table.csv": "a,b\n1,2\n"}


def test_a_difference_is_named_by_file_place_and_both_values():
    found = {"report.json": {"answer": ["yes", {"value": 1.5}]}, "table.csv": "a,b\n1,3\n"}
    said = message("demo", EXPECTED, found)
    assert said.startswith("demo: 2 differences in 2 files.")
    assert "report.json at answer.1.value:\n    expected 1.0\n    found    1.5" in said
    assert "table.csv at 1:\n    expected '1,2'\n    found    '1,3'" in said


def test_what_is_missing_or_new_is_named():
    found = {"report.json": {"answer": ["yes"], "new": 1}}
    assert list(differences(EXPECTED, found)) == [
        ("report.json", "answer.length", 2, 1),
        ("report.json", "new", "(nothing)", 1),
        ("table.csv", "", "a file", "(nothing)"),
    ]


def test_equal_numbers_of_another_kind_are_told_apart():
    assert list(differences({"a": [1, 0.0]}, {"a": [1.0, -0.0]})) != []
    assert message("demo", EXPECTED, EXPECTED) == ""
