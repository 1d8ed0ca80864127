"""The tutorial by script is run as it stands in its page."""

import re
import threading
import time
from typing import Any

import pytest

from analysis.models import Report
from api.tokens.scopes import Scope
from api.tokens.tokens import make_token
from evaluations.models import Run
from evaluations.running.conversations import advance
from tests.conftest import PROJECT

PAGE = PROJECT / "docs" / "tutorial-api.md"


def blocks() -> str:
    """The program of the page, with as many empty lines before each block that errors name the line
    of the page."""
    page, program = PAGE.read_text(encoding="utf-8"), ""
    for found in re.finditer(r"^```python\n(.*?)^```", page, flags=re.M | re.S):
        line = page[: found.start(1)].count("\n")
        program += "\n" * (line - program.count("\n")) + found[1]
    return program


@pytest.fixture
def working_while_it_waits(monkeypatch):
    """What a worker does beside the script, done while the script sleeps."""
    sleep, here, at_work = time.sleep, threading.current_thread(), []

    def work(seconds: float) -> None:
        if threading.current_thread() is not here or at_work:
            return sleep(seconds)
        at_work.append(True)
        for run in Run.objects.filter(state=Run.State.RUNNING):
            advance(run)
        at_work.clear()

    monkeypatch.setattr(time, "sleep", work)


def test_the_page_runs_from_its_first_line_to_its_last(
    transactional_db, cast, live_server, monkeypatch, working_while_it_waits, capsys
):
    _, secret = make_token(cast.project, cast.researcher, "script", list(Scope))
    monkeypatch.setenv("VALUECHECK", live_server.url)
    monkeypatch.setenv("PROJECT", cast.project.slug)
    monkeypatch.setenv("TOKEN", secret)
    monkeypatch.setenv("NO_PROXY", "*")
    script: dict[str, Any] = {"__name__": "script"}
    exec(compile(blocks(), str(PAGE), "exec"), script)
    script["api"].close()
    assert Report.objects.count() == 1
    said = capsys.readouterr().out
    assert "disputes, the first because" in said
    assert "confusion" in said
