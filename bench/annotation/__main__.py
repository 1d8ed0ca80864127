"""``python -m bench.annotation``: the annotation platform under a crowd, on both databases.

QUICK=1 is the short form. Exits non-zero when something was lost, doubled, over its limit or
otherwise wrong; a missed bar is printed and no more.
"""

import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

from bench import lib
from bench.annotation import cluster

BASELINE = (
    "baseline, at 32 raters on a machine such as this: Potato 24-34 cycles/s with p95 1100-1900 "
    "ms, Label Studio 7.5 cycles/s, doccano 18-28; and the reference view measured beside the load"
)


def production(folder: Path) -> dict[str, str]:
    """The settings of a production server behind a proxy that ends HTTPS; the load generator is
    that proxy."""
    return {
        "SITE_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_TLS_PROXY": "1",
        "VAR_DIR": str(folder),
    }


PARTS = ("load", "race", "crash", "growth", "import")


def main() -> int:
    lib.clean_up_when_terminated()
    begun = time.monotonic()
    lib.remark(f"machine: {lib.machine()}")
    lib.remark(BASELINE)
    with lib.scratch() as folder:
        os.environ.update(production(folder), DATABASE_URL=f"sqlite:///{folder / 'none'}")
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(collect, cwd=lib.PROJECT, check=True)
        failed = [_run("sqlite", *PARTS), _on_postgres(), _on_a_killed_postgres()]
    lib.remark(f"took {time.monotonic() - begun:.0f} s; load average {lib.load_average()}")
    return int(any(failed))


def _on_postgres() -> int:
    server, reason = lib.find_postgres()
    if server:
        return _run(server, *PARTS)
    lib.remark(f"PostgreSQL skipped: {reason}")
    return 0


def _on_a_killed_postgres() -> int:
    try:
        with cluster.throwaway() as server:
            os.environ["BENCH_CLUSTER"] = f"{server.folder}:{server.port}"
            return _run(server.url, "database_crash")
    except cluster.Unavailable as reason:
        lib.remark(f"SIGKILL of PostgreSQL skipped: {reason}")
        return 0


def _run(kind: str, *parts: str) -> int:
    """Run parts on a new database, in a process of their own; their exit status."""
    with lib.database(kind) as url:
        command = [sys.executable, "-m", "bench.annotation.parts", *parts]
        env = {**os.environ, "DATABASE_URL": url}
        with subprocess.Popen(command, cwd=lib.PROJECT, env=env) as process:
            try:
                return process.wait()
            except BaseException:  # Ended from outside: the part cleans up before it goes.
                process.terminate()
                raise


if __name__ == "__main__":
    sys.exit(main())
