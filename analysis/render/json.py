"""A report as JSON (docs/reference/report-json.md): the same report is always the same bytes."""

from __future__ import annotations

import json

from analysis.models import Report


def as_json(report: Report) -> str:
    """Indented JSON with sorted keys and a final newline; the key names the computation."""
    document = report.result | {"key": report.key}
    return (
        json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    )
