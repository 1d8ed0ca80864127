"""Definitions as files hold them, for tests that change a copy."""

import json
from pathlib import Path
from typing import Any


def shipped(path: Path) -> tuple[Any, str]:
    """A definition and its source, as the parsers want them."""
    return json.loads(path.read_text(encoding="utf-8")), path.name
