import os
import subprocess
import sys

import pytest

from tests.conftest import PROJECT


@pytest.fixture
def page(client, db):
    return client.get("/")


def test_scripts_and_styles_come_from_here_only(page):
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_security_header(page, header, value):
    assert page.headers[header] == value


def manage(*arguments, **environment):
    base = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={**base, **environment},
        capture_output=True,
        text=True,
    )


def test_production_refuses_to_start_without_its_own_key():
    result = manage("check", SITE_MODE="production")
    assert result.returncode != 0
    assert "SITE_MODE=production needs SECRET_KEY" in result.stderr


def test_the_start_loads_no_heavy_library(tmp_path):
    code = (
        "import sys, django; django.setup(); from django.core.management import call_command;"
        "call_command('check'); "
        "print([n for n in ('scipy.stats', 'pingouin', 'pandas', 'openai') if n in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "hvae_site.settings",
            "VAR_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip().splitlines()[-1] == "[]"
