"""Judgments in forms that other programs read. Pure: each takes the rows of the judgment table."""
