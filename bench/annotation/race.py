"""More raters than places: every place is given once, and nobody is told 'error'."""

from collections import Counter

from annotations.models import Judgment
from bench import lib
from bench.annotation import exactness, scene, serving

RATERS, ITEMS, PLACES = 128, 100, 3


def run(kind: str, invariants: lib.Invariants) -> None:
    times = 1 if lib.quick() else 3
    lib.remark(f"race on {kind}: {RATERS} raters, {ITEMS} items x {PLACES} places, {times} times")
    faults: Counter[str] = Counter()
    accepted, stored, errors = [], [], 0
    with serving.served() as server:
        for number in range(times):
            study = scene.open_study(f"race {number}", ITEMS, PLACES)
            crowd = serving.Crowd(scene.plan(study, server.port, RATERS))
            crowd.begin()
            outcome = crowd.outcome()
            accepted.append(len(outcome.acknowledged))
            stored.append(Judgment.objects.filter(item__study=study).count())
            errors += sum(outcome.errors.values()) + outcome.unfinished + outcome.not_kept
            faults.update(exactness.faults(study, outcome))
    for name, counts in (("accepted", accepted), ("stored", stored)):
        worst = max(counts, key=lambda count: abs(count - ITEMS * PLACES))
        invariants.check(f"race_{kind}_{name}", worst, ITEMS * PLACES)
    invariants.check(f"race_{kind}_told_error", errors)
    exactness.check(invariants, f"race_{kind}", faults)
