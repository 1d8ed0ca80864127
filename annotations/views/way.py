"""The rater's way to judging and from it: one address that shows the page of the rater's stage.

A form names the stage it was shown for. If the rater has moved on meanwhile (a second tab, a
double click), nothing is done and they are taken to where they are.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.languages import multilingual
from annotations.base import Incomplete
from annotations.judging import qualifying
from annotations.judging.blinding import stimulus
from annotations.judging.judging import submit
from annotations.judging.places import UnknownAssignment
from annotations.judging.results import Result
from annotations.judging.sent import Form
from annotations.models import Assignment, Identity, Rater, Study
from annotations.questions.own_measures import own_measure_of
from annotations.questions.question import InvalidJudgment
from annotations.studies import queries
from annotations.taking_part import own_measure
from annotations.taking_part.continuing import code_of
from annotations.taking_part.invitations import NotLetIn, path_of, reconsider
from annotations.taking_part.parts import for_raters
from annotations.taking_part.platforms import Platform, WayBack, way_back
from annotations.taking_part.stages import (
    ENDED,
    Stage,
    advance,
    agree,
    done_now,
    move,
    page_of,
    stages_of,
)
from annotations.views.sent_forms import KEY, form_of, task_of

Answer = HttpResponse | None
"""What an act answers with; None sends the rater on to the page of their stage."""


@multilingual
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_raters
def way(request: HttpRequest, rater: Rater) -> HttpResponse:
    """The page of the stage the rater is at; a form of it takes them on."""
    if request.method == "POST":
        act = ACTS.get(Stage(rater.stage))
        answer = None
        if act and request.POST.get("stage") == rater.stage and not _rests(rater):
            answer = act(request, rater)
        return answer or redirect("way", rater.study.project.slug, rater.study.slug)
    if rater.is_excluded and rater.stage not in ENDED:
        return _page(request, rater, "annotations/way/excluded.html")
    if rater.study.state == Study.State.CLOSED:
        done_now(rater)
    if _rests(rater):
        return _page(request, rater, "annotations/way/not_now.html")
    if rater.stage == Stage.JUDGING:
        return redirect(page_of(rater))
    return PAGES[Stage(rater.stage)](request, rater)


def _rests(rater: Rater) -> bool:
    """Whether the study stands still for somebody who is under way in it."""
    resting = rater.study.state in (Study.State.PAUSED, Study.State.CLOSED)
    return rater.stage not in ENDED and (resting or rater.paused_by_staff)


def _page(
    request: HttpRequest, rater: Rater, template: str, status: int = 200, **context: Any
) -> HttpResponse:
    study = rater.study
    steps = stages_of(study)
    guideline = queries.guideline_of(study)
    context |= {
        "project": study.project,
        "study": study,
        "rater": rater,
        "guideline": guideline,
        "guideline_id": guideline.pk if guideline else None,
        "steps": steps,
        "step": _step(rater, steps),
    }
    return render(request, template, context, status=status)


def _step(rater: Rater, steps: list[Stage]) -> int | None:
    """The number of the rater's stage among *steps*; None for whoever is on the way no more."""
    stage = Stage(rater.stage)
    return None if rater.is_excluded or stage not in steps else steps.index(stage) + 1


# --- consent -------------------------------------------------------------------------------------


def _show_consent(request: HttpRequest, rater: Rater, **context: Any) -> HttpResponse:
    return _page(request, rater, "annotations/way/consent.html", **context)


def _consent(request: HttpRequest, rater: Rater) -> Answer:
    guideline = queries.guideline_of(rater.study)
    if guideline is None:
        advance(rater, Stage.CONSENT)
    elif request.POST.get("answer") == "no":
        move(rater, Stage.CONSENT, Stage.REFUSED)
    elif request.POST.get("answer") != "yes":
        return None
    elif request.POST.get("guideline") != str(guideline.pk):
        # Nobody agrees to words they have not seen.
        return _show_consent(request, rater, is_changed=True)
    else:
        agree(rater, guideline)
    return None


def _reconsider(request: HttpRequest, rater: Rater) -> Answer:
    try:
        reconsider(rater)
    except NotLetIn as error:
        return _show_end(request, rater, refusal=error.refusal.value, status=403)
    return None


# --- own measure, instructions ------------------------------------------------------------


def _show_own_measure(
    request: HttpRequest, rater: Rater, missing: list[int] | None = None, status: int = 200
) -> HttpResponse:
    asked, measure = own_measure_of(rater.study)
    items = asked.items(measure, request.POST, missing or [])
    return _page(request, rater, asked.template, items=items, missing=missing, status=status)


def _own_measure(request: HttpRequest, rater: Rater) -> Answer:
    if request.POST.get("answer") == "no":
        advance(rater, Stage.OWN_MEASURE)
        return None
    try:
        own_measure.store(rater, request.POST)
    except Incomplete as error:
        return _show_own_measure(request, rater, missing=error.missing, status=422)
    return None


