"""What the schema says of every address: keys of writes, sparse fields, and the ways it refuses."""

from functools import cache
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from api.manners.conditions import ETAG, IF_MATCH, IF_NONE_MATCH, Tagged, takes_condition
from api.manners.idempotency import HEADER, LONGEST
from api.manners.problem import MEDIA_TYPE, ProblemSerializer
from api.manners.serializers import FIELDS, Sparse

ALWAYS = ("401", "403", "404", "422", "429")
NO_KEY = "Says what shall be: twice is once, so it takes no Idempotency-Key."
SEEN = (
    "The ETag of the thing as you saw it: the act is done if it is still so, and answered "
    "412 if it is not. Left out, it is done in any case."
)
KNOWN = "The ETag that you have: answered 304 where nothing has changed."
TAG = "Of what the thing is now, whatever fields were asked for."
PART = "PartOf"
OF_WRITES = ("400", "409", "413", "415")


class Schema(AutoSchema):
    """One operation."""

    def get_tags(self) -> list[str]:
        """The resource: what its addresses are called, and else its view."""
        name = getattr(self.view, "basename", None) or type(self.view).__name__.lower()
        return [str(name).removeprefix("api-")]

    @property
    def _is_write(self) -> bool:
        return self.method not in ("GET", "HEAD", "OPTIONS")

    def get_description(self) -> str:
        """What the act does, and of one that needs no key, why."""
        words = super().get_description()
        return f"{words}\n\n{NO_KEY}" if self.method in ("PUT", "PATCH") else words

    def get_override_parameters(self) -> list[Any]:
        if self.method == "POST":
            words = "The same key twice is one act; the second answer is the first."
            shape = {"type": "string", "maxLength": LONGEST, "pattern": "^[!-~]*$"}
            return [OpenApiParameter(HEADER, shape, OpenApiParameter.HEADER, description=words)]
        return [*self._conditions(), *self._sparse()]

    @property
    def _action(self) -> str:
        return str(getattr(self.view, "action", ""))

    @property
    def _is_conditional(self) -> bool:
        return takes_condition(self.view, self._action)

    @property
    def _is_tagged(self) -> bool:
        return isinstance(self.view, Tagged) and self._action == "retrieve"

    def _conditions(self) -> list[OpenApiParameter]:
        """The headers by which an answer, or an act, depends on what the asker has seen."""
        if not (self._is_conditional or self._is_tagged):
            return []
        name, words = (IF_MATCH, SEEN) if self._is_conditional else (IF_NONE_MATCH, KNOWN)
        return [
            OpenApiParameter(name, {"type": "string"}, OpenApiParameter.HEADER, description=words),
            OpenApiParameter(ETAG, str, OpenApiParameter.HEADER, description=TAG, response=["200"]),
        ]

    def _sparse(self) -> list[OpenApiParameter]:
        if self._is_write or self._action not in ("list", "retrieve"):
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
        if self._is_tagged and "304" not in found:
            found["304"] = {"description": "As the ETag that was sent."}
        conditional = ("412",) if self._is_conditional else ()
        for code in (*ALWAYS, *(OF_WRITES if self._is_write else ()), *conditional):
            if code not in found:
                found[code] = self._get_response_for_code(
                    ProblemSerializer, code, media_types=[MEDIA_TYPE], direction=direction
                )
        return found


class Once(SchemaGenerator):
    """Describes the API once in a process: it changes with the program alone."""

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:
        if not public:  # what one asker may see: nothing here is so
            return super().get_schema(request, public)
        return _whole()


@cache
def _whole() -> dict[str, Any]:
    with override(settings.LANGUAGE_CODE):  # whoever asks first
        return SchemaGenerator().get_schema(public=True)


def answers_in_part(result: dict[str, Any], **names: Any) -> dict[str, Any]:
    """Hook: where ``?fields=`` chooses, any field may be left out, and none is required."""
    components = result["components"]["schemas"]
    for path in result["paths"].values():
        operation = path.get("get", {})
        if any(found["name"] == FIELDS for found in operation.get("parameters", ())):
            answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
            named = components[_name(answer)]
            rows = named["properties"]["results"]["items"] if _is_page(named) else answer
            _leave_out(rows, components)
    result["components"]["schemas"] = dict(sorted(components.items()))
    return result


def _leave_out(reference: dict[str, str], components: dict[str, Any]) -> None:
    """Let *reference* name the component of which any part may be absent."""
    whole = _name(reference)
    if whole.startswith(PART):
        return
    part = {key: value for key, value in components[whole].items() if key != "required"}
    components[f"{PART}{whole}"] = part
    reference["$ref"] = f"#/components/schemas/{PART}{whole}"


def _is_page(schema: dict[str, Any]) -> bool:
    return set(schema["properties"]) == {"next", "results"}


def _name(reference: dict[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]
