"""A report as Markdown that reads well as plain text."""

from __future__ import annotations

from typing import Any

from analysis.data.counted import what_is_left_out
from analysis.models import Report
from analysis.render.sheet import Sheet
from analysis.render.sheets import by_section
from analysis.render.tables import plain, statistic_rows, table, value_cells
from analysis.words.methods import methods
from analysis.words.wording import count, degrees, estimate, listed, number, share

Lines = list[str]
BESIDE = ("ways_out", "icc", "confidence")
"""Parts whose tables stand below the agreement of the raters."""
SECTIONS: list[tuple[str, tuple[str, ...]]] = [
    ("The same item a second time", ("repeats",)),
    ("Further questions", ("further",)),
    ("Dimension by dimension", ("vectors",)),
    ("A second consensus beside the majority", ("latent",)),
    ("What the raters would have said of all that was scored", ("corrected", "corrected_models")),
    ("By model, value and condition", ("groups_humans", "groups", "contrasts")),
    ("Value rationality", ("rationality",)),
    ("Rater by rater", ("raters", "calibration", "disagreement", "own_angle")),
    ("Reporting checklist", ("grras",)),
]
"""Headings and the parts of the report whose tables stand below them."""


def as_markdown(report: Report) -> str:
    """The whole report: the answer, warnings, sections, and how to make it again."""
    result = report.result
    parts: Lines = [f"# {plain(result['study']['name'])}: agreement report", ""]
    parts += [*_paragraphs(result["answer"]), *_warnings(result["warnings"])]
    tables = by_section(result)
    parts += _overview(result["overview"]) + _humans(result["humans"])
    parts += _sheets([row for part in BESIDE for row in tables.get(part, [])])
    if found := tables.get("ranking"):
        parts += [*_heading("Every metric"), *_sheets(found)]
    for at, section in enumerate(result["automated"], start=1):
        parts += _labels(section) if section["kind"] == "labels" else _numbers(section)
        for part in ("degrees", "substitute", "each"):
            parts += _sheets(tables.get(f"metric{at}-{part}", []))
    for title, names in SECTIONS:
        found = [sheet for name in names for sheet in tables.get(name, [])]
        parts += [*_heading(title), *_sheets(found)] if found else []
    parts += _trials(result["trials"]) + _quality(result["quality"]) + _conventions(result)
    parts += _methods(result)
    return "\n".join(parts + _made_with(report)).rstrip() + "\n"


def _sheets(found: list[Sheet]) -> Lines:
    """Tables of a section, each under its title, with the notes below."""
    parts: Lines = []
    for sheet in found:
        written = sheet.written()
        parts += [
            plain(f"{sheet.title}:"),
            "",
            table(sheet.head, written.rows, sheet.text_columns),
            "",
        ]
        parts += _paragraphs([*written.notes, *sheet.remarks])
    return parts


def _methods(result: dict[str, Any]) -> Lines:
    made = methods(result)
    references = [f"{at}. {text}" for at, text in enumerate(made["references"], start=1)]
    return [*_heading("Methods"), plain(made["paragraph"]), "", *references, ""]


def _paragraphs(sentences: Lines) -> Lines:
    return [line for sentence in sentences for line in (plain(sentence), "")]


def _heading(text: str) -> Lines:
    return [f"## {plain(text)}", ""]


def _warnings(warnings: list[dict[str, str]]) -> Lines:
    if not warnings:
        return []
    return [*_heading("Read this first"), *(f"- {plain(row['text'])}" for row in warnings), ""]


def _declared(section: dict[str, Any]) -> Lines:
    """What the study and its files declare: ways out, properties, clusters, unjudged items."""
    ways_out = [
        f"{row['category']} ({count(row['judgments'], 'judgment')})" for row in section["ways_out"]
    ]
    found = [f"Ways out: {', '.join(ways_out)}"] if ways_out else []
    if section["properties"]:
        found.append(f"Declared of the items: {', '.join(section['properties'])}")
    if unjudged := section["unjudged"]:
        found.append(f"{count(unjudged, 'item')} judged by nobody")
    return [*found, *filter(None, [section["clusters"]["text"]])]


