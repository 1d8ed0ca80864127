"""The pages on which a study is set up: its settings, what raters are told, its control items."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from annotations.forms.controls import ControlForm
from annotations.forms.further_questions import further_questions
from annotations.forms.guideline import GuidelineForm
from annotations.forms.settings import SettingsForm
from annotations.models import Guideline, Item, Study
from annotations.questions.of_study import primary_question
from annotations.studies import queries
from annotations.studies.control_items import (
    ControlsRefused,
    add_controls,
    control_candidates,
    controls_of,
    remove_control,
)
from annotations.studies.guidelines import TEXTS, GuidelineRefused, changes_of, revise
from annotations.studies.settings import SettingsRefused, change_settings
from annotations.views.requests import MemberRequest


def may_edit_in(project: Project) -> bool:
    """Whether the viewer may change studies of the project, not only look at them."""
    return project.viewer_may_change


@for_roles(Role.RESEARCHER)
def settings(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """Change what can still change of a draft or a pilot; say why the rest can't."""
    study = queries.study_of(project, study_slug)
    form = SettingsForm(request.POST or None, study=study)
    further = further_questions(request.POST or None, study)
    asked_is_fixed = "further_questions" in form.fixed
    if asked_is_fixed and further.is_sent and further.has_changed():
        form.add_error(None, f"Further questions: not stored. {form.fixed['further_questions']}")
    if request.method == "POST" and form.is_valid() and (asked_is_fixed or further.is_valid()):
        wanted = form.settings()
        if not form.is_all_fixed:
            wanted["name"] = form.cleaned_data["name"]
        if not asked_is_fixed:
            wanted["further_questions"] = further.questions
        try:
            change_settings(study, request.user, wanted)
        except SettingsRefused as error:
            form.refuse(error.errors)
        else:
            messages.success(request, "The settings are stored.")
            return redirect("study_settings", project.slug, study.slug)
    context = {
        "project": project,
        "study": study,
        "form": form,
        "further": further,
        "asked_is_fixed": asked_is_fixed,
        "reason": form.fixed["name"] if form.is_all_fixed else "",
    }
    wrong = form.errors or (not asked_is_fixed and further.errors_found)
    return render(
        request, "annotations/studies/study_settings.html", context, status=422 if wrong else 200
    )


@for_roles(Role.RESEARCHER, Role.REVIEWER)
def guidelines(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """What raters are told: the newest version to edit, and every earlier one."""
    study = queries.study_of(project, study_slug)
    newest = queries.guideline_of(study)
    initial = {name: getattr(newest, name) for name in TEXTS} if newest else {}
    initial["based_on"] = newest.version if newest else 0
    form = GuidelineForm(request.POST or None, initial=initial)
    may_edit = may_edit_in(project)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied("Only researchers write guidelines.")
    if form.is_valid():
        try:
            made = revise(study, request.user, **form.cleaned_data)
        except GuidelineRefused as error:
            # What was written stands in the form, which now answers to the newest version.
            form.data = {**form.data.dict(), "based_on": initial["based_on"]}  # type: ignore[attr-defined]
            form.add_error(None, str(error))
        else:
            messages.success(
                request, f"Version {made.version} is what raters are told from now on."
            )
            return redirect("study_guidelines", project.slug, study.slug)
    context = {
        "project": project,
        "study": study,
        "form": form,
        "may_edit": may_edit,
        "newest": newest,
        "versions": study.guidelines.select_related("created_by").order_by("-version"),
    }
    return render(
        request,
        "annotations/studies/study_guidelines.html",
        context,
        status=422 if form.errors else 200,
    )


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def guideline(
    request: MemberRequest, project: Project, study_slug: str, version: int
) -> HttpResponse:
    """One version as raters read it, and what it says differently from the one before."""
    study = queries.study_of(project, study_slug)
    found = get_object_or_404(
        Guideline.objects.select_related("created_by"), study=study, version=version
    )
    before = study.guidelines.filter(version__lt=version).order_by("-version").first()
    context = {
        "project": project,
        "study": study,
        "guideline": found,
        "texts": [(name, getattr(found, name)) for name in TEXTS if getattr(found, name)],
        "before": before,
        "changes": changes_of(found, before) if before else [],
    }
    return render(request, "annotations/studies/study_guideline.html", context)


@for_roles(Role.RESEARCHER, Role.REVIEWER)
def controls(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """The items with a known answer: see them, add one; a file of them comes in by its own door."""
    study = queries.study_of(project, study_slug)
    form = ControlForm(request.POST or None, study=study)
    if request.method == "POST":
        if not may_edit_in(project):
            raise PermissionDenied("Only researchers add control items.")
        if _is_added(request, study, form):
            messages.success(request, "1 control item added.")
            return redirect("study_controls", project.slug, study.slug)
    question = primary_question(study)
    context = {
        "project": project,
        "study": study,
        "form": form,
        "may_edit": may_edit_in(project),
        "controls": controls_of(study).select_related("trial__run", "trial__cell__endpoint"),
        "answers": [choice.value for choice in question.choices()],
        "candidates": control_candidates(study),
    }
    status = 422 if form.errors else 200
    return render(request, "annotations/studies/study_controls.html", context, status=status)


def _is_added(request: MemberRequest, study: Study, form: ControlForm) -> bool:
    """Add what the form holds; False where it is wrong, with the problems as errors of the form."""
    if not form.is_valid():
        return False
    try:
        add_controls(study, request.user, [form.row()])
    except ControlsRefused as error:
        form.add_error(None, [f"{problem}." for problem in error.problems])
        return False
    return True


@require_POST
@for_roles(Role.RESEARCHER)
def control_remove(
    request: MemberRequest, project: Project, study_slug: str, item_id: int
) -> HttpResponse:
    study = queries.study_of(project, study_slug)
    item = study.items.exclude(kind=Item.Kind.REGULAR).filter(pk=item_id).first()
    if item is None:
        raise Http404("The study has no such control item.")
    item.study = study
    try:
        remove_control(item, request.user)
    except ControlsRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The control item is taken away.")
    return redirect("study_controls", project.slug, study.slug)
