"""Commands do not change an archived project, and say how it can be changed."""

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.utils import timezone

from accounts.models import Project
from tests.accounts.trail.scene import Scene, differing, rows_of_all
from tests.accounts.trail.test_every_command import DERIVED, EXAMPLES, ours

READS = {"export_judgments", "export_trials"}
ASKING = ("--endpoint", "simulated", "--project", "lab")
OTHERS = {
    "score_with_model": ("score_with_model", *ASKING),
    "reread_with_model": ("reread_with_model", *ASKING),
}


def names_a_project(name: str) -> bool:
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    return any("--project" in action.option_strings for action in parser._actions)


CHANGING = sorted({name for name in ours() if names_a_project(name)} - READS)


@pytest.fixture
def archived(world, cast):
    """``archived()``: the project of the scene is archived, whatever is under way in it."""
    return lambda: Project.objects.update(archived_at=timezone.now())


@pytest.mark.parametrize("name", CHANGING)
def test_a_command_changes_nothing_in_an_archived_project(world, cast, tmp_path, archived, name):
    example = EXAMPLES[name][0](Scene(cast, world), tmp_path) if name in EXAMPLES else OTHERS[name]
    archived()
    before = rows_of_all()
    with pytest.raises(CommandError, match=r"Lab is archived: .* takes it out of the archive at"):
        call_command(*example)
    assert set(differing(before, rows_of_all())) <= DERIVED


def test_a_role_is_ended_there_and_none_is_given(world, cast, archived):
    archived()
    with pytest.raises(CommandError, match="Lab is archived"):
        call_command("addmember", "lab", "stranger", "rater")
    call_command("addmember", "lab", "rater", "rater", "--end")
    assert not cast.rater.memberships.filter(project=cast.project).exists()


@pytest.mark.parametrize("name", sorted(READS))
def test_what_only_reads_works_there(world, archived, tmp_path, name):
    archived()
    options = ["--project", "lab", "--out", str(tmp_path / "out.csv")]
    options += ["--study", "Study"] if name == "export_judgments" else []
    call_command(name, *options)
    assert (tmp_path / "out.csv").stat().st_size > 100
