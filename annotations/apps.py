from django.apps import AppConfig


class AnnotationsConfig(AppConfig):
    name = "annotations"

    def ready(self) -> None:
        from annotations.studies import choosing_metric, deleting  # noqa: F401 - connect their receivers
