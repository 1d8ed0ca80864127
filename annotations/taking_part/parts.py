"""Whose part in a study a request belongs to.

A part is a `Rater` row. A member of the project with the role rater has it through their account.
Everybody else has it through an invitation: their browser's session, or the address of a page
inside a crowd platform's frame (annotations.taking_part.framing), carries the part and no account
is needed.
Whoever can see scores in the project takes no part: their judgments would not be blind.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from accounts.access import STAFF_ROLES, project_for
from accounts.languages import chosen, speak
from accounts.models import Membership, Project, Role, User
from annotations.exchange.database import RowGone
from annotations.exchange.whose_part import part_of_member
from annotations.models import Rater, Study
from annotations.taking_part.stages import first_stage
from annotations.taking_part.taken_part import TookPart, account, check_is_new

SESSION_KEY = "identities"
"""In a session: the key of the identity behind the part, by 'project/study'. Not the rater's: once
the identity is deleted, no session leads to a rater."""

TAKES_RATERS = (Study.State.PILOT, Study.State.OPEN)
"""States in which a study lets new raters in."""

PSEUDONYM_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class SeesScores(PermissionDenied):
    """Somebody who can see scores in the project wants to judge there."""


class NotNow(Exception):
    """A member looks at a study that lets nobody in at the moment and takes no part in it yet."""

    def __init__(self, study: Study) -> None:
        super().__init__(study.state)
        self.study = study


class SignInNeeded(Exception):
    """The request carries no part, and nobody is signed in who could have one."""


def part_of(request: HttpRequest, project_slug: str, study_slug: str) -> Rater:
    """The part this request belongs to, with its study and project, in one query as a rule.

    A member's first visit makes theirs. Raises SignInNeeded, Http404 (a stranger, or no such study
    for raters), SeesScores, NotNow.
    """
    if found := carried_part(request, project_slug, study_slug):
        return found
    user = request.user
    if not isinstance(user, User):
        raise SignInNeeded
    return _part_of_member(user, project_slug, study_slug)


def carried_part(request: HttpRequest, project_slug: str, study_slug: str) -> Rater | None:
    """The part that an invitation gave this browser, unless the person is a member anyway.

    It ends with the identity behind it: once that is deleted, nobody has the part any more.
    """
    key = f"{project_slug}/{study_slug}"
    pk = getattr(request, "framed_part", None) or request.session.get(SESSION_KEY, {}).get(key)
    if pk is None:
        return None
    rater = (
        Rater.objects.select_related("study__project")
        .filter(
            identity=pk,
            study__slug=study_slug,
            study__project__slug=project_slug,
        )
        .first()
    )
    if rater and isinstance(request.user, User) and is_member(request.user, rater.study.project):
        return None
    return rater


def is_member(user: User, project: Project) -> bool:
    return Membership.objects.filter(user=user, project=project).exists()


def _part_of_member(user: User, project_slug: str, study_slug: str) -> Rater:
    if rater := part_of_member(user.pk, project_slug, study_slug):
        return rater
    project = project_for(user, project_slug, [Role.RATER])
    if project.viewer_roles & set(STAFF_ROLES):  # type: ignore[attr-defined]
        raise SeesScores("You can see scores in this project.")
    return rater_for(study_to_judge(project, study_slug), user)


def study_to_judge(project: Project, slug: str) -> Study:
    """A study as a rater may open it; Http404 for a draft and for imported judgments."""
    studies = Study.objects.filter(project=project, slug=slug, source=Study.Source.TRIALS)
    study = studies.exclude(state=Study.State.DRAFT).select_related("project").first()
    if study is None:
        raise Http404(f"There is no study {slug!r} to judge in.")
    return study


def rater_for(study: Study, user: User) -> Rater:
    """The part *user* takes in the study; the first call makes it. NotNow while none can begin."""
    rater = Rater.objects.filter(study=study, user=user).select_related("study__project").first()
    if rater is not None:
        return rater
    if study.state not in TAKES_RATERS:
        raise NotNow(study)
    return begin_part(study, user=user)


@transaction.atomic
def begin_part(study: Study, user: User | None = None) -> Rater:
    """A new part in the study, at the first stage of its way, under a pseudonym of its own.

    Where the order of options is balanced, every second rater has it reversed. A person who asks
    twice at once gets one part: the second call returns the first one's. Raises TookPart for a
    member who had their data deleted; of those without an account `invitations.let_in` asks.
    """
    lock_study(study)
    if user is not None and not study.raters.filter(user=user).exists():
        check_is_new(study, account(user.pk))
    fields: dict[str, Any] = {
        "pseudonym": new_pseudonym(),
        "stage": first_stage(study),
        "language": (get_language() or "")[:20],
        "reverses_options": study.option_order == Study.OptionOrder.BALANCED
        and study.raters.filter(kind=Rater.Kind.PERSON).count() % 2 == 1,
    }
    if user is None:
        rater = Rater.objects.create(study=study, **fields)
    else:
        rater, _ = Rater.objects.get_or_create(study=study, user=user, defaults=fields)
    rater.study = study
    return rater


def lock_study(study: Study) -> None:
    """Let new parts in the study wait in line until the transaction ends; judging goes on."""
    Study.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=study.pk)


def new_pseudonym() -> str:
    """Random, so that a pseudonym tells neither who came first nor who else takes part."""
    return "rater-" + "".join(secrets.choice(PSEUDONYM_LETTERS) for _ in range(6))


def carry(request: HttpRequest, rater: Rater) -> None:
    """Let this browser's session carry the part from now on.

    The session gets a new key, so that one planted in the browser beforehand is worth nothing.
    """
    parts = dict(request.session.get(SESSION_KEY, {}))
    parts[f"{rater.study.project.slug}/{rater.study.slug}"] = rater.identity.pk
    request.session[SESSION_KEY] = parts
    request.session.cycle_key()


def drop(request: HttpRequest, rater: Rater) -> None:
    """Let this browser's session forget the part."""
    parts = dict(request.session.get(SESSION_KEY, {}))
    if parts.pop(f"{rater.study.project.slug}/{rater.study.slug}", None):
        request.session[SESSION_KEY] = parts


