"""What was asked before in the same project is not asked again: answers by the whole request.

The turns that are stored are the store: an answer that was brought by a call carries the hash of
its whole request (address, body, and which repetition of its cell the trial is, so that repeated
trials stay draws of their own). A run that asks the same gets the same answer, at no cost, marked
as such in its own turn. Deleted runs take their answers with them.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from evaluations.instruments.endings import STOP, ending_of
from evaluations.models import Endpoint, Run, Turn
from evaluations.respondents.chat.bodies import body_of
from evaluations.respondents.chat.parameters import Settings, parameters_of
from evaluations.respondents.respondent import Reply, Request


class AnswerStore:
    """The answers of other runs that a run may have; asks the database only where there are any."""

    def __init__(self, run: Run) -> None:
        known = Turn.objects.filter(trial__run__project=run.project_id, request_key__gt="")
        self._run = run
        self.is_used = not run.asks_anew and known.exclude(trial__run=run).exists()

    def answer_to(self, key: str) -> Reply | None:
        """The first answer that was given to the same request; None where there is none, or the run
        asks anew."""
        if not key or not self.is_used:
            return None
        told = Turn.objects.filter(request_key=key, trial__run__project=self._run.project_id)
        turn = told.select_related("trial").order_by("pk").first()
        return _reply(turn) if turn else None


def _reply(turn: Turn) -> Reply:
    """The answer of a turn, as of now: what the call took is told of by that turn alone."""
    first = {"trial": turn.trial_id, "asked": turn.created_at.isoformat(timespec="seconds")}
    kept = {name: turn.call[name] for name in ("finish", "constraint") if name in turn.call}
    return Reply(
        text=turn.text,
        reasoning=turn.reasoning,
        call={**kept, "from_store": first},
        model_returned=str(turn.call.get("model_returned") or turn.trial.model_returned),
        system_fingerprint=str(
            turn.call.get("system_fingerprint") or turn.trial.system_fingerprint
        ),
    )


def key_of(endpoint: Endpoint, settings: Settings, request: Request, repetition: int) -> str:
    """The hash of a request; '' at an endpoint that is no model behind an address."""
    if endpoint.kind != Endpoint.Kind.OPENAI:
        return ""
    asked = {
        "address": endpoint.base_url.rstrip("/"),
        "body": body_of(endpoint.model, settings, request),
        "repetition": repetition,
    }
    written = json.dumps(asked, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def keyed_as(endpoint: Endpoint, request: Request, repetition: int) -> str:
    """`key_of` for one question alone, whose endpoint's parameters are read for it."""
    if endpoint.kind != Endpoint.Kind.OPENAI:
        return ""
    return key_of(endpoint, parameters_of(endpoint.parameters), request, repetition)


def is_worth_keeping(call: Mapping[str, Any]) -> bool:
    """Whether an answer is whole: what was cut short, filtered or broken off may come out otherwise
    another time."""
    return ending_of(call) in ("", STOP)


def as_stored(reply: Reply) -> bool:
    """Whether an answer came out of the store."""
    return "from_store" in reply.call
