"""`python -m bench.evaluation`: how fast a run is, what it loses (nothing), and what it costs.

Prints one line a figure, `name value bar`. QUICK=1 takes less than a minute, the whole less than
ten. Ends with status 1 only where something was lost, doubled, over its limit or half stored.
"""

import sys

from bench import lib
from bench.evaluation import faults, memory, reading, speed
from bench.evaluation.installation import Site, site
from bench.evaluation.processes import Endpoint, endpoint


def main() -> int:
    lib.remark(f"Machine: {lib.machine()}")
    postgres, reason = lib.find_postgres()
    if not postgres:
        lib.remark(reason)
    invariants = lib.Invariants()
    invariants.check("reading.kept_its_precision", int(reading.bench()), 1)
    with endpoint() as server:
        alone = speed.baseline(server)
        if postgres:
            with site("postgresql", postgres) as at:
                speed.two_processes(at, server, alone, invariants)
                if not lib.quick():
                    faults.bench(at, server, invariants)
        with site("sqlite", "sqlite") as at:
            on_sqlite(at, server, alone, invariants)
    lib.remark(f"Load at the end: {lib.load_average()}")
    return invariants.exit_status()


def on_sqlite(
    at: Site, server: Endpoint, alone: speed.Measured, invariants: lib.Invariants
) -> None:
    if not lib.quick():
        speed.two_processes(at, server, alone, invariants)
        speed.one_process_at_one_second(at, server, invariants)
    faults.bench(at, server, invariants)
    memory.bench(at, server, invariants)


if __name__ == "__main__":
    sys.exit(main())
