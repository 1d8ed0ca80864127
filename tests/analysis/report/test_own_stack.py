"""Reports are computed where linear algebra has room, whatever the thread that asks for them."""

import subprocess
import sys

import pytest

from analysis.report.own_stack import on_own_stack
from tests.conftest import PROJECT

IN_A_SMALL_THREAD = """
import threading
import numpy as np
from analysis.report.own_stack import on_own_stack

def large():
    matrix = np.eye(400) + np.random.default_rng(0).random((400, 400)) / 400
    print(np.linalg.slogdet(np.linalg.inv(matrix))[0])

threading.stack_size(1024 * 1024)
thread = threading.Thread(target=lambda: on_own_stack(large))
thread.start()
thread.join()
"""


def test_a_small_stack_carries_large_matrices():
    """A thread of a web server has one or two megabytes; overflowing them ends the process."""
    done = subprocess.run(
        [sys.executable, "-c", IN_A_SMALL_THREAD],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "1.0"), done.stderr


def test_it_returns_what_the_work_returns_and_raises_what_it_raises():
    assert on_own_stack(pow, 2, 10) == 1024
    with pytest.raises(ZeroDivisionError):
        on_own_stack(lambda: 1 / 0)
