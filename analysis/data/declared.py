"""What a study declares of its data, as its data sets keep it. Knows no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

BY_NAME = ("unclear", "refusal")
"""What was a way out before studies declared it, whatever was asked. A data set that says nothing
of ways out was frozen then, or declares just these; so it keeps its hash."""


def ways_out_of(study: Mapping[str, Any], categories: Sequence[str]) -> list[str]:
    """The *categories* that the facts of a frozen *study* declare ways out, in their order."""
    declared = study.get("ways_out", BY_NAME)
    return [name for name in dict.fromkeys(categories) if name in declared]


Properties = Mapping[int, Mapping[str, str]]
"""By item id what its file says of it, by the names of the properties."""

NONE = "none"
"""How an item without a target value is chosen: it is the baseline."""


def property_columns(item_ids: Sequence[int], properties: Properties) -> dict[str, Any]:
    """``properties``: a column of words for each property, None where an item has none; {} where
    no item has any, so that a study without them keeps its hash."""
    kept = [properties.get(item, {}) for item in item_ids] if properties else []
    names = sorted({name for said in kept for name in said})
    columns = {name: [said.get(name) for said in kept] for name in names}
    return {"properties": columns} if columns else {}


def culture_column(rater_ids: Sequence[int], cultures: Mapping[int, str]) -> dict[str, Any]:
    """``culture``: a word for each rater, None where one has none; {} where nobody has any, so that
    a study without cultures keeps its hash."""
    column = [cultures.get(rater) for rater in rater_ids]
    return {"culture": column} if any(column) else {}


def words_of(name: str, properties: Properties) -> set[str]:
    """What the items say of a property; of the target value 'none' where others have one."""
    said = {words[name] for words in properties.values() if name in words}
    if name == "target_value" and any(name not in words for words in properties.values()):
        said.add(NONE)
    return said


def has(said: Mapping[str, str], wanted: Mapping[str, Sequence[str]]) -> bool:
    """Whether an item's properties are among the wanted words of each."""
    other = {"target_value": NONE}
    return all(said.get(name, other.get(name)) in words for name, words in wanted.items())
