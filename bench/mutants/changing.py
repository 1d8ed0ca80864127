"""Putting a mutant into a process in which everything is imported already.

A function gets the code of its changed self, wherever it was imported to. A constant of a module is
worked out anew, and with it the constants made from it, in all modules that took it over by name.
"""

import ast
import functools
import gc
import sys
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

from bench.mutants.mutations import Mutant, changed_tree


class NotApplicable(Exception):
    """The changed code does not fit into what is there already."""


def install(mutant: Mutant, project: Path) -> None:
    """Put the mutant in, for good: the process is a child made for it. What was remembered of
    earlier calls is forgotten."""
    path = project / mutant.file
    tree = changed_tree(path, mutant)
    if mutant.function is None:
        _statement(tree, mutant.statement, _module(path), project)
    else:
        _functions(path, tree)
    for one in caches():
        one.cache_clear()


def caches() -> list[functools._lru_cache_wrapper]:
    """Whatever remembers the results of a function."""
    return [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]


def _module(path: Path) -> ModuleType:
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == str(path):
            return module
    raise NotApplicable(f"{path.name} is not imported by the tests of its room")


# --- functions ------------------------------------------------------------------------------------


def _functions(path: Path, tree: ast.Module) -> None:
    was = _codes(compile(path.read_text(encoding="utf-8"), str(path), "exec"))
    now = _codes(compile(tree, str(path), "exec"))
    changed = {_name(old): new for old, new in zip(was, now, strict=True) if old != new}
    found = 0
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename == str(path):
            new = changed.get(_name(one.__code__))
            if new is None:
                continue
            if len(new.co_freevars) != len(one.__code__.co_freevars):
                raise NotApplicable("it needs other names of the function around it")
            one.__code__ = new
            found += 1
    if not found:
        raise NotApplicable("no such function is imported, or nothing changed")


def _name(code: CodeType) -> tuple[int, str]:
    return code.co_firstlineno, code.co_qualname


def _codes(code: CodeType) -> list[CodeType]:
    """The outermost functions below *code*: of the module and of its classes."""
    found = []
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            is_class = "__module__" in inner.co_names and "__qualname__" in inner.co_names
            found += _codes(inner) if is_class else [inner]
    return found


# --- constants and defaults -----------------------------------------------------------------------


def _statement(tree: ast.Module, number: int, module: ModuleType, project: Path) -> None:
    statement = tree.body[number]
    if isinstance(statement, ast.FunctionDef):
        _defaults(statement, module)
        return
    before = dict(vars(module))
    _run(statement, module)
    names = {name for name in _bound(statement) if vars(module).get(name) is not before.get(name)}
    if not names:
        raise NotApplicable("the changed statement gives what it gave")
    for later in tree.body[number + 1 :]:
        if isinstance(later, ast.Assign | ast.AnnAssign | ast.AugAssign) and names & _used(later):
            _run(later, module)
            names |= _bound(later)
    _take_over(module, names, before, project)


def _run(statement: ast.stmt, module: ModuleType) -> None:
    code = compile(ast.Module([statement], []), module.__file__ or "", "exec")
    exec(code, vars(module))


def _bound(statement: ast.stmt) -> set[str]:
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _used(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def _take_over(
    module: ModuleType, names: set[str], before: dict[str, object], project: Path
) -> None:
    """Give the new values to the project's modules that imported the names, and go on from there
    with the constants that those made from them."""
    for other in list(sys.modules.values()):
        file = getattr(other, "__file__", None) or ""
        if other is module or not file.startswith(str(project)) or ".venv" in file:
            continue
        taken = {
            name for name in names if name in vars(other) and vars(other)[name] is before.get(name)
        }
        if not taken:
            continue
        was = dict(vars(other))
        for name in taken:
            setattr(other, name, vars(module)[name])
        made: set[str] = set()
        for statement in ast.parse(Path(file).read_text(encoding="utf-8")).body:
            if isinstance(statement, ast.Assign | ast.AnnAssign) and (taken | made) & _used(
                statement
            ):
                _run(statement, other)
                made |= _bound(statement)
        if made:
            _take_over(other, made, was, project)


def _defaults(statement: ast.FunctionDef, module: ModuleType) -> None:
    line = statement.lineno
    bare = ast.FunctionDef(**{name: getattr(statement, name) for name in statement._fields})
    bare.decorator_list = []
    namespace = dict(vars(module))
    code = compile(ast.Module([ast.copy_location(bare, statement)], []), "", "exec")
    exec(code, namespace)
    new = namespace[statement.name]
    found = False
    for one in gc.get_objects():
        if (
            isinstance(one, FunctionType)
            and one.__module__ == module.__name__
            and one.__name__ == statement.name
            and one.__qualname__ == statement.name
        ):
            one.__defaults__, one.__kwdefaults__ = new.__defaults__, new.__kwdefaults__
            found = True
    if not found:
        raise NotApplicable(f"the function of line {line} is not imported")
