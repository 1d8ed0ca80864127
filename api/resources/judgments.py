"""What raters said; read alone: people judge on their own page."""

from functools import partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from analysis.data.fingerprint import fingerprint
from annotations.files.judgment_table import gone_raters
from annotations.models import Judgment
from annotations.studies.exporting import SENT
from api.manners.files import FileBody, exported, file_schema
from api.manners.filters import SinceFilter, WholeFilter
from api.manners.serializers import Shown
from api.manners.views import Need
from api.resources.items import OfStudy
from api.tokens.scopes import Scope


class JudgmentSerializer(Shown):
    """What a rater said of an item. A correction is a further revision; `is_counted` says whether
    consensus and reports are made from it."""

    item = serializers.IntegerField(source="item.position", read_only=True)
    item_key = serializers.CharField(source="item.external_id", read_only=True)
    trial = serializers.IntegerField(source="item.trial_id", read_only=True, allow_null=True)
    rater = serializers.CharField(source="rater.pseudonym", read_only=True)
    comment = serializers.SerializerMethodField()
    is_counted = serializers.BooleanField(read_only=True)

    class Meta:
        model = Judgment
        fields = (
            *("id", "item", "item_key", "trial", "rater", "label", "number", "confidence"),
            *("answers", "comment", "seconds", "away_seconds", "revision", "is_current"),
            *("is_regular", "is_counted", "created_at"),
        )

    def get_comment(self, judgment: Judgment) -> str:
        return "" if judgment.rater_id in self.context["gone"] else judgment.comment


class JudgmentFilter(filters.FilterSet):
    item = WholeFilter(field_name="item__position")
    trial = WholeFilter(field_name="item__trial")
    rater = filters.CharFilter(field_name="rater__pseudonym")
    is_counted = filters.BooleanFilter()
    since = SinceFilter()

    class Meta:
        model = Judgment
        fields = ("item", "trial", "rater", "label", "is_current", "is_regular", "is_counted")


class Judgments(OfStudy, mixins.ListModelMixin):
    """The judgments of a study."""

    queryset = Judgment.objects.none()
    serializer_class = JudgmentSerializer
    filterset_class = JudgmentFilter
    reading: ClassVar = Need(Scope.READ)
    """As their file on the pages: researchers alone."""
    files: ClassVar = {form: FileBody(sent.content_type, form) for form, sent in SENT.items()}

    def rows(self) -> QuerySet[Judgment]:
        found = Judgment.objects.filter(item__study=self.study).with_counted()
        return found.select_related("item", "rater")

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        return context | ({"gone": gone_raters(self.study)} if hasattr(self, "study") else {})

    @extend_schema(**file_schema(files), filters=False)
    @action(detail=False, pagination_class=None, filterset_class=None)
    def export(self, request: Request, **names: Any) -> HttpResponseBase:
        """All judgments as a file, streamed: a line of JSON each, the same as a typed table
        (`parquet`), or the table that can be imported again (`csv`)."""
        study = self.study
        writers = {form: partial(sent.pieces, study) for form, sent in SENT.items()}
        facts = [fingerprint(study).sha256, sorted(gone_raters(study))]
        return exported(request, self.files, f"{study.slug}-judgments", facts, writers)
