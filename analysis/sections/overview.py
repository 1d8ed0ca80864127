"""What was asked of whom, and who answered."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from analysis.data.frozen import UNSCORABLE, Automated
from analysis.sections.computing import CLUSTERS, Computing, warning
from analysis.sections.result.overview import (
    Clusters,
    Coverage,
    ItemsWithJudgments,
    Overview,
    RatersOfKind,
)
from analysis.sections.result.statistic import Warning
from analysis.sections.section import Section
from analysis.statistics.core.bootstrap import MIN_CLUSTERS
from analysis.words.wording import count, listed, scale_of

BLIND = (
    "This platform showed raters what the model said and nothing else: not the model's name, the "
    "target value, the automated label, the {value}, nor another rater's judgment. What they "
    "learned elsewhere is not known here."
)
PER_ITEM = re.compile(r"items? (\d+(?:(?:, | and )\d+)*) (?:(?:is|are|was|were) )?(.+)")
NAMES_NONE = re.compile(r"names? no option")
NOT_KNOWN = (
    "The judgments were imported: whether their raters were blind to the automated label and to "
    "each other is not known here."
)


def overview(computing: Computing) -> Overview:
    """Counts, raters by kind, overlap, coverage of the metrics, and how blind the raters were."""
    data, unit = computing.data, computing.kind.unit_of_ratings(computing.data)
    judged = data.ratings.per_unit()
    per_item = np.bincount(data.item, minlength=data.n_items) if data.n_items else judged
    blind = BLIND if data.study["source"] == "trials" else NOT_KNOWN
    section: Overview = {
        "question": data.study["question"],
        "scale": scale_of(data.study),
        "categories": data.categories,
        "ways_out": [{"category": name, "judgments": n} for name, n in data.ways_out_taken.items()],
        "consensus_rule": data.content["choices"]["consensus"],
        "counts": {
            "items": data.n_items,
            "items_judged": int(np.count_nonzero(per_item)),
            "judgments": len(data.item),
            "raters": len(data.pseudonyms),
            "models": len(computing.models),
        },
        "raters_by_kind": _raters_by_kind(computing),
        "overlap": {
            "wanted": data.study["overlap"],
            "items_by_judgments": _distribution(per_item.tolist()),
        },
        "models": computing.models,
        "clusters": _clusters(computing),
        "properties": sorted(data.properties),
        "unjudged": int((per_item == 0).sum()) if data.study["source"] == "import" else 0,
        "simulated_items": _simulated_items(computing),
        "scorers": [_coverage(computing, scorer) for scorer in data.automated],
        "blindness": blind.format(value=computing.kind.unit.value),
        "excluded": data.content["excluded"],
    }
    if unit:
        section["unit"] = unit
    return section


INDEPENDENT = (
    "The file does not say which items belong together (model, document): the intervals take items "
    "as independent of each other, and are too narrow where they are not."
)


def _clusters(computing: Computing) -> Clusters:
    """What intervals take for sampled (``by``: model, cluster or '' for items), how many of these
    there are, and what that means where items are imported."""
    data, by = computing.data, computing.cluster_by
    number = 0 if computing.clusters is None else int(computing.clusters.max()) + 1
    imported = data.from_file
    declared = [fact for fact in CLUSTERS if fact in data.properties]
    text = ""
    if by and imported:
        text = f"The intervals take the {number:,} {by}s that the file names for what was sampled."
        if by == "model" and "cluster" in declared:
            text += " The clusters it names as well are groups only: intervals go by models."
    elif imported and not declared:
        text = INDEPENDENT
    elif imported:
        what = listed([f"{fact}s" for fact in declared])
        text = (
            f"The file names fewer than {MIN_CLUSTERS} different {what}: too few to be what was "
            "sampled, so the intervals take items as independent."
        )
    return {"by": by, "number": number, "text": text}


def _distribution(values: list[int]) -> list[ItemsWithJudgments]:
    return [{"judgments": value, "items": n} for value, n in sorted(Counter(values).items())]


def _raters_by_kind(computing: Computing) -> list[RatersOfKind]:
    """How many raters of each kind there are, with their judgments."""
    kinds = computing.data.content["raters"]["kind"]
    per_rater = np.bincount(computing.data.rater, minlength=len(kinds)).tolist()
    raters, judgments = Counter(kinds), Counter[str]()
    for kind, n in zip(kinds, per_rater, strict=True):
        judgments[kind] += n
    return [
        {"kind": kind, "raters": raters[kind], "judgments": judgments[kind]}
        for kind in sorted(raters)
    ]


def _simulated_items(computing: Computing) -> int:
    simulated = computing.data.content["trials"]["simulated"]
    rows = computing.data.content["items"]["trial"]
    return sum(1 for row in rows if row is not None and simulated[row])


def _coverage(computing: Computing, scorer: Automated) -> Coverage:
    """How many items a metric labelled, could not label (with the reasons), or never saw."""
    label = Counter(scorer.label)
    unscorable = label.pop(UNSCORABLE, 0)
    if computing.data.is_interval:
        labelled = int(np.count_nonzero(~np.isnan(scorer.number)))
        missing = computing.data.n_items - labelled - unscorable
    else:
        missing = label.pop("", 0)
        labelled = sum(label.values())
    reasons = Counter(short_reason(reason) for reason in scorer.reason if reason)
    return {
        "scorer": scorer.scorer,
        "version": scorer.version,
        "name": scorer.name,
        "labelled": labelled,
        "unscorable": unscorable,
        "missing": missing,
        "share_labelled": labelled / computing.data.n_items if computing.data.n_items else None,
        "reasons": [{"reason": reason, "items": n} for reason, n in reasons.most_common()],
        "flags": dict(sorted(Counter(flag for flags in scorer.flags for flag in flags).items())),
    }


def short_reason(reason: str) -> str:
    """A scorer's reason with its items counted: 'items 1 and 2 are ambiguous' is '2 answers
    ambiguous'. A reason of another form stays as it is."""
    parts = [PER_ITEM.fullmatch(part) for part in reason.split("; ")]
    kinds = Counter[str]()
    for part in filter(None, parts):
        kinds[NAMES_NONE.sub("naming no option", part[2])] += len(re.findall(r"\d+", part[1]))
    if not kinds or not all(parts):
        return reason
    return ", ".join(f"{count(n, 'answer')} {kind}" for kind, n in sorted(kinds.items()))


