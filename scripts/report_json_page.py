#!/usr/bin/env python
"""Write the part of docs/reference/report-json.md that says what every key of a report is.

It is made from the types of a report (analysis/sections/result, and what a kind adds to them): the
name of a key, its type with the unit, and the docstring below it. ``--check`` writes nothing and
fails where the page is another; a test does the same.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "reference" / "report-json.md"
BEGIN = "<!-- made by scripts/report_json_page.py from the types of a report: edit these -->"
END = "<!-- end of what is made -->"
WORDS = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Any: "anything",
    NoneType: "null",
}


def page(text: str) -> str:
    """The page *text* with the part between the two marks made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    made = "\n".join(_sections())
    return f"{before}{BEGIN}\n\n{made}\n{END}{after}"


def _sections() -> Iterator[str]:
    from analysis.sections.result.report import Report

    for shape in _shapes(Report):
        yield f"### {shape.__name__}\n"
        yield f"{_one_line(shape.__doc__ or '')}\n"
        yield from _table(shape)
        for added, whose in _added(shape):
            yield f"{whose} besides: {_one_line(added.__doc__ or '')}\n"
            yield from _table(added)


def _added(shape: Any) -> list[tuple[Any, str]]:
    """What kinds of instruments add to *shape*, and in words which do."""
    from analysis.kinds import KINDS
    from analysis.sections.kind import Kind

    whose: dict[Any, list[str]] = {}
    for kind, name in [*((one, f"`{one.key}`") for one in KINDS.values()), (Kind(), "all others")]:
        if shape in kind.adds:
            whose.setdefault(kind.adds[shape], []).append(name)
    return [
        (added, f"Of the kind{'s' if len(names) > 1 else ''} {' and '.join(names)}")
        for added, names in whose.items()
    ]


def _shapes(first: Any) -> list[Any]:
    """*first* and all types that it is made of, each once, in the order in which they are met."""
    found, waiting = [first], [first]
    while waiting:
        shape = waiting.pop(0)
        for one in (shape, *(added for added, _ in _added(shape))):
            for hint in get_type_hints(one, include_extras=True).values():
                new = [part for part in _parts(hint) if part not in found]
                found += new
                waiting += new
    return found


def _parts(hint: Any) -> list[Any]:
    """The shapes that a type speaks of."""
    if is_typeddict(hint):
        return [hint]
    inner = [hint.__origin__] if get_origin(hint) is Annotated else get_args(hint)
    return list(dict.fromkeys(part for one in inner for part in _parts(one)))


def _table(shape: Any) -> Iterator[str]:
    yield "| key | type | unit | meaning |"
    yield "| --- | --- | --- | --- |"
    meanings = _meanings(shape)
    for key, hint in get_type_hints(shape, include_extras=True).items():
        words, unit = _words(hint)
        yield f"| `{key}` | {words} | {unit} | {meanings[key]} |"
    yield ""


def _words(hint: Any) -> tuple[str, str]:
    """A type in words, and its unit."""
    if get_origin(hint) is NotRequired:
        words, unit = _words(get_args(hint)[0])
        return f"{words}; may be absent", unit
    if get_origin(hint) is Annotated:
        return _words(hint.__origin__)[0], hint.__metadata__[0]
    if get_origin(hint) in (Union, UnionType):
        found = [_words(part) for part in get_args(hint)]
        return " or ".join(words for words, _ in found), "".join(unit for _, unit in found)
    if get_origin(hint) is Literal:
        return " or ".join(f"`{value}`" for value in get_args(hint)), ""
    if get_origin(hint) is list:
        words, unit = _words(get_args(hint)[0])
        return f"list: {words}", unit
    if get_origin(hint) is dict:
        words, unit = _words(get_args(hint)[1])
        return f"object: {words} by name", unit
    if is_typeddict(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})", ""
    return WORDS[hint], ""


def _meanings(shape: Any) -> dict[str, str]:
    """The docstring below each key, of those that a base has too."""
    module = inspect.getmodule(shape)
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    node = next(
        one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == shape.__name__
    )
    found: dict[str, str] = {}
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id != "TypedDict":
            found |= _meanings(getattr(module, base.id))
    for key, said in zip(node.body, node.body[1:], strict=False):
        if isinstance(key, ast.AnnAssign) and isinstance(said, ast.Expr):
            found[key.target.id] = _one_line(ast.literal_eval(said.value))  # type: ignore[union-attr]
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")


def main() -> int:
    text = PAGE.read_text(encoding="utf-8")
    made = page(text)
    if "--check" in sys.argv:
        return int(made != text)
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    sys.exit(main())
