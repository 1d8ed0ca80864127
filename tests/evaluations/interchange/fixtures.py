"""Where the files that other programs made stand, and how they are read."""

from pathlib import Path

from evaluations.interchange.formats import recognised
from evaluations.interchange.looked_at import look_at
from evaluations.interchange.trials import TRIAL_FORMATS

MADE = Path(__file__).parent / "made"
EVAL, LOG, TRIALS = MADE / "slider.eval", MADE / "slider-log.json", MADE / "trials.parquet"
(SAMPLES,) = MADE.glob("samples_*.jsonl")
(RESULTS,) = MADE.glob("results_*.json")


def format_of(path):
    """The key of the format that a file is recognised as; '' for none."""
    found = recognised(look_at(path), TRIAL_FORMATS).format
    return found.key if found else ""


def found_in(path):
    """Everything that is found in a file of another program."""
    looked = look_at(path)
    return list(recognised(looked, TRIAL_FORMATS).format.read(looked))


def broken_in(path):
    return [(one.place, one.reason) for one in found_in(path) if hasattr(one, "reason")]
