"""Passages of a text that people point at: how they are cut, named and held to the text. Pure."""
