"""How figures look: the colours of the pages, in light and dark; and what a figure is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

FONT = "Liberation Sans, Helvetica, Arial, sans-serif"
LABEL_WIDTH = 260


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one appearance; ``pair`` are two that stay apart under colour blindness,
    ``classes`` those that the pages give to what trials are classified as, in order."""

    ink: str
    soft: str
    line: str
    accent: str
    pair: tuple[str, str]
    heat: tuple[str, str]
    classes: tuple[str, str, str, str]

    def config(self) -> dict[str, Any]:
        """The Vega-Lite configuration, without a background: the page's own shows through."""
        words = {"labelColor": self.ink, "titleColor": self.ink, "labelFontSize": 12}
        return {
            "background": "transparent",
            "font": FONT,
            "view": {"stroke": None},
            "axis": {
                **words,
                "gridColor": self.line,
                "domainColor": self.soft,
                "tickColor": self.soft,
                "titleFontWeight": "normal",
                "labelLimit": LABEL_WIDTH,
            },
            "legend": {**words, "labelLimit": LABEL_WIDTH},
            "header": {**words, "labelLimit": LABEL_WIDTH},
        }


LIGHT = Theme(
    "#1a2130",
    "#545d6b",
    "#e2ded3",
    "#23488c",
    ("#23488c", "#b45309"),
    ("#f2f0e9", "#23488c"),
    ("#6a45b8", "#0d7d72", "#b97d00", "#b63128"),
)
DARK = Theme(
    "#e8eaf0",
    "#a4acb9",
    "#3a4150",
    "#8fb0ee",
    ("#8fb0ee", "#f0b36a"),
    ("#232936", "#8fb0ee"),
    ("#b99ff5", "#4dc2b2", "#ecbb4a", "#f5826c"),
)
THEMES = {"light": LIGHT, "dark": DARK}

Rows = list[dict[str, Any]]
"""What a figure draws, as a table: a row for each mark, with the same keys in the same order."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure that a report may have: what it shows in words, its rows - none where the report has
    nothing to draw - and the Altair chart of them, made when it is asked for."""

    title: str
    alt: str
    rows: Callable[[dict[str, Any]], Rows]
    chart: Callable[[dict[str, Any], Theme], Any]
