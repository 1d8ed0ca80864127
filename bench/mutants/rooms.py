"""The rooms that must be right: the modules of each, and the test files that have to tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Room:
    """Paths are patterns under the project's folder; `both`: what SQLite's tests let through is
    tried on PostgreSQL too."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    both: bool = False

    def module_files(self) -> list[Path]:
        return _found(self.modules)

    def test_files(self) -> list[Path]:
        return _found(self.tests)


ROOMS: Mapping[str, Room] = {
    "svo": Room(
        ("evaluations/svo/*.py", "evaluations/svo_scorer.py"),
        (
            "tests/evaluations/svo/test_*.py",
            "tests/evaluations/test_score_svo.py",
            "tests/evaluations/test_scoring.py",
        ),
    ),
    "readings": Room(
        ("evaluations/svo/extraction/*.py",),
        ("tests/evaluations/svo/test_extraction*.py", "tests/evaluations/svo/test_scoring.py"),
    ),
    "consensus": Room(
        ("annotations/consensus.py", "annotations/scales.py"),
        (
            "tests/annotations/test_consensus.py",
            "tests/annotations/test_scales.py",
            "tests/annotations/test_disputes.py",
        ),
    ),
    "exchange": Room(
        (
            "annotations/assignment.py",
            "annotations/exchange_sql.py",
            "annotations/exchange_parts.py",
        ),
        (
            "tests/annotations/test_assignment*.py",
            "tests/annotations/test_exchange*.py",
            "tests/annotations/test_judging.py",
            "tests/annotations/test_mixed_in.py",
            "tests/annotations/test_question_race.py",
            "tests/annotations/test_controls_stay_hidden.py",
            "tests/annotations/test_deleted_meanwhile.py",
            "tests/annotations/test_in_turn.py",
        ),
        both=True,
    ),
    "sampling": Room(
        ("annotations/sampling.py", "annotations/drawing.py"),
        (
            "tests/annotations/test_sampling.py",
            "tests/annotations/test_drawing.py",
            "tests/annotations/test_studies.py",
            "tests/annotations/test_study_settings.py",
            "tests/annotations/test_study_metric.py",
        ),
    ),
    "leases": Room(
        ("evaluations/leases.py", "evaluations/recording.py", "analysis/leases.py"),
        (
            "tests/evaluations/test_leases.py",
            "tests/evaluations/test_recording.py",
            "tests/evaluations/test_recovery.py",
            "tests/evaluations/test_running*.py",
            "tests/analysis/test_computations.py",
            "tests/evaluations/test_scoring_workers.py",
        ),
        both=True,
    ),
    "access": Room(
        ("accounts/access.py", "accounts/client_address.py"),
        (
            "tests/accounts/test_access.py",
            "tests/accounts/test_client_address.py",
            "tests/test_access_matrix.py",
        ),
    ),
    "keys": Room(
        ("evaluations/key_policy.py", "evaluations/public_addresses.py"),
        ("tests/evaluations/test_key_policy.py", "tests/evaluations/test_public_addresses.py"),
    ),
    "statistics": Room(("analysis/statistics/*.py",), ("tests/analysis/statistics/test_*.py",)),
    "words": Room(
        (
            "analysis/answer.py",
            "analysis/verdicts.py",
            "analysis/wording.py",
            "analysis/thresholds.py",
        ),
        (
            "tests/analysis/test_answer*.py",
            "tests/analysis/test_verdicts.py",
            "tests/analysis/test_wording.py",
            "tests/analysis/test_thresholds.py",
            "tests/analysis/test_reporting_words.py",
            "tests/analysis/test_plain_words.py",
        ),
    ),
    "data": Room(
        (
            "analysis/dataset.py",
            "analysis/frozen.py",
            "analysis/counted.py",
            "analysis/canonical.py",
            "analysis/row_order.py",
        ),
        (
            "tests/analysis/test_data_set.py",
            "tests/analysis/test_counted.py",
            "tests/analysis/test_row_order.py",
            "tests/analysis/test_fingerprint.py",
            "tests/analysis/test_ways_out.py",
            "tests/analysis/test_one_count.py",
            "tests/analysis/test_declared_items.py",
        ),
    ),
}


def _found(patterns: tuple[str, ...]) -> list[Path]:
    return [path for pattern in patterns for path in sorted(PROJECT.glob(pattern))]
