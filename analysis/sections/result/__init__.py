"""The shape of a report's result: every key with its type, unit and meaning.

From these types the page docs/reference/report-json.md is made, sections are checked against them
by mypy, and a test holds whole reports to them. A docstring below a key says what it means; the
unit stands in its type (``units``). What an instrument's kind adds to a report it declares in its
own room (``analysis.svo.result``).
"""
