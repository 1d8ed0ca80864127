from django.apps import AppConfig


class AnnotationsConfig(AppConfig):
    name = "annotations"

    def ready(self) -> None:
        from annotations import tasks  # noqa: F401 - as below
        from annotations.studies import choosing_metric, deleting  # noqa: F401 - connect their receivers