def _overview(section: dict[str, Any]) -> Lines:
    counts = section["counts"]
    kinds = ", ".join(f"{row['kind']} {row['raters']}" for row in section["raters_by_kind"])
    unit = f", in {section['unit']}" if "unit" in section else ""
    facts = [
        f"Question: {section['question']}",
        f"Scale: {section['scale']}{unit}; consensus: {section['consensus_rule']}",
        f"{count(counts['items_judged'], 'item')} judged of {counts['items']:,}; "
        f"{count(counts['judgments'], 'judgment')} by {count(counts['raters'], 'rater')}"
        + (f" ({kinds})" if kinds else ""),
        *_declared(section),
        section["blindness"],
    ]
    rows = [[row["judgments"], row["items"]] for row in section["overlap"]["items_by_judgments"]]
    parts = [*_heading("What was judged, and by whom")]
    parts += [*(f"- {plain(fact)}" for fact in facts), ""]
    if rows:
        parts += [table(["Judgments an item", "Items"], rows, 0), ""]
    if section["scorers"]:
        head = ["Automated metric", "Labelled", "Unscorable", "No label"]
        coverage = [
            [row["name"], row["labelled"], row["unscorable"], row["missing"]]
            for row in section["scorers"]
        ]
        parts += [table(head, coverage), ""]
    return parts


def _humans(section: dict[str, Any]) -> Lines:
    parts = _heading("Humans among themselves")
    parts += [table(["Statistic", "Value", "Interval"], statistic_rows(section["statistics"])), ""]
    if section["pairs"]:
        rows = [[" and ".join(row["raters"]), *value_cells(row)] for row in section["pairs"]]
        parts += [table(["Pair of raters", "Cohen's kappa", "Interval"], rows), ""]
    else:
        parts += [f"Pairs of raters are not listed: {section['pairs_reason']}.", ""]
    if section["categories"]:
        rows = [
            [row["category"], row["judgments"], row["items"], *value_cells(row)]
            for row in section["categories"]
        ]
        head = ["Category", "Judgments", "Items", "Specific agreement", "Interval"]
        parts += [table(head, rows), ""]
    return parts + _crosscheck(section.get("crosscheck"))


def _labels(section: dict[str, Any]) -> Lines:
    parts = _heading(f"{section['name']} against the human consensus")
    matrix = section["matrix"]
    rows = [[row, *line] for row, line in zip(matrix["rows"], matrix["counts"], strict=True)]
    parts += ["Rows: human consensus. Columns: automated label. Counts of items.", ""]
    parts += [table(["", *matrix["columns"]], rows), ""]
    decided, everything = section["decided"], section["everything"]
    parts += [f"Over the {count(decided['items'], 'item')} to which both gave a value:", ""]
    parts += [table(["Statistic", "Value", "Interval"], statistic_rows(decided["statistics"])), ""]
    if not everything["same_as_decided"]:
        text = (
            f"Over all {count(everything['items'], 'item')} with a consensus, what is no value "
            f"({listed(section['ends'])}) being classes of their own:"
        )
        rows = statistic_rows(everything["statistics"])
        parts += [plain(text), "", table(["Statistic", "Value", "Interval"], rows), ""]
    return parts + _classes(section) + _single_raters(section)


def _classes(section: dict[str, Any]) -> Lines:
    head = ["Class", "Consensus", "Automated", "No value", "Precision", "Recall", "F1"]
    rows = [
        [
            row["category"],
            row["consensus"],
            row["automated"],
            row["without_label"],
            *(_short(row[key]) for key in ("precision", "recall", "f1")),
        ]
        for row in section["classes"]
    ]
    return [table(head, rows), ""] if rows else []


def _short(statistic: dict[str, Any]) -> str:
    if not statistic["defined"]:
        return f"undefined: {statistic['reason']}"
    if statistic["interval"] is None:
        return f"{number(statistic['value'], 3)} (no interval)"
    low, high = statistic["interval"]["low"], statistic["interval"]["high"]
    return f"{number(statistic['value'], 3)} [{number(low, 3)}, {number(high, 3)}]"


def _single_raters(section: dict[str, Any]) -> Lines:
    together = section["as_rater"]
    parts = _paragraphs([f"{together['name']}: {estimate(together, 3)}."])
    if section["raters"]:
        rows = [[row["rater"], row["n"]["units"], *value_cells(row)] for row in section["raters"]]
        head = ["With one rater", "Items", "Cohen's kappa", "Interval"]
        parts = [table(head, rows), "", *parts]
    return parts


