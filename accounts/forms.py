"""What is filled in about projects and their people."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import Roles
from accounts.models import Role, User
from accounts.people.invitations import MOST_USES

DAYS = {1: "a day", 7: "a week", 30: "30 days"}
"""How long an invitation can work."""
ROLES = [
    (Role.RATER, "rater: judges what studies hand out, and sees no score"),
    (Role.RESEARCHER, "researcher: runs, studies, reports"),
    (Role.REVIEWER, "reviewer: reads everything, settles disputes"),
    (Role.ADMINISTRATOR, "administrator: all of it, and the people of the project"),
]


THE_BROWSERS = "browser"


class LanguageForm(forms.Form):
    """What translated pages speak to somebody."""

    language = forms.TypedChoiceField(
        label=_("Language of pages that are translated"),
        choices=[(THE_BROWSERS, _("as my browser asks")), *settings.LANGUAGES],
        coerce=lambda chosen: "" if chosen == THE_BROWSERS else chosen,
    )


class ProjectForm(forms.Form):
    name = forms.CharField(
        max_length=120,
        help_text="What its people call it, such as the name of your group or of a paper.",
    )


class RolesForm(forms.Form):
    """The roles of one person; whoever has none is no member."""

    roles = forms.MultipleChoiceField(
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose a role, or end all of them below."},
    )

    def __init__(self, data: Any, held: Roles) -> None:
        super().__init__(data, initial={"roles": list(held)})


class HandOverForm(forms.Form):
    """To whom a project is handed over: one of *people*, its other members."""

    heir = forms.ModelChoiceField(User.objects.none(), label="New administrator")

    def __init__(self, data: Any, people: QuerySet[User]) -> None:
        super().__init__(data)
        self.fields["heir"].queryset = people  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    """An invitation into the project, by a link to hand on or by mail."""

    role = forms.ChoiceField(choices=ROLES, initial=Role.RESEARCHER)
    email = forms.EmailField(
        label="Mail it to",
        required=False,
        help_text="Left empty: the link is shown to you once, to hand on.",
    )
    most_uses = forms.IntegerField(
        label="Most people",
        min_value=1,
        max_value=MOST_USES,
        initial=1,
        help_text="How many can come by the link. A mailed one is for one person.",
    )
    days = forms.TypedChoiceField(
        label="Works for", choices=list(DAYS.items()), coerce=int, initial=7
    )
