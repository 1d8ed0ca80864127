"""``python -m bench.api``: what programs get from the API, on both databases.

Requests are answered within one process, one after the other, and are compared with the reference,
a bare view that does one insert: by the time that the processor works in this process, which other
work on the machine does not change. A study of a million judgments comes in by the command and by
the API, and leaves as each kind of file.

QUICK=1 is the short form. Exits non-zero when a row was lost or an act done twice; a missed bar is
printed and no more.
"""

import csv
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import lib

JUDGMENTS, JUDGMENTS_QUICK = 1_000_000, 10_000
REQUESTS, REQUESTS_QUICK = 300, 30
ROWS_PER_SECOND, PEAK_MB, PEAK_MB_IN = 50_000, 250, 500
EXPORTS = ("ndjson", "parquet")
IMPORTS = ("command", "ndjson")
LISTS = ("studies/small/judgments/", "studies/small/items/", "studies/small/raters/", "disputes/")
ROOT = "/api/v1/projects/bench/"


def main() -> int:
    lib.clean_up_when_terminated()
    lib.remark(f"machine: {lib.machine()}")
    server, reason = lib.find_postgres()
    if not server:
        lib.remark(f"PostgreSQL skipped: {reason}")
    ended = [_on(kind) for kind in ("sqlite", server) if kind]  # both, whatever the first says
    return max(ended)


def _on(kind: str) -> int:
    """The bench on a new database, in a process of its own; its exit status."""
    with lib.scratch() as folder, lib.database(kind) as url:
        command = [sys.executable, "-m", "bench.api", "on"]
        env = {"DATABASE_URL": url, "VAR_DIR": str(folder), "API_REQUESTS_PER_MINUTE": "1000000000"}
        return subprocess.run(
            command, cwd=lib.PROJECT, env=os.environ | env, check=False
        ).returncode


# --- within a process that has the database -------------------------------------------------------


def measure() -> int:
    """Fill the database, and print every figure."""
    _set_up()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    kind, invariants = connection.vendor, lib.Invariants()
    size = JUDGMENTS_QUICK if lib.quick() else JUDGMENTS
    secret = _token()
    _size_in(kind, secret, size, invariants)
    _requests(kind, secret, invariants)
    _lists(kind, secret, invariants)
    _size_out(kind, secret, size, invariants)
    return invariants.exit_status()


def _size_in(kind: str, secret: str, size: int, invariants: lib.Invariants) -> None:
    """A study of *size* judgments by each way in, and a small one that reports are made on."""
    from annotations.models import Judgment
    from bench.annotation.imports import write

    with lib.scratch() as folder:
        table, small, lines = (folder / name for name in ("large.csv", "small.csv", "large.ndjson"))
        write(table, size)
        write(small, 500)
        with table.open(newline="") as rows, lines.open("w") as out:
            out.writelines(f"{json.dumps(row)}\n" for row in csv.DictReader(rows))
        _process("import", "command", str(small), "small")
        for way, file in zip(IMPORTS, (table, lines), strict=True):
            study = "large" if way == "command" else f"large-{way}"
            seconds, worked, peak = _process("import", way, str(file), study, secret)
            name = f"api_{kind}_import_{way}_{size}"
            lib.figure(f"{name}_rows_per_second", size / seconds)
            lib.figure(f"{name}_rows_per_processor_second", size / worked)
            lib.figure(f"{name}_peak_mb", peak, f"<={PEAK_MB_IN}")
            stored = Judgment.objects.filter(item__study__slug=study).count()
            invariants.check(f"{name}_rows_missing", size - stored)


def _size_out(kind: str, secret: str, size: int, invariants: lib.Invariants) -> None:
    # Of few rows the start of the process is most.
    bar = "-" if lib.quick() else f">={ROWS_PER_SECOND}"
    for form in EXPORTS:
        seconds, worked, peak, rows = _process("export", form, secret)
        name = f"api_{kind}_export_{form}_{size}"
        lib.figure(f"{name}_rows_per_second", size / seconds)
        lib.figure(f"{name}_rows_per_processor_second", size / worked, bar)
        lib.figure(f"{name}_peak_mb", peak, f"<={PEAK_MB}")
        invariants.check(f"{name}_rows_missing", size - int(rows))


