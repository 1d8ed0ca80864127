"""A file of raters brings their cultures to a study made elsewhere, or is refused by name."""

import pytest

from annotations.models import Rater
from tests.annotations.conftest import YES_NO, refused

pytestmark = pytest.mark.django_db

GOOD = "item,rater,value\n1,ann,yes\n1,bob,no\n2,ann,no\n2,bob,no\n2,cleo,no\n"


@pytest.fixture
def with_raters(load, tmp_path):
    """Import GOOD with this file of raters; returns what was said."""

    def imported(raters: str, *options: str) -> str:
        path = tmp_path / "raters.csv"
        path.write_text(raters)
        return load(GOOD, *YES_NO, "--raters", str(path), *options)

    return imported


def cultures() -> dict[str, str]:
    return dict(Rater.objects.values_list("pseudonym", "culture"))


def test_raters_have_the_culture_of_the_file(with_raters):
    said = with_raters("rater,culture\nann,Kenya\nbob,Peru\ncleo,Peru\n")
    assert cultures() == {"ann": "Kenya", "bob": "Peru", "cleo": "Peru"}
    assert "raters of each culture: Kenya 1, Peru 2" in said
    assert "one rater alone, so that no agreement within it is known: Kenya" in said


def test_the_culture_may_stand_in_another_column(with_raters):
    with_raters(
        "rater,country,first_language\nann,Kenya,Luo\nbob,Peru,Quechua\n",
        "--culture",
        "first_language",
    )
    assert cultures() == {"ann": "Luo", "bob": "Quechua", "cleo": ""}


def test_a_rater_without_a_culture_is_named_and_one_who_judged_nothing_counted(with_raters):
    said = with_raters("rater,culture\nann,Kenya\nbob,\ndora,Peru\n")
    assert cultures() == {"ann": "Kenya", "bob": "", "cleo": ""}
    assert "no culture, and so no part of what cultures are compared by: bob, cleo" in said
    assert "raters who judged nothing and are left out: 1" in said
    assert "one culture alone: there is no other to compare it with" in said


def test_a_rater_may_be_named_twice_with_one_culture(with_raters):
    with_raters("rater,culture\nann,Kenya\nann,Kenya\nbob,Peru\n")
    assert cultures()["ann"] == "Kenya"


@pytest.mark.parametrize(
    ("raters", "words"),
    [
        ("rater,culture\nann,Kenya\nann,Peru\n", "line 3: the rater 'ann' has two cultures"),
        ("rater,culture\nAnn,Kenya\n", "not one of its raters judged anything"),
        ("rater,country\nann,Kenya\n", "culture"),
        ("rater,culture\n,Kenya\n", "line 2"),
        (f"rater,culture\nann,{'x' * 41}\n", "41 characters"),
    ],
)
def test_a_file_that_says_no_culture_is_refused_and_nothing_stored(load, tmp_path, raters, words):
    path = tmp_path / "raters.csv"
    path.write_text(raters)
    assert words in refused(load, GOOD, *YES_NO, "--raters", str(path))


def test_without_a_file_of_raters_nobody_has_a_culture(load):
    load(GOOD, *YES_NO)
    assert set(cultures().values()) == {""}


def test_a_file_of_raters_is_only_read_where_nothing_is_to_be_stored(with_raters):
    said = with_raters("rater,culture\nann,Kenya\nbob,Peru\n", "--check")
    assert "raters of each culture" in said
    assert not Rater.objects.exists()
