"""The small changes: one at a time, in the syntax tree of a module, at the lines they had.

What is changed: comparisons, numbers, truth values, and/or, arithmetic, sides of a choice, `not`,
words for people, keyword arguments, statements, returned values; and in SQL its conditions, signs,
locks, orders and what an update sets.
"""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
SQL = re.compile(r"\b(SELECT|UPDATE|INSERT|WHERE|CONFLICT|FROM|EXISTS|JOIN)\b| AND |^AND ")
_CONDITION = r"[\w.\"]+ (?:=|<>|<=|>=|<|>|IN|IS NOT|IS) [\w.%()']+"
SQL_CHANGES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"\s?\bAND {_CONDITION}(?![^\s)])"), ""),
    (re.compile(rf"(?<=WHERE ){_CONDITION} AND "), ""),
    (re.compile(r", \w+ = NULL\b"), ""),
    (re.compile(r", \w+ = excluded\.\w+"), ""),
    (re.compile(r" FOR NO KEY UPDATE( OF \w+(, \w+)*)?( SKIP LOCKED)?"), ""),
    (re.compile(r" SKIP LOCKED"), ""),
    (re.compile(r"\bNOT EXISTS\b"), "EXISTS"),
    (re.compile(r"\bIS NULL\b"), "IS NOT NULL"),
    (re.compile(r"\bIS NOT NULL\b"), "IS NULL"),
    (re.compile(r"\bNOT IN\b"), "IN"),
    (re.compile(r"(?<!NOT) IN \("), " NOT IN ("),
    (re.compile(r" < "), " <= "),
    (re.compile(r" <= "), " < "),
    (re.compile(r" > "), " >= "),
    (re.compile(r" >= "), " > "),
    (re.compile(r" <> "), " = "),
    (re.compile(r" \+ 1\b"), " - 1"),
    (re.compile(r" ORDER BY [\w.]+"), ""),
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed module: where, what stood there and what stands there now."""

    file: str
    line: int
    text: str
    before: str
    after: str
    statement: int
    function: tuple[int, int] | None
    """Lines of the outermost function around it; None at the level of the module."""
    place: int
    """Its number among the changes of its file: `changed_tree` finds it again by that."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What an explanation names: file, the text of the line, the change."""
        return self.file, self.text, f"{self.before} → {self.after}"


@dataclass(slots=True)
class _Change:
    parent: ast.AST
    field: str
    index: int | None
    old: ast.AST
    new: ast.AST


def mutants_of(path: Path, project: Path) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    source = path.read_text(encoding="utf-8")
    lines, tree = source.splitlines(), ast.parse(source)
    found = []
    for place, (statement, function, change) in enumerate(_changes(tree)):
        line = getattr(change.old, "lineno", None) or 1
        before, after = _apart(_code(change.old), _code(change.new))
        found.append(
            Mutant(
                str(path.relative_to(project)),
                line,
                lines[line - 1].strip(),
                before,
                after,
                statement,
                function,
                place,
            )
        )
    return found


def changed_tree(path: Path, mutant: Mutant) -> ast.Module:
    """The syntax tree of the module with the mutant's change made."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for place, (_statement, _function, change) in enumerate(_changes(tree)):
        if place == mutant.place:
            _put(change)
            return ast.fix_missing_locations(tree)
    raise LookupError(f"{mutant.file} has changed meanwhile: it has no change {mutant.place}")


def _put(change: _Change) -> None:
    if change.index is None:
        setattr(change.parent, change.field, change.new)
    else:
        getattr(change.parent, change.field)[change.index] = change.new


def _code(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


LONG, AROUND = 60, 16


def _apart(before: str, after: str) -> tuple[str, str]:
    """Two texts; of long ones what is different, and a little around it."""
    if max(len(before), len(after)) <= LONG:
        return before, after
    start = _same(before, after)
    end = _same(before[start:][::-1], after[start:][::-1])
    return _cut(before, start, len(before) - end), _cut(after, start, len(after) - end)


def _same(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut(text: str, start: int, end: int) -> str:
    """*text* from *start* to *end* with a little around; of very long parts the two ends."""
    left, right = max(0, start - AROUND), min(len(text), end + AROUND)
    middle = text[left:right]
    if len(middle) > 2 * LONG:
        middle = f"{middle[:LONG]} … {middle[-LONG:]}"
    return f"{'…' if left else ''}{middle}{'…' if right < len(text) else ''}"


_Found = tuple[int, tuple[int, int] | None, _Change]


def _changes(tree: ast.Module) -> Iterator[_Found]:
    for number, statement in enumerate(tree.body):
        if isinstance(statement, ast.FunctionDef):
            yield from _inside(statement.args, number, None)
            yield from _of_function(statement, number)
        elif isinstance(statement, ast.ClassDef):
            for part in statement.body:  # fields were read when the class was made
                if isinstance(part, ast.FunctionDef):
                    yield from _of_function(part, number)
        elif not isinstance(statement, ast.Import | ast.ImportFrom | ast.If | ast.Expr):
            yield from _inside(statement, number, None)


def _of_function(function: ast.FunctionDef, number: int) -> Iterator[_Found]:
    first = min(node.lineno for node in (function, *function.decorator_list))
    lines = (first, function.end_lineno or first)  # a code begins with its first decorator
    body = ast.Module(function.body, [])
    yield from _inside(body, number, lines)


def _inside(node: ast.AST, number: int, function: tuple[int, int] | None) -> Iterator[_Found]:
    """The changes below *node*, itself excluded."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params", "bases"):
            continue
        several = isinstance(value, list)
        for index, child in enumerate(value if several else [value]):
            if not isinstance(child, ast.AST) or _is_docstring(child):
                continue
            at = index if several else None
            for new in _replacements(child):
                yield number, function, _Change(node, field, at, child, _located(new, child))
            if not isinstance(child, ast.JoinedStr):
                yield from _inside(child, number, function)


