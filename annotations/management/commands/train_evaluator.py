"""Django finds commands here alone; the room of this one is annotations/management/values."""

from annotations.management.values.train_evaluator import Command

__all__ = ["Command"]
