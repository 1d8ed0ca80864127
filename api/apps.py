from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = "API"

    def ready(self) -> None:
        from accounts.people.members import gone
        from api.tokens.tokens import revoke_all

        gone.connect(revoke_all)
