"""The page on which a study's automated metric is chosen."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import for_roles
from accounts.models import Project, Role
from annotations.metrics.metric import metric_of
from annotations.models import Study
from annotations.studies import queries
from annotations.studies.choosing_metric import MetricRefused, choices, choose, chosen
from annotations.views.requests import MemberRequest


class MetricForm(forms.Form):
    """One of the metrics that scored the study's trials, or labelled its items."""

    metric = forms.ChoiceField(label="The metric that this study validates")

    def __init__(self, *args: Any, study: Study, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["metric"] = chosen(study)
        self.fields["metric"].choices = choices(study)  # type: ignore[attr-defined]


@for_roles(Role.RESEARCHER)
def study_metric(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """Choose the metric, in the version in force or pinned to one."""
    study = queries.study_of(project, study_slug)
    form = MetricForm(request.POST or None, study=study)
    if request.method == "POST" and form.is_valid():
        try:
            choose(study, request.user, form.cleaned_data["metric"])
        except MetricRefused as error:
            form.add_error("metric", str(error))
        else:
            messages.success(request, "The metric is stored, and the disputes follow it.")
            return redirect("study_metric", project.slug, study.slug)
    context = {
        "project": project,
        "study": study,
        "form": form,
        "metric": metric_of(study) if study.metric_name else None,
    }
    status = 422 if form.errors else 200
    return render(request, "annotations/studies/study_metric.html", context, status=status)
