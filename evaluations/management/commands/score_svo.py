"""Django finds commands here alone; the room of this one is evaluations/management/svo."""

from evaluations.management.svo.score_file import Command

__all__ = ["Command"]
