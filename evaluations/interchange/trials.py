"""The formats of other programs in which trials come in. Pure."""

from evaluations.interchange import inspect_ai, lm_eval, trial_rows
from evaluations.interchange.formats import Format
from evaluations.interchange.found import Broken, Trial

TRIAL_FORMATS: tuple[Format[Trial | Broken], ...] = (
    Format("inspect-ai", "log of inspect_ai", inspect_ai.why_not, inspect_ai.trials),
    Format("lm-eval", "samples of lm-evaluation-harness", lm_eval.why_not, lm_eval.trials),
    Format("parquet", "rows of trials in Parquet", trial_rows.why_not, trial_rows.trials),
)
