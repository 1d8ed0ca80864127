"""Dialogues made elsewhere on their way into runs of the kind 'values'."""
