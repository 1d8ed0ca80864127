"""Deleting something whole: what goes with it, and the page that asks before."""
