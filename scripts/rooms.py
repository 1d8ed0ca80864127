"""Which files know what one kind of instrument measures, although they stand outside its rooms.

A room of a kind of instrument is a folder with the kind's name, as evaluations/instruments/svo. A
file elsewhere may neither name what only that kind has (an orientation, payoffs, degrees) nor
import from one of its rooms, other than a registry (`kinds.py` and the like), which names the room
and nothing in it.
"""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APPS = ("evaluations", "annotations", "analysis", "accounts")
ROOMS = {path.parent.name for path in (ROOT / "evaluations" / "instruments").glob("*/__init__.py")}
"""The names of the kinds' rooms, which are the keys of the kinds."""
NAMES = {
    "svo": (
        r"(?i:altruistic|prosocial|individualistic|competitive|orientation|payoff)|SVO"
        r"|\b[Dd]egrees\b(?! of freedom)|\b[Cc]oins\b"
    ),
    "values": r"(?i:schwartz|benevolence|universalism|hedonism|self-direction|circumplex|fulcra)",
}
"""What only one kind has, by its key, as a pattern."""
REGISTRIES = {
    "evaluations/instruments/kinds.py",
    "evaluations/pages/kinds.py",
    "evaluations/pages/labels.py",
    "evaluations/scoring/kinds.py",
    "evaluations/management/commands/read_answers.py",
    "evaluations/management/commands/score_svo.py",
    "evaluations/management/commands/score_values.py",
    "annotations/management/commands/import_dialogues.py",
    "annotations/management/commands/train_evaluator.py",
    "annotations/kinds.py",
    "annotations/questions/own_measures.py",
    "annotations/studies/imports/doors.py",
    "annotations/models/__init__.py",
    "analysis/kinds.py",
    "analysis/data/kinds/__init__.py",
    "analysis/render/kinds.py",
}
"""Where the rooms of a kind are registered, and where Django looks for what stands in them."""


def outside() -> list[Path]:
    """The modules and templates of the apps outside the rooms; migrations are history."""
    found = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    for suffix in ("html", "txt", "svg"):
        found += [path for app in APPS for path in (ROOT / "templates" / app).rglob(f"*.{suffix}")]
        found += (ROOT / "templates" / "partials").rglob(f"*.{suffix}")
    return sorted(path for path in found if not (ROOMS | {"migrations"}) & set(path.parts))


def imports_from_a_room(text: str) -> bool:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            named = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        else:
            continue
        if any(ROOMS & set(name.split(".")) for name in named):
            return True
    return False


def knowing() -> dict[str, str]:
    """File -> what it knows, in words."""
    if set(NAMES) != ROOMS:
        raise SystemExit(f"say in NAMES what only {', '.join(sorted(ROOMS ^ set(NAMES)))} has")
    anything = re.compile("|".join(NAMES.values()))
    rooms = "|".join(sorted(ROOMS))
    found: dict[str, str] = {}
    for path in outside():
        name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        # Names of templates and modules lead to a room and tell nothing of what is in it.
        plain = re.sub(rf"[\w./-]*\b(?:{rooms})[./_][\w./-]*", "", text)
        if word := anything.search(plain):
            found[name] = f"names {word[0]!r}"
        elif path.suffix == ".py" and name not in REGISTRIES and imports_from_a_room(text):
            found[name] = "imports from a room"
    return found


def main() -> int:
    found = knowing()
    for name, what in sorted(found.items()):
        print(f"{name} {what}: put that into a room of the kind, and ask the kind")
    print(f"{len(found)} files outside the rooms know what one kind measures.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
