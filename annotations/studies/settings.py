"""What can be set of a study, checked; and what may still change once people have judged."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from accounts.audit import Change, record
from accounts.models import User
from annotations.base import DECLARED
from annotations.disputes.disputes import refresh_items
from annotations.disputes.quick_reasons import why_no_reasons
from annotations.kinds import kinds_in_words, own_questions
from annotations.kinds import questions_of as questions_brought_by
from annotations.models import Item, Judgment, Rater, Study
from annotations.questions import own_measures
from annotations.questions.controls import checked_expectation
from annotations.questions.of_study import primary_question, questions_of
from annotations.questions.question import check_ways_out

MAX_OVERLAP = 50
"""Judgments an item can be given; finding a free place looks into every level up to it."""

ASKED = ("kind", "question", "scale", "categories", "ways_out", "ranges", "further_questions")
BEFORE_DATA = ("raters_are",)
PROMISED = ("on_deletion", "least_judged", "most_skipped")
FREE = (
    *("name", "tolerance", "overlap", "cap", "repeat_share", "option_order", "language"),
    *("control_every", "control_feedback", "attention_limit", "qualification_pass"),
    "asks_own_measure",
)
REVIEWED = ("quick_reasons", "reason_required")
"""What reviewers are asked: it can change at any time, for disputes outlast their study."""

SETTINGS = (*ASKED, *BEFORE_DATA, *PROMISED, *FREE, *REVIEWED)
"""Fields of a study that a researcher sets; ``unit`` and the sample are settled by the draw."""

EDITABLE_STATES = (Study.State.DRAFT, Study.State.PILOT)


class SettingsRefused(Exception):
    """Settings that do not fit together, or that can no longer change; ``errors`` says why, by
    field ('' for the study as a whole)."""

    def __init__(self, **errors: str) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


def apply(study: Study, settings: Mapping[str, Any], instrument: str = "") -> Study:
    """Set *settings* (see `SETTINGS`) on *study*, unsaved; what follows from the kind is filled in.

    *instrument*: the kind of instrument of its trials; '' where it is about texts. Raises
    SettingsRefused, with the reason by field.
    """
    if unknown := set(settings) - set(SETTINGS) - {"unit"}:
        raise SettingsRefused(study=f"A study has no setting {min(unknown)!r}.")
    for name, value in settings.items():
        setattr(study, name, value)
    if "ways_out" not in settings:  # of other answers, those that are still there
        study.ways_out = [name for name in study.ways_out if name in study.categories]
    _follow_kind(study)
    errors = _bounds(study, instrument)
    try:
        questions_of(study)
    except ValueError as error:
        errors.setdefault("question", _sentence(str(error)))
    if errors:
        raise SettingsRefused(**errors)
    try:
        study.clean_fields(exclude=["project", "created_by", "slug", "seed", "source", "state"])
    except ValidationError as error:
        raise SettingsRefused(**{k: " ".join(v) for k, v in error.message_dict.items()}) from error
    return study


def _follow_kind(study: Study) -> None:
    """Scale, categories, ways out and wording that a kind brings with it."""
    kinds = own_questions()
    own = kinds.get(study.kind)
    if own:
        # Of a vector the categories are its dimensions: its scale knows the ways out by itself.
        study.ways_out = [
            name for name in own.ways_out if name in own.choices and not own.is_vector
        ]
        study.scale = own.scale
        if own.choices or own.is_numeric:
            study.categories = list(own.choices)
        if study.tolerance is None:
            study.tolerance = own.tolerance
    study.question = study.question.strip()
    if not study.question or study.question in {kind.prompt for kind in kinds.values()}:
        study.question = own.prompt if own else ""


def _bounds(study: Study, instrument: str) -> dict[str, str]:
    """What is wrong with single numbers, and with a question for what is judged, by field."""
    errors = {}
    if why := _why_no_kind(study, instrument):
        errors["kind"] = why
    if study.kind == DECLARED and not study.question:
        errors["question"] = "A scale of your own needs a question."
    if study.asks_own_measure and not own_measures.is_offered(instrument, study.kind):
        errors["asks_own_measure"] = (
            "The measure that is judged here cannot be taken by raters: leave this out."
        )
    if why := _why_no_ways_out(study):
        errors["ways_out"] = why
    if why := why_no_reasons(study.quick_reasons):
        errors["quick_reasons"] = why
    if study.ranges.get("raters") and study.scale != Study.Scale.INTERVAL:
        errors["ranges"] = "Only a scale of numbers has ends: leave them out, or choose interval."
    if not 1 <= study.overlap <= MAX_OVERLAP:
        errors["overlap"] = (
            f"The overlap is {study.overlap}: give at least one judgment per item, and choose "
            f"{MAX_OVERLAP} or fewer."
        )
    if study.control_every is not None and study.control_every < 2:
        errors["control_every"] = "One control item among at least 2 items."
    if study.least_judged < 1:
        errors["least_judged"] = "Whoever judges nothing earns no code: give 1 or more."
    elif study.cap and study.least_judged > study.cap:
        errors["least_judged"] = (
            f"Nobody is handed more than {study.cap}, the most items per rater: give {study.cap} "
            "or fewer."
        )
    limits = (("cap", 1), ("attention_limit", 1), ("tolerance", 0), ("most_skipped", 0))
    for name, least in limits:
        value = getattr(study, name)
        if value is not None and value < least:
            errors[name] = f"Give {least} or more, or leave it empty."
    for name in ("repeat_share", "qualification_pass"):
        value = getattr(study, name)
        if value is not None and not 0 <= value <= 1:
            errors[name] = "A share lies between 0 and 1 (0 % and 100 %)."
    return errors


def _why_no_kind(study: Study, instrument: str) -> str:
    known = own_questions()
    if not study.kind:
        return "Several kinds of instrument bring a question: say what raters are asked for."
    if study.kind not in (*known, DECLARED):
        return f"Nobody can be asked for {study.kind!r}: use {', '.join([*known, DECLARED])}."
    if study.kind == DECLARED:
        return ""
    if instrument and study.kind not in questions_brought_by(instrument):
        words = " or ".join(kinds_in_words(instrument).values())
        return (
            f"The instrument of these trials is of the kind {instrument}, and of another kind "
            f"{known[study.kind].asks_for} is asked: ask for {words}."
        )
    return known[study.kind].why_not_of(study.unit)


def _why_no_ways_out(study: Study) -> str:
    is_categorical = study.scale in (Study.Scale.NOMINAL, Study.Scale.ORDINAL)
    try:
        check_ways_out(study.ways_out, study.categories if is_categorical else ())
    except ValueError as error:
        return _sentence(str(error))
    return ""


def _sentence(words: str) -> str:
    words = words.removeprefix("label: ")
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def why_fixed(study: Study) -> dict[str, str]:
    """Why a setting can't change any more, by field; empty while everything can.

    What was asked stays once somebody has answered it: a judgment must mean what it meant. What
    raters were promised stays once one of them takes part.
    """
    of_raters = [name for name in SETTINGS if name not in REVIEWED]
    if study.source == Study.Source.IMPORT:
        return dict.fromkeys(of_raters, "These judgments were made elsewhere.")
    if study.state not in EDITABLE_STATES:
        words = f"The study is {study.state}: only a draft or a pilot is edited."
        return dict.fromkeys(of_raters, words)
    fixed: dict[str, str] = {}
    judged = Judgment.objects.current().filter(item__study=study).count()
    if judged:
        words = (
            f"This question was answered {judged:,} time{'' if judged == 1 else 's'} already "
            "(items with a known answer and repeats among them): "
            "another would change what they mean. Make a new study for it."
        )
        fixed |= dict.fromkeys(ASKED, words)
        words = (
            f"{judged:,} judgment{'' if judged == 1 else 's'} are there already: what decides a "
            "test of them is declared before."
        )
        fixed |= dict.fromkeys(BEFORE_DATA, words)
    if study.raters.exists():
        words = "Raters take part already, and this is what they were told."
        fixed |= dict.fromkeys(PROMISED, words)
    return fixed


DISPUTES_GO_BY = {"tolerance", "overlap"}
"""Settings by which items are disputed: what was said already may be disputed by another one."""


def change_settings(
    study: Study,
    actor: User | None,
    settings: Mapping[str, Any],
    seen: Callable[[Study], None] | None = None,
) -> Study:
    """Change *settings* of a draft or a pilot; raises SettingsRefused for what can't change.

    *seen* is shown the locked row first, and raises for one that is not as it was seen.

    Call it outside of any transaction: disputes are brought into line after it, while people judge.
    """
    changed_study, changed = _change(study, actor, settings, seen)
    if DISPUTES_GO_BY & set(changed):
        refresh_items(changed_study, changed_study.items.values_list("pk", flat=True))
    return changed_study


@transaction.atomic
def _change(
    study: Study,
    actor: User | None,
    settings: Mapping[str, Any],
    seen: Callable[[Study], None] | None,
) -> tuple[Study, list[str]]:
    """The study as it is then, and the names of what changed."""
    locked = (
        Study.objects.select_for_update(of=("self",)).select_related("project").get(pk=study.pk)
    )
    if seen:
        seen(locked)
    before = {name: getattr(locked, name) for name in SETTINGS}
    apply(locked, settings, kind_of_trials(locked))
    changed = [name for name in SETTINGS if getattr(locked, name) != before[name]]
    asks_anew = bool(set(changed) & set(ASKED))
    if set(changed) & {*ASKED, *BEFORE_DATA}:
        _wait_for_raters(locked)
    fixed = why_fixed(locked)
    if refused := {name: fixed[name] for name in changed if name in fixed}:
        raise SettingsRefused(**refused)
    if "name" in changed:
        _check_name(locked)
    if asks_anew:
        _check_controls(locked)
        locked.question_version += 1
    if "overlap" in changed:
        _change_places(locked)
    if not changed:
        return locked, []
    locked.save(update_fields=[*changed, "question_version"])
    now = {name: getattr(locked, name) for name in changed}
    record(locked.project, actor, "study changed", locked, Change(_only(before, changed), now))
    return locked, changed


def kind_of_trials(study: Study) -> str:
    """The kind of instrument of the trials that the study is about; '' where it is about texts."""
    instrument = own_measures.judged_instrument(study)
    return instrument.kind if instrument else ""


def _wait_for_raters(study: Study) -> None:
    """Wait until no rater of the study is storing a judgment, and keep all of them waiting.

    Then what is stored already is seen here, and whoever comes after sees the new version of the
    question (`annotations.exchange.storing.store_first`). Nobody waits for a study while they hold
    a rater's row.
    """
    rows = Rater.objects.select_for_update(of=("self",), no_key=True).filter(study=study)
    list(rows.order_by("pk").values_list("pk"))


def _only(values: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: values[name] for name in names}


def _check_name(study: Study) -> None:
    study.name = study.name.strip()
    if not study.name:
        raise SettingsRefused(name="A study needs a name.")
    if Study.objects.filter(project=study.project, name=study.name).exclude(pk=study.pk).exists():
        raise SettingsRefused(name=f"There is a study called {study.name!r} already.")


def _check_controls(study: Study) -> None:
    """Raise SettingsRefused where an item with a known answer could not be answered right now."""
    question = primary_question(study)
    for item in study.items.exclude(kind=Item.Kind.REGULAR):
        try:
            checked_expectation(question, item.expected)
        except ValueError as error:
            raise SettingsRefused(
                kind=f"A control item would have no right answer any more ({error}): take it away "
                "first."
            ) from error


def _change_places(study: Study) -> None:
    """Give every regular item the study's overlap as places; no fewer than are taken."""
    items = Item.objects.filter(study=study, kind=Item.Kind.REGULAR)
    # The lock keeps reservations from taking a place between the look and the change.
    list(items.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    most = items.aggregate(most=Max("taken"))["most"] or 0
    if study.overlap < most:
        raise SettingsRefused(
            overlap=f"An item has {most} judgments or reservations already: give {most} or more."
        )
    items.update(places=study.overlap)
