"""Rules for the repository as a whole."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.core.management import get_commands

from analysis.versions.closure import closure
from scripts import rooms
from tests.conftest import PROJECT

OUR_APPS = {"hvae_site", "webhooks", "api", "accounts", "evaluations", "annotations", "analysis"}


def read(path: str) -> str:
    return (PROJECT / path).read_text(encoding="utf-8")


def environment_variables() -> set[str]:
    """Names read through hvae_site.environment anywhere in the settings."""
    pattern = r"environment\.\w+\(\s*\"([A-Z_]+)\""
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


# --- the clock ------------------------------------------------------------------------------------

READS_ANOTHERS_CLOCK = {
    "evaluations/respondents/chat/failures.py": "a model server's date, in a module without Django",
    "hvae_site/management/commands/demo.py": "in the name of a file",
}


def test_only_the_clock_asks_this_host_for_the_time_of_day():
    ours = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == PROJECT]
    modules = [path for folder in ours for path in folder.rglob("*.py")]
    asks = re.compile(r"\b(?:timezone\.now|datetime\.now|datetime\.utcnow|time\.time)\b")
    found = {
        path.relative_to(PROJECT).as_posix()
        for path in modules
        if "migrations" not in path.parts and asks.search(path.read_text(encoding="utf-8"))
    }
    assert found - {"accounts/clock.py"} == set(READS_ANOTHERS_CLOCK)


# --- rooms of instruments -------------------------------------------------------------------------


def test_only_the_rooms_of_a_kind_know_what_it_measures(capsys):
    code = rooms.main()
    assert code == 0, capsys.readouterr().out


# --- rooms ----------------------------------------------------------------------------------------

Imports = dict[tuple[str, str], list[str]]


def imports_between_siblings(graph: grimp.ImportGraph) -> dict[str, Imports]:
    """By folder: which of its modules and folders import which others, and the modules that do."""
    found: dict[str, Imports] = {}
    for module in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            one, other = module.split("."), imported.split(".")
            pairs = enumerate(zip(one, other, strict=False))
            shared = next((at for at, (a, b) in pairs if a != b), 0)
            if shared:
                names = ".".join(one[: shared + 1]), ".".join(other[: shared + 1])
                folder = found.setdefault(".".join(one[:shared]), {})
                folder.setdefault(names, []).append(f"{module} imports {imported}")
    return found


def circles(imports: Imports) -> dict[str, list[str]]:
    """The circles among siblings, each by its members, with the imports that make it."""
    reached = {name: {name} for edge in imports for name in edge}
    changed = True
    while changed:
        sizes = sum(map(len, reached.values()))
        for one, other in imports:
            reached[one] |= reached[other]
        changed = sum(map(len, reached.values())) > sizes
    found: dict[str, list[str]] = {}
    for (one, other), lines in sorted(imports.items()):
        if one in reached[other]:
            members = sorted(name for name in reached[one] if one in reached[name])
            found.setdefault(" + ".join(members), []).extend(lines)
    return found


def test_a_circle_is_found_with_the_imports_that_make_it():
    graph = grimp.ImportGraph()
    for module, imported in [
        ("app.a.one", "app.b.two"),
        ("app.b.three", "app.c"),
        ("app.c", "app.a.four"),
        ("app.c", "app.d"),
    ]:
        graph.add_import(importer=module, imported=imported)
    assert circles(imports_between_siblings(graph)["app"]) == {
        "app.a + app.b + app.c": [
            "app.a.one imports app.b.two",
            "app.b.three imports app.c",
            "app.c imports app.a.four",
        ]
    }


def test_no_circles_between_folders():
    graph = grimp.build_graph(*sorted(OUR_APPS), cache_dir=None)
    found: dict[str, list[str]] = {}
    for imports in imports_between_siblings(graph).values():
        # Modules of one room may know each other; as soon as a folder is in it, floors are lost.
        found |= {
            name: lines
            for name, lines in circles(imports).items()
            if any(graph.find_children(member) for member in name.split(" + "))
        }
    assert found == {}, "one of these imports has to go"


SIBLINGS = 16
"""As many names as one looks through at a glance."""

DJANGO = {"admin", "apps", "models", "urls", "tasks", "migrations", "management", "templatetags"}
"""Names of Django's own, which every app has, beside `locale`, `__init__` and `conftest`."""


def siblings(folder: Path) -> list[str]:
    """The names in a folder that one has to choose from."""
    common = DJANGO | {"locale", "__init__", "__pycache__", "conftest"}
    kinds = (".py", ".html", ".txt")
    found = [path for path in folder.iterdir() if path.suffix in kinds or holds_anything(path)]
    return [path.name for path in found if path.stem not in common]


def holds_anything(folder: Path) -> bool:
    """Of a folder that was moved away only what Python had compiled is left."""
    return any(path.is_file() and path.suffix != ".pyc" for path in folder.rglob("*"))


def test_no_folder_holds_more_than_one_looks_through():
    tops = [PROJECT / name for name in (*OUR_APPS, "templates", "tests")]
    folders = [*tops, *(path for top in tops for path in top.rglob("*") if path.is_dir())]
    large = {
        str(folder.relative_to(PROJECT))
        for folder in folders
        if not {"__pycache__", "migrations"} & set(folder.parts)
        and len(siblings(folder)) > SIBLINGS
    }
    assert large == set(), "part these folders by what they are about"
