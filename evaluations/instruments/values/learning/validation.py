"""How an evaluator does on answers it has not seen, value by value, beside baselines. Pure."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.learning.evaluator import Signs
from evaluations.instruments.values.learning.train import LEAST_CASES, train

FOLDS = 5
LEAST_IN_FOLDS = LEAST_CASES // 2
"""Cases of a class outside a fold: of ten in all, some are in the fold itself."""


@dataclass(frozen=True)
class ValueFigures:
    """Of one value. `cases`: answers that support it, and that oppose it; `accuracy` beside that of
    always saying 0 and of drawing signs as often as they come; `f1` of 'supports' and of 'opposes',
    None with fewer than ten cases."""

    value: str
    supports: int
    opposes: int
    accuracy: float
    always_zero: float
    prevalence: float
    f1_supports: float | None
    f1_opposes: float | None


@dataclass(frozen=True)
class Validation:
    """`accuracy` over all answers and values; `f1_supports`: the mean over the values in
    `measured`, None where there is none; `left_out`: values with fewer than ten cases."""

    answers: int
    folds: int
    accuracy: float
    always_zero: float
    prevalence: float
    f1_supports: float | None
    measured: tuple[str, ...]
    left_out: tuple[str, ...]
    values: tuple[ValueFigures, ...]

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def fold_of(prompt: str) -> int:
    """All answers to a prompt are in one fold, the same on every machine."""
    return int.from_bytes(hashlib.sha256(prompt.encode()).digest()[:8]) % FOLDS


def cross_validated(
    prompts: Sequence[str],
    texts: Sequence[str],
    signs: Signs,
    told: Callable[[int], object] = lambda fold: None,
) -> Validation:
    """Train without each fold of prompts in turn, and compare what is said of that fold. Raises
    ValueError where too few are left to learn from."""
    folds = np.array([fold_of(prompt) for prompt in prompts])
    said = np.zeros_like(signs)
    for fold in range(FOLDS):
        out = folds == fold
        if out.any():
            rest = [texts[at] for at in np.flatnonzero(~out).tolist()]
            learned = train(rest, signs[~out], LEAST_IN_FOLDS)
            said[out] = learned.predict([texts[at] for at in np.flatnonzero(out).tolist()])
        told(fold)
    return compared(said, signs)


def compared(said: Signs, signs: Signs) -> Validation:
    """What was *said* beside the true *signs*, both answers x values."""
    rows = tuple(_of_value(at, said[:, at], signs[:, at]) for at in range(len(VALUES)))
    measured = [row for row in rows if row.f1_supports is not None]
    return Validation(
        answers=len(signs),
        folds=FOLDS,
        accuracy=float((said == signs).mean()),
        always_zero=float((signs == 0).mean()),
        prevalence=float(np.mean([row.prevalence for row in rows])),
        f1_supports=float(np.mean([row.f1_supports for row in measured])) if measured else None,
        measured=tuple(row.value for row in measured),
        left_out=tuple(row.value for row in rows if row.f1_supports is None),
        values=rows,
    )


def _of_value(at: int, said: Signs, signs: Signs) -> ValueFigures:
    shares = [float((signs == sign).mean()) for sign in (-1, 0, 1)]
    return ValueFigures(
        value=VALUES[at],
        supports=int((signs == 1).sum()),
        opposes=int((signs == -1).sum()),
        accuracy=float((said == signs).mean()),
        always_zero=shares[1],
        prevalence=sum(share**2 for share in shares),
        f1_supports=_f1(said == 1, signs == 1),
        f1_opposes=_f1(said == -1, signs == -1),
    )


def _f1(said: Any, true: Any) -> float | None:
    """2 x both / (said + true); None with fewer than ten true cases."""
    if int(true.sum()) < LEAST_CASES:
        return None
    return float(2 * (said & true).sum() / (said.sum() + true.sum()))
