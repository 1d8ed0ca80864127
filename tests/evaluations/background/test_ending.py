"""Told to end, a process sets a flag, and leaves what is under way where it can be left."""

import os
import signal
import subprocess
import sys

import pytest

from evaluations.background import ending
from tests.conftest import PROJECT
from tests.evaluations.processes import database_url


@pytest.mark.parametrize("number", ending.SIGNALS)
def test_a_signal_sets_a_flag_and_raises_nothing(number):
    before = signal.getsignal(number)
    with ending.listening() as told:
        assert not told() and ending.why() == ""
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)  # whoever is impatient makes it no worse
        assert told() and ending.why() == "it was told to end"
    assert signal.getsignal(number) is before
    assert not ending.told()


def test_a_library_with_a_flag_of_its_own_is_told_too():
    flags = []
    with ending.listening(also=lambda: flags.append(1)):
        os.kill(os.getpid(), signal.SIGTERM)
    assert flags == [1]


@pytest.mark.django_db(transaction=True)
def test_a_hundred_workers_told_at_any_moment_end_in_order(many_connections):
    found = subprocess.run(
        [sys.executable, "-m", "tests.evaluations.ended_workers", "100", "1"],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": database_url()},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.count("takes runs from the database") == 100
    assert "ended with" not in found.stdout, found.stdout
    assert "Traceback" not in found.stderr, found.stderr
