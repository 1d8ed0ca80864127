"""Doors of this app."""

from django.urls import path

from accounts.views import home, invited, own_account, people, projects

PROJECT = "p/<slug:project_slug>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("projects/new/", projects.project_new, name="project_new"),
    path("projects/all/", projects.all_projects, name="all_projects"),
    path("account/", own_account.own_account, name="own_account"),
    path("invited/<str:invite_token>/", invited.invited, name="invited"),
    path(f"{PROJECT}leave/", projects.project_leave, name="project_leave"),
    path(f"{PROJECT}members/", people.members, name="members"),
    path(f"{PROJECT}members/hand-over/", people.project_hand_over, name="project_hand_over"),
    path(f"{PROJECT}members/<int:user_id>/", people.member, name="member"),
    path(f"{PROJECT}members/<int:user_id>/remove/", people.member_remove, name="member_remove"),
    path(
        f"{PROJECT}members/invitations/<int:member_invitation_id>/revoke/",
        people.member_invitation_revoke,
        name="member_invitation_revoke",
    ),
]