def for_raters(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view ``view(request, rater, ...)`` under a study's address, for its raters.

    Whose data were deleted while their request was under way is told so.
    """

    @wraps(view)
    def checked(
        request: HttpRequest, project_slug: str, study_slug: str, **kwargs: Any
    ) -> HttpResponse:
        try:
            rater = part_of(request, project_slug, study_slug)
        except SignInNeeded:
            return _unknown(request)
        except SeesScores:
            names = {"project": {"slug": project_slug}, "study_slug": study_slug}
            return render(request, "annotations/judging/judge_refused.html", names, status=403)
        except NotNow as resting:
            context = {"study": resting.study, "project": resting.study.project}
            return render(request, "annotations/way/not_now.html", context)
        except TookPart as again:
            about = {"study": again.study, "project": again.study.project, "is_member": True}
            return render(request, "annotations/way/not_let_in/already.html", about, status=403)
        _speak_with(request, rater)
        try:
            return view(request, rater, **kwargs)
        except (RowGone, ObjectDoesNotExist, DatabaseError, Http404):
            if Rater.objects.filter(pk=rater.pk).exists():
                raise
            return _deleted(request, rater)

    return checked


def _unknown(request: HttpRequest) -> HttpResponse:
    """No browser of somebody who takes part: how they go on, and where members sign in. It says
    nothing of any study; nothing of an invitation's address goes into that of the sign-in."""
    context = {"next": request.path, "is_framed": hasattr(request, "framed_part")}
    return render(request, "annotations/way/not_let_in/unknown.html", context, status=403)


def _deleted(request: HttpRequest, rater: Rater) -> HttpResponse:
    """The data are gone and the part with them; a page's script puts the words where it judged."""
    context = {"study": rater.study, "project": rater.study.project}
    by_script = request.headers.get("HX-Request") == "true"
    page = "studies/_deleted.html" if by_script else "way/own_data_deleted.html"
    return render(request, f"annotations/{page}", context, status=410)


def _speak_with(request: HttpRequest, rater: Rater) -> None:
    """Keep the language the rater has just chosen; speak it in a frame, where no cookie does."""
    language = chosen(request)
    if language and language != rater.language:
        rater.language = language
        Rater.objects.filter(pk=rater.pk).update(language=language)
    if hasattr(request, "framed_part") and rater.language:
        speak(request, rater.language)
