from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import AuditEvent, Project, User
from accounts.people.members import administered_alone


@admin.register(User)
class PeopleAdmin(UserAdmin):
    """Accounts; none goes without which a project had nobody to administer it."""

    def get_deleted_objects(self, objs, request):
        *found, protected = super().get_deleted_objects(objs, request)
        alone = administered_alone(list(objs))
        protected += [
            f"{person} is the last administrator of {project}" for project, person in alone
        ]
        return *found, protected


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):
    """Its name. Projects are made, and roles given, where each keeps an administrator."""

    list_display = ["name", "slug", "created_at", "archived_at"]
    fields = ["name", "slug"]

    def has_add_permission(self, request):
        return False  # on its own page, or by createproject

    def has_delete_permission(self, request, obj=None):
        return False  # on its own page, which says what goes with it


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    """Read only: the trail is never changed."""

    list_display = ["created_at", "project", "actor", "verb", "subject_type", "subject_id"]
    list_filter = ["project", "verb"]

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