def _numbers(section: dict[str, Any]) -> Lines:
    parts = _heading(f"{section['name']} against the raters' mean")
    parts += [f"{count(section['items'], 'item')} have both numbers.", ""]
    return parts + _single_raters(section)


def _trials(section: dict[str, Any] | None) -> Lines:
    if section is None:
        return []
    parts = _heading("Trials of a cell among themselves")
    scored = f"{section['scored']:,} of {count(section['trials'], 'trial')} have an angle"
    parts += [
        plain(f"{scored} by {section['scorer']}."),
        "",
        table(["Statistic", "Value", "Interval"], statistic_rows(section["statistics"])),
        "",
        f"For reference: {number(section['reference']['value'])}, "
        f"{section['reference']['text']} ({section['reference']['source']}). "
        f"{section['reference'].get('caution', '')}",
        "",
    ]
    head = ["Model", "Condition", "Trials", "Scored", "Mean", "SD", "Range"]
    rows = [
        [
            row["model"] + (" (simulated)" if row["simulated"] else ""),
            row["condition"],
            row["trials"],
            row["scored"],
            *angle_cells(row),
        ]
        for row in section["cells"]
    ]
    return [*parts, table(head, rows, 2), "", *_crosscheck(section["crosscheck"])]


def angle_cells(row: dict[str, Any]) -> Lines:
    """Mean, SD and range of a cell's angles."""
    if row["mean"] is None:
        return ["no angle", "", ""]
    sd = "one trial" if row["sd"] is None else degrees(row["sd"])
    return [degrees(row["mean"]), sd, f"{degrees(row['low'])} to {degrees(row['high'])}"]


def _crosscheck(section: dict[str, Any] | None) -> Lines:
    if section is None:
        return []
    if not section["rows"]:
        return [f"No cross-check with pingouin: {section['reason']}.", ""]
    head = ["Form", "Here", "pingouin", "Largest difference", "Note"]
    rows = [
        [row["form"], _three(row["ours"]), _three(row["pingouin"]), difference(row), row["note"]]
        for row in section["rows"]
    ]
    text = f"Cross-check with pingouin on {section['what']} (95 % limits):"
    return [plain(text), "", table(head, rows), ""]


def _three(values: dict[str, float | None] | None) -> str:
    if values is None or values["value"] is None:
        return "none"
    value = number(values["value"], 6)
    if values["low"] is None or values["high"] is None:
        return value
    return f"{value} [{number(values['low'], 6)}, {number(values['high'], 6)}]"


def difference(row: dict[str, Any]) -> str:
    """The difference between the two implementations, or that they agree to 1e-8."""
    if row["difference"] is None:
        return "not comparable"
    return "below 1e-8" if row["agrees"] else f"{row['difference']:.1e}"


def _quality(section: dict[str, Any]) -> Lines:
    rows = [[row["text"], row["items"]] for row in section["items"]]
    parts = [*_heading("Data quality"), table(["What", "Items"], rows), ""]
    parts += _paragraphs(what_is_left_out(section["excluded"]))
    done = section["adjudicated"]
    if done["items"]:
        parts += [
            f"Reviewers decided on {count(done['items'], 'item')}: {done['confirm_consensus']} "
            f"decisions confirm the consensus, {done['against_consensus']} go against it. "
            "Decisions stand beside the judgments and change no number above.",
            "",
        ]
    return parts


def _conventions(result: dict[str, Any]) -> Lines:
    lines = [
        f"- {row['statistic']} {row['value']:g}: {row['meaning']} ({row['source']})"
        for row in result["thresholds"]
    ]
    return [*_heading("Conventions used in the words"), *lines, ""]


def _made_with(report: Report) -> Lines:
    result, chosen = report.result, report.result["parameters"]
    versions = [
        f"{name} {text}"
        for name, text in sorted(result["versions"].items())
        if isinstance(text, str)
    ]
    facts = [
        f"Data set sha256: {result['data_set']['sha256']}",
        f"Report key: {report.key}",
        f"Seed {chosen['seed']}, {chosen['replicates']:,} bootstrap replicates, "
        f"{share(chosen['level'])} intervals",
        f"Versions: {', '.join(versions)}",
        f"Scorers: {', '.join(result['versions']['scorers']) or 'none'}",
    ]
    return [*_heading("To make this report again"), *(f"- {plain(fact)}" for fact in facts)]
