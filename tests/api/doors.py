"""Every address of the API with every method, as the router has them, and what each asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver

from accounts.models import Role
from analysis.making.reporting import make_report
from api.manners.views import Need, ProjectViewSet
from api.urls import v1
from evaluations.definitions.catalogue import prompt_pack, rubric
from evaluations.models import Frame, Metric
from tests.cast import PARTS
from tests.support.world import World

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

    def values(self, arguments: dict[str, Any]) -> list[Any]:
        """Something to name for each argument of the address, in their order."""
        found = []
        for name in re.findall(r"<\w+:(\w+)>", self.route):
            own = f"{self.name.rpartition('-')[0]}:{name}"
            found.append(arguments[own] if own in arguments else arguments[name])
        return found

    def path(self, arguments: dict[str, Any]) -> str:
        """The address with something to name for each of its arguments."""
        values = iter(self.values(arguments))
        return f"/api/v1/{re.sub('<[^>]+>', lambda _: str(next(values)), self.route)}"

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


def things(world: World) -> dict[str, Any]:
    """Something to name for every argument; ``NAME:pk`` is one of what NAME lists."""
    return world.arguments | {
        "api-runs:pk": world.run.pk,
        "api-endpoints:pk": world.endpoint.pk,
        "api-instruments:pk": world.run.instrument_id,
        "api-prompt-packs:pk": prompt_pack().pk,
        "api-frames:pk": Frame.objects.create(key="f", version="1", definition={}).pk,
        "api-rubrics:pk": rubric().pk,
        "api-trials:pk": world.run.trials.first().pk,
        "api-metrics:pk": Metric.objects.first().pk,
        "api-disputes:pk": world.dispute.pk,
        "api-raters:pk": world.study.raters.first().pk,
        "position": 1,
        "key": make_report(world.study).key,
        "name": "confusion",
        "suffix": "csv",
    }


def refusals(part: str) -> dict[tuple[str, str], int]:
    """How *part* is refused, by address and method."""
    assert part in PARTS
    found = {(door.route, door.method): door.status(part) for door in doors()}
    return {key: status for key, status in found.items() if status is not None}
