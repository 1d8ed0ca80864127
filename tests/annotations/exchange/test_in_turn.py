"""Writers who stand in line for SQLite's one write at a time."""

import threading
from pathlib import Path

import pytest
from django.db import connection

from annotations.exchange.in_turn import _path, atomic_in_turn, turn


def test_a_second_thread_waits_until_the_first_is_done(tmp_path: Path) -> None:
    order: list[str] = []
    began = threading.Event()

    def second() -> None:
        began.set()
        with turn(tmp_path / "turn"):
            order.append("second")

    with turn(tmp_path / "turn"):
        other = threading.Thread(target=second)
        other.start()
        began.wait()
        other.join(timeout=0.2)
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_a_turn_that_fails_is_given_on(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="broken"), turn(tmp_path / "turn"):
        raise ValueError("broken")
    passed = threading.Event()

    def second() -> None:
        with turn(tmp_path / "turn"):
            passed.set()

    other = threading.Thread(target=second)
    other.start()
    other.join(timeout=5)
    assert passed.is_set()


def test_without_a_file_nobody_waits() -> None:
    with turn(None), turn(None):
        pass


@pytest.mark.django_db
def test_it_is_a_transaction() -> None:
    with atomic_in_turn():
        assert connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_the_line_is_beside_the_file_of_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        assert _path() is None
        return
    assert _path() is None, "the tests' own database is in memory"
    monkeypatch.setattr(connection, "is_in_memory_db", lambda: False)
    monkeypatch.setitem(connection.settings_dict, "NAME", "/data/valuecheck.sqlite3")
    assert _path() == Path("/data/valuecheck.sqlite3-turn")


@pytest.mark.django_db
def test_within_a_transaction_it_is_ones_turn_already(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        monkeypatch.setattr(connection, "is_in_memory_db", lambda: False)
    assert _path() is None