def _process(*words: str) -> list[float]:
    """What a process of its own with these words prints in its last line."""
    command = [sys.executable, "-m", "bench.api", *words]
    done = subprocess.run(command, cwd=lib.PROJECT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{words[:2]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return [float(word) for word in done.stdout.strip().splitlines()[-1].split()]


def _set_up() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hvae_site.settings")
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]


def _token() -> str:
    from accounts.models import Membership, Project, Role, User
    from api.tokens.scopes import Scope
    from api.tokens.tokens import make_token

    user = User.objects.create(username="bench")
    project = Project.objects.create(slug="bench", name="Bench")
    Membership.objects.create(project=project, user=user, role=Role.RESEARCHER)
    return make_token(project, user, "bench", list(Scope))[1]


def _requests(kind: str, secret: str, invariants: lib.Invariants) -> None:
    """Requests of each kind a second, and how many cost as much as one of the reference."""
    from django.db import connection
    from django.test import Client, RequestFactory

    from analysis.making.reporting import make_report
    from annotations.models import Study
    from bench.annotation import reference
    from evaluations.models import Endpoint

    ask = Client(headers={"authorization": f"Bearer {secret}"})
    report = make_report(Study.objects.get(slug="small"))
    address = f"{ROOT}studies/small/reports/{report.key}/"
    tag = ask.get(address)["ETag"]
    with connection.cursor() as cursor:
        cursor.execute(reference.TABLE)
    times = REQUESTS_QUICK if lib.quick() else REQUESTS

    def write(number: int) -> Any:
        body = {"name": f"e{number}", "kind": "simulated", "model": "sim"}
        body |= {"parameters": {"angle": 37}}
        key = {"idempotency-key": str(number)}
        path = f"{ROOT}endpoints/"
        return ask.post(path, json.dumps(body), content_type="application/json", headers=key)

    bare = _pace(times, lambda n: reference.insert(RequestFactory().post("/", {"said": str(n)})))
    lib.figure(f"api_{kind}_reference_per_processor_second", bare)
    kinds: dict[str, tuple[int, Callable[[int], Any]]] = {
        "read": (200, lambda n: ask.get(f"{ROOT}studies/small/judgments/?limit=100")),
        "write_with_key": (201, write),
        "write_again": (201, write),
        "report": (200, lambda n: ask.get(address)),
        "report_with_etag": (304, lambda n: ask.get(address, headers={"if-none-match": tag})),
    }
    for name, (status, act) in kinds.items():
        wrong: list[int] = []
        pace = _pace(times, act, status, wrong)
        lib.figure(f"api_{kind}_{name}_per_processor_second", pace)
        lib.figure(f"api_{kind}_{name}_cycles_per_reference_request", pace / bare)
        invariants.check(f"api_{kind}_{name}_refused", len(wrong))
    invariants.check(f"api_{kind}_done_twice", Endpoint.objects.count() - times)


def _lists(kind: str, secret: str, invariants: lib.Invariants) -> None:
    """Whether a list asks the database more often for more rows."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    ask = Client(headers={"authorization": f"Bearer {secret}"})
    for path in LISTS:
        asked = []
        for limit in (1, 1, 50):  # the first request of all reads more than any other
            with CaptureQueriesContext(connection) as queries:
                rows = ask.get(f"{ROOT}{path}?limit={limit}").json()["results"]
            asked.append((len(queries), len(rows)))
        (_, (few, _), (many, number)) = asked
        name = path.strip("/").rpartition("/")[2]
        lib.figure(f"api_{kind}_list_{name}_rows", number)
        invariants.check(f"api_{kind}_list_{name}_queries_for_more_rows", many - few)


def _pace(
    times: int, act: Callable[[int], Any], status: int = 200, wrong: list[int] | None = None
) -> float:
    """How often in a second of the processor *act* answers; other statuses go to *wrong*."""
    begun = time.process_time()
    for number in range(times):
        answer = act(number)
        if answer.status_code != status and wrong is not None:
            wrong.append(answer.status_code)
    return times / (time.process_time() - begun)


def export(form: str, secret: str) -> None:
    """Fetch the large study in a process of its own: seconds, those of the processor, peak
    memory (MB), rows."""
    _set_up()
    from django.test import Client

    ask = Client(headers={"authorization": f"Bearer {secret}"})
    with lib.scratch() as folder:
        file = folder / "export"
        begun, begun_work = time.perf_counter(), time.process_time()
        answer = ask.get(f"{ROOT}studies/large/judgments/export/?as={form}")
        with file.open("wb") as out:
            out.writelines(answer.streaming_content)
        seconds, worked = time.perf_counter() - begun, time.process_time() - begun_work
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if form == "parquet":
            from pyarrow import parquet

            rows = parquet.read_metadata(file).num_rows
        else:
            with file.open("rb") as lines:
                rows = sum(1 for _ in lines)
    print(f"{seconds:.2f} {worked:.2f} {peak:.0f} {rows}")


def bring(way: str, file: str, study: str, secret: str = "") -> None:
    """Import *file* in a process of its own, by the command or the API: seconds, those of the
    processor, peak memory (MB)."""
    _set_up()
    from django.core.management import call_command
    from django.test import Client

    from bench.annotation.imports import LABELS

    begun, begun_work = time.perf_counter(), time.process_time()
    asked = {"study": study, "scale": "nominal", "categories": list(LABELS)}
    if way == "command":
        call_command("import_judgments", file, project="bench", verbosity=0, **asked)
    else:
        path = Path(file)
        with path.open("rb") as body:  # read as it comes: the test client would hold all of it
            sent: dict[str, Any] = {"wsgi.input": body, "CONTENT_TYPE": "application/x-ndjson"}
            sent["CONTENT_LENGTH"] = str(path.stat().st_size)
            answer = Client(headers={"authorization": f"Bearer {secret}"}).generic(
                "POST",
                f"{ROOT}imports/?{urlencode(asked, doseq=True)}",
                **sent,
            )
        if answer.status_code != 201:
            raise RuntimeError(answer.content.decode())
    seconds, worked = time.perf_counter() - begun, time.process_time() - begun_work
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.2f} {worked:.2f} {peak:.0f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            sys.exit(main())
        case ["on"]:
            sys.exit(measure())
        case ["import", *words]:
            bring(*words)
        case ["export", form, secret]:
            export(form, secret)
