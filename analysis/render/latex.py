"""The tables of a report in LaTeX, for the package booktabs."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.models import Report
from analysis.render.sheets.every import sheets
from analysis.words.sheet import Sheet
from analysis.words.simulated import simulated_note
from evaluations.text.storable import with_marks_shown

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "°": r"\textdegree{}",
    "–": "--",
    "\N{MINUS SIGN}": "$-$",
}


LONG_TEXT = 40
"""Characters from which a column of words is broken into lines."""
LINE = 80
"""Characters that fit beside each other on a page."""
LAST_LATIN = "\u024f"
PAGE = 40
"""Rows that fit on a page; a longer table is broken between pages."""


def as_latex(report: Report) -> str:
    """Every table, each a float of its own; needs booktabs, longtable for what is longer than a
    page, and textcomp before LaTeX 2020."""
    name = " ".join(with_marks_shown(report.result["study"]["name"]).split())
    found = sheets(report.result)
    head = [f"% {name}: tables of report {report.key}", r"% \usepackage{booktabs}"]
    if any(len(sheet.rows) > PAGE for sheet in found):
        head.append(r"% \usepackage{longtable}")
    note = simulated_note(report.result)
    tables = "\n\n".join(_table(sheet, note) for sheet in found)
    if any(letter.isalpha() and letter > LAST_LATIN for letter in tables):
        head.append(
            "% words in other scripts: compile with LuaLaTeX or XeLaTeX and a font for them"
        )
    return "\n".join([*head, "", tables]) + "\n"


def escaped(text: str) -> str:
    """*text* on one line, with every character that means something to TeX made plain."""
    words = " ".join(with_marks_shown(text).split())
    return "".join(_ESCAPES.get(letter, letter) for letter in words)


def _table(sheet: Sheet, note: str) -> str:
    """One table; *note* stands below each, because each may end up in a paper by itself."""
    written = sheet.written()
    texts = [[escaped(cell) for cell in row] for row in written.rows]
    columns = _columns(sheet, written.rows)
    caption = [rf"\caption{{{escaped(sheet.title)}}}", rf"\label{{tab:{sheet.key}}}"]
    head = [r"\toprule", _row([escaped(name) for name in sheet.head]), r"\midrule"]
    body = [*map(_row, texts), r"\bottomrule"]
    notes = escaped(" ".join([*map(str, written.notes), *sheet.remarks, *filter(None, [note])]))
    below = [rf"\par\footnotesize {notes}"] if notes else []
    if len(sheet.rows) > PAGE:
        first = ["".join(caption) + r" \\", *head, r"\endfirsthead", *head, r"\endhead"]
        lines = [rf"\begin{{longtable}}{{{columns}}}", *first, *body, r"\end{longtable}"]
        return "\n".join([*lines, *(f"{{{line}\\par}}" for line in below)])
    begin = [r"\begin{table}", r"\centering", *caption, rf"\begin{{tabular}}{{{columns}}}"]
    return "\n".join([*begin, *head, *body, r"\end{tabular}", *below, r"\end{table}"])


def _columns(sheet: Sheet, rows: Sequence[Sequence[str]]) -> str:
    """Words to the left and numbers to the right; long words share what room the others leave."""
    every = [sheet.head, *rows]
    longest = [max(len(row[at]) for row in every) for at in range(len(sheet.head))]
    weights = {
        at: min(long, LINE)
        for at, (long, numeric) in enumerate(zip(longest, sheet.numeric, strict=True))
        if long > LONG_TEXT and not numeric
    }
    left = LINE - sum(long for at, long in enumerate(longest) if at not in weights)
    room = max(0.25 * len(weights), 0.9 * left / LINE)
    kinds = []
    for at, numeric in enumerate(sheet.numeric):
        if at in weights:
            part = room * weights[at] / sum(weights.values())
            kinds.append(rf"p{{{part:.2f}\linewidth}}")
        else:
            kinds.append("r" if numeric else "l")
    return "".join(kinds)


def _row(cells: list[str]) -> str:
    # An opening bracket or an asterisk after \\ would be read as its argument.
    texts = [f"{{{cell}}}" if cell[:1] in ("[", "*") else cell for cell in cells]
    return " & ".join(texts) + r" \\"
