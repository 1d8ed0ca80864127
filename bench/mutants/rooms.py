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
        (
            "evaluations/instruments/svo/*.py",
            *(
                f"evaluations/instruments/svo/{room}/*.py"
                for room in ("measure", "scoring", "simulated", "files", "figures")
            ),
        ),
        (
            "tests/evaluations/instruments/svo/test_*.py",
            "tests/evaluations/instruments/svo/*/test_*.py",
            "tests/evaluations/commands/test_score_svo.py",
            "tests/evaluations/scoring/test_scoring.py",
        ),
    ),
    "readings": Room(
        ("evaluations/instruments/svo/reading/*.py",),
        (
            "tests/evaluations/instruments/svo/reading/test_*.py",
            "tests/evaluations/instruments/svo/scoring/test_scoring.py",
        ),
    ),
    "consensus": Room(
        ("annotations/disputes/why_disputed.py", "annotations/scales/*.py"),
        (
            "tests/annotations/disputes/test_why_disputed.py",
            "tests/annotations/scales/test_scales.py",
            "tests/annotations/disputes/test_disputes.py",
        ),
    ),
    "exchange": Room(
        (
            "annotations/exchange/assignment.py",
            "annotations/exchange/database.py",
            "annotations/exchange/locking.py",
            "annotations/exchange/mixed_in.py",
            "annotations/exchange/releasing.py",
            "annotations/exchange/reserving.py",
            "annotations/exchange/storing.py",
            "annotations/exchange/whose_part.py",
        ),
        (
            "tests/annotations/exchange/test_assignment*.py",
            "tests/annotations/exchange/test_exchange*.py",
            "tests/annotations/judging/test_judging.py",
            "tests/annotations/judging/test_mixed_in.py",
            "tests/annotations/judging/test_question_race.py",
            "tests/annotations/judging/test_controls_stay_hidden.py",
            "tests/annotations/taking_part/test_deleted_meanwhile.py",
            "tests/annotations/exchange/test_in_turn.py",
        ),
        both=True,
    ),
    "sampling": Room(
        ("annotations/studies/sampling.py", "annotations/studies/drawing.py"),
        (
            "tests/annotations/studies/test_sampling.py",
            "tests/annotations/studies/test_drawing.py",
            "tests/annotations/studies/test_studies.py",
            "tests/annotations/studies/test_study_settings.py",
            "tests/annotations/commands/test_study_metric.py",
        ),
    ),
    "leases": Room(
        (
            "evaluations/running/trial_leases.py",
            "evaluations/running/recording.py",
            "evaluations/background/leases.py",
        ),
        (
            "tests/evaluations/background/test_leases.py",
            "tests/evaluations/running/test_leases.py",
            "tests/evaluations/running/test_recording.py",
            "tests/evaluations/instruments/svo/test_recovery.py",
            "tests/evaluations/running/test_running*.py",
            "tests/analysis/making/test_computations.py",
            "tests/evaluations/running/test_scoring_workers.py",
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
        ("evaluations/respondents/key_policy.py", "evaluations/respondents/public_addresses.py"),
        (
            "tests/evaluations/respondents/test_key_policy.py",
            "tests/evaluations/respondents/test_public_addresses.py",
        ),
    ),
    "statistics": Room(
        ("analysis/statistics/*.py", "analysis/statistics/*/*.py"),
        ("tests/analysis/statistics/test_*.py", "tests/analysis/statistics/*/test_*.py"),
    ),
    "words": Room(
        (
            "analysis/report/answer.py",
            "analysis/words/verdicts.py",
            "analysis/words/wording.py",
            "analysis/words/thresholds.py",
        ),
        (
            "tests/analysis/report/test_answer*.py",
            "tests/analysis/words/test_verdicts.py",
            "tests/analysis/words/test_wording.py",
            "tests/analysis/words/test_thresholds.py",
            "tests/analysis/sections/test_reporting_words.py",
            "tests/analysis/render/test_plain_words.py",
        ),
    ),
    "data": Room(
        (
            "analysis/data/dataset.py",
            "analysis/data/frozen.py",
            "analysis/data/whose_judgments.py",
            "analysis/data/canonical.py",
            "analysis/data/row_order.py",
        ),
        (
            "tests/analysis/data/test_data_set.py",
            "tests/analysis/data/test_whose_judgments.py",
            "tests/analysis/data/test_row_order.py",
            "tests/analysis/data/test_fingerprint.py",
            "tests/analysis/report/test_ways_out.py",
            "tests/analysis/pages/test_one_count.py",
            "tests/analysis/data/test_declared_items.py",
        ),
    ),
}


def _found(patterns: tuple[str, ...]) -> list[Path]:
    return [path for pattern in patterns for path in sorted(PROJECT.glob(pattern))]
