"""Programs that ask: a client of the API with a token of somebody in the cast."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from api.tokens.scopes import Scope
from api.tokens.tokens import make_token
from tests.api.doors import doors, things
from tests.cast import Cast
from tests.support.world import World


class Program:
    """Speaks JSON with the API in the name of a token, below the address of one project."""

    def __init__(self, secret: str, project: str) -> None:
        self.client = Client(headers={"authorization": f"Bearer {secret}"})
        self.root = f"/api/v1/projects/{project}/"

    def ask(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """The answer, whose ``.json()`` is what it says; *path* below the project."""
        body = {} if data is None else {"data": json.dumps(data)}
        return self.client.generic(
            method,
            f"{self.root}{path}",
            content_type="application/json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            **body,
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, data, **headers)

    def put(self, path: str, data: Any = None, **headers: str) -> Any:
        return self.ask("PUT", path, data, **headers)

    def patch(self, path: str, data: Any = None, **headers: str) -> Any:
        return self.ask("PATCH", path, data, **headers)


@pytest.fixture
def there(world: World) -> Callable[[str], dict[str, Any]]:
    """``there(path)``: what the arguments of an address in the schema are for what there is."""
    found = things(world)
    by_shape = {re.sub("<[^>]+>", "*", f"/api/v1/{door.route}"): door for door in doors()}

    def named(path: str) -> dict[str, Any]:
        if door := by_shape.get(re.sub("{[^}]+}", "*", path)):
            return dict(zip(re.findall("{([^}]+)}", path), door.values(found), strict=True))
        return {}

    return named


@pytest.fixture
def program(cast: Cast) -> Callable[..., Program]:
    """``program(who, scopes)``: with all scopes where none are named."""

    def made(who: str, scopes: Any = tuple(Scope)) -> Program:
        user = getattr(cast, who)
        _, secret = make_token(cast.project, user, f"{who} {len(secrets)}", scopes)
        secrets.append(secret)
        return Program(secret, cast.project.slug)

    secrets: list[str] = []
    return made
