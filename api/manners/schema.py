"""What the schema says of every address: keys of writes, sparse fields, and the ways it refuses."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from api.manners.idempotency import HEADER, LONGEST
from api.manners.problem import MEDIA_TYPE, ProblemSerializer
from api.manners.serializers import FIELDS, Sparse

ALWAYS = ("401", "403", "404", "422", "429")
OF_WRITES = ("400", "409", "413", "415")


class Schema(AutoSchema):
    """One operation."""

    @property
    def _is_write(self) -> bool:
        return self.method not in ("GET", "HEAD", "OPTIONS")

    def get_override_parameters(self) -> list[Any]:
        if self.method == "POST":
            words = "The same key twice is one act; the second answer is the first."
            shape = {"type": "string", "maxLength": LONGEST, "pattern": "^[!-~]*$"}
            return [OpenApiParameter(HEADER, shape, OpenApiParameter.HEADER, description=words)]
        if self._is_write or getattr(self.view, "action", "") not in ("list", "retrieve"):
            return []
        serializer = self.get_response_serializers()
        made = serializer(context={}) if isinstance(serializer, type) else serializer
        inner = getattr(made, "child", made)
        if not isinstance(inner, Sparse):
            return []
        names = list(inner.fields)
        return [
            OpenApiParameter(
                FIELDS,
                OpenApiTypes.STR,
                many=True,
                explode=False,
                enum=names,
                description="The fields to show alone, with commas.",
            )
        ]

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        found = super()._get_response_bodies(direction)
        for code in (*ALWAYS, *(OF_WRITES if self._is_write else ())):
            if code not in found:
                found[code] = self._get_response_for_code(
                    ProblemSerializer, code, media_types=[MEDIA_TYPE], direction=direction
                )
        return found
