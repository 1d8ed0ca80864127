"""A package with a known vulnerability fails the gates; an index that is silent is named."""

import subprocess

import pytest

from scripts import audit_packages
from scripts.audit_packages import ask, told

FLAW = {"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": [], "description": "bad"}
SOUND = {"name": "sound", "version": "1.0", "vulns": []}
FLAWED = {"name": "flawed", "version": "2.0", "vulns": [FLAW]}
UNKNOWN = {"name": "unknown", "skip_reason": "not there"}


def test_a_vulnerability_is_named_and_fails():
    text, is_faulty = told("a.lock", [SOUND, FLAWED], "")
    assert is_faulty
    assert text.splitlines() == [
        "a.lock: 2 of 2 packages looked up, 1 vulnerabilities",
        "  flawed 2.0: PYSEC-1, mended in 2.1",
    ]


def test_a_package_that_was_not_looked_up_is_named():
    text, is_faulty = told("a.lock", [SOUND, UNKNOWN], "")
    assert not is_faulty
    assert "1 of 2 packages looked up, 0" in text
    assert "not looked up: not there" in text


def test_where_the_index_knows_none_nothing_was_audited():
    text, is_faulty = told("a.lock", [UNKNOWN], "")
    assert not is_faulty
    assert text == "a.lock: not audited: the index answered for none of 1 packages (not there)"


def test_a_silent_index_is_the_reason(monkeypatch, tmp_path):
    def silent(*args, **options):
        raise subprocess.TimeoutExpired("pip-audit", options["timeout"])

    monkeypatch.setattr(audit_packages.subprocess, "run", silent)
    assert told("a.lock", *ask(tmp_path)) == (
        f"a.lock: not audited: no answer within {audit_packages.PATIENCE} s",
        False,
    )


@pytest.mark.parametrize(("said", "why"), [("", "it said nothing"), ("a\nb failed\n", "b failed")])
def test_an_answer_that_is_none_is_the_reason(monkeypatch, tmp_path, said, why):
    done = subprocess.CompletedProcess([], 1, stdout="", stderr=said)
    monkeypatch.setattr(audit_packages.subprocess, "run", lambda *args, **options: done)
    assert ask(tmp_path) == ([], why)
