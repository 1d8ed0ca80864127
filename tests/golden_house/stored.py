"""The expectations on disk: all facts of a scene packed, and beside them their hashes to read.

The hashes let a change in git be read file by file; the packed facts let a difference be named.
"""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from tests.golden_house.comparing import Facts

FOLDER = Path(__file__).parent / "expected"


def canonical(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(scene: str) -> dict[str, Any]:
    """What is expected of *scene*; ValueError where its two files do not belong together."""
    facts = json.loads(gzip.decompress((FOLDER / f"{scene}.json.gz").read_bytes()))
    sums = json.loads((FOLDER / f"{scene}.sums.json").read_text("utf-8"))
    if sums != sums_of(facts):
        raise ValueError(f"the stored facts of {scene!r} are not those that its hashes name")
    return facts


def sums_of(facts: Facts) -> dict[str, str]:
    """The SHA-256 of each file: of the bytes of a text, of the canonical JSON of JSON."""
    written = {
        name: content if isinstance(content, str) else canonical(content)
        for name, content in facts.items()
    }
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in written.items()}


def store(scene: str, facts: Facts) -> None:
    FOLDER.mkdir(exist_ok=True)
    packed = gzip.compress(canonical(facts).encode(), compresslevel=9, mtime=0)
    (FOLDER / f"{scene}.json.gz").write_bytes(packed)
    sums = json.dumps(sums_of(facts), indent=1, sort_keys=True)
    (FOLDER / f"{scene}.sums.json").write_text(f"{sums}\n", "utf-8")
