"""What tests of the door to the models share."""

import pytest


@pytest.fixture
def quick_retries(monkeypatch):
    """Keeps the client's waits in `waited` instead of waiting."""
    waited = []

    async def sleep(seconds, *_):
        waited.append(seconds)

    monkeypatch.setattr("openai._base_client.anyio.sleep", sleep)
    return waited
