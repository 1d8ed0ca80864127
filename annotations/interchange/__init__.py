"""Judgments in the files of other programs (docs/reference/interchange.md).

Readers and writers are pure. Each reader yields what was said of which item by whom; `tables` makes
rows of our own judgment files of it, which are read and checked as those are.
"""
