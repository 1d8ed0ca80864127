"""Reference values of cultures, and simulated raters who differ by a known amount."""

import json
from functools import cache
from typing import Any

import numpy as np

from tests.analysis.statistics.support import GOLDEN, as_codes


@cache
def oracles() -> dict[str, dict[str, Any]]:
    entries = json.loads((GOLDEN / "oracles_cultures.json").read_text())
    return {entry["name"]: entry for entry in entries}


def sides(entry: dict[str, Any]) -> list[np.ndarray]:
    """Both sides of an entry as items x raters, the same items in the same order."""
    held = list(entry["data"].values())
    items = list(dict.fromkeys(item for side in held for item in side))
    labels = sorted({label for side in held for said in side.values() for label in said})
    tables = []
    for side in held:
        table = np.full((len(items), max(map(len, side.values()))), np.nan)
        for row, item in enumerate(items):
            said = [labels.index(label) for label in side.get(item, [])]
            table[row, : len(said)] = said
        tables.append(table)
    return tables


def counted(data: dict[str, list[int]]) -> np.ndarray:
    """Strata x (reference, focal) x (used, not used)."""
    groups = []
    for name in ("reference", "focal"):
        yes, n = (np.array(data[f"{name}_{part}"], float) for part in ("yes", "n"))
        groups.append(np.stack([yes, n - yes], axis=-1))
    return np.stack(groups, axis=1)


def rows_of(tables: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tables of one label as rows: used, focal, stratum."""
    cells = [
        (used, focal, stratum)
        for stratum, groups in enumerate(tables)
        for focal, counts in enumerate(groups)
        for used, count in ((1, counts[0]), (0, counts[1]))
        for _ in range(int(count))
    ]
    used, focal, stratum = np.array(cells).T
    return used, focal, stratum


def labelled(
    items: int, raters: int, *, shift: float = 0.0, keep: float = 0.8, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels by two cultures of as many raters: (items x 2 raters, culture a rater, angles).

    Raters of the first culture give the label of the item's angle with probability ``keep``;
    those of the second read every angle ``shift`` degrees higher.
    """
    rng = np.random.default_rng(seed)
    angles = rng.uniform(-16, 61, items)
    culture = np.repeat([0, 1], raters)
    seen = angles[:, None] + shift * culture
    guessed = rng.integers(0, 4, seen.shape)
    table = np.where(rng.random(seen.shape) < keep, as_codes(seen), guessed)
    return table.astype(float), culture, angles
