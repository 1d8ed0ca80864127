"""Django finds commands here alone; the room of this one is annotations/management/values."""

from annotations.management.values.import_dialogues import Command

__all__ = ["Command"]
