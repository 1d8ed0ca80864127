"""A report as Markdown that reads well as plain text."""

from __future__ import annotations

from typing import Any

from analysis.kinds import kind_of
from analysis.models import Report
from analysis.render.kinds import shown_of
from analysis.render.pipes import plain, table
from analysis.render.sheets.every import by_section
from analysis.render.sheets.trials import in_words
from analysis.render.shown import Headed, Shown
from analysis.report.methods import methods
from analysis.words.earlier import with_later_parts
from analysis.words.sheet import Sheet
from analysis.words.wording import count, estimate, share

Lines = list[str]
Tables = dict[str, list[Sheet]]
OVERVIEW = ("simulated", "coverage", "unscorable", "overlap")
HUMANS = ("humans", "ways_out", "icc", "categories", "pairs", "confidence", "humans_crosscheck")
AGAINST = ("matrix", "decided", "classes", "differences")
AS_RATER = ("substitute", "each", "raters")
"""Parts of a metric's section whose tables stand above and below the metric as one more rater."""
ABOVE_RATERS: Headed = (
    ("The same item a second time", ("repeats",)),
    ("Further questions", ("further",)),
    ("Cultures of the raters", ("cultures",)),
    ("Dimension by dimension", ("vectors",)),
    ("A second consensus beside the majority", ("latent",)),
    ("What the raters would have said of all that was scored", ("corrected", "corrected_models")),
    ("By model, value and condition", ("groups_humans", "groups", "contrasts")),
)
RATERS = ("raters", "calibration", "disagreement")


def headed(own: Shown) -> Headed:
    """Headings and the parts of the report whose tables stand below them; *own*: what is shown of
    the kind of the instrument."""
    return (
        *ABOVE_RATERS,
        *own.above_raters,
        ("Rater by rater", (*RATERS, *own.with_raters)),
        ("Reporting checklist", ("grras",)),
        *own.at_the_end,
    )


def as_markdown(report: Report) -> str:
    """The whole report: the answer, warnings, sections, and how to make it again."""
    result = with_later_parts(report.result)
    tables = by_section(result)
    parts: Lines = [f"# {plain(result['study']['name'])}: agreement report", ""]
    parts += [*_paragraphs(result["answer"]), *_warnings(result["warnings"])]
    parts += _overview(result["overview"]) + _tables(tables, OVERVIEW)
    parts += _humans(result["humans"], tables)
    if tables.get("ranking"):
        parts += [*_heading("Every metric"), *_tables(tables, ("ranking",))]
    for at, section in enumerate(result["automated"], start=1):
        parts += _metric(section, f"metric{at}", tables)
    for title, names in headed(shown_of(result["study"])):
        found = _tables(tables, names)
        parts += [*_heading(title), *found] if found else []
    parts += _trials(result, tables) + _quality(result["quality"], tables)
    parts += _conventions(result) + _methods(result)
    return "\n".join(parts + _made_with(report)).rstrip() + "\n"


def _tables(tables: Tables, sections: tuple[str, ...]) -> Lines:
    """The tables of some parts of the report, each under its title, with the notes below."""
    parts: Lines = []
    for sheet in (sheet for name in sections for sheet in tables.get(name, [])):
        written = sheet.written()
        parts += [plain(f"{sheet.title}:"), ""]
        parts += [table(sheet.head, written.rows, sheet.numeric), ""]
        parts += _paragraphs([*map(str, written.notes), *sheet.remarks])
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
    return [*_heading("What was judged, and by whom"), *(f"- {plain(fact)}" for fact in facts), ""]


def _humans(section: dict[str, Any], tables: Tables) -> Lines:
    parts = [*_heading("Humans among themselves"), *_tables(tables, HUMANS)]
    if not section["pairs"]:
        parts += [f"Pairs of raters are not listed: {section['pairs_reason']}.", ""]
    return parts + _without_crosscheck(section.get("crosscheck"))


def _metric(section: dict[str, Any], key: str, tables: Tables) -> Lines:
    name = section["name"]
    if section["kind"] == "labels":
        parts = _heading(f"{name} against the human consensus")
    else:
        parts = _heading(f"{name} against the raters' mean")
        parts += [f"{count(section['items'], 'item')} have both numbers.", ""]
    together = section["as_rater"]
    parts += _tables(tables, tuple(f"{key}-{part}" for part in AGAINST))
    parts += _paragraphs([f"{together['name']}: {estimate(together, 3)}."])
    return parts + _tables(tables, tuple(f"{key}-{part}" for part in AS_RATER))


def _trials(result: dict[str, Any], tables: Tables) -> Lines:
    section = result["trials"]
    if section is None:
        return []
    parts = _heading("Trials of a cell among themselves")
    parts += _paragraphs(in_words(section, kind_of(result["study"]).unit))
    parts += _tables(tables, ("trials", "trials_crosscheck"))
    return parts + _without_crosscheck(section["crosscheck"])


def _without_crosscheck(section: dict[str, Any] | None) -> Lines:
    if section is None or section["rows"]:
        return []
    return [f"No cross-check with pingouin: {section['reason']}.", ""]


def _quality(section: dict[str, Any], tables: Tables) -> Lines:
    parts = [*_heading("Data quality"), *_tables(tables, ("quality",))]
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
