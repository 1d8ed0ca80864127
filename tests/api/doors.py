"""Every address of the API with every method, as the router has them, and what each asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver

from accounts.models import Role
from api.manners.views import Need, ProjectViewSet
from api.urls import v1
from tests.cast import PARTS

ROLES = {
    "rater": Role.RATER,
    "second_rater": Role.RATER,
    "researcher": Role.RESEARCHER,
    "reviewer": Role.REVIEWER,
    "administrator": Role.ADMINISTRATOR,
}


@dataclass(frozen=True)
class Door:
    """One method of one address; ``need`` is None where no project is entered."""

    name: str
    method: str
    action: str
    route: str
    view: type
    need: Need | None

    def path(self, arguments: dict[str, Any]) -> str:
        """The address with something to name for each of its arguments."""
        found = f"/api/v1/{self.route}"
        for part in self.route.split("/"):
            if part.startswith("<"):
                converter_and_name = part.strip("<>")
                found = found.replace(part, str(self._argument(converter_and_name, arguments)))
        return found

    def _argument(self, named: str, arguments: dict[str, Any]) -> Any:
        name = named.partition(":")[2]
        own = f"{self.name.rpartition('-')[0]}:{name}"
        return arguments[own] if own in arguments else arguments[name]

    def status(self, part: str) -> int | None:
        """How *part* is refused; None for an entry."""
        if part in ("nobody", "participant"):
            return 401
        if part not in ROLES and "project_slug" in self.route:
            return 404
        if self.need is None:
            return None
        is_in = ROLES[part] == Role.ADMINISTRATOR or ROLES[part] in self.need.roles
        return None if is_in else 403


def doors(patterns: Any = None) -> Iterator[Door]:
    for pattern in v1 if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from doors(pattern.url_patterns)
        elif hasattr(pattern.callback, "actions"):
            yield from _of(pattern)


def _of(pattern: URLPattern) -> Iterator[Door]:
    view = pattern.callback.cls
    for method, action in list(pattern.callback.actions.items()):
        if method == "head":  # as GET, which it is made from
            continue
        need = view.needs.get(action, view.reading) if issubclass(view, ProjectViewSet) else None
        name = str(pattern.name)
        yield Door(name, method.upper(), action, str(pattern.pattern), view, need)


def refusals(part: str) -> dict[tuple[str, str], int]:
    """How *part* is refused, by address and method."""
    assert part in PARTS
    found = {(door.route, door.method): door.status(part) for door in doors()}
    return {key: status for key, status in found.items() if status is not None}
