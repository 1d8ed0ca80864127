"""Django finds commands here alone; the room of this one is evaluations/management/svo."""

from evaluations.management.svo.read_file import Command

__all__ = ["Command"]
