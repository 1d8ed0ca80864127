"""Making a project, leaving one, and the list of all of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import for_roles
from accounts.forms import ProjectForm
from accounts.languages import multilingual
from accounts.models import Project, Role
from accounts.people.members import MembersRefused, leave
from accounts.people.projects import ProjectRefused, create_project, may_make_projects
from accounts.people.queries import administrators, every_project
from accounts.views.signed_in import SignedIn

PER_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def project_new(request: SignedIn) -> HttpResponse:
    """A form for a project; whoever makes it is its administrator."""
    if not may_make_projects(request.user):
        raise PermissionDenied("Projects are made by researchers and by who runs the site.")
    form = ProjectForm(request.POST or None)
    if form.is_valid():
        try:
            project = create_project(form.cleaned_data["name"], request.user, request.user)
        except ProjectRefused as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, f"{project} is made, and you administer it.")
            return redirect(project)
    context = {"form": form, "is_first": not Project.objects.exists()}
    status = 422 if form.errors else 200
    return render(request, "accounts/project_new.html", context, status=status)


@require_safe
@login_required
def all_projects(request: SignedIn) -> HttpResponse:
    """Every project of the site with who administers it, for who runs the site; nothing in them."""
    if not request.user.is_staff:
        raise PermissionDenied("The list of all projects is for who runs the site.")
    page = Paginator(every_project(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(project, administrators(project)) for project in page.object_list]
    return render(request, "accounts/all_projects.html", {"rows": rows, "page_obj": page})


@multilingual
@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*Role, in_archive=True)
def project_leave(request: SignedIn, project: Project) -> HttpResponse:
    """Ask whether one wants to leave a project, and do it."""
    refused = ""
    if request.method == "POST":
        try:
            leave(project, request.user)
        except MembersRefused:
            refused = _("You are the last administrator: hand the project over first.")
        else:
            text = _("You have left %(project)s. What you did there stays.")
            messages.success(request, text % {"project": project})
            return redirect("home")
    context = {"project": project, "refused": refused}
    status = 422 if refused else 200
    return render(request, "accounts/project_leave.html", context, status=status)
