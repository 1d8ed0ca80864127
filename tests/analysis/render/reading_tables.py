"""The tables of a page and of files, read back by somebody who knows nothing of sheets."""

import csv
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt

Row = list[str]


@dataclass
class Table:
    name: str = ""
    head: Row = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


class _Tables(HTMLParser):
    """Every table with the id of its caption; the shares of a matrix are no part of its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Table] = []
        self.text: str | None = None
        self.row: Row = []
        self.unread = 0

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.found.append(Table())
        elif tag == "caption":
            self.found[-1].name = dict(attrs).get("id") or ""
        elif tag == "tr":
            self.row = []
        elif tag in ("th", "td"):
            self.text = ""
        elif tag == "span" and (self.unread or dict(attrs).get("class") == "small"):
            self.unread += 1

    def handle_endtag(self, tag):
        if tag == "span" and self.unread:
            self.unread -= 1
        elif tag in ("th", "td") and self.text is not None:
            self.row.append(" ".join(self.text.split()))
            self.text = None
        elif tag == "tr":
            table = self.found[-1]
            if table.head:
                table.rows.append(self.row)
            else:
                table.head = self.row

    def handle_data(self, data):
        if self.text is not None and not self.unread:
            self.text += data


def of_page(html: str) -> list[Table]:
    tables = _Tables()
    tables.feed(html)
    return tables.found


def of_markdown(text: str) -> list[Table]:
    """Tables without a name, in their order."""
    return of_page(MarkdownIt("commonmark").enable("table").render(text))


def of_latex(text: str) -> list[Table]:
    """Tables by their label; the rows of a longtable's second head are read once."""
    found = []
    for part in re.split(r"(?=\\caption\{)", text)[1:]:
        head, body = part.split(r"\midrule", 1)
        lines = [
            line for line in body.split(r"\bottomrule")[0].splitlines() if line.endswith("\\\\")
        ]
        again = r"\endhead" in body
        name = re.search(r"\\label\{tab:(.*?)\}", head)[1]
        heading = next(line for line in head.splitlines() if " & " in line)
        rows = [_cells(line) for line in lines if not (again and line == heading)]
        found.append(Table(name, _cells(heading), rows))
    return found


def _cells(line: str) -> Row:
    return [_without_braces(cell) for cell in line.removesuffix(r" \\").split(" & ")]


def _without_braces(cell: str) -> str:
    return cell[1:-1] if cell[:2] in ("{[", "{*") else cell


def of_csv(text: str) -> dict[str, list[tuple[str, str]]]:
    """(column, its value and limits or the reason for none) of each table, in their order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        said = " ".join(row[name] for name in ("value", "low", "high", "reason") if row[name])
        found.setdefault(row["table"], []).append((row["column"], said))
    return found
