"""Opens the database at hand, which an earlier release made, by today's code: says what is in it.

    DATABASE_URL=... python -m tests.golden_house.releases.opens FILE.json

Migrates it, and writes everything that is held of it as JSON: what pages answer, the kept reports
to the letter, data sets, exports, and reports that are made anew, also after trials were scored
by the present version of the scorer. Exit status 1, with what went wrong, where it does not open.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

PROJECT = "golden"
OF_PROJECT = (
    *("project", "runs", "run_new", "endpoints", "definitions", "studies", "study_new"),
    *("disputes", "planning", "compare"),
)
OF_STUDY = (
    *("study", "study_settings", "study_guidelines", "study_controls", "invitations"),
    *("rater_board", "report", "judge_preview"),
)


def facts_of_it(folder: Path) -> dict[str, Any]:
    from tests.golden_house import leaving, reading
    from tests.golden_house.making.clock import standing_clock

    leaving.command("migrate")
    slugs = reading.slugs(PROJECT)
    facts: dict[str, Any] = {}
    with standing_clock() as clock:
        clock.pass_by(1_000_000)
        for slug in slugs:
            facts[f"{slug}/kept"] = reading.kept_reports(PROJECT, slug)
            facts[f"{slug}/stored-data-sets"] = list(_data_sets(slug))
            facts |= leaving.of_study(PROJECT, slug, folder)
        facts |= leaving.of_runs(PROJECT, folder)
        facts["pages"] = _pages(slugs, facts)
        for slug in slugs:
            facts |= _kept_files(slug, facts[f"{slug}/kept"])
        for slug in slugs:
            facts |= _report(slug, folder, "anew", ("json", "md", "csv", "tex"))
        facts["rescored"] = leaving.command("rescore_trials", "--project", PROJECT)
        facts["scores-then"] = reading.scores(PROJECT)
        for slug in slugs if facts["scores-then"] != facts["scores"] else ():
            facts |= _report(slug, folder, "rescored", ("json",))
    return facts


def _report(slug: str, folder: Path, name: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    """A report made by today's code, in these forms; the scenes hold what else there is of one."""
    from tests.golden_house import leaving

    found = leaving.of_report(PROJECT, slug, folder, name, ())
    return {f"{slug}/{name}/report.{kind}": found[f"{slug}/{name}/report.{kind}"] for kind in kinds}


def _data_sets(slug: str) -> Iterator[dict[str, Any]]:
    """The hashes of the stored data sets, and those of what is read back."""
    from tests.golden_house import reading, stored

    for one in reading.data_sets(PROJECT, slug):
        written = stored.canonical(one["content"]).encode()
        read_back = hashlib.sha256(written).hexdigest()
        yield {name: one[name] for name in ("sha256", "parameters")} | {"read_back": read_back}


def _kept_files(slug: str, kept: list[dict[str, Any]]) -> dict[str, str]:
    """The files of the kept reports as they are downloaded; the JSON is the stored one."""
    from django.urls import reverse

    from accounts.models import Role
    from tests.golden_house.making import people

    client = people.member(PROJECT, "researcher", Role.RESEARCHER)
    files = {}
    for at, report in enumerate(kept):
        for kind in ("json", "markdown", "csv", "latex"):
            address = reverse("report_file", args=[PROJECT, slug, kind])
            response = client.get(f"{address}?kept={report['key']}")
            files[f"{slug}/kept-{at}.{kind}"] = response.content.decode()
    return files


def _pages(slugs: list[str], facts: dict[str, Any]) -> dict[str, int]:
    """What each page answers to a researcher."""
    from django.urls import reverse

    from accounts.models import Role
    from tests.golden_house import reading
    from tests.golden_house.making import people

    client = people.member(PROJECT, "researcher", Role.RESEARCHER)
    asked: list[tuple[str, tuple[Any, ...], str]] = [(page, (PROJECT,), "") for page in OF_PROJECT]
    for slug in slugs:
        asked += [(page, (PROJECT, slug), "") for page in OF_STUDY]
        for kept in facts[f"{slug}/kept"]:
            asked.append(("report", (PROJECT, slug), f"?kept={kept['key']}"))
    for key in reading.run_keys(PROJECT):
        asked += [(page, (PROJECT, key), "") for page in ("run", "run_statistics")]
    asked += [("trial", (PROJECT, key), "") for key in reading.trial_keys(PROJECT)[::9]]
    for slug in slugs:
        asked += [("dispute", (PROJECT, key), "") for key in reading.open_disputes(PROJECT, slug)]
    return {
        f"{page} {' '.join(map(str, names[1:]))}{query[:18]}": client.get(
            reverse(page, args=names) + query
        ).status_code
        for page, names, query in asked
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hvae_site.settings")
    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    with tempfile.TemporaryDirectory() as place:
        found = json.dumps(facts_of_it(Path(place)), ensure_ascii=False)
    Path(sys.argv[1]).write_text(found, "utf-8")
