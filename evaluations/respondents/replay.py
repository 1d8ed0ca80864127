"""Replay: a recorded conversation answers, word for word, for tests and audits.

A question is recognised by everything that was said before it. Nothing is made up: where the
recording holds no such conversation, there is no answer.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from evaluations.models import Endpoint, Trial, Turn
from evaluations.respondents.respondent import Reply, Request, Respondent, RespondentError

Messages = Sequence[tuple[str, str]]


class ReplayRespondent(Respondent):
    """Answers from *recorded* conversations, each a list of (role, text).

    Where several recorded conversations begin alike and go on differently, the seed of the trial
    chooses among them, always in the same way.
    """

    def __init__(self, name: str, recorded: Iterable[Messages]) -> None:
        self.name = name
        self._answers: dict[bytes, list[str]] = defaultdict(list)
        for messages in recorded:
            so_far = hashlib.sha256()
            for role, text in messages:
                if role == Turn.Role.ASSISTANT:
                    self._answers[so_far.digest()].append(text)
                _say(so_far, role, text)

    async def reply(self, request: Request) -> Reply:
        so_far = hashlib.sha256()
        for role, text in request.messages:
            _say(so_far, role, text)
        answers = self._answers.get(so_far.digest())
        if not answers:
            raise RespondentError(
                "replay",
                f"{self.name} holds no conversation that goes on after these "
                f"{len(request.messages)} messages: the words or the options differ",
            )
        text = answers[request.seed % len(answers)]
        call = {"finish": "stop", "seconds": 0.0, "retries": 0}
        return Reply(text, call, model_returned=self.name)


def _say(so_far: "hashlib._Hash", role: str, text: str) -> None:
    so_far.update(f"{role}\0{text}\0".encode())


def respondent_for(endpoint: Endpoint) -> ReplayRespondent:
    """Replay the complete trials of the run that Endpoint.parameters names (``{"run": id}``).

    Raises RespondentError when the endpoint's project has no such run with complete trials.
    """
    trials = (
        Trial.objects.filter(
            run_id=_run_id(endpoint),
            run__project_id=endpoint.project_id,
            state=Trial.State.COMPLETE,
        )
        .order_by("pk")
        .prefetch_related("turns")
    )
    recorded = [
        [(turn.role, turn.text) for turn in sorted(trial.turns.all(), key=lambda t: t.position)]
        for trial in trials
    ]
    if not recorded:
        raise RespondentError(
            "parameters",
            f"{endpoint.name}: the project has no run {endpoint.parameters['run']} with complete "
            "trials to replay",
            stops_endpoint=True,
        )
    return ReplayRespondent(endpoint.name, recorded)


def _run_id(endpoint: Endpoint) -> int:
    run = endpoint.parameters.get("run")
    if isinstance(run, bool) or not isinstance(run, int):
        raise RespondentError(
            "parameters",
            f"{endpoint.name}: the parameter 'run' must be the number of a recorded run",
            stops_endpoint=True,
        )
    return run
