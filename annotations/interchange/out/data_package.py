"""What stands beside the data of a package: `datapackage.json` (Data Package 2.0) and
`croissant.json` (Croissant 1.0 with its vocabulary for responsible use). Pure.

Both are made of the same fields and of what the rows told, so that neither says what the other or
the data do not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from annotations.interchange.out.fields import (
    NUMBER,
    RATER_KINDS,
    TEXT,
    TIME,
    WHOLE,
    Described,
    Field,
    Told,
    field_of,
)

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
CROISSANT = "http://mlcommons.org/croissant/1.0"
RESPONSIBLE = "http://mlcommons.org/croissant/RAI/1.0"

NO_LICENCE = "No licence was stated: ask who collected the data before using them"
RATERS = (
    Field("rater", TEXT, "Pseudonym of the rater"),
    Field("kind", TEXT, RATER_KINDS),
    Field("language", TEXT, "Language of the rater's pages"),
    Field("judgments", WHOLE, "How many judgments of the rater are in the table"),
)

LABELS = (
    Field("item", TEXT, "Id of what was labelled"),
    Field("scorer", TEXT, "Name and version of the metric"),
    Field("value", TEXT, "Its label on the study's scale; empty where it gave no valid one"),
)

_FRICTIONLESS = {TEXT: "string", WHOLE: "integer", NUMBER: "number", TIME: "datetime"}
_SCHEMA_ORG = {TEXT: "sc:Text", WHOLE: "sc:Integer", NUMBER: "sc:Float", TIME: "sc:DateTime"}
_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


@dataclass(frozen=True)
class File:
    """A file of the package: its name, size, hash (SHA-256), fields and what it holds."""

    name: str
    bytes: int
    sha256: str
    fields: Sequence[Field]
    about: str

    @property
    def form(self) -> str:
        return self.name.rpartition(".")[2]


def fields_of(columns: Iterable[str]) -> list[Field]:
    return [field_of(name) for name in columns]


# --- words both say ---------------------------------------------------------------------------


def in_words(study: Described, told: Told) -> str:
    """What the data are, in a paragraph."""
    asked = f" They were asked: {study.question}" if study.question else ""
    return (
        f"{_counted(told.judgments, 'judgment')} of {_counted(len(told.items), 'item')} by "
        f"{_counted(len(told.raters), 'rater')}, from the study {study.name!r} on the scale "
        f"{study.scale!r}. {simulated(told)}{asked}"
    )


def simulated(told: Told) -> str:
    """How many raters are programs, and of how many that was not said; said in any case."""
    if told.simulated and told.simulated == len(told.raters):
        return "ALL RATERS ARE SIMULATED: no person judged."
    said = []
    if told.simulated:
        said.append(f"{told.simulated} of the raters are SIMULATED: programs, no people.")
    if told.imported:
        who = "All" if told.imported == len(told.raters) else f"{told.imported} of the"
        said.append(f"{who} raters judged elsewhere: whether they are people was not said.")
    return " ".join(said) or "All raters are people."


def _raters(study: Described, told: Told) -> list[str]:
    """The raters' properties, each in a sentence."""
    found = [simulated(told)]
    if study.raters_are:
        found.append(f"The raters were declared to be: {study.raters_are}.")
    languages = Counter(rater["language"] or "not said" for rater in told.raters.values())
    spoken = ", ".join(f"{name} ({number})" for name, number in sorted(languages.items()))
    found.append(f"Languages of their pages, with the number of raters: {spoken}.")
    return found


def _collected(study: Described, told: Told) -> str:
    scale = ", ".join(study.categories)
    words = "Raters judged one item at a time; they saw neither the model nor any other judgment."
    values = f" Values: {scale}." if scale else ""
    ways = f" Ways out: {', '.join(study.ways_out)}." if study.ways_out else ""
    return f"{words} {simulated(told)}{values}{ways}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


# --- datapackage.json -------------------------------------------------------------------------


def data_package(study: Described, told: Told, files: Sequence[File], made: date) -> dict[str, Any]:
    """The content of ``datapackage.json``."""
    package: dict[str, Any] = {
        "$schema": PROFILE,
        "name": study.slug,
        "title": study.name,
        "description": in_words(study, told),
        "created": f"{made.isoformat()}T00:00:00Z",
        "resources": [_resource(file) for file in files],
        "valuecheck": {
            "project": study.project,
            "question": study.question,
            "scale": study.scale,
            "categories": list(study.categories),
            "ways_out": list(study.ways_out),
            "raters_are": study.raters_are,
            "simulated_raters": told.simulated,
        },
    }
    return package | ({"licenses": [_licence(study.licence)]} if study.licence else {})


def _licence(licence: str) -> dict[str, str]:
    return {"path" if "://" in licence else "name": licence}


def _resource(file: File) -> dict[str, Any]:
    """A file; the schema is that of a CSV, as Parquet carries its own."""
    described: dict[str, Any] = {
        "name": file.name.replace(".", "-"),
        "path": file.name,
        "format": file.form,
        "mediatype": _MEDIA[file.form],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "description": file.about,
    }
    if file.form != "csv":
        return {**described, "type": "file"}
    fields = [
        {"name": one.name, "type": _FRICTIONLESS[one.type], "description": one.meaning}
        for one in file.fields
    ]
    schema = {"fields": fields, "missingValues": [""]}
    return {**described, "type": "table", "encoding": "utf-8", "schema": schema}


# --- croissant.json ---------------------------------------------------------------------------

_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "equivalentProperty": "cr:equivalentProperty",
    "samplingRate": "cr:samplingRate",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(study: Described, told: Told, files: Sequence[File], made: date) -> dict[str, Any]:
    """The content of ``croissant.json``."""
    described = {
        "@context": dict(_CONTEXT),
        "@type": "sc:Dataset",
        "conformsTo": [CROISSANT, RESPONSIBLE],
        "name": study.slug,
        "description": in_words(study, told),
        "license": study.licence or NO_LICENCE,
        "datePublished": made.isoformat(),
        "version": "1.0.0",
        "citeAs": f"{study.project}: {study.name}. Judgments collected with Valuecheck, {made}.",
        "creator": {"@type": "sc:Organization", "name": study.project},
        "distribution": [_file_object(file) for file in files],
        "recordSet": [_record_set(file) for file in files if file.form == "csv"],
        "rai:dataCollection": _collected(study, told),
        "rai:dataCollectionType": "Surveys",
        "rai:dataAnnotationProtocol": study.question or "No question was stated.",
        "rai:dataAnnotationPlatform": "Valuecheck",
        "rai:annotationsPerItem": f"{told.judgments / max(1, len(told.items)):.2f} on average",
        "rai:annotatorDemographics": _raters(study, told),
        "rai:personalSensitiveInformation": (
            "Raters stand under pseudonyms; their comments may hold what they wrote of themselves."
        ),
    }
    if told.first and told.last:
        described["rai:dataCollectionTimeframe"] = [told.first.isoformat(), told.last.isoformat()]
    if told.simulated:
        described["rai:machineAnnotationTools"] = [simulated(told)]
    return described


def _file_object(file: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": file.about,
        "contentUrl": file.name,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": _MEDIA[file.form],
        "sha256": file.sha256,
    }


def _record_set(file: File) -> dict[str, Any]:
    name = file.name.rpartition(".")[0]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": file.about,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{one.name}",
                "name": one.name,
                "description": one.meaning,
                "dataType": _SCHEMA_ORG[one.type],
                "source": {"fileObject": {"@id": file.name}, "extract": {"column": one.name}},
            }
            for one in file.fields
        ],
    }
