import stat
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from hvae_site import environment


@pytest.mark.parametrize(
    ("raw", "value"), [("1", True), ("Yes", True), ("off", False), ("", False)]
)
def test_boolean_reads_the_usual_words(monkeypatch, raw, value):
    monkeypatch.setenv("SWITCH", raw)
    assert environment.boolean("SWITCH", not value) is value


def test_boolean_falls_back_to_its_default(monkeypatch):
    monkeypatch.delenv("SWITCH", raising=False)
    assert environment.boolean("SWITCH", True) is True


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        (lambda: environment.boolean("SETTING", True), "maybe"),
        (lambda: environment.integer("SETTING", 1), "many"),
        (lambda: environment.choice("SETTING", "a", ("a", "b")), "c"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch, read, raw):
    monkeypatch.setenv("SETTING", raw)
    with pytest.raises(ImproperlyConfigured, match=f"SETTING='{raw}'"):
        read()


def test_words_ignores_blanks(monkeypatch):
    monkeypatch.setenv("HOSTS", "a.example, ,b.example,")
    assert environment.words("HOSTS") == ["a.example", "b.example"]


def test_the_kept_secret_stays_the_same(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET", raising=False)
    file = tmp_path / "new" / "secret"
    assert environment.kept_secret("SECRET", file) == environment.kept_secret("SECRET", file)


def test_only_its_owner_can_read_the_kept_secret(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET", raising=False)
    environment.kept_secret("SECRET", tmp_path / "secret")
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_the_secret(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET", raising=False)
    found = []
    threads = [
        threading.Thread(
            target=lambda: found.append(environment.kept_secret("SECRET", tmp_path / "secret"))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize(("said", "read"), [("", "usual"), ("other", "other")])
def test_a_variable_that_is_empty_says_nothing(monkeypatch, said, read):
    monkeypatch.setenv("NAME", said)
    assert environment.text("NAME", "usual") == read
