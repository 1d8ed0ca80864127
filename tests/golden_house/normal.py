"""What is left out of the comparison, in this one place, and why.

* ``key`` of a report and the ``versions`` in it (but those of scorers): a hash of the code and the
  releases of libraries. They change with every change of the code; the numbers must not.
* How long a model took to answer (``seconds`` of a call): real time.
* The order of keys in JSON objects: PostgreSQL keeps its own, so trial files and `parameters` come
  out in another order there. Files of JSON are compared by key.
* Drawings as PNG and PDF, and the scripts in an archive: fonts and code. What a drawing shows is
  held as its description (`leaving.described_drawings`) and its table.

Primary keys and other times are no part of this: scenes are made under a standing clock in a
database whose numbers begin at 1 (`clock`, `fresh`), so that they are the same in every run.
"""

import json
import re
from typing import Any

KEY, VERSION, SECONDS = "(key of the report)", "(version)", 0
LEFT_OUT = re.compile(r"\.(png|pdf|py)$")

_VERSIONS = re.compile(r"^(- Versions: ).*$", re.MULTILINE)
_CELL = re.compile(r'(,)"(\{(?:[^"]|"")*\})"(?=[,\r\n])')
_SECONDS = re.compile(r'("+seconds"+: )[0-9.e-]+')


def report(document: dict[str, Any]) -> dict[str, Any]:
    """A report's JSON without its key and the versions of code."""
    versions = {
        name: said if name == "scorers" else VERSION for name, said in document["versions"].items()
    }
    return document | {"key": KEY, "versions": versions}


def text(written: str, document: dict[str, Any]) -> str:
    """A text that was made from the report *document*, without the same."""
    key, versions = document["key"], document["versions"]
    computed_by = "{valuecheck} (NumPy {numpy}, SciPy {scipy})".format(**versions)
    unnamed = written.replace(key, KEY).replace(key[:12], KEY).replace(computed_by, VERSION)
    return _VERSIONS.sub(rf"\g<1>{VERSION}", unnamed)


def without_latency(text: str) -> str:
    """An export of trials without how long each call took."""
    return _SECONDS.sub(rf"\g<1>{SECONDS}", text)


def cells_of_json(text: str) -> str:
    """A table whose cells of JSON have their keys sorted."""
    return _CELL.sub(lambda found: found[1] + _cell(_sorted(found[2])), text)


def _sorted(cell: str) -> str:
    return json.dumps(json.loads(cell.replace('""', '"')), ensure_ascii=False, sort_keys=True)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def lines_of_json(text: str) -> list[Any]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]
