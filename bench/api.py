"""``python -m bench.api``: what programs get from the API, on both databases.

Requests are answered within one process, one after the other, and are compared with the reference,
a bare view that does one insert: by the time that the processor works in this process, which other
work on the machine does not change.

QUICK=1 is the short form. Exits non-zero when a row was lost or an act done twice; a missed bar is
printed and no more.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import lib

JUDGMENTS, JUDGMENTS_QUICK = 1_000_000, 50_000
REQUESTS, REQUESTS_QUICK = 300, 60
ROWS_PER_SECOND, PEAK_MB = 50_000, 250
EXPORTS = ("ndjson", "parquet")
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
    _fill(size)
    secret = _token()
    _requests(kind, secret, invariants)
    for form in EXPORTS:
        command = [sys.executable, "-m", "bench.api", "export", form, secret]
        done = subprocess.run(command, cwd=lib.PROJECT, check=True, capture_output=True, text=True)
        seconds, worked, peak, rows = (float(word) for word in done.stdout.split()[-4:])
        name = f"api_{kind}_export_{form}_{size}"
        lib.figure(f"{name}_rows_per_second", size / seconds, f">={ROWS_PER_SECOND}")
        lib.figure(f"{name}_rows_per_processor_second", size / worked)
        lib.figure(f"{name}_peak_mb", peak, f"<={PEAK_MB}")
        invariants.check(f"{name}_rows_missing", size - int(rows))
    return invariants.exit_status()


def _set_up() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hvae_site.settings")
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]


def _fill(size: int) -> None:
    """A study of *size* imported judgments, and a small one that reports are made on."""
    from django.core.management import call_command

    from accounts.models import Project
    from bench.annotation.imports import LABELS, write

    Project.objects.create(slug="bench", name="Bench")
    for name, rows in (("large", size), ("small", 500)):
        with lib.scratch() as folder:
            file = folder / "judgments.csv"
            write(file, rows)
            call_command(
                "import_judgments",
                file,
                study=name,
                scale="nominal",
                categories=list(LABELS),
                project="bench",
                verbosity=0,
            )


def _token() -> str:
    from accounts.models import Membership, Project, Role, User
    from api.tokens.scopes import Scope
    from api.tokens.tokens import make_token

    user = User.objects.create(username="bench")
    project = Project.objects.get(slug="bench")
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


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            sys.exit(main())
        case ["on"]:
            sys.exit(measure())
        case ["export", form, secret]:
            export(form, secret)