def _located(new: ast.AST, old: ast.AST) -> ast.AST:
    return ast.copy_location(new, old) if hasattr(old, "lineno") else new


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                for other in COMPARISONS.get(type(operator), ()):
                    yield _with(node, ops=[*node.ops[:at], other(), *node.ops[at + 1 :]])
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            for at in range(len(node.values)):
                rest = node.values[:at] + node.values[at + 1 :]
                yield copy.deepcopy(rest[0]) if len(rest) == 1 else _with(node, values=rest)
        case ast.BinOp() if type(node.op) in ARITHMETIC and not _is_text(node):
            yield _with(node, op=ARITHMETIC[type(node.op)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield copy.deepcopy(node.operand)
        case ast.IfExp():
            yield _with(node, body=node.orelse, orelse=node.body)
        case ast.If() | ast.While():
            if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
                yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.Constant():
            yield from _constants(node)
        case ast.JoinedStr():
            yield from _joined(node)
        case ast.Call():
            for at, keyword in enumerate(node.keywords):
                if keyword.arg == "strict" and ast.unparse(keyword.value) == "False":
                    continue  # that is what zip does anyway
                yield _with(node, keywords=node.keywords[:at] + node.keywords[at + 1 :])
        case ast.Return() if node.value is not None and not _is_nothing(node.value):
            yield ast.Return(ast.Constant(None))
        case ast.Raise() | ast.Continue() | ast.Break() | ast.AugAssign():
            yield ast.Pass()
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        if value > 1:
            yield ast.Constant(value - 1)
    elif isinstance(value, float):
        yield ast.Constant(value * 1.3 if value else 0.3)
    elif isinstance(value, str):
        for changed in _texts(value):
            yield ast.Constant(changed)


def _texts(value: str) -> Iterator[str]:
    """Changed SQL, or no words where there were words for people."""
    if SQL.search(value):
        for pattern, instead in SQL_CHANGES:
            for hit in pattern.finditer(value):
                yield value[: hit.start()] + instead + value[hit.end() :]
    elif " " in value.strip():
        yield ""


def _joined(node: ast.JoinedStr) -> Iterator[ast.AST]:
    """Changes of the texts and of the expressions in an f-string; it is put in as a whole, because
    its inner lines and columns are not to be relied on."""
    for at, part in enumerate(node.values):
        if isinstance(part, ast.Constant):
            for text in _texts(part.value):
                new = ast.copy_location(ast.Constant(text), part)
                yield _with(node, values=[*node.values[:at], new, *node.values[at + 1 :]])
        elif isinstance(part, ast.FormattedValue):
            for _number, _function, change in _inside(part, 0, (0, 0)):
                if change.field == "format_spec":
                    continue
                whole = copy.deepcopy(node)
                if found := _same_change(whole, node, change):
                    _put(found)
                    yield whole


def _same_change(whole: ast.AST, original: ast.AST, change: _Change) -> _Change | None:
    """The change at the same place of a copy."""
    for mine, theirs in zip(ast.walk(whole), ast.walk(original), strict=True):
        if theirs is change.parent:
            return _Change(mine, change.field, change.index, mine, change.new)
    return None


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def _is_nothing(node: ast.expr) -> bool:
    """None, False, 0 or no text: returning nothing instead says the same."""
    return isinstance(node, ast.Constant) and not node.value
