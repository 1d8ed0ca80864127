"""The same key at the same time is one act."""

import json
from concurrent.futures import ThreadPoolExecutor

from django.test import Client

from api.models import KeptAnswer
from api.tokens.scopes import Scope
from api.tokens.tokens import make_token
from evaluations.models import Endpoint

AT_ONCE = 6


def test_the_same_key_from_many_at_once_is_one_act(cast, many_connections):
    _, secret = make_token(cast.project, cast.researcher, "script", list(Scope))
    body = {"name": "sim", "kind": "simulated", "model": "sim", "parameters": {"angle": 37}}

    def ask(_: int) -> tuple[int, str]:
        client = Client(headers={"authorization": f"Bearer {secret}", "idempotency-key": "k"})
        try:
            answer = client.post(
                "/api/v1/projects/lab/endpoints/", json.dumps(body), content_type="application/json"
            )
            return answer.status_code, answer.content.decode()
        finally:
            many_connections()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = set(pool.map(ask, range(AT_ONCE)))
    assert {status for status, _ in answers} == {201}
    assert len({json.loads(text)["id"] for _, text in answers}) == 1
    assert Endpoint.objects.count() == KeptAnswer.objects.count() == 1
