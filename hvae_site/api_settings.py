"""Settings of the API's frameworks; what they say of the API stands in api/manners."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.tokens.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.manners.parsing.StrictJSON"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.manners.negotiation.JsonAlways",
    "DEFAULT_PAGINATION_CLASS": "api.manners.pagination.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["api.manners.filters.KnownFilters"],
    "DEFAULT_SCHEMA_CLASS": "api.manners.schema.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "api.manners.problem.answer",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": False,
    "STRICT_JSON": True,
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Valuecheck",
    "DESCRIPTION": "People check what a metric says about the values of a language model.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "DEFAULT_GENERATOR_CLASS": "api.manners.schema.Once",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.manners.schema.answers_in_part",
    ],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "RunState": "evaluations.models.experiments.Run.State",
        "TrialState": "evaluations.models.trials.Trial.State",
        "StudyState": "annotations.models.studies.Study.State",
        "DisputeState": "annotations.models.settling.Dispute.State",
        "EndpointKind": "evaluations.models.experiments.Endpoint.Kind",
        "MetricKind": "evaluations.models.scores.Metric.Kind",
        "ItemKind": "annotations.models.items.Item.Kind",
        "RaterKind": "annotations.models.taking_part.Rater.Kind",
    },
}
