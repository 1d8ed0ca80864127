"""The tables of a report in LaTeX, for the package booktabs."""

from __future__ import annotations

from analysis.models import Report
from analysis.render.sheet import Sheet
from analysis.render.sheets import sheets
from analysis.simulated import simulated_note

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
    "°": r"\textdegree{}",
    "–": "--",
    "\N{MINUS SIGN}": "$-$",
}


def as_latex(report: Report) -> str:
    """Every table, each a float of its own; needs booktabs, and textcomp before LaTeX 2020."""
    name = " ".join(report.result["study"]["name"].split())
    head = f"% {name}: tables of report {report.key}\n% \\usepackage{{booktabs}}"
    note = simulated_note(report.result)
    return "\n\n".join([head, *(_table(sheet, note) for sheet in sheets(report.result))]) + "\n"


def escaped(text: str) -> str:
    """*text* with every character that means something to TeX made plain."""
    return "".join(_ESCAPES.get(letter, letter) for letter in text.replace("\n", " "))


def _table(sheet: Sheet, note: str) -> str:
    """One table; *note* stands below each, because each may end up in a paper by itself."""
    written = sheet.written()
    columns = "".join("r" if numeric else "l" for numeric in sheet.numeric)
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{escaped(sheet.title)}}}",
        rf"\label{{tab:{sheet.key}}}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        _row(list(sheet.head)),
        r"\midrule",
        *(_row(row) for row in written.rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    if notes := [*written.notes, *sheet.remarks, *filter(None, [note])]:
        lines += [rf"\par\footnotesize {escaped(' '.join(notes))}"]
    return "\n".join([*lines, r"\end{table}"])


def _row(cells: list[str]) -> str:
    # An opening bracket after \\ would be read as its optional argument.
    texts = [f"{{{escaped(cell)}}}" if cell[:1] == "[" else escaped(cell) for cell in cells]
    return " & ".join(texts) + r" \\"
