"""Rules for the repository as a whole."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

from analysis.versions.closure import closure
from scripts import rooms
from tests.conftest import PROJECT

OUR_APPS = {"hvae_site", "accounts", "evaluations", "annotations", "analysis"}


def read(path: str) -> str:
    return (PROJECT / path).read_text(encoding="utf-8")


def environment_variables() -> set[str]:
    """Names read through hvae_site.environment anywhere in the settings."""
    pattern = r"environment\.(?:text|boolean|integer|words|choice|kept_secret)\(\s*\"([A-Z_]+)\""
    return set(re.findall(pattern, read("hvae_site/settings.py")))


@pytest.mark.parametrize("variable", sorted(environment_variables()))
def test_every_setting_is_documented(variable):
    assert f"`{variable}`" in read("docs/operations.md")


@pytest.mark.parametrize(
    "command", sorted(name for name, app in get_commands().items() if app in OUR_APPS)
)
def test_every_command_is_documented(command):
    assert f"## {command}" in read("docs/reference/commands.md")


@pytest.mark.parametrize("lock", sorted(path.name for path in PROJECT.glob("*.lock")))
def test_locks_name_no_address(lock):
    assert "://" not in read(lock)


@pytest.mark.parametrize("lock", sorted(path.name for path in PROJECT.glob("*.lock")))
def test_every_locked_package_has_a_hash(lock):
    blocks = re.split(r"\n(?=[a-z0-9])", read(lock))
    assert [block for block in blocks if "==" in block and "--hash=sha256:" not in block] == []


def markdown_files() -> list[Path]:
    return sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", markdown_files(), ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_between_documents_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_make_targets_in_the_documents_exist():
    named = set()
    for page in markdown_files():
        named |= set(re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8")))
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), flags=re.M))
    assert named - targets == set()


def test_no_file_names_a_path_of_one_machine():
    tracked = subprocess.run(
        ["git", "ls-files", "*.py", "*.md", "*.sh", "*.html", "*.toml", "Makefile"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    pattern = re.compile(r"(?<![\w.>])/(?:root|home|work)/\w")
    assert [path for path in tracked if pattern.search(read(path))] == []


# --- pure modules ---------------------------------------------------------------------------------


def pure_contract() -> dict[str, list[str]]:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    return next(row for row in contracts if row["name"].startswith("Pure modules"))


def our_modules() -> list[str]:
    """Every module that holds more than words about itself, by its dotted name."""
    paths = [path for app in OUR_APPS for path in (PROJECT / app).rglob("*.py")]
    return [
        ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(paths)
        if "migrations" not in path.parts and len(ast.parse(path.read_text()).body) > 1
    ]


def test_every_pure_module_is_kept_pure():
    contract = pure_contract()
    kept, forbidden = contract["source_modules"], set(contract["forbidden_modules"])
    free = [
        name
        for name in our_modules()
        if not any(name == room or name.startswith(f"{room}.") for room in kept)
        and not closure(name).external & forbidden
    ]
    assert free == [], "add these to the contract of pure modules in pyproject.toml"


def test_a_module_with_django_somewhere_behind_it_is_not_pure():
    assert "django" in closure("analysis.data.automated_columns").external
    assert "django" not in closure("analysis.sections.humans.agreement").external


# --- rooms of instruments -------------------------------------------------------------------------


def test_only_the_rooms_of_a_kind_know_what_it_measures(capsys):
    code = rooms.main()
    assert code == 0, capsys.readouterr().out
