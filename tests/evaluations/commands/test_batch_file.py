"""A run asked by files from the command line."""

import json

import pytest
from django.core.management import CommandError, call_command

from evaluations.models import Endpoint, Run
from evaluations.running.conversations import pause

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(make_run) -> Run:
    endpoint = Endpoint(name="lab", kind="openai", model="m", base_url="http://127.0.0.1:9/v1")
    made = make_run(endpoint=endpoint)
    pause(made)
    return made


def answers_to(file):
    body = {"choices": [{"message": {"content": "I choose C."}, "finish_reason": "stop"}]}
    for line in file.read_text("utf-8").splitlines():
        named = json.loads(line)["custom_id"]
        yield json.dumps({"custom_id": named, "response": {"status_code": 200, "body": body}})


def test_files_go_out_and_come_in_until_the_run_is_complete(run, tmp_path, capsys):
    for turn in range(20):
        out, into = tmp_path / f"out-{turn}.jsonl", tmp_path / f"in-{turn}.jsonl"
        call_command("batch_file", run.name, "export", str(out))
        into.write_text("\n".join(answers_to(out)), "utf-8")
        call_command("batch_file", run.name, "import", str(into))
        if "The run is complete." in capsys.readouterr().out:
            break
    run.refresh_from_db()
    assert run.state == Run.State.COMPLETE


def test_a_file_that_is_there_is_not_written_over(run, tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text("mine", "utf-8")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("batch_file", run.name, "export", str(file))
    assert file.read_text("utf-8") == "mine"


def test_where_nothing_can_be_asked_no_file_is_left(run, tmp_path):
    Run.objects.update(state=Run.State.RUNNING)
    with pytest.raises(CommandError, match="pause it first"):
        call_command("batch_file", run.name, "export", str(tmp_path / "out.jsonl"))
    assert not list(tmp_path.iterdir())


def test_lines_that_cannot_be_taken_are_named(run, tmp_path, capsys):
    file = tmp_path / "in.jsonl"
    file.write_text('{"custom_id": "x"}\n', "utf-8")
    with pytest.raises(CommandError, match="1 lines could not be taken"):
        call_command("batch_file", run.name, "import", str(file))
    assert "in.jsonl, line 1: the custom_id" in capsys.readouterr().err


def test_what_is_waited_for_is_given_back(run, tmp_path, capsys):
    call_command("batch_file", run.name, "export", str(tmp_path / "out.jsonl"))
    call_command("batch_file", run.name, "give-back")
    assert "2 trials are free again." in capsys.readouterr().out