def _show_instructions(request: HttpRequest, rater: Rater) -> HttpResponse:
    return _page(request, rater, "annotations/way/instructions.html")


def _instructions(request: HttpRequest, rater: Rater) -> Answer:
    advance(rater, Stage.INSTRUCTIONS)
    return None


# --- practice and qualification ------------------------------------------------------------------


def _show_items(
    request: HttpRequest,
    rater: Rater,
    form: Form | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The next item; after a practice item first that item with what was right about the answer."""
    answered = request.GET.get("answered", "")
    practised = qualifying.practised(rater, int(answered)) if KEY.fullmatch(answered) else None
    if practised is not None:
        shown_again = stimulus(practised.item)
        return _items_page(request, rater, "feedback", practised=practised, stimulus=shown_again)
    held = qualifying.hand_out(rater)
    if held is not None:
        shown = task_of(rater, held, form)
        return _items_page(request, rater, "item", task=shown, errors=errors or {}, status=status)
    if rater.stage == Stage.QUALIFICATION:
        # Answered, but the last answer's exchange broke off before the result was drawn.
        qualifying.conclude(rater)
        return redirect("way", rater.study.project.slug, rater.study.slug)
    return _items_page(request, rater, "practised")


def _items_page(request: HttpRequest, rater: Rater, name: str, **context: Any) -> HttpResponse:
    standing = qualifying.standing(rater, qualifying.KIND_OF[Stage(rater.stage)])
    return _page(request, rater, f"annotations/way/{name}.html", standing=standing, **context)


def _answer_item(request: HttpRequest, rater: Rater) -> Answer:
    if "assignment" not in request.POST:  # the button at the end of the practice
        qualifying.conclude(rater)
        return None
    form = form_of(request.POST)
    try:
        result = submit(rater, form).result
    except UnknownAssignment:
        return None
    except InvalidJudgment as error:
        return _show_items(request, rater, form=form, errors=error.errors, status=422)
    if result is Result.QUESTION_CHANGED:
        messages.warning(request, result.words)
        return None
    if rater.stage == Stage.QUALIFICATION:
        qualifying.conclude(rater)
        return None
    here = redirect("way", rater.study.project.slug, rater.study.slug).url
    return redirect(f"{here}?answered={form.assignment_id}")


# --- the end -------------------------------------------------------------------------------------


def _show_end(
    request: HttpRequest, rater: Rater, refusal: str | Promise = "", status: int = 200
) -> HttpResponse:
    """Thanks, or kind words, and the way back to where the person came from. *refusal* says why
    somebody who changed their mind cannot come back."""
    identity = Identity.objects.select_related("invitation").filter(rater=rater).first()
    back = WayBack()
    if identity is not None:
        back = way_back(identity.invitation, rater.stage, identity.parameters)
    platform = identity.platform if identity else ""
    page = "annotations/way/ended.html"
    context = {"back": back, "platform": platform, "refusal": refusal}
    return _page(request, rater, page, status=status, **context)


@multilingual
@never_cache
@require_safe
@for_raters
def pause(request: HttpRequest, rater: Rater) -> HttpResponse:
    """How to come back later, and what is kept until then; whose part has ended sees how it did."""
    if rater.stage in ENDED:
        return redirect(page_of(rater))
    identity = Identity.objects.select_related("invitation").filter(rater=rater).first()
    link = ""
    if identity is not None and identity.platform == Platform.LINK:
        link = request.build_absolute_uri(path_of(identity.invitation))
    platform = identity.platform if identity else ""
    code = code_of(identity) if identity else ""
    how: dict[str, Any] = {"link": link, "platform": platform, "code": code}
    how["holds_a_text"] = _holds_a_text(rater)
    return _page(request, rater, "annotations/way/pause.html", **how)


def _holds_a_text(rater: Rater) -> bool:
    """Whether a text to judge is kept for the rater; before the judging nobody waits for one."""
    held = rater.assignments.filter(state=Assignment.State.RESERVED)
    return rater.stage == Stage.JUDGING and held.exists()


PAGES: dict[Stage, Callable[..., HttpResponse]] = {
    Stage.CONSENT: _show_consent,
    Stage.OWN_MEASURE: _show_own_measure,
    Stage.INSTRUCTIONS: _show_instructions,
    Stage.PRACTICE: _show_items,
    Stage.QUALIFICATION: _show_items,
    **dict.fromkeys(ENDED, _show_end),
}

ACTS: dict[Stage, Callable[[HttpRequest, Rater], Answer]] = {
    Stage.CONSENT: _consent,
    Stage.OWN_MEASURE: _own_measure,
    Stage.INSTRUCTIONS: _instructions,
    Stage.PRACTICE: _answer_item,
    Stage.QUALIFICATION: _answer_item,
    Stage.REFUSED: _reconsider,
}
