"""Django finds commands here alone; the room of this one is evaluations/management/values."""

from evaluations.management.values.score_values import Command

__all__ = ["Command"]
