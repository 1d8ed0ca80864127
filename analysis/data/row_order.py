"""Items and raters of a data set in the order of their names.

The rows of a file come in an order without a meaning, but what is drawn at random is drawn by place
and a sum of floats has its order in its last digits. So before anything is computed items stand by
their keys and raters by their names: the same rows in another order give the same bytes. The stored
data set keeps the order it was frozen in, because that is part of its hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.data.canonical import Content
from evaluations.text.natural_order import natural

Part = dict[str, Any]
IntArray = NDArray[np.int64]
NO_COLUMNS = ("labels", "categories")
"""Lists beside columns that are none: what the codes of a column stand for."""


def by_name(content: Content) -> Content:
    """*content* of a data set with its items by key and its raters by name, naturally sorted.

    The order of items and raters is all that changes: places that point to them, wherever they
    stand, and the rows that are sorted by them.
    """
    content = content | {"excluded": _excluded(content["excluded"])}
    items = _order(content["items"]["key"])
    raters = _order(content["raters"]["pseudonym"])
    if _sorted(items) and _sorted(raters):
        return content
    at = {"item": _places(items), "rater": _places(raters)}
    moved = {name: _moved(part, at) for name, part in content.items()}
    moved["items"] = _taken(content["items"], items)
    moved["raters"] = _taken(content["raters"], raters)
    moved["automated"] = [
        _moved(entry, {"row": at["item"]}) if entry["of"] == "items" else entry
        for entry in content["automated"]
    ]
    return moved


def _order(names: Sequence[str]) -> IntArray:
    """Which name comes first, which second ...; names that sort alike go by their letters."""
    keys = [(natural(name), name) for name in names]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def _excluded(part: Part) -> Part:
    """What was left out, by name as well."""
    raters = _order(part["raters"]).tolist()
    return part | {
        "raters": [part["raters"][at] for at in raters],
        "reasons": [part["reasons"][at] for at in raters],
        "items": [part["items"][at] for at in _order(part["items"]).tolist()],
    }


def _sorted(order: IntArray) -> bool:
    return bool((np.diff(order) > 0).all())


def _places(order: IntArray) -> IntArray:
    """The new place of each old one."""
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places


def _moved(part: Any, at: dict[str, IntArray]) -> Any:
    """A part of the content (or a list of parts) whose columns point to items or raters."""
    if isinstance(part, list):
        return [_moved(one, at) for one in part]
    pointing = [name for name in at if isinstance(part, dict) and isinstance(part.get(name), list)]
    if not pointing:
        return part
    new = {name: at[name][np.array(part[name], dtype=np.int64)] for name in pointing}
    ties = [np.array(part["label"])] if pointing == ["item"] and "label" in part else []
    # The last key of lexsort counts first: item, then rater; decisions of an item by their label.
    order = np.lexsort((*ties, *(new[name] for name in reversed(pointing))))
    return _taken(part | {name: column.tolist() for name, column in new.items()}, order)


def _taken(part: Part, order: IntArray) -> Part:
    """The columns of *part*, those within it as well, with their rows in *order*."""
    rows = order.tolist()

    def taken(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return _taken(value, order)
        column = isinstance(value, list) and len(value) == len(rows) and name not in NO_COLUMNS
        return [value[at] for at in rows] if column else value

    return {name: taken(name, value) for name, value in part.items()}
