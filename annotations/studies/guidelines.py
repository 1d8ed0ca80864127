"""What raters are told: every change is a new version, and every version stays readable."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.models import User
from annotations.models import Guideline, Study
from annotations.taking_part.stages import ask_consent_anew

TEXTS = ("about", "consent", "instructions", "codebook", "thanks")
"""The texts of a guideline, in the order in which raters meet them."""

TITLES = {
    "about": "About the study",
    "consent": "Consent",
    "instructions": "Instructions",
    "codebook": "Codebook",
    "thanks": "Thanks",
}

MAX_TEXT = 50_000


class GuidelineRefused(Exception):
    """A version that cannot be made; says why."""


@transaction.atomic
def revise(
    study: Study, actor: User | None, *, based_on: int | None = None, **texts: str
) -> Guideline:
    """Store *texts* (see `TEXTS`) as a new version and return it; texts not given stay as they are.

    Nothing new makes no version: the newest is returned. A changed consent is asked anew of raters
    who gave theirs to an earlier one. Raises GuidelineRefused for a text that is too long, and
    where the newest version is another than *based_on* (0: none; None: any): it would be undone.
    """
    Study.objects.select_for_update().get(pk=study.pk)  # versions are numbered one by one
    newest = study.guidelines.order_by("-version").first()
    if newest and based_on is not None and newest.version != based_on:
        by = f" by {newest.created_by}" if newest.created_by else ""
        raise GuidelineRefused(
            f"Version {newest.version} was stored{by} while you wrote, so yours is not stored. "
            "Look at it under Versions; stored now, what stands below takes its place."
        )
    wanted = {name: _clean(name, texts[name]) for name in TEXTS if name in texts}
    stands = {name: getattr(newest, name) if newest else "" for name in TEXTS}
    changed = [name for name, text in wanted.items() if text != stands[name]]
    if newest and not changed:
        return newest
    made = Guideline.objects.create(
        study=study,
        version=newest.version + 1 if newest else 1,
        created_by=actor,
        **(stands | wanted),
    )
    change = audit.Change(
        {"version": newest.version} if newest else None, {"version": made.version}
    )
    audit.record(study.project, actor, "guideline revised", study, change, changed=changed)
    if "consent" in changed:
        ask_consent_anew(study)
    return made


def _clean(name: str, text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > MAX_TEXT:
        raise GuidelineRefused(
            f"{TITLES[name]} has {len(text):,} characters: shorten it to {MAX_TEXT:,}."
        )
    return text


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison; ``mark``: '+' new, '-' gone, ' ' in both."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One text of a version beside the version before it."""

    name: str
    lines: list[Line]

    @property
    def title(self) -> str:
        return TITLES[self.name]


def changes_of(new: Guideline, old: Guideline | None) -> list[Change]:
    """What *new* says differently from *old*, text by text; only the texts that differ."""
    return [
        Change(name, list(_compared(getattr(old, name, ""), getattr(new, name))))
        for name in TEXTS
        if getattr(old, name, "") != getattr(new, name)
    ]


def _compared(old: str, new: str) -> Iterator[Line]:
    for line in difflib.ndiff(old.splitlines(), new.splitlines()):
        if line[0] != "?":
            yield Line(line[0], line[2:])