def overview_warnings(section: Overview) -> list[Warning]:
    """Who judged and what was judged, where it limits what the numbers mean."""
    found = []
    by_kind = {row["kind"]: row["judgments"] for row in section["raters_by_kind"]}
    total = section["counts"]["judgments"]
    if simulated := by_kind.get("simulated", 0):
        found.append(
            warning(
                "simulated_raters",
                f"{simulated:,} of {count(total, 'judgment')} come from simulated raters: they "
                "show how the platform works and say nothing about people.",
            )
        )
    if items := section["simulated_items"]:
        found.append(
            warning(
                "simulated_respondent",
                f"{items:,} of {count(section['counts']['items'], 'item')} come from the simulated "
                "respondent, not from a language model.",
            )
        )
    if 0 < section["counts"]["raters"] < 3:
        found.append(
            warning(
                "few_raters",
                f"Only {count(section['counts']['raters'], 'rater')} judged: with fewer than "
                "three, agreement says little about other raters.",
            )
        )
    few_models = 1 < section["counts"]["models"] < MIN_CLUSTERS
    if section["clusters"]["text"] and not section["clusters"]["by"] and not few_models:
        found.append(warning("independent_items", section["clusters"]["text"]))
    if few_models:
        found.append(
            warning(
                "few_models",
                f"The items come from {section['counts']['models']} models. With fewer than four "
                "the intervals speak of these models only, not of others like them.",
            )
        )
    return found + _coverage_warnings(section["scorers"])


def _coverage_warnings(scorers: list[Coverage]) -> list[Warning]:
    """The gaps of the study's metric, and how many others have some."""
    found = [_coverage_warning(scorer) for scorer in scorers[:1] if _partial(scorer)]
    if others := sum(map(_partial, scorers[1:])):
        verb = "has" if others == 1 else "have"
        text = f"{count(others, 'further metric')} {verb} no label for some items of the study."
        found.append(warning("coverage", text))
    return found


def _partial(scorer: Coverage) -> bool:
    return scorer["unscorable"] + scorer["missing"] > 0


def _coverage_warning(scorer: Coverage) -> Warning:
    parts = []
    if scorer["unscorable"]:
        parts.append(f"could not label {count(scorer['unscorable'], 'item')}")
    if scorer["missing"]:
        parts.append(f"has no label for {count(scorer['missing'], 'item')}")
    return warning(
        "coverage",
        f"{scorer['name']} {' and '.join(parts)} of the study. They are counted in the confusion "
        "matrix or as missing, and are no part of its precision and recall.",
    )


SECTION = Section("overview", "Counting what was judged", overview)
