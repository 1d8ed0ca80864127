"""Which files of the project a module rests on: the closure of its imports, read and not run.

Every import counts, wherever it stands: at the top, in a function, for types alone. A package
counts with the modules that its ``__init__`` imports.
"""

from __future__ import annotations

import ast
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[2]


class Closure(NamedTuple):
    """What modules rest on, themselves included: ``files`` of the project by module name, in order,
    and the top-level names of ``external`` packages, those of Python among them."""

    files: dict[str, Path]
    external: frozenset[str]


def closure(*modules: str, root: Path = PROJECT) -> Closure:
    """The closure of the imports of *modules*, dotted names below *root*.

    Raises LookupError for a module that is not there: a renamed one must not go unnoticed.
    """
    if missing := [name for name in modules if _file(root, name) is None]:
        raise LookupError(f"There is no module {missing[0]} below {root}.")
    files: dict[str, Path] = {}
    external: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        path = _file(root, name)
        if name in files:
            continue
        if path is None:
            # `from package import name` need not name a module; what lies elsewhere is external.
            external |= set() if _file(root, name.partition(".")[0]) else {name.partition(".")[0]}
            continue
        files[name] = path
        waiting += [*_imports(name, path), *filter(None, [name.rpartition(".")[0]])]
    return Closure(dict(sorted(files.items())), frozenset(external))


def code_hash(*modules: str, root: Path = PROJECT) -> str:
    """A hash of the files that *modules* rest on: it changes with any of them, and no other."""
    digest = hashlib.sha256()
    for path in closure(*modules, root=root).files.values():
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _file(root: Path, name: str) -> Path | None:
    """The file of a module or package of the project; None for anything else."""
    place = root.joinpath(*name.split("."))
    for path in (place / "__init__.py", place.with_suffix(".py")):
        if path.is_file() and (root / name.partition(".")[0] / "__init__.py").is_file():
            return path
    return None


def _imports(name: str, path: Path) -> tuple[str, ...]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    return _named(path.read_bytes(), package)


@lru_cache(maxsize=1024)
def _named(source: bytes, package: str) -> tuple[str, ...]:
    """Every name that a module imports, absolute; of ``from a import b`` both a and a.b."""
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, package)
            names += [origin, *(f"{origin}.{alias.name}" for alias in node.names)]
    return tuple(names)


def _origin(node: ast.ImportFrom, package: str) -> str:
    """The absolute name of the package that names are imported from."""
    if not node.level:
        return node.module or ""
    above = package.split(".")[: package.count(".") + 2 - node.level]
    return ".".join([*above, *([node.module] if node.module else [])])
