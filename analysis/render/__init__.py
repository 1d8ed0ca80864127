"""A computed report as a file: JSON for programs, Markdown for people, CSV and LaTeX for tables."""

from __future__ import annotations

from collections.abc import Callable

from analysis.models import Report
from analysis.render.csv import as_csv
from analysis.render.json import as_json
from analysis.render.latex import as_latex
from analysis.render.markdown import as_markdown

RENDERERS: dict[str, Callable[[Report], str]] = {
    "json": as_json,
    "markdown": as_markdown,
    "csv": as_csv,
    "latex": as_latex,
}
CONTENT_TYPES = {
    "json": "application/json",
    "markdown": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "latex": "application/x-tex; charset=utf-8",
}
SUFFIXES = {"json": "json", "markdown": "md", "csv": "csv", "latex": "tex"}
